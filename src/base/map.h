/* map.h - a hash map from Str to a pointer, in an arena.
 *
 * Keys are borrowed: they must outlive the map. Iteration order is not
 * defined; sort before anything is shown. The hash is seeded per process, so
 * hostile keys cannot be chosen to collide. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

typedef struct MapSlot {
	uint64_t hash; /* 0: empty */
	Str key;
	void *value;
} MapSlot;

typedef struct Map {
	MapSlot *slots;
	size_t n, cap; /* cap is 0 or a power of two */
} Map;

uint64_t str_hash(Str s);             /* same within one process only; never 0 */
void *map_get(const Map *m, Str key); /* NULL when absent */
/* Where the value of `key` is kept; made NULL when it is new. Valid until the next call. */
void **map_at(Map *m, Arena *a, Str key);
