/* place.c - where a thing stands in the file. */
#include "dockerfile/dockerfile.h"

void dockerfile_place(const Dockerfile *d, uint32_t at, uint32_t *line, uint32_t *column)
{
	place_at(&d->places, at, line, column);
}

static uint32_t in_file(const Instruction *i, size_t in_line)
{
	size_t low = 0, high = i->pieces.n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		*(i->pieces.at[middle].in_line <= in_line ? &low : &high) = middle;
	}
	return i->pieces.at[low].in_file + (uint32_t)in_line - i->pieces.at[low].in_line;
}

Span instruction_span(const Instruction *i, Str part)
{
	if (part.n == 0 || part.p < i->line.p || part.p + part.n > i->line.p + i->line.n)
		return i->span;
	size_t from = (size_t)(part.p - i->line.p);
	return (Span){in_file(i, from), in_file(i, from + part.n - 1) + 1};
}

const DockerWord *instruction_flag(const Instruction *i, Str name, Str *value)
{
	for (size_t k = 0; k < i->flags.n; k++) {
		Str rest = str_skip(i->flags.at[k].text, 2), key = {0};
		str_cut(&rest, '=', &key);
		if (str_eq(key, name)) {
			*value = rest;
			return &i->flags.at[k];
		}
	}
	return NULL;
}
