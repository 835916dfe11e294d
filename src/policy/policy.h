/* policy.h - what the user accepts, and when a report fails. */
#pragma once
#include "model/finding.h"

typedef struct IgnoreEntry {
	Str id, package, reason;
	int64_t expires; /* 0: never; the last day it counts, end of day UTC */
	unsigned line;
} IgnoreEntry;

typedef struct Policy {
	VEC(IgnoreEntry) ignore;
	uint32_t severities; /* bit per Severity; 0: all are shown */
	bool only_fixed;
	bool fail_on_severity; /* fail_at and up */
	Severity fail_at;
	bool fail_on_not_evaluated;
} Policy;

/* The ignore file: doc/formats/ignore-file.md. Errors name file, line, and what to do. */
Result policy_read_ignore(Str name, Str text, Arena *a, Policy *out);
/* Takes ignored and unwanted findings out; warns of expired and unused entries. */
void policy_apply(const Policy *p, int64_t now, Arena *a, Report *r);
bool policy_fails(const Policy *p, const Report *r);
