/* feed_part.h - how many rows of a feed are of which ecosystem. */
#pragma once
#include "base/str.h"
#include "base/vec.h"

typedef struct FeedPart {
	Str name; /* the ecosystem's key: "debian:12" */
	uint64_t rows;
} FeedPart;

typedef VEC(FeedPart) FeedPartVec;

/* NULL when there is none of this name. */
static inline FeedPart *feed_part(const FeedPartVec *v, Str name)
{
	for (size_t i = 0; i < v->n; i++)
		if (str_eq(v->at[i].name, name))
			return &v->at[i];
	return NULL;
}
