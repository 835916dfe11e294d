/* feed_tally.c - counts rows on their way into the database. */
#include "flow/feed_tally.h"

#include <stdio.h>

#include "base/limits.h"

static void count_part(FeedTally *t, Str ecosystem)
{
	if (t->last < t->parts.n && str_eq(t->parts.at[t->last].name, ecosystem)) {
		t->parts.at[t->last].rows++;
		return;
	}
	FeedPart *p = feed_part(&t->parts, ecosystem);
	if (p == NULL && t->parts.n == LIMIT_FEED_PARTS)
		return;
	if (p == NULL) {
		vec_push(t->arena, &t->parts, (FeedPart){.name = arena_str(t->arena, ecosystem)});
		p = &t->parts.at[t->parts.n - 1];
	}
	p->rows++;
	t->last = (size_t)(p - t->parts.at);
}

static Result count_advisory(void *ctx, const Advisory *row)
{
	FeedTally *t = ctx;
	t->rows++;
	if (t->arena != NULL)
		count_part(t, row->ecosystem);
	return t->to != NULL ? db_writer_advisory(t->to, row) : OK;
}

static Result pass_detail(void *ctx, const AdvisoryDetail *d)
{
	FeedTally *t = ctx;
	return t->to != NULL ? db_writer_detail(t->to, d) : OK;
}

static Result count_exploited(void *ctx, const Exploited *e)
{
	FeedTally *t = ctx;
	t->rows++;
	return t->to != NULL ? db_writer_exploited(t->to, e) : OK;
}

static Result count_epss(void *ctx, const Epss *e)
{
	FeedTally *t = ctx;
	t->rows++;
	return t->to != NULL ? db_writer_epss(t->to, e) : OK;
}

static Result count_lifecycle(void *ctx, const Lifecycle *l)
{
	FeedTally *t = ctx;
	t->rows++;
	return t->to != NULL ? db_writer_lifecycle(t->to, l) : OK;
}

static void count_skipped(void *ctx, Str record, const char *why)
{
	FeedTally *t = ctx;
	if (t->skipped++ == 0)
		snprintf(t->first_skipped, sizeof t->first_skipped, "%.*s: %s",
			 (int)str_first(record, 100).n, record.p, why);
}

static void note_date(void *ctx, int64_t when)
{
	FeedTally *t = ctx;
	if (when > t->as_of)
		t->as_of = when;
}

FeedSink feed_tally_sink(FeedTally *t)
{
	return (FeedSink){.ctx = t,
			  .advisory = count_advisory,
			  .detail = pass_detail,
			  .exploited = count_exploited,
			  .epss = count_epss,
			  .lifecycle = count_lifecycle,
			  .skipped = count_skipped,
			  .as_of = note_date};
}
