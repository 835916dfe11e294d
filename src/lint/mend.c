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

static size_t count_lines(Str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n + (s.n != 0 && s.p[s.n - 1] != '\n');
}

static void put_lines(Buf *to, char mark, Str s)
{
	Str line;
	while (s.n != 0 && str_cut(&s, '\n', &line)) {
		buf_char(to, mark);
		buf_add(to, line);
		buf_char(to, '\n');
		if (s.p == NULL)
			buf_add(to, S("\\ No newline at end of file\n"));
	}
}

typedef struct Hunk {
	size_t first, n;    /* edits */
	uint32_t from, end; /* whole lines that change */
} Hunk;

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

static void put_hunk(Str text, const Mended *m, const Hunk *h, size_t *shift, Buf *to)
{
	Arena a = {0};
	Buf now = buf_in(&a, text.n * 2 + (1u << 20));
	uint32_t from = back(text, h->from, CONTEXT), end = forth(text, h->end, CONTEXT);
	apply(&now, text, m->edits.at + h->first, h->n, h->from, h->end);
	Str was = {text.p + h->from, h->end - h->from}, is = buf_str(&now);
	Str before = {text.p + from, h->from - from}, after = {text.p + h->end, end - h->end};
	size_t line = count_lines((Str){text.p, from}) + 1;
	size_t around = count_lines(before) + count_lines(after);
	buf_fmt(to, "@@ -%zu,%zu +%zu,%zu @@\n", line, around + count_lines(was), line + *shift,
		around + count_lines(is));
	*shift += count_lines(is) - count_lines(was); /* wraps round, and back */
	put_lines(to, ' ', before);
	put_lines(to, '-', was);
	put_lines(to, '+', is);
	put_lines(to, ' ', after);
	arena_finish(&a);
}

void lint_diff(Str file, Str text, const Mended *m, Buf *to)
{
	size_t shift = 0;
	if (m->edits.n == 0)
		return;
	buf_fmt(to, "--- a/" STR_FMT "\n+++ b/" STR_FMT "\n", STR_ARG(file), STR_ARG(file));
	for (size_t i = 0; i < m->edits.n;) {
		Hunk h = {.first = i, .from = line_start(text, m->edits.at[i].at)};
		/* Edits whose contexts would meet share a hunk. */
		do {
			uint32_t last = m->edits.at[i].end;
			h.end = last > m->edits.at[i].at && text.p[last - 1] == '\n'
					? last
					: line_end(text, last);
			i++;
		} while (i < m->edits.n && m->edits.at[i].at <= forth(text, h.end, 2 * CONTEXT));
		h.n = i - h.first;
		put_hunk(text, m, &h, &shift, to);
	}
}
