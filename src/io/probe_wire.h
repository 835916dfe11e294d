/* probe_wire.h - what goes over the two pipes of a probe. For probe.c and probe_look.c.
 *
 * A question is a ProbeQuestion and a path; an answer a ProbeAnswer and bytes. Both ends are one
 * program; the parent does not believe the worker's lengths all the same. */
#pragma once
#include "io/probe.h"

enum { PROBE_PATH_MAX = 8192 };

typedef enum ProbeOp {
	PROBE_READ = 1,
	PROBE_STAT,
	PROBE_LSTAT,
	PROBE_LINK,
	PROBE_LIST,
	PROBE_GET,
	PROBE_DIR,
	PROBE_MD5,
	PROBE_SHA256,
	PROBE_SHA1,
	PROBE_READ_LARGE,
} ProbeOp;

typedef struct ProbeQuestion {
	uint32_t op, path_bytes;
} ProbeQuestion;

typedef struct ProbeAnswer {
	int32_t sys; /* errno or 0 */
	uint32_t status, bytes;
} ProbeAnswer;

typedef struct ProbeEntryHead { /* then the name, and a NUL */
	uint32_t mode, uid, gid, capable;
	uint64_t size, device;
} ProbeEntryHead;

typedef struct Looker Looker; /* the parent's side */

/* The parent's loop: answers on `out` what comes in on `in`, until the worker closes it. */
Result probe_serve(const ProbeRun *r, int in, int out);

Result probe_pipe_read(int fd, void *to, size_t n, bool *end); /* *end: nothing came */
