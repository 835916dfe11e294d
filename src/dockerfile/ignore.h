/* ignore.h - .dockerignore: which files of the context never reach the builder.
 *
 * Follows moby/patternmatcher as BuildKit uses it: patterns in order, the last that matches the
 * path or a directory above it decides; * and ? stay within a name, ** does not; ! takes back. */
#pragma once
#include "base/err.h"
#include "base/vec.h"

typedef struct IgnorePiece IgnorePiece;

typedef struct IgnorePattern {
	Str text; /* cleaned, without '!' and the first '/' */
	const IgnorePiece *pieces;
	size_t n;
	bool takes_back;
	uint32_t line; /* from 1 */
} IgnorePattern;

typedef struct Dockerignore {
	VEC(IgnorePattern) patterns;
	bool takes_back; /* one of them */
} Dockerignore;

/* ERR_LIMIT for a file of too many patterns, or one that is too long. */
Result dockerignore_read(Str text, Arena *a, Dockerignore *out);
/* `path` is relative to the context. The pattern that decides so, or NULL: it is sent. */
const IgnorePattern *dockerignore_excludes(const Dockerignore *d, Str path);
/* "a/./b/../c/" is "a/c"; "" is ".". */
Str path_clean(Arena *a, Str path);
