/* cmd_lsp.c - bulwark lsp: a language server for Dockerfiles and Compose files. */
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/config.h"
#include "cli/lint_settings.h"
#include "flow/lsp.h"

typedef struct LspOpts {
	const OptSet *set;
	bool stdio, allow_unsandboxed;
} LspOpts;

static const Opt opts[] = {
	OPT(OPT_FLAG, 0, "stdio", LspOpts, stdio, NULL,
	    "speak over standard input and output: it always does"),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", LspOpts, allow_unsandboxed, NULL,
	    "go on where the kernel cannot confine the reader"),
	{0},
};

typedef struct Lsp {
	const LspOpts *o;
	Arena a; /* of the settings; anew for each judgement */
	LintOpts lint;
	OptSet set;
	LintHouse house;
} Lsp;

/* Settings are read each time: while an editor runs, they are edited. */
static Err *options_of(void *ctx, Str path, const LintOptions **out)
{
	Lsp *l = ctx;
	const CommonOpts *common = l->o->set->next->into;
	const LintSettings *s;
	arena_finish(&l->a);
	l->lint = (LintOpts){.allow_unsandboxed = l->o->allow_unsandboxed};
	l->set = (OptSet){.table = lint_opts, .into = &l->lint, .arena = &l->a};
	l->house = (LintHouse){.a = &l->a,
			       .set = &l->set,
			       .no_project = common->no_config || common->config != NULL ||
					     path.n == 0,
			       .now = time(NULL)};
	if (!common->no_config)
		TRY(config_apply(common->config, "lint", &l->set));
	TRY(lint_settings(&l->house, path, &s));
	*out = &s->options;
	return OK;
}

static Result lsp_command(const void *from, int argc, char **argv, int *exit_code)
{
	Lsp l = {.o = from};
	bool clean = false;
	LspService s = {.in = STDIN_FILENO,
			.out = STDOUT_FILENO,
			.options_of = options_of,
			.ctx = &l,
			.allow_unsandboxed = l.o->allow_unsandboxed};
	if (argc != 0)
		FAIL(ERR_USAGE, "'%s': no operand is taken; an editor starts 'bulwark lsp'",
		     argv[0]);
	Err *e = lsp_serve(&s, &clean);
	arena_finish(&l.a);
	*exit_code = clean ? EXIT_CLEAN : EXIT_FINDINGS;
	return e;
}

static const HelpSection sections[] = {
	{"What an editor gets",
	 "Findings while you write, as 'bulwark lint' has them, with your settings and the "
	 "project's\n"
	 "(.bulwark.yaml); the reason for each under the pointer; corrections, the safe ones\n"
	 "preferred; and a comment that accepts a finding, with room for the reason.\n"},
	{"Neovim", "  vim.lsp.start({name = 'bulwark', cmd = {'bulwark', 'lsp'}})\n"},
	{"Emacs",
	 "  (add-to-list 'eglot-server-programs '(dockerfile-mode \"bulwark\" \"lsp\"))\n"},
	{"Exit status", "  0  the editor said \"shutdown\" and \"exit\"\n"
			"  1  it went without a word\n"
			"  2  the command line is wrong\n"
			"  3  its messages could not be read\n"},
	{0},
};

static const char *const examples[] = {"bulwark lsp", NULL};

const Command cmd_lsp = {
	.name = "lsp",
	.operands = "",
	.opts = opts,
	.opts_size = sizeof(LspOpts),
	.run = lsp_command,
	.reads_project = true,
	.summary = "a language server for Dockerfiles and Compose files",
	.about = "Speaks the Language Server Protocol with an editor, over standard input and "
		 "output.\n"
		 "Each judgement is made by a worker that can do nothing else.\n",
	.sections = sections,
	.examples = examples,
};
