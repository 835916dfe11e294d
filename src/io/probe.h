/* probe.h - the eyes of a judge: a worker asks, its parent looks, the worker reads the bytes.
 *
 * Judging a machine takes what only root may see (other processes, the engine's socket) and
 * reads what others wrote (labels, command lines, files of an unpacked host). So the judge works in
 * the worker (io/worker.h) and can look nowhere; for each question the parent opens, reads, and
 * hands over bytes it never parses. It answers reading questions only.
 *
 * Paths are absolute, and of the tree at `root`: links are followed as if that were "/"
 * (openat2, RESOLVE_IN_ROOT), never out of it. */
#pragma once
#include "base/vec.h"
#include "io/worker.h"

/* One file, one engine answer. `docker inspect` of a container with 10,000 mounts is 3 MB. */
#define LIMIT_PROBE_BYTES (16u << 20)
/* A database of packages; see LIMIT_PACKAGE_DB_BYTES. */
#define LIMIT_PROBE_LARGE_BYTES (512u << 20)
/* A file whose digest is asked for; dockerd has 100 MB. */
#define LIMIT_PROBE_DIGEST_BYTES (1u << 30)
/* Questions of one run: 2,000 containers with 50 each. */
#define LIMIT_PROBE_QUESTIONS 1000000u

typedef struct Probe Probe; /* the worker's end; one thread */

typedef struct ProbeStat {
	uint32_t mode, uid, gid, links;
	uint64_t size, device, inode;
	uint64_t fs_bytes, fs_free_bytes, fs_nodes, fs_free_nodes; /* of the file system it is on */
	uint64_t fs_type;                                          /* statfs(2): f_type */
} ProbeStat;

typedef struct ProbeEntry { /* of a directory; links are not followed */
	Str name;
	uint32_t mode, uid, gid;
	bool capable; /* it has file capabilities */
	uint64_t size, device;
} ProbeEntry;
typedef VEC(ProbeEntry) ProbeEntryVec;

/* All answer 0 or an errno. ENXIO: not a regular file. EFBIG: past LIMIT_PROBE_BYTES. EPIPE: the
 * parent is gone, see probe_broken(). What they hand out lives in `a`. */
int probe_read(Probe *p, Str path, Arena *a, Str *out);
/* The same, up to LIMIT_PROBE_LARGE_BYTES. */
int probe_read_large(Probe *p, Str path, Arena *a, Str *out);
int probe_stat(Probe *p, Str path, ProbeStat *out);  /* of what a link leads to */
int probe_lstat(Probe *p, Str path, ProbeStat *out); /* of the link itself */
int probe_link(Probe *p, Str path, Arena *a, Str *out);
int probe_list(Probe *p, Str path, Arena *a, StrVec *names); /* sorted; without "." and ".." */
/* The same with what stat says of each; one that is gone in the meantime is left out. */
int probe_dir(Probe *p, Str path, Arena *a, ProbeEntryVec *out);
/* Of a file's bytes, in hex; MD5 is what dpkg has on record, SHA-1 apk. */
int probe_md5(Probe *p, Str path, Arena *a, Str *out);
int probe_sha1(Probe *p, Str path, Arena *a, Str *out);
int probe_sha256(Probe *p, Str path, Arena *a, Str *out);
/* GET of the engine's API: "/containers/json". ENOTCONN: there is no engine to ask, EIO: it broke
 * off or could not be reached; *out is then the reason, for a person. */
int probe_get(Probe *p, Str path, Arena *a, unsigned *status, Str *out);

/* Why no answer can be believed any more; empty: all is well. */
Str probe_broken(const Probe *p);

/* ---- the parent ---- */

typedef struct ProbeEngine {         /* all NULL: there is none */
	const char *socket;          /* a Unix socket, or NULL */
	const char *url;             /* "https://host:2376", without a path; NULL with a socket */
	const char *ca, *cert, *key; /* PEM files for https; may be NULL */
} ProbeEngine;

typedef struct ProbeRun {
	const char *root; /* "/" */
	ProbeEngine engine;
	bool allow_unsandboxed;
	Err *(*judge)(void *ctx, Probe *p, Reply *reply); /* in the worker */
	void *ctx;
	/* ---- of a judge that watches until it is told to stop ---- */
	const int *fds; /* more that it keeps; -1 ends the list; may be NULL */
	bool endless;   /* questions and processor time have no end; it receives from sockets */
	void (*progress)(void *progress_ctx, Str message); /* as WorkerGrant has it; may be NULL */
	void *progress_ctx;
} ProbeRun;

/* The judge's answer, in `a`; errors and *missing as worker_run(). */
Result probe_run(const ProbeRun *r, Arena *a, Str *answer, Str *missing);
