/* db_update.c - fetch, judge each feed, remember the good ones, build. */
#include "flow/db_update.h"

#include <time.h>

#include "base/limits.h"
#include "flow/db_fetch.h"
#include "flow/db_rebuild.h"
#include "io/fd.h"

/* A feed with less than this share of the rows it had is not believed; nor is one in which that
 * happened to an ecosystem, and not by a handful of rows. */
#define LEAST_SHARE 0.7
enum { HANDFUL = 20 };

typedef struct Job {
	const UpdateRequest *request;
	const DbCache *cache;
	Arena *a; /* of the outcome */
} Job;

static void fail_outcome(const Job *j, FeedOutcome *o, bool had, Err *e)
{
	o->fate = had ? FEED_KEPT_OUT : FEED_ABSENT;
	o->why = arena_str(j->a, str_of(e->text));
	err_free(e);
}

static bool may_shrink(const UpdateRequest *r, const char *feed)
{
	for (size_t i = 0; i < r->accept_shrunken.n; i++)
		if (str_eq(r->accept_shrunken.at[i], str_of(feed)))
			return true;
	return false;
}

static Result judge_loss(const Job *j, const Feed *feed, uint64_t was, uint64_t now, Str of)
{
	if ((double)now >= LEAST_SHARE * (double)was || may_shrink(j->request, feed->name))
		return OK;
	FAIL(ERR_INPUT,
	     "shrank from %llu rows to %llu%s" STR_FMT
	     "; if that is right, run again with --accept-shrunken %s",
	     (unsigned long long)was, (unsigned long long)now, of.n != 0 ? " for " : "",
	     STR_ARG(of), feed->name);
}

/* An ecosystem that is gone is not looked at: a release that nobody maintains any more is taken
 * out, and what is then asked about it is not evaluated. */
static Result judge_parts(const Job *j, const Fetch *f, const FeedCount *now)
{
	for (size_t i = 0; f->had && i < f->before.parts.n; i++) {
		const FeedPart *was = &f->before.parts.at[i],
			       *is = feed_part(&now->parts, was->name);
		if (is != NULL && is->rows + HANDFUL < was->rows)
			TRY(judge_loss(j, f->feed, was->rows, is->rows, was->name));
	}
	return OK;
}

static Result judge(const Job *j, const Fetch *f, const FeedCount *count)
{
	if (count->rows == 0 && count->skipped != 0)
		FAIL(ERR_INPUT, "no usable row in it; the first record left out: " STR_FMT,
		     STR_ARG(count->first_skipped));
	if (count->rows == 0)
		FAIL(ERR_INPUT, "no row in it: is this the right file?");
	TRY(judge_loss(j, f->feed, f->had ? f->before.rows : 0, count->rows, S("")));
	return judge_parts(j, f, count);
}

/* ---- what a feed's files hold ---- */

typedef struct OpenFiles {
	int fds[LIMIT_FEED_FILES];
	Str names[LIMIT_FEED_FILES];
	size_t n;
} OpenFiles;

static void open_files_close(OpenFiles *o)
{
	for (size_t i = 0; i < o->n; i++)
		close(o->fds[i]);
	o->n = 0;
}

static Result count_rows(const Job *j, const Fetch *f, FeedCount *out)
{
	__attribute__((cleanup(open_files_close), unused)) OpenFiles o = {.n = 0};
	AUTO_FD int dir = -1;
	TRY(db_cache_feed_dir(j->cache, str_of(f->feed->name), &dir));
	Err *e = OK;
	for (; e == OK && o.n < f->files.n; o.n += e == OK) {
		o.names[o.n] = f->files.at[o.n].name;
		e = db_cache_open_file(dir, &f->files.at[o.n], &o.fds[o.n]);
	}
	TRY(e);
	FeedInput in = {.feed = f->feed, .n = o.n, .names = o.names, .fds = o.fds};
	MakeOptions options = {.allow_unsandboxed = j->request->allow_unsandboxed,
			       .progress = j->request->progress};
	return feed_count(&in, &options, j->a, out);
}

static void keep_files(const Job *j, const Fetch *f, FeedState *s)
{
	s->checked = j->request->now;
	s->files.n = 0;
	for (size_t i = 0; i < f->files.n; i++) {
		CacheFile c = f->files.at[i];
		vec_push(j->a, &s->files,
			 (CacheFile){.name = arena_str(j->a, c.name),
				     .stored = arena_str(j->a, c.stored),
				     .bytes = c.bytes,
				     .sha256 = arena_str(j->a, c.sha256),
				     .etag = arena_str(j->a, c.etag),
				     .last_modified = arena_str(j->a, c.last_modified)});
	}
}

