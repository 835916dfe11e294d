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

/* ---- one after the other ---- */

/* What a mended text is made of: parts of the old one, and new ones. */
typedef struct Piece {
	Str text;
	bool old;
	uint32_t at; /* of an old one, in the old text */
} Piece;

typedef VEC(Piece) Pieces;

static void add_piece(Pieces *to, Arena *a, Piece p)
{
	if (p.text.n != 0)
		vec_push(a, to, p);
}

static Piece old_piece(Str text, uint32_t from, uint32_t end)
{
	return (Piece){{text.p + from, end - from}, true, from};
}

static Pieces pieces_of(const Mended *m, Str text, Arena *a)
{
	Pieces all = {0};
	uint32_t from = 0;
	for (size_t i = 0; i < m->edits.n; i++) {
		add_piece(&all, a, old_piece(text, from, m->edits.at[i].at));
		add_piece(&all, a, (Piece){m->edits.at[i].text, false, 0});
		from = m->edits.at[i].end;
	}
	add_piece(&all, a, old_piece(text, from, (uint32_t)text.n));
	return all;
}

/* The next `n` bytes of what is left; NULL as `to`: they are left out. */
static void take_bytes(Pieces *left, size_t n, Pieces *to, Arena *a)
{
	while (n != 0 && left->n != 0) {
		Piece *p = &left->at[0];
		size_t some = n < p->text.n ? n : p->text.n;
		if (to != NULL)
			add_piece(to, a, (Piece){str_first(p->text, some), p->old, p->at});
		n -= some;
		p->text = str_skip(p->text, some);
		p->at += (uint32_t)some;
		if (p->text.n == 0) {
			left->at++;
			left->n--;
		}
	}
}

/* Whatever is not as it was. */
static void edits_of(const Pieces *all, Str text, Arena *a, Mended *out)
{
	Buf fresh = buf_in(a, text.n * 2 + (1u << 20));
	uint32_t from = 0;
	out->edits.n = 0;
	for (size_t i = 0; i <= all->n; i++) {
		const Piece *p = i < all->n ? &all->at[i] : NULL;
		uint32_t at = p == NULL ? (uint32_t)text.n : p->at;
		if (p != NULL && !p->old) {
			buf_add(&fresh, p->text);
			continue;
		}
		if (at != from || fresh.n != 0)
			vec_push(a, &out->edits, (Edit){from, at, arena_str(a, buf_str(&fresh))});
		fresh.n = 0;
		from = p != NULL ? at + (uint32_t)p->text.n : at;
	}
}

void lint_mend_further(Mended *m, const Mended *next, Str text, Arena *a)
{
	Pieces left = pieces_of(m, text, a), all = {0};
	uint32_t from = 0;
	for (size_t i = 0; i < next->edits.n; i++) {
		const Edit *e = &next->edits.at[i];
		take_bytes(&left, e->at - from, &all, a);
		add_piece(&all, a, (Piece){e->text, false, 0});
		take_bytes(&left, e->end - e->at, NULL, a);
		from = e->end;
	}
	take_bytes(&left, next->text.n + text.n + m->text.n, &all, a);
	edits_of(&all, text, a, m);
	m->text = next->text;
	m->fixes += next->fixes;
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
	while (str_starts(file, S("/"))) /* patch -p1 -d / takes it */
		file = str_skip(file, 1);
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
