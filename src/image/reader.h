/* reader.h - in the worker: from open descriptors to an Image, and on to the caller's answer. */
#pragma once
#include "image/layers.h"
#include "image/target.h"
#include "io/worker.h"

typedef struct Reader {
	const ImageRequest *request;
	PlanWant want;
	const char *road; /* as in Image */
	/* What is opened: */
	const int *fds; /* a file; or directories, bottom layer first */
	bool is_file;   /* fds[0] can be read anywhere, and has so many */
	uint64_t bytes;
	const char *const *names; /* of the directories, for messages */
	size_t n;
	ImagePlan known; /* of directories: what is known of the image */
	/* Engines: asks for the export once more on the second descriptor of `fds`. */
	int ask; /* write a byte here; -1: cannot be had again */
	/* Set in the worker: */
	Reply *reply;
	Arena *arena;
	bool is_rootfs;
	uint32_t reread; /* layers that were read a second time */
	unsigned passes; /* of a stream */
	size_t layers;   /* of the image; 0: not known yet */
	uint64_t told;   /* bytes, by the last progress message of a stream */
} Reader;

/* Each is the `work` of worker_run(), with a Reader as its context. */
Result reader_of_archive(void *reader, Reply *reply); /* fds[0]: any file or pipe */
Result reader_of_layout(void *reader, Reply *reply);  /* fds[0]: a directory */
Result reader_of_rootfs(void *reader, Reply *reply);
Result reader_of_overlay(void *reader, Reply *reply);

/* In the parent: shows a worker's progress message to request->progress. `request` is an
 * ImageRequest. */
void reader_progress(void *request, Str message);
/* In the parent: takes a worker's answer apart. *remark says what was special; may be empty. */
Result reader_answer(Str bytes, Str *answer, Str *remark);
