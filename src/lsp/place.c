/* place.c - bytes, characters and UTF-16 code units of a line. */
#include "lsp/place.h"

#include "io/utf8.h"

/* Bytes and code units of the first character; a byte that starts none is one of each. */
static size_t step(Str s, uint32_t *units)
{
	size_t n = utf8_length(s);
	*units = n == 4 ? 2 : 1;
	return n != 0 ? n : 1;
}

static Str line_at(const Places *p, uint32_t line, uint32_t *start)
{
	Str s = place_line(p, line + 1);
	*start = s.p != NULL ? (uint32_t)(s.p - p->text.p) : (uint32_t)p->text.n;
	return s;
}

LspPlace lsp_place(const Places *p, uint32_t at)
{
	uint32_t line = 1, column = 1, start, units, unit = 0;
	place_at(p, at, &line, &column);
	Str s = line_at(p, line - 1, &start);
	/* Behind the last newline there is a line that `p` does not list. */
	if (p->lines.n != 0 && at >= p->text.n && str_ends(p->text, S("\n")))
		return (LspPlace){(uint32_t)p->lines.n, 0};
	for (size_t i = 0; i < s.n && start + i < at; unit += units)
		i += step(str_skip(s, i), &units);
	return (LspPlace){line - 1, unit};
}

uint32_t lsp_byte(const Places *p, LspPlace at)
{
	uint32_t start, units, unit = 0;
	Str s = line_at(p, at.line, &start);
	size_t i = 0;
	while (i < s.n && unit < at.unit) {
		i += step(str_skip(s, i), &units);
		unit += units;
	}
	return start + (uint32_t)i;
}

LspPlace lsp_place_of(const Places *p, uint32_t line, uint32_t column)
{
	uint32_t start, units, unit = 0;
	if (line == 0)
		return (LspPlace){0, 0};
	Str s = line_at(p, line - 1, &start);
	for (size_t i = 0; i < s.n && column > 1; column--, unit += units)
		i += step(str_skip(s, i), &units);
	return (LspPlace){line - 1, unit};
}
