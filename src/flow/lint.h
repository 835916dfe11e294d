/* lint.h - files that a user names, through the linter, in a worker. */
#pragma once
#include "lint/lint.h"

typedef enum ShellcheckUse {                  /* of the program, beside the rules */
			     SHELLCHECK_AUTO, /* when it is installed */
			     SHELLCHECK_ALWAYS,
			     SHELLCHECK_NEVER,
} ShellcheckUse;

typedef struct LintRequest {
	StrVec paths; /* files, "-" for standard input, directories to look through; none: "." */
	LintOptions options;
	/* What judges a file; *out NULL: it is left out. `found`: in a folder, not named. NULL:
	 * `options` judge all. */
	Err *(*options_of)(void *ctx, Str file, bool found, const LintOptions **out);
	void *options_ctx;
	Str stdin_name; /* what standard input is called in the report; empty: "-" */
	ShellcheckUse shellcheck;
	bool allow_unsandboxed;
} LintRequest;

typedef struct LintText {
	Str name, text;
	const LintOptions *options;
	bool compose; /* of a Compose project; else a Dockerfile */
	Str root;     /* the folder beneath which that project's files may be read; empty: none */
	LintBeside beside;
} LintText;

typedef VEC(LintText) LintTexts;

/* The remarks, sorted; and what was read, in the same order as out->files. A file that cannot be
 * read is an error when it was named, and not evaluated when it was found. *missing: the sandbox
 * layers that the kernel lacks, see io/worker.h. */
Result lint_run(const LintRequest *r, Arena *a, RemarkReport *out, LintTexts *texts, Str *missing);
/* The same texts, or what has become of them, once more. What could not be read is told by
 * lint_run() alone. */
Result lint_again(const LintRequest *r, const LintTexts *texts, Arena *a, RemarkReport *out);
/* One text, with its options, in a worker; a Compose file's folder is read, too. `t->name`: its
 * path. */
Result lint_text(const LintText *t, bool allow_unsandboxed, Arena *a, RemarkReport *out);
bool lint_is_dockerfile(Str name); /* by the last part of its path */
