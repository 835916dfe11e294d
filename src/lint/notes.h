/* notes.h - another program's word about the shell scripts in a Dockerfile. */
#pragma once
#include "base/vec.h"
#include "lint/options.h"

typedef struct LintShell { /* a script that is for a shell, and is the shell's whole text */
	uint32_t script;   /* its index in the file */
	Str program;       /* "sh", "bash", "dash", "ash", "ksh" */
	Str text;          /* continued lines joined */
} LintShell;
typedef VEC(LintShell) LintShells;

/* In the worker. ERR_LIMIT as lint_dockerfile(). */
Result lint_scripts(Str dockerfile, Arena *a, LintShells *out);
