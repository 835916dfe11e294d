/* shell.h - the commands of a POSIX shell script, found without running it.
 *
 * Good for asking which programs a RUN starts with which words. It follows the grammar of
 * POSIX.1-2017 XCU 2 and what bash adds as far as that takes: quotes, lists, pipelines, groups,
 * reserved words, redirections, here-documents, substitutions; it expands nothing. The script of
 * `sh -c`, `su -c`, `eval` and `trap` is read, too. What it cannot follow it steps over: every
 * script has an answer. */
#pragma once
#include "base/vec.h"

typedef struct ShellWord {
	Str text; /* without quotes and escapes; expansions as written */
	Str raw;  /* as it stands in the script it is in */
	Str at;   /* where that is, in the script that was given; its own address, or around it */
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

typedef struct ShellHere { /* a here-document */
	Str name;
	Str body;       /* empty when the script ends before it begins */
	size_t ordinal; /* of those in the script, from 0 */
} ShellHere;

typedef struct ShellCommand {
	VEC(ShellWord) words; /* without assignments and redirections; may be empty */
	VEC(ShellWord) assignments;
	VEC(ShellWord) targets; /* of > and >> */
	VEC(ShellHere *) heres;
	ShellJoin join;
	bool background;
	bool negated;    /* by "!", or a condition of if, while, until */
	unsigned depth;  /* of groups and substitutions */
	unsigned within; /* of if, while, for, case and { } */
	size_t inner;    /* the commands from this one to the command itself are in its own words */
	size_t outer;    /* 1 + the command whose operand is the script this is in; 0: none is */
	Str raw;         /* all of it; as ShellWord.at */
} ShellCommand;

typedef struct ShellScript {
	VEC(ShellCommand) commands; /* in the order they end; those of `sh -c` after it */
	size_t heres;
	bool cut; /* a limit was reached, or quotes were not closed: there may be more */
} ShellScript;

void shell_read(Str script, Arena *a, ShellScript *out);

/* The index of the word that names the program: past sudo, env, exec, xargs, timeout and the like
 * and their options. words.n when there is none. */
size_t shell_program(const ShellCommand *c);
/* sh, bash, /bin/dash, ...: a program that reads shell scripts. */
bool shell_is_shell(Str program);
/* The command whose output command `i` reads through a pipe; commands.n: there is none. */
size_t shell_feeder(const ShellScript *s, size_t i);
