/* worker.h - a child process that reads hostile bytes and can do nothing else.
 *
 * The child sees the parent's memory as it was, the descriptors it is told to
 * keep, and read-only the directories it is granted. Before `work` runs it has
 * no new privileges, rlimits on memory, file size and CPU, a Landlock ruleset
 * and a seccomp filter (seccomp(2), landlock(7)); threads it makes inherit all
 * of it. What it answers comes back as bytes; an error comes back as an Err of
 * the same kind and text. A worker that dies is ERR_INPUT when a limit or the
 * filter killed it. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct WorkerGrant {
	const int *fds; /* kept open besides stderr and the reply; -1 ends the list; may be NULL */
	const char *const *read_dirs; /* readable beneath these; NULL-terminated; may be NULL */
	uint64_t memory_bytes;        /* address space; 0: 4 GiB */
	unsigned cpu_seconds;         /* 0: 3600 */
	uint64_t file_bytes;          /* largest file it may write through a kept fd; 0: none */
	bool allow_unsandboxed;       /* go on where the kernel lacks a layer */
	/* Called in the parent for each progress message of the child; may be NULL. */
	void (*progress)(void *ctx, Str message);
	void *progress_ctx;
} WorkerGrant;

typedef struct Reply { /* what the child answers with */
	void *impl;
} Reply;

/* In the child. Appends to the answer; may be called often. */
Result worker_answer(Reply *r, Str bytes);
/* In the child. At most 64 KiB; shown to progress() as it is. */
Result worker_progress(Reply *r, Str message);

/* Runs `work(ctx, reply)` in a worker; *out holds the whole answer, in `a`, at most
 * LIMIT_WORKER_REPLY_BYTES. *missing names the layers the kernel lacks ("", "landlock", ...). */
Result worker_run(const WorkerGrant *grant, Result (*work)(void *ctx, Reply *reply), void *ctx,
		  Arena *a, Str *out, Str *missing);
