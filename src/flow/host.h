/* host.h - the audit of a container host: asks the kernel what only the kernel tells, and has a
 * worker judge the rest. */
#pragma once
#include "host/host.h"

typedef struct HostRequest {
	const char *root;    /* an unpacked host; NULL: this machine */
	const char *db_path; /* advisories; NULL: the usual ones */
	HostOptions options; /* selection and trusted users; the rest of it is filled in here */
	bool allow_unsandboxed;
} HostRequest;

/* Everything in *out lives in `a`. *missing: the sandbox's layers that the kernel lacks. */
Result host_run(const HostRequest *r, Arena *a, CheckReport *out, Str *missing);
