/* baseline.h - an earlier JSON report of remarks: what stands there is known. */
#pragma once
#include "io/json.h"
#include "model/remark.h"

/* The findings of a JSON report. ERR_USAGE when the file is none. */
Result baseline_read(const char *path, Arena *a, const Value **findings);

/* Takes out of `r` each remark whose file and fingerprint stand in the report, as often as they
 * stand there, and accepts it. ERR_USAGE when the file is no such report. */
Result baseline_apply(const char *path, Arena *a, RemarkReport *r);
