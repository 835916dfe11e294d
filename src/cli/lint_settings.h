/* lint_settings.h - what the linter is told, for each file: the command line, the environment, the
 * project's file (cli/project.h), the user's file. */
#pragma once
#include "base/map.h"
#include "cli/opt.h"
#include "lint/lint.h"

typedef struct LintOpts { /* Command.reads_project: begins with the set */
	const OptSet *set;
	StrVec rules, ignore, severity, registries, labels, exclude;
	const char *format, *output, *fail_on, *level, *explain, *stdin_name, *platform, *baseline,
		*shellcheck;
	bool fix, risky, diff, list, no_pragmas, allow_unsandboxed, strict_labels;
} LintOpts;

extern const Opt lint_opts[];
const char *shellcheck_choice(size_t i); /* in the order of ShellcheckUse */

typedef struct LintSettings {
	LintOptions options; /* first: from its address the settings are found */
	Level bar;           /* of --fail-on */
	StrVec exclude;
	Str dir; /* of the project's file, a real path; empty: there is none */
} LintSettings;

typedef struct LintHouse { /* settings that were made, by folder and by file */
	Arena *a;
	const OptSet *set; /* of lint_opts */
	bool no_project;   /* read no project's file */
	int64_t now;
	Map by_dir, by_file;
} LintHouse;

/* `file` need not exist; its folder has to, or the user's settings count. ERR_USAGE names the place
 * in the file that is wrong. */
Result lint_settings(LintHouse *h, Str file, const LintSettings **out);
/* Whether a pattern of `exclude` is the path, its name, a folder above it, or its path from the
 * project's file on. */
bool lint_is_excluded(const LintSettings *s, Str file);
