/* go_sieve.c - header, then the writable segments, then the strings behind the magic.
 *
 * The magic is looked for at 16-byte steps in writable segments only: programs that merely
 * carry it as a constant (debuggers, scanners) hold it in read-only data. */
#include "catalog/go_sieve.h"

#include "base/limits.h"
#include "io/elf.h"

enum { HEAD_BYTES = 2048, UNIT = 16, MAGIC_BYTES = 14, STRINGS_AT = 32, SEGMENTS_MAX = 64 };

#define MAGIC "\xff Go buildinf:"

typedef struct GoSieve {
	Sieve base;
	Arena *arena;
	Result (*phase)(struct GoSieve *g, uint64_t at, Str run);
	char head[HEAD_BYTES];
	size_t head_n;
	struct {
		uint64_t from, to;
	} search[SEGMENTS_MAX]; /* ascending, not overlapping */
	unsigned n_search, at_search;
	char carry[UNIT]; /* a unit that two runs share */
	size_t carry_n;
	char *found; /* from the magic on */
	size_t found_n, found_cap;
	Str version, modules;
} GoSieve;

/* ---- the two strings ---- */

/* 1: taken, 0: more bytes are needed, -1: not what it should be. */
static int take_string(Str *s, Str *out)
{
	uint64_t n = 0;
	for (unsigned i = 0; i < 5; i++) {
		if (i == s->n)
			return 0;
		uint64_t b = (unsigned char)s->p[i];
		n |= (b & 0x7f) << (7 * i);
		if ((b & 0x80) != 0)
			continue;
		if (n > LIMIT_GO_BUILDINFO_BYTES)
			return -1;
		if (n > s->n - i - 1)
			return 0;
		*out = str_first(str_skip(*s, i + 1), n);
		*s = str_skip(*s, i + 1 + n);
		return 1;
	}
	return -1;
}

static Result read_strings(GoSieve *g, uint64_t at, Str run)
{
	enum { MOST = 2 * LIMIT_GO_BUILDINFO_BYTES + STRINGS_AT + 10 };
	Str part = str_first(run, MOST - g->found_n);
	if (g->found_n + part.n > g->found_cap) {
		size_t cap = 2 * (g->found_n + part.n) + 8192;
		char *wider = arena_array(g->arena, char, cap);
		memcpy(wider, g->found, g->found_n);
		g->found = wider;
		g->found_cap = cap;
	}
	memcpy(g->found + g->found_n, part.p, part.n);
	g->found_n += part.n;
	g->base.next = g->found_n < MOST ? at + run.n : SIEVE_DONE;

	Str rest = str_skip((Str){g->found, g->found_n}, STRINGS_AT), version, modules;
	if (g->found_n < STRINGS_AT)
		return OK;
	int r = take_string(&rest, &version);
	if (r > 0)
		r = take_string(&rest, &modules);
	if (r != 0)
		g->base.next = SIEVE_DONE;
	if (r > 0) {
		g->version = version;
		g->modules = modules;
	}
	return OK;
}

/* ---- looking for the magic ---- */

static void next_segment(GoSieve *g, uint64_t at)
{
	g->carry_n = 0;
	while (g->at_search < g->n_search && g->search[g->at_search].to <= at)
		g->at_search++;
	if (g->at_search == g->n_search)
		g->base.next = SIEVE_DONE;
	else if (g->search[g->at_search].from > at)
		g->base.next = g->search[g->at_search].from;
	else
		g->base.next = at;
}

static bool is_magic(const char *unit) { return memcmp(unit, MAGIC, MAGIC_BYTES) == 0; }

static Result met_magic(GoSieve *g, uint64_t at, const char *unit, Str rest)
{
	enum { INLINE_STRINGS = 2 };
	if ((unit[15] & INLINE_STRINGS) == 0)
		FAIL(ERR_LIMIT,
		     "a Go program built before go1.18: its module list is in pieces that "
		     "are not read; rebuild it with a supported Go to have it evaluated");
	g->phase = read_strings;
	g->found = arena_array(g->arena, char, UNIT);
	memcpy(g->found, unit, UNIT);
	g->found_n = g->found_cap = UNIT;
	return read_strings(g, at + UNIT, rest);
}

/* The first unit of `run` that starts with the magic; run starts at a unit. */
static bool find_magic(Str run, size_t *at)
{
	for (size_t i = 0; i + UNIT <= run.n; i += UNIT) {
		const char *hit = memchr(run.p + i, '\xff', run.n - i);
		if (hit == NULL)
			return false;
		size_t here = (size_t)(hit - run.p);
		i = here & ~(size_t)(UNIT - 1); /* a hit inside a unit only moves us to it */
		if (here == i && i + UNIT <= run.n && is_magic(run.p + i)) {
			*at = i;
			return true;
		}
	}
	return false;
}

