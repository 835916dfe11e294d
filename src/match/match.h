/* match.h - packages against advisories. */
#pragma once
#include "advisory/db.h"
#include "model/finding.h"

typedef struct MatchOptions {
	bool kernel; /* judge kernel packages in containers like any other */
	int64_t now; /* for end-of-life; seconds */
} MatchOptions;

/* Fills findings, not_evaluated, os_end_of_life, db, asked of *out; sorts. Strings live in `a`.
 * out->image and out->facts must be set. */
Result match_report(AdvisoryDb *db, const MatchOptions *o, Arena *a, Report *out);
