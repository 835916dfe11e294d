/* host_facts.h - what is installed on a host, for its audit: the packages that matter to
 * containers, what their programs' digests should be, and which versions the engine says it has.
 * Read in a worker; judged against the advisory database here. */
#pragma once
#include "host/host.h"
#include "io/probe.h"

typedef struct HostFactsRequest {
	ProbeRun run;        /* root and engine; the judge is filled in */
	const char *db_path; /* NULL: the usual one */
	bool live;           /* the kernel that runs is known */
	int64_t now;
} HostFactsRequest;

/* Fills packages and digests of *out; everything lives in `a`. Without a database
 * out->packages.why says what to do. */
Result host_facts(const HostFactsRequest *r, Arena *a, HostOptions *out);
