/* place.h - positions as editors count them: lines and UTF-16 code units, both from 0. */
#pragma once
#include "base/place.h"

typedef struct LspPlace {
	uint32_t line, unit;
} LspPlace;

typedef struct LspRange {
	LspPlace from, to; /* to: the first place after */
} LspRange;

/* Of a byte of the text; past its end: the end. */
LspPlace lsp_place(const Places *p, uint32_t at);
/* The byte at a place; past the end of a line: its end, without the newline. */
uint32_t lsp_byte(const Places *p, LspPlace at);
/* Of a line and a column in characters, both from 1. */
LspPlace lsp_place_of(const Places *p, uint32_t line, uint32_t column);

static inline bool lsp_before(LspPlace a, LspPlace b)
{
	return a.line != b.line ? a.line < b.line : a.unit < b.unit;
}
/* They have a place in common; touching counts. */
static inline bool lsp_meets(LspRange a, LspRange b)
{
	return !lsp_before(a.to, b.from) && !lsp_before(b.to, a.from);
}
