/* place.c - lines and columns of bytes. */
#include "base/place.h"

enum { BLOCK = 1024 };

static uint32_t count_chars(Str s)
{
	uint32_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += (s.p[i] & 0xc0) != 0x80; /* a UTF-8 continuation counts not */
	return n;
}

/* Lines may be as long as the text, and thousands of things stand in one. */
static uint32_t chars_before(const Places *p, size_t at)
{
	size_t block = at / BLOCK;
	if (block >= p->chars.n)
		return 0;
	return p->chars.at[block] + count_chars(str_skip(str_first(p->text, at), block * BLOCK));
}

Places places_of(Str text, Arena *a)
{
	Places p = {.text = text};
	for (size_t at = 0; at < text.n;) {
		const char *newline = memchr(text.p + at, '\n', text.n - at);
		vec_push(a, &p.lines, (uint32_t)at);
		at = newline != NULL ? (size_t)(newline - text.p) + 1 : text.n;
	}
	uint32_t chars = 0;
	for (size_t at = 0; at <= text.n; at += BLOCK) {
		vec_push(a, &p.chars, chars);
		chars += count_chars(str_skip(str_first(text, at + BLOCK), at));
	}
	return p;
}

void place_at(const Places *p, uint32_t at, uint32_t *line, uint32_t *column)
{
	size_t low = 0, high = p->lines.n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		*(p->lines.at[middle] <= at ? &low : &high) = middle;
	}
	*line = (uint32_t)low + 1;
	size_t from = p->lines.n != 0 ? p->lines.at[low] : 0;
	size_t to = at < p->text.n ? at : p->text.n;
	*column = 1 + (to > from ? chars_before(p, to) - chars_before(p, from) : 0);
}

Str place_line(const Places *p, uint32_t line)
{
	if (line == 0 || line > p->lines.n)
		return (Str){NULL, 0};
	uint32_t from = p->lines.at[line - 1];
	uint32_t end = line < p->lines.n ? p->lines.at[line] : (uint32_t)p->text.n;
	Str s = {p->text.p + from, end - from};
	while (s.n != 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}