static Result search_segment(GoSieve *g, uint64_t at, Str run)
{
	run = str_first(run, g->search[g->at_search].to - at);
	uint64_t end = at + run.n;
	if (g->carry_n != 0) {
		Str part = str_first(run, UNIT - g->carry_n);
		memcpy(g->carry + g->carry_n, part.p, part.n);
		g->carry_n += part.n;
		run = str_skip(run, part.n);
		at += part.n;
		if (g->carry_n == UNIT && is_magic(g->carry))
			return met_magic(g, at - UNIT, g->carry, run);
	}
	if (g->carry_n == UNIT || g->carry_n == 0) {
		size_t hit;
		if (find_magic(run, &hit))
			return met_magic(g, at + hit, run.p + hit, str_skip(run, hit + UNIT));
		g->carry_n = run.n % UNIT;
		if (g->carry_n != 0)
			memcpy(g->carry, run.p + (run.n - g->carry_n), g->carry_n);
	}
	if (end == g->search[g->at_search].to)
		next_segment(g, end);
	else
		g->base.next = end;
	return OK;
}

/* ---- the header ---- */

static void choose_segments(GoSieve *g, const Elf *elf)
{
	Str head = {g->head, g->head_n};
	ElfSegment s;
	uint64_t after = 0, to;
	for (uint32_t i = 0; i < elf->segments && g->n_search < SEGMENTS_MAX; i++) {
		if (!elf_segment(elf, head, i, &s) || s.type != ELF_LOAD ||
		    (s.flags & (ELF_WRITE | ELF_EXECUTE)) != ELF_WRITE)
			continue;
		if (s.offset < after || __builtin_add_overflow(s.offset, s.file_bytes, &to) ||
		    s.file_bytes < UNIT)
			continue;
		/* Offsets and addresses agree modulo the page, so units are counted from 0. */
		g->search[g->n_search].from = (s.offset + UNIT - 1) & ~(uint64_t)(UNIT - 1);
		g->search[g->n_search++].to = to;
		after = to;
	}
}

static Result read_header(GoSieve *g, uint64_t at, Str run)
{
	(void)at; /* always head_n */
	Str part = str_first(run, HEAD_BYTES - g->head_n);
	memcpy(g->head + g->head_n, part.p, part.n);
	g->head_n += part.n;
	g->base.next = g->head_n;
	Elf elf;
	if (g->head_n >= ELF_HEADER_MAX && !elf_open((Str){g->head, g->head_n}, &elf)) {
		g->base.next = SIEVE_DONE;
		return OK;
	}
	if (g->head_n < HEAD_BYTES)
		return OK;
	choose_segments(g, &elf);
	g->phase = search_segment;
	next_segment(g, HEAD_BYTES);
	return OK;
}

static Result go_feed(Sieve *s, uint64_t at, Str run)
{
	GoSieve *g = (GoSieve *)(void *)s;
	while (s->next != SIEVE_DONE && s->next < at + run.n) {
		uint64_t before = s->next;
		if (s->next < at)
			FAIL(ERR_BUG, "go sieve: bytes from %llu were left out",
			     (unsigned long long)s->next);
		TRY(g->phase(g, s->next, str_skip(run, s->next - at)));
		if (s->next == before)
			FAIL(ERR_BUG, "go sieve: no progress at %llu", (unsigned long long)before);
	}
	return OK;
}

static Str without_sentinels(Str m)
{
	enum { SENTINEL = 16 };
	if (m.n >= 2 * SENTINEL + 1 && m.p[m.n - SENTINEL - 1] == '\n')
		return (Str){m.p + SENTINEL, m.n - (size_t)(2 * SENTINEL)};
	return S("");
}

static Result go_finish(Sieve *s, Str *out)
{
	GoSieve *g = (GoSieve *)(void *)s;
	if (g->version.n == 0)
		return OK;
	Str modules = without_sentinels(g->modules);
	char *p = arena_array(g->arena, char, g->version.n + 1 + modules.n);
	memcpy(p, g->version.p, g->version.n);
	p[g->version.n] = '\n';
	if (modules.n != 0)
		memcpy(p + g->version.n + 1, modules.p, modules.n);
	*out = (Str){p, g->version.n + 1 + modules.n};
	return OK;
}

Sieve *go_sieve(Arena *a, const FileInfo *f)
{
	(void)f;
	GoSieve *g = arena_new(a, GoSieve);
	*g = (GoSieve){
		.base = {.feed = go_feed, .finish = go_finish}, .arena = a, .phase = read_header};
	return &g->base;
}
