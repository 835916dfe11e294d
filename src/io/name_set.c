/* name_set.c - open addressing, linear probing, at most 3/4 full; all zeros is an empty place. */
#include "io/name_set.h"

#include <stdlib.h>

#include "base/map.h"

struct NameSet {
	GitName *slots;
	size_t n, cap; /* cap is a power of two */
	bool zeros;    /* the name of all zeros is in */
};

static const GitName none;

static GitName *slots_of(size_t n)
{
	GitName *p = calloc(n, sizeof *p);
	if (p == NULL)
		die_oom();
	return p;
}

NameSet *name_set_create(void)
{
	enum { FIRST = 1024 };
	NameSet *s = calloc(1, sizeof *s);
	if (s == NULL)
		die_oom();
	s->cap = FIRST;
	s->slots = slots_of(s->cap);
	return s;
}

void name_set_destroy(NameSet *s)
{
	if (s != NULL)
		free(s->slots);
	free(s);
}

static bool same(const GitName *a, const GitName *b) { return memcmp(a, b, sizeof *a) == 0; }

/* Where the name is, or would be. */
static GitName *place(const NameSet *s, const GitName *n)
{
	size_t i = str_hash((Str){(const char *)n->b, sizeof n->b}) & (s->cap - 1);
	while (!same(&s->slots[i], &none) && !same(&s->slots[i], n))
		i = (i + 1) & (s->cap - 1);
	return &s->slots[i];
}

static void grow(NameSet *s)
{
	NameSet bigger = {.slots = slots_of(2 * s->cap), .cap = 2 * s->cap};
	for (size_t i = 0; i < s->cap; i++)
		if (!same(&s->slots[i], &none))
			*place(&bigger, &s->slots[i]) = s->slots[i];
	free(s->slots);
	s->slots = bigger.slots;
	s->cap = bigger.cap;
}

bool name_set_add(NameSet *s, const GitName *n)
{
	if (same(n, &none)) {
		bool was = s->zeros;
		s->zeros = true;
		return !was;
	}
	if (s->n >= s->cap / 4 * 3)
		grow(s);
	GitName *at = place(s, n);
	if (!same(at, &none))
		return false;
	*at = *n;
	s->n++;
	return true;
}

bool name_set_has(const NameSet *s, const GitName *n)
{
	return same(n, &none) ? s->zeros : !same(place(s, n), &none);
}

size_t name_set_count(const NameSet *s) { return s->n + s->zeros; }
