/* feed_text.h - what a feed gave, as lines of text that a test can compare. */
#pragma once
#include <stdio.h>
#include <unistd.h>

#include "advisory/feed.h"
#include "base/buf.h"
#include "base/time.h"
#include "zip_maker.h"

typedef struct FeedText {
	Arena arena;
	Buf out;
	bool details; /* print them too */
	uint64_t rows, detail_rows, skipped;
	int64_t as_of;
} FeedText;

static inline void text_list(Buf *b, const char *name, const StrVec *v)
{
	for (size_t i = 0; i < v->n; i++)
		buf_fmt(b, "%s" STR_FMT, i == 0 ? name : ",", STR_ARG(v->at[i]));
}

static inline void text_word(Buf *b, const char *name, Str s)
{
	if (s.n != 0)
		buf_fmt(b, "%s" STR_FMT, name, STR_ARG(s));
}

static inline Result text_advisory(void *ctx, const Advisory *r)
{
	static const char *const schemes[] = {"none", "deb", "rpm", "apk", "semver", "pep440"};
	FeedText *t = ctx;
	Buf *b = &t->out;
	t->rows++;
	buf_fmt(b, STR_FMT " " STR_FMT " " STR_FMT " %s %s", STR_ARG(r->ecosystem),
		STR_ARG(r->package), STR_ARG(r->id), status_name(r->status), schemes[r->scheme]);
	for (size_t i = 0; i < r->ranges.n; i++) {
		const Range *g = &r->ranges.at[i];
		buf_fmt(b, " [" STR_FMT ",%s" STR_FMT "%s", STR_ARG(g->introduced),
			g->last_affected.n != 0 ? ""
			: g->fixed.n != 0       ? ""
						: "...",
			STR_ARG(g->last_affected.n != 0 ? g->last_affected : g->fixed),
			g->last_affected.n != 0 ? "]" : ")");
	}
	text_list(b, " versions=", &r->versions);
	text_list(b, " aliases=", &r->aliases);
	text_word(b, " state=", r->vendor_state);
	if (r->severity != SEV_UNKNOWN)
		buf_fmt(b, " %s by " STR_FMT, severity_name(r->severity),
			STR_ARG(r->severity_source));
	text_word(b, " ", r->cvss);
	text_word(b, " module=", r->module);
	if (r->published != 0)
		buf_fmt(b, " " STR_FMT, STR_ARG(date_format(&t->arena, r->published)));
	buf_add(b, S("\n"));
	return OK;
}

static inline Result text_detail(void *ctx, const AdvisoryDetail *d)
{
	FeedText *t = ctx;
	t->detail_rows++;
	if (!t->details)
		return OK;
	buf_fmt(&t->out, "detail " STR_FMT " '" STR_FMT "' '" STR_FMT "'", STR_ARG(d->id),
		STR_ARG(d->title), STR_ARG(d->text));
	text_list(&t->out, " see=", &d->references);
	text_list(&t->out, " cwe=", &d->cwes);
	buf_add(&t->out, S("\n"));
	return OK;
}

static inline Result text_exploited(void *ctx, const Exploited *e)
{
	FeedText *t = ctx;
	t->rows++;
	buf_fmt(&t->out, STR_FMT " added " STR_FMT " due " STR_FMT "%s\n", STR_ARG(e->cve),
		STR_ARG(date_format(&t->arena, e->added)), STR_ARG(date_format(&t->arena, e->due)),
		e->ransomware ? " ransomware" : "");
	return OK;
}

static inline Result text_epss(void *ctx, const Epss *e)
{
	FeedText *t = ctx;
	t->rows++;
	buf_fmt(&t->out, STR_FMT " %.17g %.17g\n", STR_ARG(e->cve), e->score, e->percentile);
	return OK;
}

static inline Result text_lifecycle(void *ctx, const Lifecycle *l)
{
	FeedText *t = ctx;
	t->rows++;
	buf_fmt(&t->out, STR_FMT " from " STR_FMT " to " STR_FMT " extended " STR_FMT "\n",
		STR_ARG(l->ecosystem), STR_ARG(date_format(&t->arena, l->released)),
		STR_ARG(date_format(&t->arena, l->end_of_life)),
		STR_ARG(date_format(&t->arena, l->end_of_extended)));
	return OK;
}

static inline void text_skipped(void *ctx, Str record, const char *why)
{
	FeedText *t = ctx;
	t->skipped++;
	buf_fmt(&t->out, "skipped " STR_FMT ": %s\n", STR_ARG(record), why);
}

static inline void text_as_of(void *ctx, int64_t when)
{
	FeedText *t = ctx;
	if (when > t->as_of)
		t->as_of = when;
}

static inline FeedSink text_sink(FeedText *t)
{
	t->out = buf_in(&t->arena, 1u << 20);
	return (FeedSink){.ctx = t,
			  .advisory = text_advisory,
			  .detail = text_detail,
			  .exploited = text_exploited,
			  .epss = text_epss,
			  .lifecycle = text_lifecycle,
			  .skipped = text_skipped,
			  .as_of = text_as_of};
}

/* The bytes of a file as the feed reads it; the text lives until feed_text_finish(). */
static inline Err *feed_text(FeedText *t, const char *feed, const char *name, Str bytes)
{
	FeedSink sink = text_sink(t);
	int fd = fd_with(bytes.p, bytes.n);
	Err *e = feed_read_fd(feed_named(str_of(feed)), fd, str_of(name), &sink);
	close(fd);
	return e;
}

static inline void feed_text_finish(FeedText *t)
{
	arena_finish(&t->arena);
	*t = (FeedText){0};
}

/* One document gives exactly these lines. */
#define CHECK_FEED(feed, name, bytes, want)                              \
	do {                                                             \
		FeedText t_ = {0};                                       \
		CHECK_OK(feed_text(&t_, (feed), (name), str_of(bytes))); \
		CHECK_STR(buf_str(&t_.out), str_of(want));               \
		feed_text_finish(&t_);                                   \
	} while (0)

#define CHECK_FEED_ERR(feed, name, bytes, kind)                                 \
	do {                                                                    \
		FeedText t_ = {0};                                              \
		CHECK_ERR(feed_text(&t_, (feed), (name), str_of(bytes)), kind); \
		feed_text_finish(&t_);                                          \
	} while (0)
