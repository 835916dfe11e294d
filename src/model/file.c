/* file.c - the sieve that keeps everything, and the set of kept files. */
#include "model/file.h"

#include <stdlib.h>

static uint64_t little(Str s, size_t at)
{
	uint64_t v = 0;
	for (size_t i = 0; i < 4; i++)
		v |= (uint64_t)(unsigned char)s.p[at + i] << 8 * i;
	return v;
}

uint64_t file_caps(Str attribute)
{
	enum { REVISION_1 = 1, REVISION_3 = 3, REVISION_1_BYTES = 12, REVISION_2_BYTES = 20 };
	if (attribute.n < REVISION_1_BYTES)
		return 0;
	uint64_t revision = little(attribute, 0) >> 24;
	if (revision < REVISION_1 || revision > REVISION_3)
		return 0;
	uint64_t low = little(attribute, 4);
	bool both = revision != REVISION_1 && attribute.n >= REVISION_2_BYTES;
	return both ? low | little(attribute, REVISION_1_BYTES) << 32 : low;
}

bool path_climbs(Str path, size_t depth)
{
	Str part;
	while (path.n != 0 && str_cut(&path, '/', &part)) {
		if (part.n == 0 || str_eq(part, S(".")))
			continue;
		if (!str_eq(part, S("..")))
			depth++;
		else if (depth-- == 0)
			return true;
	}
	return false;
}

typedef struct WholeSieve {
	Sieve base;
	char *p;
	uint64_t size, max;
} WholeSieve;

static Result whole_feed(Sieve *s, uint64_t at, Str bytes)
{
	WholeSieve *w = (WholeSieve *)(void *)s;
	if (w->size > w->max)
		FAIL(ERR_LIMIT, "file is %llu bytes, at most %llu are read",
		     (unsigned long long)w->size, (unsigned long long)w->max);
	if (at > w->size || bytes.n > w->size - at)
		FAIL(ERR_INPUT, "file is longer than its header says (%llu bytes)",
		     (unsigned long long)w->size);
	if (bytes.n != 0)
		memcpy(w->p + at, bytes.p, bytes.n);
	s->next = at + bytes.n == w->size ? SIEVE_DONE : at + bytes.n;
	return OK;
}

static Result whole_finish(Sieve *s, Str *out)
{
	WholeSieve *w = (WholeSieve *)(void *)s;
	if (s->next != SIEVE_DONE && s->next != w->size)
		FAIL(ERR_INPUT, "file ends after %llu of %llu bytes", (unsigned long long)s->next,
		     (unsigned long long)w->size);
	*out = (Str){w->p, (size_t)w->size};
	return OK;
}

Sieve *sieve_whole(Arena *a, uint64_t size, uint64_t max_bytes)
{
	WholeSieve *w = arena_new(a, WholeSieve);
	*w = (WholeSieve){.base = {.feed = whole_feed, .finish = whole_finish},
			  .size = size,
			  .max = max_bytes};
	w->p = arena_array(a, char, size <= max_bytes ? size : 0);
	return &w->base;
}

bool sieve_same(const Sieve *a, const Sieve *b)
{
	return a->feed == b->feed && (a->same == NULL || a->same(a, b));
}

Str selector_copy(const Selector *s, Arena *a, Str body)
{
	return s->copy_body != NULL ? s->copy_body(s->ctx, a, body) : arena_str(a, body);
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const Captured *)a)->path, ((const Captured *)b)->path);
}

void fileset_index(FileSet *set, Arena *a)
{
	if (set->files.n > 1)
		qsort(set->files.at, set->files.n, sizeof *set->files.at, by_path);
	set->by_path = (Map){0};
	for (size_t i = 0; i < set->files.n; i++)
		*map_at(&set->by_path, a, set->files.at[i].path) = &set->files.at[i];
}

const Captured *fileset_get(const FileSet *set, Str path) { return map_get(&set->by_path, path); }
