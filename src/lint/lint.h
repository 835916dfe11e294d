/* lint.h - a Dockerfile against all rules. */
#pragma once
#include "lint/rule.h"

typedef struct LintOptions {
	StrVec only, ignore; /* ids, names or aliases of rules; only empty: all that are on */
	int64_t now;         /* for pragmas that expire; seconds */
	bool no_pragmas;
} LintOptions;

/* Adds to *out, unsorted. `name` is what the user called the file. */
Result lint_dockerfile(Str name, Str text, const LintOptions *o, Arena *a, RemarkReport *out);
/* By id, name or an alias, in any case; NULL when there is none. */
const LintRule *lint_rule_named(Str word);
