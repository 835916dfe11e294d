/* buf.h - bytes being written, with a ceiling.
 *
 * Append never fails in the caller's face: past the ceiling `full` is set and
 * stays set, and buf_done() answers ERR_LIMIT. Memory is the arena's. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Buf Buf;
struct Buf {
	Arena *arena;
	char *p;
	size_t n, cap, max;
	bool full;
};

static inline Buf buf_in(Arena *a, size_t max_bytes) { return (Buf){.arena = a, .max = max_bytes}; }

void buf_add(Buf *b, Str s);
void buf_char(Buf *b, char c);
void buf_fmt(Buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
Str buf_str(const Buf *b); /* what is in it; valid until the next append */
Result buf_done(const Buf *b, const char *what, Str *out); /* ERR_LIMIT if it ran full */
