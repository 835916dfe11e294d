/* feed_fuzz.h - whatever the bytes, a feed gives rows as model/advisory.h promises them, or an
 * error, or nothing. */
#pragma once
#include <stdlib.h>
#include <string.h>

#include "advisory/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned feed_fuzz_seen;

/* Reads every byte, so that a sanitizer sees a string that is not there. */
static inline void fuzz_touch(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		feed_fuzz_seen += (unsigned char)s.p[i];
}

static inline void fuzz_need(bool holds)
{
	if (!holds)
		abort();
}

static inline void fuzz_touch_all(const StrVec *v)
{
	for (size_t i = 0; i < v->n; i++)
		fuzz_touch(v->at[i]);
}

static inline Result fuzz_advisory(void *ctx, const Advisory *r)
{
	(void)ctx;
	fuzz_touch(r->ecosystem);
	fuzz_touch(r->package);
	fuzz_touch(r->id);
	fuzz_touch(r->vendor_state);
	fuzz_touch(r->cvss);
	fuzz_touch(r->module);
	fuzz_touch_all(&r->aliases);
	fuzz_touch_all(&r->versions);
	bool fixed = false;
	for (size_t i = 0; i < r->ranges.n; i++) {
		fuzz_touch(r->ranges.at[i].introduced);
		fuzz_touch(r->ranges.at[i].fixed);
		fuzz_touch(r->ranges.at[i].last_affected);
		fixed |= r->ranges.at[i].fixed.n != 0;
		fuzz_need(r->ranges.at[i].fixed.n == 0 || r->ranges.at[i].last_affected.n == 0);
	}
	fuzz_need(r->ecosystem.n != 0 && r->package.n != 0 && r->id.n != 0 && r->feed.n != 0);
	fuzz_need(r->status >= STATUS_AFFECTED && r->status <= STATUS_NOT_AFFECTED);
	fuzz_need(r->status != STATUS_FIXED || fixed);
	fuzz_need((r->status == STATUS_NOT_AFFECTED) == (r->ranges.n + r->versions.n == 0));
	fuzz_need((r->severity == SEV_UNKNOWN) == (r->severity_source.n == 0));
	fuzz_need(r->scheme != SCHEME_NONE && r->published >= 0);
	return OK;
}

static inline Result fuzz_detail(void *ctx, const AdvisoryDetail *d)
{
	(void)ctx;
	fuzz_need(d->id.n != 0);
	fuzz_touch(d->title);
	fuzz_touch(d->text);
	fuzz_touch_all(&d->references);
	fuzz_touch_all(&d->cwes);
	return OK;
}

static inline Result fuzz_exploited(void *ctx, const Exploited *e)
{
	(void)ctx;
	fuzz_need(e->cve.n != 0);
	fuzz_touch(e->cve);
	return OK;
}

static inline Result fuzz_epss(void *ctx, const Epss *e)
{
	(void)ctx;
	fuzz_touch(e->cve);
	fuzz_need(e->cve.n != 0 && e->score >= 0 && e->score <= 1 && e->percentile >= 0 &&
		  e->percentile <= 1);
	return OK;
}

static inline Result fuzz_lifecycle(void *ctx, const Lifecycle *l)
{
	(void)ctx;
	fuzz_touch(l->ecosystem);
	fuzz_need(str_has(l->ecosystem, ':'));
	return OK;
}

static inline void fuzz_skipped(void *ctx, Str record, const char *why)
{
	(void)ctx;
	fuzz_touch(record);
	fuzz_touch(str_of(why));
}

static inline void fuzz_as_of(void *ctx, int64_t when)
{
	(void)ctx;
	feed_fuzz_seen += (unsigned)when;
}

static const FeedSink fuzz_sink = {.advisory = fuzz_advisory,
				   .detail = fuzz_detail,
				   .exploited = fuzz_exploited,
				   .epss = fuzz_epss,
				   .lifecycle = fuzz_lifecycle,
				   .skipped = fuzz_skipped,
				   .as_of = fuzz_as_of};

/* JSON when it starts with '{', else a document called `other`. */
static inline void feed_fuzz(const char *feed, const char *other, const uint8_t *data, size_t size)
{
	Arena a = {0};
	bool mine = false;
	FeedDocument doc = {.name = size != 0 && data[0] == '{' ? S("x.json") : str_of(other),
			    .body = {(const char *)data, size}};
	err_free(feed_named(str_of(feed))->read(&doc, &a, &fuzz_sink, &mine));
	arena_finish(&a);
}

#define FUZZ_FEED(feed, other)                                       \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) \
	{                                                            \
		feed_fuzz((feed), (other), data, size);              \
		return 0;                                            \
	}
