/* private.h - between the files of this room. */
#pragma once
#include "dockerfile/dockerfile.h"

typedef struct Reading {
	Arena *a;
	Dockerfile *out;
	Instruction *now; /* being read */
	const char *over; /* the limit that was met; NULL: none was */
} Reading;

void problem(Reading *r, Span span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Splits the logical line into keyword, flags, rest, and reads the arguments. */
void read_instruction(Reading *r, Instruction *i);
/* The arguments of i->rest, as its keyword has them. */
void read_arguments(Reading *r, Instruction *i);
/* Here-documents that the line announces; bodies are empty yet. */
void find_heredocs(Reading *r, Instruction *i);

static inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline Str trim_left(Str s)
{
	while (s.n != 0 && is_space(s.p[0]))
		s = str_skip(s, 1);
	return s;
}
static inline Str trim(Str s)
{
	s = trim_left(s);
	while (s.n != 0 && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}
