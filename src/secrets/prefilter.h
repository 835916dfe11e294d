/* prefilter.h - where in a text one of some hundred literals stands, in one pass.
 *
 * Every second position of the text is looked at: four bytes, folded to one case, are hashed
 * into a bit map that stays in the first-level cache. A literal has a window of four bytes at
 * an even place wherever it stands. What the map lets through is compared in full. Plain C:
 * measured faster than one vectorised lookup a byte, and the same on every machine. */
#pragma once
#include "base/err.h"
#include "base/vec.h"

typedef struct Literal {
	Str text;
	bool any_case;  /* ASCII letters; else a prefix: a token's character follows */
	uint32_t owner; /* the caller's number for it */
} Literal;

typedef struct Prefilter Prefilter;

/* Literals have at least 3 bytes; their text is borrowed. In `a`, but for what prefilter_close()
 * gives back. Built with Vectorscan it does the searching, with the same hits. */
Prefilter *prefilter_make(Arena *a, const Literal *literals, size_t n);
Prefilter *prefilter_make_plain(Arena *a, const Literal *literals, size_t n); /* never it */
void prefilter_close(Prefilter *f);                                           /* NULL is fine */
bool prefilter_has_vectorscan(const Prefilter *f);
/* What stands behind a literal of 3 or 4 bytes has to be the first character of a token. */
bool prefilter_takes(const Literal *l, Str text, size_t at);

/* Calls hit(ctx, owner, at, length) for each literal that starts in [from, to), in the order
 * of the text but for literals that overlap. Up to PREFILTER_PAD bytes behind text.n are read
 * and must be readable; their values change nothing. */
enum { PREFILTER_PAD = 8 };
typedef void PrefilterHit(void *ctx, uint32_t owner, size_t at, size_t length);
void prefilter_scan(const Prefilter *f, Str text, size_t from, size_t to, PrefilterHit *hit,
		    void *ctx);
