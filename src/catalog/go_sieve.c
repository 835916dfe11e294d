/* go_sieve.c - header, then the writable segments, then the strings behind the magic; beside
 * that, what an old program's pointers may lead to (go_old.h).
 *
 * The magic is looked for at 16-byte steps in writable segments only: programs that merely
 * carry it as a constant (debuggers, scanners) hold it in read-only data. */
#include "catalog/go_sieve.h"

#include "base/limits.h"
#include "catalog/go_old.h"

enum { HEAD_BYTES = 4096, UNIT = 16, MAGIC_BYTES = 14, STRINGS_AT = 32, SEGMENTS_MAX = 64 };

#define MAGIC "\xff Go buildinf:"

typedef struct Program { /* of an ELF file */
	char head[HEAD_BYTES];
	struct {
		uint64_t from, to;
	} search[SEGMENTS_MAX]; /* ascending, not overlapping */
	unsigned n_search, at_search;
	GoOld old;
} Program;

typedef struct GoSieve {
	Sieve base;
	Arena *arena;
	uint64_t file_bytes;
	uint64_t next; /* as base.next, of the phase alone */
	Result (*phase)(struct GoSieve *g, uint64_t at, Str run);
	Program *program; /* NULL: not looked at, or of no interest */
	size_t head_n;
	char carry[UNIT]; /* a unit that two runs share */
	size_t carry_n;
	bool met, is_old; /* the magic; its pointers */
	uint64_t met_at;
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
	g->next = g->found_n < MOST ? at + run.n : SIEVE_DONE;

	Str rest = str_skip((Str){g->found, g->found_n}, STRINGS_AT), version, modules;
	if (g->found_n < STRINGS_AT)
		return OK;
	int r = take_string(&rest, &version);
	if (r > 0)
		r = take_string(&rest, &modules);
	if (r != 0)
		g->next = SIEVE_DONE;
	if (r < 0)
		FAIL(ERR_LIMIT, "a Go program whose module list is longer than %u bytes",
		     LIMIT_GO_BUILDINFO_BYTES);
	if (r > 0) {
		g->version = version;
		g->modules = modules;
	}
	return OK;
}

/* ---- looking for the magic ---- */

static void next_segment(GoSieve *g, uint64_t at)
{
	Program *p = g->program;
	g->carry_n = 0;
	while (p->at_search < p->n_search && p->search[p->at_search].to <= at)
		p->at_search++;
	if (p->at_search == p->n_search)
		g->next = SIEVE_DONE;
	else if (p->search[p->at_search].from > at)
		g->next = p->search[p->at_search].from;
	else
		g->next = at;
}

static bool is_magic(const char *unit) { return memcmp(unit, MAGIC, MAGIC_BYTES) == 0; }

static Result met_magic(GoSieve *g, uint64_t at, const char *unit, Str rest)
{
	enum { INLINE_STRINGS = 2 };
	g->met = true;
	g->met_at = at;
	g->is_old = (unit[15] & INLINE_STRINGS) == 0;
	if (g->is_old) {
		g->next = SIEVE_DONE;
		return OK;
	}
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
	uint64_t to = g->program->search[g->program->at_search].to;
	run = str_first(run, to - at);
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
	if (end == to)
		next_segment(g, end);
	else
		g->next = end;
	return OK;
}

/* ---- the header ---- */

static void choose_segments(Program *p, const Elf *elf, Str head)
{
	ElfSegment s;
	uint64_t after = 0, to;
	for (uint32_t i = 0; i < elf->segments && p->n_search < SEGMENTS_MAX; i++) {
		if (!elf_segment(elf, head, i, &s) || s.type != ELF_LOAD ||
		    (s.flags & (ELF_WRITE | ELF_EXECUTE)) != ELF_WRITE)
			continue;
		if (s.offset < after || __builtin_add_overflow(s.offset, s.file_bytes, &to) ||
		    s.file_bytes < UNIT)
			continue;
		/* Offsets and addresses agree modulo the page, so units are counted from 0. */
		p->search[p->n_search].from = (s.offset + UNIT - 1) & ~(uint64_t)(UNIT - 1);
		p->search[p->n_search++].to = to;
		after = to;
	}
}

