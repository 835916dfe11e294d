/* secrets_prefilter_test.c - Vectorscan, when it is built in, hits what our own filter hits. */
#include <stdlib.h>

#include "secret_found.h"
#include "secrets/prefilter.h"

typedef struct Hits {
	Arena *arena;
	VEC(uint64_t) at; /* place and owner */
} Hits;

static void keep(void *ctx, uint32_t owner, size_t at, size_t length)
{
	Hits *h = ctx;
	(void)length;
	vec_push(h->arena, &h->at, (uint64_t)at << 24 | owner);
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void sort(Hits *h)
{
	if (h->at.n > 1)
		qsort(h->at.at, h->at.n, sizeof h->at.at[0], by_number);
}

/* The literals of all rules, with noise between them. */
static Str text_of(Arena *a, const Literal *l, size_t n)
{
	Buf b = buf_in(a, 8u << 20);
	uint64_t x = 88172645463325252u;
	for (size_t i = 0; i < 3 * n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		for (size_t k = 0; k < (x >> 32) % 37; k++)
			buf_char(&b, (char)(' ' + (x >> k) % 95));
		buf_add(&b, l[(x >> 20) % n].text);
	}
	for (unsigned i = 0; i < PREFILTER_PAD; i++)
		buf_char(&b, '\0');
	return buf_str(&b);
}

static Literal *literals_of(Arena *a, const SecretSet *s)
{
	Literal *l = arena_array(a, Literal, s->anchors.n);
	for (uint32_t i = 0; i < s->anchors.n; i++)
		l[i] = (Literal){s->anchors.at[i].text, s->anchors.at[i].any_case, i};
	return l;
}

TEST(both_filters_hit_the_same)
{
	Arena a = {0};
	const SecretSet *s = builtin();
	Literal *l = literals_of(&a, s);
	Prefilter *plain = prefilter_make_plain(&a, l, s->anchors.n);
	Prefilter *other = prefilter_make(&a, l, s->anchors.n);
	Str text = text_of(&a, l, s->anchors.n);
	text.n -= PREFILTER_PAD;
	if (!prefilter_has_vectorscan(other))
		printf("# built without Vectorscan: both are our own\n");
	for (size_t from = 0; from < 5000; from += 997) {
		Hits one = {.arena = &a}, two = {.arena = &a};
		prefilter_scan(plain, text, from, text.n - from, keep, &one);
		prefilter_scan(other, text, from, text.n - from, keep, &two);
		sort(&one);
		sort(&two);
		CHECK(one.at.n > 1000 && one.at.n == two.at.n);
		CHECK(one.at.n == two.at.n &&
		      memcmp(one.at.at, two.at.at, one.at.n * sizeof one.at.at[0]) == 0);
	}
	prefilter_close(other);
	arena_finish(&a);
}
