/* db_make.c - what the worker does with feeds: count them, or write the database. */
#include "flow/db_make.h"

#include "base/buf.h"
#include "base/limits.h"
#include "flow/feed_tally.h"
#include "flow/snapshot.h"

enum { ANSWER_BYTES = 128 * 1024 };

/* ---- counting ---- */

/* Numbers, then each part's name and rows, then the rest of the line. */
static Err *count_in_worker(void *ctx, Reply *reply)
{
	const FeedJob *j = ctx;
	Arena a = {0};
	FeedTally t = {.arena = &a};
	FeedSink sink = feed_tally_sink(&t);
	Str text;
	TRY(feed_input_read(j->in, &sink));
	Buf b = buf_in(&a, ANSWER_BYTES);
	buf_fmt(&b, "%llu\t%llu\t%lld\t%zu", (unsigned long long)t.rows,
		(unsigned long long)t.skipped, (long long)t.as_of, t.parts.n);
	for (size_t i = 0; i < t.parts.n; i++)
		buf_fmt(&b, "\t" STR_FMT "\t%llu", STR_ARG(t.parts.at[i].name),
			(unsigned long long)t.parts.at[i].rows);
	buf_fmt(&b, "\t%s", t.first_skipped);
	TRY(buf_done(&b, "the count", &text));
	return worker_answer(reply, text);
}

static bool parse_parts(Str *text, Arena *a, FeedPartVec *out)
{
	Str word;
	uint64_t n;
	if (!str_cut(text, '\t', &word) || !str_u64(word, &n) || n > LIMIT_FEED_PARTS)
		return false;
	for (; n != 0; n--) {
		FeedPart p = {0};
		if (!str_cut(text, '\t', &p.name) || !str_cut(text, '\t', &word) ||
		    !str_u64(word, &p.rows))
			return false;
		vec_push(a, out, p);
	}
	return true;
}

static bool parse_count(Str text, Arena *a, FeedCount *out)
{
	Str rows, skipped, as_of;
	uint64_t when = 0;
	if (!str_cut(&text, '\t', &rows) || !str_u64(rows, &out->rows) ||
	    !str_cut(&text, '\t', &skipped) || !str_u64(skipped, &out->skipped) ||
	    !str_cut(&text, '\t', &as_of) || !parse_parts(&text, a, &out->parts))
		return false;
	out->as_of = str_u64(as_of, &when) && when < INT64_MAX ? (int64_t)when : 0;
	out->first_skipped = text;
	return true;
}

Result feed_count(const FeedInput *in, const MakeOptions *o, Arena *a, FeedCount *out)
{
	FeedJob j = {.in = in, .n = 1, .from = -1, .out = -1, .options = o};
	Str answer;
	FeedCount c = {0};
	TRY(feed_job_run(&j, count_in_worker, a, &answer));
	if (!parse_count(answer, a, &c))
		FAIL(ERR_BUG, "worker: a count that is none");
	*out = c;
	return OK;
}

/* ---- making ---- */

static Result add_feed(const FeedInput *in, DbWriter *w)
{
	FeedTally t = {.to = w};
	FeedSink sink = feed_tally_sink(&t);
	TRY(feed_input_read(in, &sink));
	const Feed *f = in->feed;
	return db_writer_feed(w, &(FeedInfo){.name = str_of(f->name),
					     .url = str_of(f->home),
					     .license = str_of(f->license),
					     .as_of = in->dated != 0 ? in->dated : t.as_of,
					     .rows = t.rows});
}

static Err *make_in_worker(void *ctx, Reply *reply)
{
	const FeedJob *j = ctx;
	__attribute__((cleanup(db_writer_destroyp), unused)) DbWriter *w = db_writer_create();
	if (j->from >= 0)
		TRY(snapshot_read(j->from, w));
	for (size_t i = 0; i < j->n; i++) {
		TRY(feed_job_begin(j, i, reply));
		TRY_IN(add_feed(&j->in[i], w), "feed %s", j->in[i].feed->name);
	}
	TRY(worker_progress(reply, S("writing")));
	return db_writer_finish(w, j->out, j->from >= 0);
}

Result db_make(const FeedInput *in, size_t n, const char *path, const MakeOptions *o,
	       const Feed **broken)
{
	FeedJob j = {.in = in, .n = n, .from = -1, .out = -1, .options = o};
	Err *e = feed_job_publish(&j, make_in_worker, path);
	*broken = e != OK ? j.current : NULL;
	return e;
}

Result db_make_bundled(int snapshot_fd, const char *path, const MakeOptions *o)
{
	FeedJob j = {.from = snapshot_fd, .out = -1, .options = o};
	return feed_job_publish(&j, make_in_worker, path);
}
