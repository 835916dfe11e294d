/* worker.h - a child process that reads hostile bytes and can do nothing else.
 *
 * The child sees the parent's memory as it was, the descriptors it is told to
 * keep, and read-only the directories it is granted (io/sandbox.h). Threads it
 * makes inherit all of that. What it answers comes back as bytes; an error
 * comes back as an Err of the same kind and text.
 *
 * A child that dies: ERR_LIMIT when memory, CPU time or file size ran out,
 * ERR_INPUT when the system-call filter stopped it, ERR_BUG when it crashed. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct WorkerGrant {
	const int *fds; /* kept open besides stderr; -1 ends the list; may be NULL */
	int also_fd;    /* one more to keep; 0: none */
	/* Readable beneath these, for whoever the process is; NULL-terminated; may be NULL. */
	const char *const *read_dirs;
	bool receives;          /* from sockets among the kept fds */
	bool trusted_xattrs;    /* keep what reading trusted.* attributes takes (overlay2) */
	uint64_t memory_bytes;  /* address space; 0: LIMIT_WORKER_MEMORY_BYTES */
	unsigned cpu_seconds;   /* 0: LIMIT_WORKER_CPU_SECONDS */
	uint64_t file_bytes;    /* largest file it may write through a kept fd; 0: none */
	bool allow_unsandboxed; /* go on where the kernel lacks a layer */
	/* In the parent, for each progress message of the child; may be NULL. */
	void (*progress)(void *ctx, Str message);
	void *progress_ctx;
	/* In a thread of the parent, from after the fork until it returns; may be NULL. For
	 * feeding a pipe that the child reads: close the parent's copy of the read end first, and
	 * treat EPIPE as success. When both fail, this error is the one that is told. */
	Err *(*meanwhile)(void *ctx);
	void *meanwhile_ctx;
} WorkerGrant;

typedef struct Reply Reply; /* the child's way back; any thread may use it */

/* In the child. Appends to the answer; may be called often. */
Result worker_answer(Reply *r, Str bytes);
/* In the child. At most 64 KiB; handed to progress() as it is. */
Result worker_progress(Reply *r, Str message);

/* Runs `work(ctx, reply)` in a worker; *out holds the whole answer, in `a`, at most
 * LIMIT_WORKER_REPLY_BYTES. *missing (may be NULL) names the sandbox layers that the kernel
 * lacks, blank separated; without allow_unsandboxed a missing layer is ERR_SYS. */
Result worker_run(const WorkerGrant *grant, Err *(*work)(void *ctx, Reply *reply), void *ctx,
		  Arena *a, Str *out, Str *missing);
