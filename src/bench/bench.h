/* bench.h - the CIS Docker Benchmark, and what else makes an engine or a container unsafe: each
 * check under an id of ours, with its numbers in three versions of the benchmark.
 *
 * Runs in a worker over a Probe. Numbers and levels are the benchmark's; every word is ours. Where
 * Docker Bench for Security decides otherwise, doc/docker-bench.md says who is right and why. */
#pragma once
#include "engine/daemon.h"
#include "model/check.h"

typedef struct BenchWatch { /* a rule of the kernel's audit that watches a path */
	Str path;
	bool tree;   /* everything beneath, too */
	bool writes; /* writing and changing attributes are both recorded */
} BenchWatch;

typedef struct BenchOptions {
	DaemonWant daemon;
	CheckSelection selection;
	bool ended;              /* judge containers that ended, too */
	StrVec containers;       /* glob patterns of names; none: all */
	StrVec images;           /* glob patterns of references; none: all */
	StrVec labels;           /* KEY or KEY=VALUE that a container must carry; none: all */
	StrVec trusted;          /* users who may be in the engine's group */
	bool trusted_said;       /* the list is meant, even when it is empty */
	VEC(BenchWatch) watches; /* loaded audit rules */
	Str watches_why;         /* they could not be read; empty: they could */
	bool audit_off;          /* rules are loaded, and nothing is recorded */
	Str content_trust;       /* DOCKER_CONTENT_TRUST of whoever asks */
	int64_t now;             /* seconds */
	Str host;                /* its name */
} BenchOptions;

/* Every selected check, by id. What the worker cannot see is an outcome, not an error. */
Result bench_judge(Probe *p, const BenchOptions *o, Arena *a, CheckReport *out);

const CheckInfo *bench_check_at(size_t i);  /* by id; NULL after the last */
const CheckInfo *bench_check_named(Str id); /* NULL when there is none */
