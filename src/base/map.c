/* map.c - open addressing, linear probing, at most 3/4 full. */
#include "base/map.h"

#include <sys/random.h>

static uint64_t process_seed;

__attribute__((constructor)) static void choose_seed(void)
{
	if (getrandom(&process_seed, sizeof process_seed, GRND_NONBLOCK) !=
	    (ssize_t)sizeof process_seed)
		process_seed = (uint64_t)(uintptr_t)&process_seed;
}

uint64_t str_hash(Str s)
{
	uint64_t h = process_seed ^ s.n;
	size_t i = 0;
	for (; i + 8 <= s.n; i += 8) {
		uint64_t w;
		memcpy(&w, s.p + i, 8);
		__uint128_t m = (__uint128_t)(h ^ w) * 0x9E3779B97F4A7C15u;
		h = (uint64_t)m ^ (uint64_t)(m >> 64);
	}
	uint64_t tail = 0;
	if (i < s.n)
		memcpy(&tail, s.p + i, s.n - i);
	__uint128_t m = (__uint128_t)(h ^ tail ^ 0xA0761D6478BD642Fu) * 0xE7037ED1A0B428DBu;
	h = (uint64_t)m ^ (uint64_t)(m >> 64);
	return h != 0 ? h : 1;
}

static MapSlot *slot_of(const Map *m, uint64_t hash, Str key)
{
	for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
		MapSlot *s = &m->slots[i];
		if (s->hash == 0 || (s->hash == hash && str_eq(s->key, key)))
			return s;
	}
}

void *map_get(const Map *m, Str key)
{
	return m->cap != 0 ? slot_of(m, str_hash(key), key)->value : NULL;
}

static void grow(Map *m, Arena *a)
{
	Map wider = {.n = m->n, .cap = m->cap != 0 ? m->cap * 2 : 16};
	wider.slots = arena_array(a, MapSlot, wider.cap);
	for (size_t i = 0; i < m->cap; i++)
		if (m->slots[i].hash != 0)
			*slot_of(&wider, m->slots[i].hash, m->slots[i].key) = m->slots[i];
	*m = wider;
}

void **map_at(Map *m, Arena *a, Str key)
{
	if (m->n >= m->cap / 4 * 3)
		grow(m, a);
	uint64_t hash = str_hash(key);
	MapSlot *s = slot_of(m, hash, key);
	if (s->hash == 0) {
		*s = (MapSlot){.hash = hash, .key = key};
		m->n++;
	}
	return &s->value;
}
