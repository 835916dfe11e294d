/* baseline.h - an earlier JSON report of remarks: what stands there is known. */
#pragma once
#include "model/remark.h"

/* Takes out of `r` each remark whose file and fingerprint stand in the report, as often as they
 * stand there, and counts it as suppressed. ERR_USAGE when the file is no such report. */
Result baseline_apply(const char *path, Arena *a, RemarkReport *r);
