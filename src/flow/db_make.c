/* db_make.c - what the worker does with feeds: count them, or write the database. */
#include "flow/db_make.h"

#include "base/buf.h"
#include "flow/feed_tally.h"
#include "flow/snapshot.h"

enum { ANSWER_BYTES = 64 * 1024 };

/* ---- counting ---- */

static Err *count_in_worker(void *ctx, Reply *reply)
{
	const FeedJob *j = ctx;
	FeedTally t = {0};
	FeedSink sink = feed_tally_sink(&t);
	Arena a = {0};
	Str text;
	TRY(feed_input_read(j->in, &sink));
	Buf b = buf_in(&a, ANSWER_BYTES);
	buf_fmt(&b, "%llu\t%llu\t%lld\t%s", (unsigned long long)t.rows,
		(unsigned long long)t.skipped, (long long)t.as_of, t.first_skipped);
	TRY(buf_done(&b, "the count", &text));
	return worker_answer(reply, text);
}

static bool parse_count(Str text, FeedCount *out)
{
	Str rows, skipped, as_of;
	uint64_t when = 0;
	if (!str_cut(&text, '\t', &rows) || !str_u64(rows, &out->rows) ||
	    !str_cut(&text, '\t', &skipped) || !str_u64(skipped, &out->skipped) ||
	    !str_cut(&text, '\t', &as_of))
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
	if (!parse_count(answer, &c))
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
