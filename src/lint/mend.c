/* mend.c - edits made, and shown as a unified diff. */
#include "lint/mend.h"

#include <stdlib.h>

enum { CONTEXT = 3 };

static bool is_free(const Mended *m, const Edit *e)
{
	for (size_t i = 0; i < m->edits.n; i++)
		if (e->at <= m->edits.at[i].end && m->edits.at[i].at <= e->end)
			return false;
	return true;
}

static bool all_free(const Mended *m, const Remark *r, size_t size)
{
	for (size_t i = 0; i < r->fix.n; i++)
		if (r->fix.at[i].end > size || !is_free(m, &r->fix.at[i]))
			return false;
	return r->fix.n != 0;
}

static int by_place(const void *a, const void *b)
{
	const Edit *x = a, *y = b;
	return (x->at > y->at) - (x->at < y->at);
}

static void apply(Buf *to, Str text, const Edit *edits, size_t n, uint32_t from, uint32_t end)
{
	for (size_t i = 0; i < n; i++) {
		buf_add(to, (Str){text.p + from, edits[i].at - from});
		buf_add(to, edits[i].text);
		from = edits[i].end;
	}
	buf_add(to, (Str){text.p + from, end - from});
}

void lint_mend(const RemarkVec *remarks, Str file, Str text, bool risky, Arena *a, Mended *out)
{
	Mended m = {0};
	for (size_t i = 0; i < remarks->n; i++) {
		const Remark *r = &remarks->at[i];
		if (!str_eq(r->file, file) || !(risky || r->fix_is_safe) ||
		    !all_free(&m, r, text.n))
			continue;
		for (size_t k = 0; k < r->fix.n; k++)
			vec_push(a, &m.edits, r->fix.at[k]);
		m.fixes++;
	}
	if (m.edits.n > 1)
		qsort(m.edits.at, m.edits.n, sizeof m.edits.at[0], by_place);
	Buf b = buf_in(a, text.n * 2 + (1u << 20));
	apply(&b, text, m.edits.at, m.edits.n, 0, (uint32_t)text.n);
	m.text = buf_str(&b);
	*out = m;
}

/* ---- the diff ---- */

static uint32_t line_start(Str text, uint32_t at)
{
	while (at > 0 && text.p[at - 1] != '\n')
		at--;
	return at;
}

/* After the newline of the line that `at` is in. */
static uint32_t line_end(Str text, uint32_t at)
{
	while (at < text.n && text.p[at] != '\n')
		at++;
	return at < text.n ? at + 1 : at;
}

/* Lines of a hunk, and how many of them the text had and has. */
typedef struct Hunk {
	Buf lines;
	size_t was, is;
} Hunk;

static void put_lines(Hunk *h, char mark, Str s)
{
	Str line;
	while (s.n != 0 && str_cut(&s, '\n', &line)) {
		h->was += mark != '+';
		h->is += mark != '-';
		buf_char(&h->lines, mark);
		buf_add(&h->lines, line);
		buf_char(&h->lines, '\n');
		if (s.p == NULL)
			buf_add(&h->lines, S("\\ No newline at end of file\n"));
	}
}

static uint32_t back(Str text, uint32_t at, unsigned lines)
{
	for (; lines > 0 && at > 0; lines--)
		at = line_start(text, at - 1);
	return at;
}

static uint32_t forth(Str text, uint32_t at, unsigned lines)
{
	for (; lines > 0 && at < text.n; lines--)
		at = line_end(text, at);
	return at;
}

typedef struct Block {
	size_t first, n;    /* edits */
	uint32_t from, end; /* whole lines that change */
} Block;

/* The end of the lines that an edit changes: none when it puts whole lines between two. */
static uint32_t changed_end(Str text, const Edit *e)
{
	bool from_start = line_start(text, e->at) == e->at,
	     to_start = line_start(text, e->end) == e->end;
	bool whole = str_ends(e->text, S("\n")) || (from_start && e->text.n == 0);
	return to_start && whole ? e->end : line_end(text, e->end);
}

/* Edits from the i-th on that change the same lines. */
static Block block_at(Str text, const Mended *m, size_t i)
{
	Block b = {.first = i, .from = line_start(text, m->edits.at[i].at)};
	b.end = b.from;
	do
		b.end = changed_end(text, &m->edits.at[i++]);
	while (i < m->edits.n && line_start(text, m->edits.at[i].at) < b.end);
	b.n = i - b.first;
	return b;
}

static Str between(Str text, uint32_t from, uint32_t end)
{
	return (Str){text.p + from, end - from};
}

static void put_block(Hunk *h, Str text, const Mended *m, const Block *b)
{
	Arena a = {0};
	Buf now = buf_in(&a, text.n * 2 + (1u << 20));
	apply(&now, text, m->edits.at + b->first, b->n, b->from, b->end);
	put_lines(h, '-', between(text, b->from, b->end));
	put_lines(h, '+', buf_str(&now));
	arena_finish(&a);
}

/* From the i-th edit on; the first that is of another hunk. Blocks whose contexts would meet
 * share one. */
static size_t put_blocks(Hunk *h, Str text, const Mended *m, size_t i)
{
	Block b = block_at(text, m, i);
	put_lines(h, ' ', between(text, back(text, b.from, CONTEXT), b.from));
	for (;;) {
		put_block(h, text, m, &b);
		uint32_t end = b.end;
		i = b.first + b.n;
		if (i < m->edits.n)
			b = block_at(text, m, i);
		if (i == m->edits.n || b.from > forth(text, end, 2 * CONTEXT)) {
			put_lines(h, ' ', between(text, end, forth(text, end, CONTEXT)));
			return i;
		}
		put_lines(h, ' ', between(text, end, b.from));
	}
}

static size_t count_lines(Str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

void lint_diff(Str file, Str text, const Mended *m, Buf *to)
{
	Arena a = {0};
	size_t shift = 0;
	if (m->edits.n != 0)
		buf_fmt(to, "--- a/" STR_FMT "\n+++ b/" STR_FMT "\n", STR_ARG(file), STR_ARG(file));
	for (size_t i = 0; i < m->edits.n;) {
		Hunk h = {.lines = buf_in(&a, text.n * 3 + (1u << 20))};
		uint32_t from = back(text, line_start(text, m->edits.at[i].at), CONTEXT);
		size_t line = count_lines(str_first(text, from)) + 1;
		i = put_blocks(&h, text, m, i);
		buf_fmt(to, "@@ -%zu,%zu +%zu,%zu @@\n", line - (h.was == 0), h.was, line + shift,
			h.is);
		buf_add(to, buf_str(&h.lines));
		shift += h.is - h.was; /* wraps round, and back */
	}
	arena_finish(&a);
}
