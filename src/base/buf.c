/* buf.c - append, double, stop at the ceiling. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static bool make_room(Buf *b, size_t more)
{
	if (b->full || more > b->max - b->n) {
		b->full = true;
		return false;
	}
	if (b->n + more <= b->cap)
		return true;
	size_t cap = b->cap != 0 ? b->cap * 2 : 256;
	while (cap < b->n + more)
		cap *= 2;
	char *p = arena_array(b->arena, char, cap);
	if (b->n != 0)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return true;
}

void buf_add(Buf *b, Str s)
{
	if (s.n == 0 || !make_room(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void buf_char(Buf *b, char c) { buf_add(b, (Str){&c, 1}); }

void buf_fmt(Buf *b, const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;
	va_start(ap, fmt);
	int n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		die_oom();
	buf_add(b, (Str){s, (size_t)n});
	free(s);
}

Str buf_str(const Buf *b) { return (Str){b->p != NULL ? b->p : "", b->n}; }

Result buf_done(const Buf *b, const char *what, Str *out)
{
	if (b->full)
		FAIL(ERR_LIMIT, "%s is larger than %zu bytes", what, b->max);
	*out = buf_str(b);
	return OK;
}
