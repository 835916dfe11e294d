/* place.h - where things stand in a text: bytes from and to, and their lines and columns. */
#pragma once
#include "base/vec.h"

typedef struct Span {     /* bytes of a text */
	uint32_t at, end; /* end: the first byte after */
} Span;

typedef struct Places { /* a text, and where each of its lines begins */
	Str text;       /* less than 4 GiB */
	VEC(uint32_t) lines;
	VEC(uint32_t) chars; /* before each 1024th byte: characters from the text's start */
} Places;

Places places_of(Str text, Arena *a);
/* Line and column (in characters of UTF-8), both from 1. */
void place_at(const Places *p, uint32_t at, uint32_t *line, uint32_t *column);
/* Without its newline; `line` counts from 1. */
Str place_line(const Places *p, uint32_t line);
