/* prefilter.c - a bit map over hashed windows of four bytes, then the literal itself. */
#include "secrets/prefilter.h"

#include "secrets/prefilter_hs.h"

enum {
	WINDOW = 4,
	HASH_BITS = 17, /* 16 KiB of map: half of a first-level cache */
	FOLD = 0x20202020,
};

typedef struct Entry {
	uint32_t window; /* folded */
	uint32_t literal;
	int32_t offset; /* of the window in the literal; -1: one byte before it */
	uint32_t next;  /* 1 + index; 0: none */
} Entry;

struct Prefilter {
	uint8_t map[(1u << HASH_BITS) / 8];
	uint32_t head[1u << HASH_BITS]; /* 1 + index of the first entry; 0: none */
	VEC(Entry) entries;
	VEC(Literal) literals;
	Arena *arena;
	size_t longest;
	HsFilter *vectorscan; /* NULL: it is not there */
};

static inline uint32_t load4(const char *p)
{
	uint32_t v;
	memcpy(&v, p, WINDOW);
	return v | FOLD;
}

static inline uint32_t hash4(uint32_t v) { return v * 0x9e3779b1u >> (32 - HASH_BITS); }

static void add_entry(Prefilter *f, Entry e)
{
	uint32_t h = hash4(e.window);
	e.next = f->head[h];
	vec_push(f->arena, &f->entries, e);
	f->head[h] = (uint32_t)f->entries.n;
	f->map[h >> 3] |= (uint8_t)(1u << (h & 7));
}

/* What may stand behind a prefix: the first character of the token. Folded. */
static bool starts_token(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ('_' | 0x20) ||
	       memchr("-+/=.%$~!*", c, 10) != NULL;
}

/* Every value that the byte may have: half of them, since case is folded. */
static void add_open(Prefilter *f, Entry e, size_t open_byte, bool in_token)
{
	for (unsigned v = 0; v < 256; v++) {
		uint8_t bytes[WINDOW];
		if ((v & 0x20) == 0 || (in_token && !starts_token((uint8_t)v)))
			continue;
		memcpy(bytes, &e.window, WINDOW);
		bytes[open_byte] = (uint8_t)v;
		Entry one = e;
		memcpy(&one.window, bytes, WINDOW);
		add_entry(f, one);
	}
}

/* How common a window is in text: letters are, digits and signs are not. */
static unsigned commonness(const char *p)
{
	unsigned sum = 0;
	for (size_t i = 0; i < WINDOW; i++) {
		char c = (char)(p[i] | 0x20);
		bool letter = c >= 'a' && c <= 'z';
		bool frequent = letter && memchr("etaoinsr", c, 8) != NULL;
		sum += letter ? 2 + frequent : 0;
	}
	return sum;
}

/* Two windows side by side, the rarest: one of them is at an even place. */
static void add_long(Prefilter *f, uint32_t literal, Str s)
{
	size_t best = 0;
	for (size_t o = 0; o + WINDOW < s.n; o++)
		if (commonness(s.p + o) + commonness(s.p + o + 1) <
		    commonness(s.p + best) + commonness(s.p + best + 1))
			best = o;
	for (size_t o = best; o < best + 2; o++)
		add_entry(f, (Entry){load4(s.p + o), literal, (int32_t)o, 0});
}

/* Three or four bytes: the even window may have one byte of what is around. */
static void add_short(Prefilter *f, uint32_t literal, Str s, bool any_case)
{
	char padded[WINDOW + 2] = {0};
	memcpy(padded + 1, s.p, s.n);
	Entry before = {load4(padded), literal, -1, 0};
	Entry at = {load4(padded + 1), literal, 0, 0};
	Entry after = {load4(padded + 2), literal, 1, 0};
	if (s.n < WINDOW)
		add_open(f, at, WINDOW - 1, !any_case);
	else
		add_entry(f, at);
	if (s.n < WINDOW || any_case)
		add_open(f, before, 0, false);
	else
		add_open(f, after, WINDOW - 1, true);
}

Prefilter *prefilter_make_plain(Arena *a, const Literal *literals, size_t n)
{
	Prefilter *f = arena_new(a, Prefilter);
	f->arena = a;
	for (size_t i = 0; i < n; i++) {
		vec_push(a, &f->literals, literals[i]);
		if (literals[i].text.n > f->longest)
			f->longest = literals[i].text.n;
		if (literals[i].text.n > WINDOW)
			add_long(f, (uint32_t)i, literals[i].text);
		else
			add_short(f, (uint32_t)i, literals[i].text, literals[i].any_case);
	}
	return f;
}

Prefilter *prefilter_make(Arena *a, const Literal *literals, size_t n)
{
	Prefilter *f = prefilter_make_plain(a, literals, n);
	f->vectorscan = hs_filter_make(literals, n);
	return f;
}

void prefilter_close(Prefilter *f)
{
	if (f != NULL)
		hs_filter_close(f->vectorscan);
}

bool prefilter_has_vectorscan(const Prefilter *f) { return f->vectorscan != NULL; }

bool prefilter_takes(const Literal *l, Str text, size_t at)
{
	size_t end = at + l->text.n;
	if (l->any_case || l->text.n > WINDOW || end >= text.n)
		return true;
	return starts_token((uint8_t)(text.p[end] | 0x20));
}

typedef struct Scan {
	const Prefilter *filter;
	Str text;
	size_t from, to;
	PrefilterHit *hit;
	void *ctx;
} Scan;

static __attribute__((noinline)) void verify(const Scan *s, size_t at, uint32_t window)
{
	const Prefilter *f = s->filter;
	for (uint32_t i = f->head[hash4(window)]; i != 0; i = f->entries.at[i - 1].next) {
		const Entry *e = &f->entries.at[i - 1];
		if (e->window != window)
			continue;
		const Literal *l = &f->literals.at[e->literal];
		size_t start = at - (size_t)(ptrdiff_t)e->offset;
		if (start > at + 1 || start < s->from || start >= s->to ||
		    l->text.n > s->text.n - start)
			continue;
		Str here = {s->text.p + start, l->text.n};
		if ((l->any_case ? str_eq_nocase(here, l->text) : str_eq(here, l->text)) &&
		    prefilter_takes(l, s->text, start))
			s->hit(s->ctx, l->owner, start, l->text.n);
	}
}

void prefilter_scan(const Prefilter *f, Str text, size_t from, size_t to, PrefilterHit *hit,
		    void *ctx)
{
	if (f->vectorscan != NULL) {
		hs_filter_scan(f->vectorscan, text, from, to < text.n ? to : text.n, hit, ctx);
		return;
	}
	Scan s = {f, text, from, to, hit, ctx};
	size_t end = to < text.n ? to : text.n;
	end = text.n - end > f->longest ? end + f->longest : text.n;
	size_t at = from & ~(size_t)1;
	at = at >= 2 ? at - 2 : 0;
	for (; at < end; at += 2) {
		uint32_t w = load4(text.p + at);
		uint32_t h = hash4(w);
		if (__builtin_expect((f->map[h >> 3] >> (h & 7) & 1) != 0, 0))
			verify(&s, at, w);
	}
}
