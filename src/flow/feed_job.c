/* feed_job.c - grants a worker the files of feeds, listens to it, publishes what it wrote. */
#include "flow/feed_job.h"

#include "base/limits.h"
#include "flow/new_file.h"

enum { FDS_MAX = 1000 }; /* a worker keeps at most 1024 */

static void hear_progress(void *ctx, Str message)
{
	FeedJob *j = ctx;
	j->current = NULL;
	for (size_t i = 0; i < j->n; i++)
		if (str_eq(message, str_of(j->in[i].feed->name)))
			j->current = j->in[i].feed;
	progress_say(&j->options->progress, message, 0, 0);
}

Result feed_job_run(FeedJob *j, FeedWork work, Arena *a, Str *answer)
{
	int fds[FDS_MAX + 3];
	size_t n = 0;
	for (size_t f = 0; f < j->n; f++) {
		if (j->in[f].n > FDS_MAX - n)
			FAIL(ERR_LIMIT, "more than %d files to read at once", FDS_MAX);
		for (size_t i = 0; i < j->in[f].n; i++)
			fds[n++] = j->in[f].fds[i];
	}
	if (j->from >= 0)
		fds[n++] = j->from;
	if (j->out >= 0)
		fds[n++] = j->out;
	fds[n] = -1;
	WorkerGrant grant = {.fds = fds,
			     .file_bytes = j->out >= 0 ? LIMIT_DB_BYTES : 0,
			     .allow_unsandboxed = j->options->allow_unsandboxed,
			     .progress = hear_progress,
			     .progress_ctx = j};
	return worker_run(&grant, work, j, a, answer, NULL);
}

Result feed_job_publish(FeedJob *j, FeedWork work, const char *path)
{
	Arena a = {0};
	Str answer;
	AUTO_NEW_FILE NewFile out = {0};
	TRY(new_file_open(path, &out));
	j->out = out.fd;
	Err *e = feed_job_run(j, work, &a, &answer);
	j->out = -1;
	arena_finish(&a);
	if (e != OK)
		return err_in(e, "%s", path);
	return new_file_publish(&out);
}

Result feed_job_begin(const FeedJob *j, size_t i, Reply *reply)
{
	return worker_progress(reply, str_of(j->in[i].feed->name));
}

Result feed_input_read(const FeedInput *in, const FeedSink *to)
{
	for (size_t i = 0; i < in->n; i++)
		TRY_IN(feed_read_fd(in->feed, in->fds[i], in->names[i], to), STR_FMT,
		       STR_ARG(in->names[i]));
	return OK;
}
