/* pattern.h - the patterns of ${name#pattern} and ${name/pattern/text}. */
#pragma once
#include "base/buf.h"

typedef struct Pattern {
	const int *tokens; /* a byte, or one of these: */
	size_t n;
} Pattern;

enum { PATTERN_STAR = 256, PATTERN_ANY = 257 };

/* ERR_INPUT for an escape that is none. */
Result pattern_read(Str text, Arena *a, Pattern *out);
/* What the pattern takes of the front (the back) of `value`, the longest or the shortest; false:
 * nothing. *left counts down, and 0 is false. */
bool pattern_prefix(const Pattern *p, Str value, bool longest, size_t *left, size_t *n);
bool pattern_suffix(const Pattern *p, Str value, bool longest, size_t *left, size_t *n);
/* The first match replaced by `with`, or all of them. */
void pattern_replace(const Pattern *p, Str value, Str with, bool all, size_t *left, Buf *to);
