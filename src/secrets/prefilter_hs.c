/* prefilter_hs.c - one database of literals; scratch memory a thread. */
#include "secrets/prefilter_hs.h"

#if HAVE_VECTORSCAN
#include <hs.h>
#include <pthread.h>
#include <stdlib.h>

struct HsFilter {
	hs_database_t *database;
	Literal *literals;
	size_t longest;
};

static pthread_key_t scratch_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_scratch(void *p) { (void)hs_free_scratch(p); }

static void make_key(void)
{
	if (pthread_key_create(&scratch_key, free_scratch) != 0)
		die_oom();
}

/* Grown to what this database needs; kept until the thread ends. */
static hs_scratch_t *scratch_for(const HsFilter *f)
{
	pthread_once(&once, make_key);
	hs_scratch_t *s = pthread_getspecific(scratch_key);
	if (hs_alloc_scratch(f->database, &s) != HS_SUCCESS ||
	    pthread_setspecific(scratch_key, s) != 0)
		die_oom();
	return s;
}

static void *zeroed(size_t n, size_t size)
{
	void *p = calloc(n != 0 ? n : 1, size);
	if (p == NULL)
		die_oom();
	return p;
}

HsFilter *hs_filter_make(const Literal *literals, size_t n)
{
	HsFilter *f = zeroed(1, sizeof *f);
	const char **texts = zeroed(n, sizeof *texts);
	size_t *lengths = zeroed(n, sizeof *lengths);
	unsigned *flags = zeroed(n, sizeof *flags), *ids = zeroed(n, sizeof *ids);
	hs_compile_error_t *wrong = NULL;
	f->literals = zeroed(n, sizeof *f->literals);
	for (size_t i = 0; i < n; i++) {
		f->literals[i] = literals[i];
		texts[i] = literals[i].text.p;
		lengths[i] = literals[i].text.n;
		flags[i] = literals[i].any_case ? HS_FLAG_CASELESS : 0;
		ids[i] = (unsigned)i;
		f->longest = lengths[i] > f->longest ? lengths[i] : f->longest;
	}
	if (hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)n, HS_MODE_BLOCK, NULL,
				 &f->database, &wrong) != HS_SUCCESS) {
		hs_free_compile_error(wrong);
		hs_filter_close(f);
		f = NULL;
	}
	free(texts);
	free(lengths);
	free(flags);
	free(ids);
	return f;
}

void hs_filter_close(HsFilter *f)
{
	if (f == NULL)
		return;
	(void)hs_free_database(f->database);
	free(f->literals);
	free(f);
}

typedef struct HsScan {
	const HsFilter *filter;
	Str text;
	size_t base, from, to;
	PrefilterHit *hit;
	void *ctx;
} HsScan;

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		    void *ctx)
{
	const HsScan *s = ctx;
	const Literal *l = &s->filter->literals[id];
	size_t at = s->base + (size_t)to - l->text.n;
	(void)from, (void)flags;
	if (at >= s->from && at < s->to && prefilter_takes(l, s->text, at))
		s->hit(s->ctx, l->owner, at, l->text.n);
	return 0;
}

void hs_filter_scan(const HsFilter *f, Str text, size_t from, size_t to, PrefilterHit *hit,
		    void *ctx)
{
	enum { PART = 1u << 30 }; /* its lengths have 32 bits */
	size_t end = text.n - to > f->longest ? to + f->longest : text.n;
	for (size_t at = from; at < to; at += PART) {
		size_t stop = end - at > PART + f->longest ? at + PART + f->longest : end;
		HsScan s = {f, text, at, at, to - at > PART ? at + PART : to, hit, ctx};
		if (hs_scan(f->database, text.p + at, (unsigned)(stop - at), 0, scratch_for(f),
			    on_match, &s) != HS_SUCCESS)
			die_oom();
	}
}
#else
HsFilter *hs_filter_make(const Literal *literals, size_t n)
{
	(void)literals, (void)n;
	return NULL;
}

void hs_filter_close(HsFilter *f) { (void)f; }

void hs_filter_scan(const HsFilter *f, Str text, size_t from, size_t to, PrefilterHit *hit,
		    void *ctx)
{
	(void)f, (void)text, (void)from, (void)to, (void)hit, (void)ctx;
}
#endif
