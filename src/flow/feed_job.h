/* feed_job.h - feeds' files read in a worker, for whatever is to be made of them. */
#pragma once
#include "advisory/feed.h"
#include "flow/progress.h"
#include "io/worker.h"

typedef struct FeedInput { /* one feed and its files, open for reading from their start */
	const Feed *feed;
	size_t n;
	const Str *names; /* as the feed knows them */
	const int *fds;
	int64_t dated; /* of when they are; 0: the newest date in the data */
} FeedInput;

typedef struct MakeOptions {
	bool allow_unsandboxed;
	Progress progress;
} MakeOptions;

typedef struct FeedJob {
	const FeedInput *in;
	size_t n;
	int from; /* another descriptor to read; -1: none */
	int out;  /* what may be written; -1: none */
	const MakeOptions *options;
	const Feed *current; /* set in the parent: the feed the worker had begun with */
} FeedJob;

typedef Err *(*FeedWork)(void *job, Reply *reply);

/* Runs `work` with the job as its context; see worker_run(). */
Result feed_job_run(FeedJob *j, FeedWork work, Arena *a, Str *answer);
/* The same, writing to j->out a file that then appears as `path`, whole or not at all. */
Result feed_job_publish(FeedJob *j, FeedWork work, const char *path);

/* In the worker: says that feed `i` is begun. */
Result feed_job_begin(const FeedJob *j, size_t i, Reply *reply);
/* In the worker: every document of every file of one feed. */
Result feed_input_read(const FeedInput *in, const FeedSink *to);
