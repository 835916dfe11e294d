/* bench.h - the benchmark of a machine: finds its engine, and has a worker judge it. */
#pragma once
#include "bench/bench.h"
#include "engine/listen.h"

typedef struct BenchRequest {
	const char *root;   /* an unpacked host; NULL: this machine */
	const char *engine; /* "unix:///run/docker.sock", "tcp://..."; NULL: as a client finds it */
	EngineTls tls;      /* with tcp://; as a client has it */
	const char *config; /* a daemon.json to be judged by itself, with root or without; may be
			       NULL */
	BenchOptions options; /* the rest of it: daemon, host, now and watches are filled in here */
	bool allow_unsandboxed;
} BenchRequest;

/* Everything in *out lives in `a`. *missing: the sandbox's layers that the kernel lacks. */
Result bench_run(const BenchRequest *r, Arena *a, CheckReport *out, Str *missing);
