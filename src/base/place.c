/* place.c - lines and columns of bytes. */
#include "base/place.h"

Places places_of(Str text, Arena *a)
{
	Places p = {.text = text};
	for (size_t at = 0; at < text.n;) {
		const char *newline = memchr(text.p + at, '\n', text.n - at);
		vec_push(a, &p.lines, (uint32_t)at);
		at = newline != NULL ? (size_t)(newline - text.p) + 1 : text.n;
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
	*column = 1;
	for (uint32_t i = p->lines.n != 0 ? p->lines.at[low] : 0; i < at && i < p->text.n; i++)
		*column += (p->text.p[i] & 0xc0) != 0x80; /* a UTF-8 continuation counts not */
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
