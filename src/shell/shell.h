/* shell.h - the commands of a POSIX shell script, found without running it.
 *
 * Good for asking which programs a RUN starts with which words. It follows the grammar of
 * POSIX.1-2017 XCU 2 as far as that takes: quotes, lists, pipelines, groups, reserved words,
 * redirections, here-documents, substitutions; it expands nothing. What it cannot follow it
 * steps over: every script has an answer. */
#pragma once
#include "base/vec.h"

typedef struct ShellWord {
	Str text;     /* without quotes and escapes; expansions as written */
	Str raw;      /* as it stands in the script */
	bool quoted;  /* some of it */
	bool dynamic; /* holds an expansion: what it will be is not known */
} ShellWord;

typedef enum ShellJoin { /* how a command follows the one before */
			 JOIN_FIRST,
			 JOIN_THEN, /* ; or a new line, or the one before went to the background */
			 JOIN_AND,
			 JOIN_OR,
			 JOIN_PIPE,
} ShellJoin;

typedef struct ShellCommand {
	VEC(ShellWord) words; /* without assignments and redirections; may be empty */
	VEC(ShellWord) assignments;
	VEC(ShellWord) targets; /* of > and >> */
	ShellJoin join;
	bool background;
	unsigned depth; /* of groups and substitutions */
	Str raw;
} ShellCommand;

typedef struct ShellScript {
	VEC(ShellCommand) commands; /* in the order they begin */
	bool cut; /* a limit was reached, or quotes were not closed: there may be more */
} ShellScript;

void shell_read(Str script, Arena *a, ShellScript *out);

/* The index of the word that names the program: past sudo, env, exec, command, nice, time and their
 * options. words.n when there is none. */
size_t shell_program(const ShellCommand *c);
