/* refusing_sieve.h - a selector whose sieves fail at their first bytes, and count who finishes
 * them. */
#pragma once
#include "model/file.h"

typedef struct RefusingSieve {
	Sieve base;
	unsigned *finished;
} RefusingSieve;

static inline Err *refusing_feed(Sieve *s, uint64_t at, Str bytes)
{
	(void)s, (void)at, (void)bytes;
	FAIL(ERR_LIMIT, "refused");
}

static inline Err *refusing_finish(Sieve *s, Str *out)
{
	++*((RefusingSieve *)(void *)s)->finished;
	*out = S("must not be seen");
	return OK;
}

/* Selector.pick; ctx is the counter, an unsigned. */
static inline Sieve *refusing_pick(void *ctx, Arena *a, const FileInfo *f)
{
	(void)f;
	RefusingSieve *s = arena_new(a, RefusingSieve);
	*s = (RefusingSieve){{.feed = refusing_feed, .finish = refusing_finish}, ctx};
	return &s->base;
}
