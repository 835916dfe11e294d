/* commands.h - what the scripts of a Dockerfile run: RUN, CMD, ENTRYPOINT, HEALTHCHECK, ONBUILD of
 * those, and here-documents that a shell reads.
 *
 * Read once a file (find_scripts()), before any rule is asked. SHELL and a here-document's "#!"
 * decide which shell it is; what is for another program (PowerShell, cmd, Python) has no commands.
 */
#pragma once
#include "dockerfile/dockerfile.h"
#include "shell/shell.h"

typedef struct LintFile LintFile;
typedef struct LintSink LintSink;
typedef struct LintScript LintScript;

typedef struct LintCommand {
	const LintFile *file;
	const LintScript *script;
	size_t i; /* of script->shell.commands; */
	const ShellCommand *shell;
	Str name;              /* of the program, without directories and wrappers; may be empty */
	size_t at;             /* of that word; shell->words.n: there is none */
	const ShellWord *args; /* after it */
	size_t n;
} LintCommand;

struct LintScript {
	const Instruction *in;  /* RUN, CMD, ...; of an ONBUILD its child */
	size_t index;           /* of the instruction in the file */
	Str program;            /* that reads it: "sh", "bash"; empty in exec form */
	bool heredoc;           /* the script is a body, not the line */
	bool errexit, pipefail; /* from its first line on */
	Str text;               /* of in->line, a body, or in exec form the words in quotes */
	Span body;              /* where that is; of the file */
	const uint32_t *starts; /* exec form: where in the text each of in->args begins */
	ShellScript shell;
	VEC(LintCommand) commands; /* one for each of shell.commands */
};

/* Where a part of a script stands in the file. False: only around, so that it cannot be mended. */
bool script_span(const LintScript *s, Str part, Span *out);
static inline Span command_span(const LintCommand *c)
{
	Span at;
	(void)script_span(c->script, c->shell->raw, &at);
	return at;
}
/* Of an argument; past the last: of the program. */
Span argument_span(const LintCommand *c, size_t arg);

static inline bool is_run(const LintScript *s) { return s->in->op == OP_RUN; }

/* Every command of every script; of RUN alone. */
typedef void (*CommandCheck)(const LintCommand *c, LintSink *to);
void each_command(const LintFile *f, LintSink *to, CommandCheck check);
void each_run_command(const LintFile *f, LintSink *to, CommandCheck check);

bool command_is(const LintCommand *c, const char *names);  /* one of them; blanks between */
bool command_has(const LintCommand *c, const char *words); /* an argument is one of them */
bool word_in(const char *words, Str word);                 /* blanks between */
/* The value of an option, "-o value", "-ovalue", "--option value" or "--option=value"; NULL: none.
 */
const ShellWord *command_option(const LintCommand *c, const char *options, Str *value);
/* The first argument that is no option, from `from` on; n when there is none. */
size_t next_operand(const LintCommand *c, size_t from);
/* What the variable is for this command: assigned before it, exported, or by ENV and ARG. */
bool command_env(const LintCommand *c, const char *name, Str *value);
/* A cache or tmpfs mount of the RUN holds `dir`, so that what is written there stays out of the
 * image. "~/" is any home. */
bool script_mounts(const LintScript *s, const char *dir);
/* `dir` is the path, or below it: with a pattern at its end, too. "~/" is any home. */
bool path_covers(Str path, const char *dir);
/* set -e, set -o pipefail: "e" or "pipefail". */
bool command_sets(const LintCommand *c, const char *option);

/* The later commands of the same script; the earlier ones, from the nearest on. */
#define EACH_LATER(c, l)                                                   \
	for (const LintCommand *l = (c)->script->commands.at + (c)->i + 1; \
	     l < (c)->script->commands.at + (c)->script->commands.n; l++)
#define EACH_BEFORE(c, b)                                              \
	for (const LintCommand *b = (c)->script->commands.at + (c)->i; \
	     b-- > (c)->script->commands.at;)
