/* vec.c - the one growth policy: double, from 8. */
#include "base/vec.h"

#include <string.h>

void *vec_grow(Arena *a, const void *old, size_t *cap, size_t item_bytes)
{
	size_t want = *cap != 0 ? *cap * 2 : 8;
	void *grown = arena_alloc(a, want, item_bytes, _Alignof(max_align_t));
	if (*cap != 0)
		memcpy(grown, old, *cap * item_bytes);
	*cap = want;
	return grown;
}
