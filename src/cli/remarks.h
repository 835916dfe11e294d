/* remarks.h - what commands that find things in files share: levels, baselines, the report. */
#pragma once
#include "cli/output.h"
#include "model/remark.h"

const char *remark_confidence_choice(size_t i); /* "high", "medium", "low", NULL */
const char *remark_level_choice(size_t i);      /* "error" ... "info", "never", NULL */
/* `name` may be NULL: medium. */
Confidence remark_confidence_of(const char *name);

/* The fingerprints in a JSON report of the same command, added to `out`. */
Result remarks_read_baseline(const char *path, Arena *a, StrVec *out);
/* `format` may be NULL: text. `tool` is the command: "bulwark secrets". */
Result remarks_print(const char *format, const char *tool, const RemarkReport *r, Arena *a,
		     Output *to);
/* Is something of level `bar` or above? NULL: info; "never": no. */
bool remarks_fail(const char *bar, const RemarkReport *r);
