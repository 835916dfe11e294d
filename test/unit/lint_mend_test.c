/* lint_mend_test.c - a diff shows what changed, and no more; undone by hand it gives both texts. */
#include "lint/mend.h"

#include "base/buf.h"
#include "tap.h"

enum { CASES = 20000, BYTES = 200 };

static Mended mended(Arena *a, Str text, const Edit *edits, size_t n)
{
	RemarkVec remarks = {0};
	Mended m;
	for (size_t i = 0; i < n; i++) {
		Remark r = {.file = S("f"), .fix_is_safe = true};
		vec_push(a, &r.fix, edits[i]);
		vec_push(a, &remarks, r);
	}
	lint_mend(&remarks, S("f"), text, false, a, &m);
	return m;
}

static Str diff_of(Arena *a, Str text, const Mended *m)
{
	Buf b = buf_in(a, 1u << 22);
	lint_diff(S("f"), text, m, &b);
	return buf_str(&b);
}

TEST(lines_between_two_changes_are_context)
{
	Arena a = {0};
	Str text = S("FROM a\nRUN one\nENV x\nRUN two\nUSER 1\nLABEL l\nLABEL m\nLABEL n\n");
	Edit edits[] = {{11, 14, S("ONE")}, {25, 28, S("TWO")}};
	Mended m = mended(&a, text, edits, 2);
	CHECK_STR(diff_of(&a, text, &m), S("--- a/f\n+++ b/f\n@@ -1,7 +1,7 @@\n FROM a\n-RUN "
					   "one\n+RUN ONE\n ENV x\n-RUN two\n"
					   "+RUN TWO\n USER 1\n LABEL l\n LABEL m\n"));
	arena_finish(&a);
}

TEST(lines_put_between_two_change_neither)
{
	Arena a = {0};
	Str text = S("FROM a\nCMD x\n");
	Edit edits[] = {{7, 7, S("USER 1\n")}, {13, 13, S("LABEL l\n")}};
	Mended m = mended(&a, text, edits, 2);
	CHECK_STR(diff_of(&a, text, &m),
		  S("--- a/f\n+++ b/f\n@@ -1,2 +1,4 @@\n FROM a\n+USER 1\n CMD x\n+LABEL l\n"));
	arena_finish(&a);
}

TEST(a_line_joined_with_the_next_shows_both)
{
	Arena a = {0};
	Str text = S("RUN a \\\n  b\nCMD x\n");
	Edit edits[] = {{6, 10, S("")}};
	Mended m = mended(&a, text, edits, 1);
	CHECK_STR(diff_of(&a, text, &m),
		  S("--- a/f\n+++ b/f\n@@ -1,3 +1,2 @@\n-RUN a \\\n-  b\n+RUN a b\n CMD x\n"));
	arena_finish(&a);
}

/* ---- any text and edits ---- */

static unsigned below(unsigned n)
{
	static unsigned x = 1;
	x = x * 1103515245u + 12345u;
	return (x >> 12) % n;
}

static Str words(Arena *a, size_t n)
{
	char *p = arena_array(a, char, n + 1);
	for (size_t i = 0; i < n; i++)
		p[i] = "ab\n"[below(3)];
	return (Str){p, n};
}

typedef struct Sides { /* of the text: how far each was told */
	Str was;
	Buf told_was, told_is;
} Sides;

/* `unchanged` lines up to a hunk's start are in neither column: they come from the text. */
static void catch_up(Sides *s, size_t line)
{
	size_t at = 1;
	Str rest = s->was, told = buf_str(&s->told_was);
	for (size_t i = 0; i < told.n; i++)
		at += told.p[i] == '\n';
	rest = str_skip(rest, told.n);
	for (; at < line && rest.n != 0; at++) {
		size_t n = 0;
		while (n < rest.n && rest.p[n] != '\n')
			n++;
		n += n < rest.n;
		buf_add(&s->told_was, str_first(rest, n));
		buf_add(&s->told_is, str_first(rest, n));
		rest = str_skip(rest, n);
	}
}

static void drop_newline(Buf *b)
{
	if (b->n != 0)
		b->n--;
}

static void replay(Sides *s, Str diff)
{
	Str line;
	char last = ' ';
	while (diff.n != 0 && str_cut(&diff, '\n', &line)) {
		char mark = line.n != 0 ? line.p[0] : ' ';
		if (str_starts(line, S("--- ")) || str_starts(line, S("+++ ")))
			continue;
		if (mark == '@') {
			size_t from = 0;
			sscanf(line.p, "@@ -%zu", &from);
			catch_up(s, from);
			continue;
		}
		if (mark == '\\') {
			if (last != '+')
				drop_newline(&s->told_was);
			if (last != '-')
				drop_newline(&s->told_is);
			continue;
		}
		last = mark;
		Buf *sides[] = {mark != '+' ? &s->told_was : NULL,
				mark != '-' ? &s->told_is : NULL};
		for (int i = 0; i < 2; i++)
			if (sides[i] != NULL) {
				buf_add(sides[i], str_skip(line, 1));
				buf_char(sides[i], '\n');
			}
	}
	catch_up(s, SIZE_MAX);
}

TEST(a_diff_has_both_texts)
{
	for (int i = 0; i < CASES; i++) {
		Arena a = {0};
		Str text = words(&a, 1 + below(BYTES));
		Edit edits[4];
		size_t n = 1 + below(4);
		for (size_t k = 0; k < n; k++) {
			uint32_t at = below((unsigned)text.n + 1);
			edits[k] = (Edit){at, at + below((unsigned)text.n + 1 - at),
					  words(&a, below(6))};
		}
		Mended m = mended(&a, text, edits, n);
		Sides s = {.was = text,
			   .told_was = buf_in(&a, 1u << 20),
			   .told_is = buf_in(&a, 1u << 20)};
		replay(&s, diff_of(&a, text, &m));
		CHECK_STR(buf_str(&s.told_was), text);
		CHECK_STR(buf_str(&s.told_is), m.text);
		arena_finish(&a);
	}
}
