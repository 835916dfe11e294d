/* summary.h - the numbers at the end of a report. */
#pragma once
#include "model/finding.h"

typedef struct Summary { /* findings that are informational are counted apart, and only there */
	size_t findings, by_severity[SEV_CRITICAL + 1];
	size_t vulnerabilities; /* different ids among them */
	size_t fixable, exploited, informational;
} Summary;

Summary summary_of(const Report *r);
