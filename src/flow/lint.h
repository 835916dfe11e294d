/* lint.h - files that a user names, through the linter, in a worker. */
#pragma once
#include "lint/lint.h"

typedef struct LintRequest {
	StrVec paths; /* files, "-" for standard input, directories to look through; none: "." */
	LintOptions options;
	Str stdin_name; /* what standard input is called in the report; empty: "-" */
	bool allow_unsandboxed;
} LintRequest;

typedef struct LintText {
	Str name, text;
	bool compose; /* of a Compose project; else a Dockerfile */
	LintBeside beside;
} LintText;

typedef VEC(LintText) LintTexts;

/* The remarks, sorted; and what was read, in the same order as out->files. A file that cannot be
 * read is an error when it was named, and not evaluated when it was found. */
Result lint_run(const LintRequest *r, Arena *a, RemarkReport *out, LintTexts *texts);