static Result read_header(GoSieve *g, uint64_t at, Str run)
{
	(void)at; /* always head_n */
	if (g->head_n == 0 && run.p[0] != '\x7f') {
		g->next = SIEVE_DONE;
		return OK;
	}
	if (g->program == NULL)
		g->program = arena_new(g->arena, Program);
	Program *p = g->program;
	Str part = str_first(run, HEAD_BYTES - g->head_n);
	memcpy(p->head + g->head_n, part.p, part.n);
	g->head_n += part.n;
	g->next = g->head_n;
	Str head = {p->head, g->head_n};
	Elf elf;
	if (g->head_n >= ELF_HEADER_MAX && !elf_open(head, &elf)) {
		g->next = SIEVE_DONE;
		return OK;
	}
	if (g->head_n < HEAD_BYTES)
		return OK;
	choose_segments(p, &elf, head);
	if (p->n_search != 0)
		go_old_open(&p->old, &elf, head, g->file_bytes);
	g->phase = search_segment;
	next_segment(g, HEAD_BYTES);
	return OK;
}

/* ---- both sides together ---- */

static void choose_next(GoSieve *g)
{
	if (g->next == SIEVE_DONE && !g->is_old && g->program != NULL)
		go_old_close(&g->program->old);
	uint64_t kept = g->program != NULL ? go_old_next(&g->program->old) : SIEVE_DONE;
	g->base.next = g->next < kept ? g->next : kept;
}

static Result go_feed(Sieve *s, uint64_t at, Str run)
{
	GoSieve *g = (GoSieve *)(void *)s;
	if (s->next < at)
		FAIL(ERR_BUG, "go sieve: bytes from %llu were left out",
		     (unsigned long long)s->next);
	while (g->next != SIEVE_DONE && g->next < at + run.n) {
		uint64_t before = g->next;
		TRY(g->phase(g, g->next, str_skip(run, g->next - at)));
		if (g->next == before)
			FAIL(ERR_BUG, "go sieve: no progress at %llu", (unsigned long long)before);
	}
	if (g->program != NULL)
		go_old_feed(&g->program->old, at, run);
	choose_next(g);
	return OK;
}

static Str without_sentinels(Str m)
{
	enum { SENTINEL = 16 };
	if (m.n >= 2 * SENTINEL + 1 && m.p[m.n - SENTINEL - 1] == '\n')
		return (Str){m.p + SENTINEL, m.n - (size_t)(2 * SENTINEL)};
	return S("");
}

static Result keep_strings(const GoSieve *g, Str version, Str modules, Str *out)
{
	modules = without_sentinels(modules);
	char *p = arena_array(g->arena, char, version.n + 1 + modules.n);
	memcpy(p, version.p, version.n);
	p[version.n] = '\n';
	if (modules.n != 0)
		memcpy(p + version.n + 1, modules.p, modules.n);
	*out = (Str){p, version.n + 1 + modules.n};
	return OK;
}

static Result take_out(const GoSieve *g, Str *out)
{
	Str version, modules;
	if (!g->met)
		return OK;
	if (g->is_old) {
		TRY(go_old_strings(&g->program->old, g->met_at, &version, &modules));
		return keep_strings(g, version, modules, out);
	}
	if (g->version.n == 0)
		FAIL(ERR_INPUT, "a Go program whose build information is cut short or empty");
	return keep_strings(g, g->version, g->modules, out);
}

static Result go_finish(Sieve *s, Str *out)
{
	GoSieve *g = (GoSieve *)(void *)s;
	Err *e = take_out(g, out);
	if (g->program != NULL)
		go_old_close(&g->program->old);
	return e;
}

Sieve *go_sieve(Arena *a, const FileInfo *f)
{
	GoSieve *g = arena_new(a, GoSieve);
	*g = (GoSieve){.base = {.feed = go_feed, .finish = go_finish},
		       .arena = a,
		       .file_bytes = f->size,
		       .phase = read_header};
	return &g->base;
}
