/* shellcheck.h - ShellCheck, when it is installed: one process for all scripts. */
#pragma once
#include "flow/lint.h"

/* Scripts handed to one process; memfds are open at once. */
#define LIMIT_SHELLCHECK_SCRIPTS 4000u
/* What it prints: 4,000 scripts with 20 comments of 500 bytes. */
#define LIMIT_SHELLCHECK_BYTES (64u << 20)

typedef struct AskedScript {
	uint32_t text, script; /* which text, and which of its scripts */
	Str program, source;
	int fd;
} AskedScript;

typedef struct ShellAnswer {
	VEC(AskedScript) scripts;
	Str json;
} ShellAnswer;

bool shellcheck_is_here(Arena *a); /* on PATH */
/* In the parent: a worker finds the scripts, ShellCheck reads them as nobody. ERR_USAGE when it is
 * not installed. */
Result shellcheck_ask(const LintTexts *texts, bool allow_unsandboxed, Arena *a, ShellAnswer *out);
/* In the worker: what it said of each of the texts, of which there are as many as it was asked
 * about.
 */
Result shellcheck_notes(const ShellAnswer *s, Arena *a, LintNotes *texts, size_t n);