/* By the servers' word: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7). 0: not said. */
static int64_t last_changed(const Fetch *f, Arena *a)
{
	int64_t newest = 0;
	for (size_t i = 0; i < f->files.n; i++) {
		struct tm when = {0};
		const char *end = strptime(arena_cstr(a, f->files.at[i].last_modified),
					   "%a, %d %b %Y %H:%M:%S GMT", &when);
		int64_t seconds = end != NULL && *end == '\0' ? timegm(&when) : 0;
		newest = seconds > newest ? seconds : newest;
	}
	return newest;
}

static Result accept_feed(const Job *j, const Fetch *f, FeedOutcome *o)
{
	FeedState s = f->had ? f->before : (FeedState){0};
	if (f->changed || !f->had) {
		FeedCount count;
		TRY(count_rows(j, f, &count));
		TRY(judge(j, f, &count));
		s.rows = count.rows;
		s.parts = count.parts;
		s.as_of = count.as_of != 0 ? count.as_of : last_changed(f, j->a);
		o->skipped = count.skipped;
		o->first_skipped = count.first_skipped;
	}
	s.files = (__typeof__(s.files)){0};
	keep_files(j, f, &s);
	TRY(db_cache_set_state(j->cache, str_of(f->feed->name), &s));
	o->fate = f->changed || !f->had ? FEED_UPDATED : FEED_UNCHANGED;
	o->state = s;
	return OK;
}

static void settle(const Job *j, Fetch *f, UpdateOutcome *out)
{
	FeedOutcome o = {.feed = f->feed, .state = f->before};
	Err *e = f->err;
	f->err = OK;
	if (!f->wanted)
		o.fate = f->had ? FEED_UNASKED : FEED_ABSENT;
	else if (e == OK)
		e = accept_feed(j, f, &o);
	if (e != OK)
		fail_outcome(j, &o, f->had, e);
	vec_push(j->a, &out->feeds, o);
}

/* Unlike what is fetched, files a person names are taken or nothing is done. */
static Result take_given(const Job *j, char *const *paths, Fetch *f, UpdateOutcome *out)
{
	FeedOutcome o = {.feed = f->feed};
	TRY(fetch_given(j->cache, paths, f));
	TRY_IN(accept_feed(j, f, &o), "feed %s", f->feed->name);
	vec_push(j->a, &out->feeds, o);
	return OK;
}

/* ---- the three ways in ---- */

static Result open_and_lock(const UpdateRequest *r, DbCache *c)
{
	bool got = false;
	TRY(db_cache_open(r->cache, true, c));
	TRY(db_cache_lock(c, false, &got));
	if (!got) {
		if (r->note != NULL)
			r->note(r->note_ctx, S("another bulwark is updating this cache; waiting"));
		TRY(db_cache_lock(c, true, &got));
	}
	return OK;
}

static Result settle_and_build(const Job *j, Fetch *all, size_t n, UpdateOutcome *out)
{
	for (size_t i = 0; i < n; i++)
		settle(j, &all[i], out);
	return db_rebuild(j->request, j->cache, j->a, out);
}

Result db_update(const UpdateRequest *r, Arena *a, UpdateOutcome *out)
{
	AUTO_DB_CACHE DbCache c = {0};
	Fetch *all = NULL;
	size_t n = 0;
	TRY(open_and_lock(r, &c));
	TRY(fetch_all(r, &c, a, &all, &n));
	Job j = {.request = r, .cache = &c, .a = a};
	Err *e = settle_and_build(&j, all, n, out);
	fetch_finish(all, n);
	return e;
}

Result db_build(const UpdateRequest *r, Arena *a, UpdateOutcome *out)
{
	UpdateRequest offline = *r;
	offline.offline = true;
	offline.mirror = NULL;
	return db_update(&offline, a, out);
}

Result db_import(const UpdateRequest *r, const Feed *feed, char *const *paths, Arena *a,
		 UpdateOutcome *out)
{
	AUTO_DB_CACHE DbCache c = {0};
	Fetch *all = NULL;
	size_t n = 0;
	UpdateRequest offline = *r;
	offline.offline = true;
	offline.mirror = NULL;
	/* Who names the files has looked at them. */
	vec_push(a, &offline.accept_shrunken, str_of(feed->name));
	TRY(open_and_lock(r, &c));
	TRY(fetch_all(&offline, &c, a, &all, &n));
	Job j = {.request = &offline, .cache = &c, .a = a};
	Err *e = OK;
	for (size_t i = 0; e == OK && i < n; i++)
		if (all[i].feed == feed)
			e = take_given(&j, paths, &all[i], out);
		else
			settle(&j, &all[i], out);
	if (e == OK)
		e = db_rebuild(&offline, &c, a, out);
	fetch_finish(all, n);
	return e;
}
