/* progress.h - how far a long piece of work has come; said often, shown by the door. */
#pragma once
#include "base/str.h"

typedef struct Progress {
	/* `what` is short ("layer 2 of 4"); bytes or items; total 0: not known. May be NULL. */
	void (*say)(void *ctx, Str what, uint64_t done, uint64_t total);
	void *ctx;
} Progress;

static inline void progress_say(const Progress *p, Str what, uint64_t done, uint64_t total)
{
	if (p->say != NULL)
		p->say(p->ctx, what, done, total);
}
