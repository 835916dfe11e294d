/* cmd_help.c - bulwark help: of the program, of a command, as text or as a man page. */
#include "cli/help.h"

typedef struct HelpOpts {
	bool man, rules;
} HelpOpts;

static const Opt opts[] = {
	OPT(OPT_FLAG, 0, "man", HelpOpts, man, NULL, "as a man page's source"),
	OPT(OPT_FLAG, 0, "rules", HelpOpts, rules, NULL, "every rule of the linter, as Markdown"),
	{0},
};

static Result find(int argc, char **argv, Buf *path, const Command **out)
{
	const Command *const *table = commands;
	*out = NULL;
	for (int i = 0; i < argc; i++) {
		Str so_far = buf_str(path);
		if (table == NULL)
			FAIL(ERR_USAGE, "'" STR_FMT "' has no command '%s'", STR_ARG(so_far),
			     argv[i]);
		*out = command_named(table, argv[i]);
		if (*out == NULL) {
			buf_char(path, '\0');
			return command_unknown(table, buf_str(path).p, argv[i]);
		}
		buf_fmt(path, "%s%s", i != 0 ? " " : "", (*out)->name);
		table = (*out)->subcommands;
	}
	return OK;
}

static Result show(const HelpOpts *o, int argc, char **argv, Arena *a)
{
	const Command *c = NULL;
	Buf path = buf_in(a, 256), b = help_buf(a);
	TRY(find(argc, argv, &path, &c));
	buf_char(&path, '\0');
	if (o->rules)
		rules_page(&b);
	else if (o->man)
		man_page(&b, buf_str(&path).p, c);
	else if (c != NULL)
		help_text(&b, buf_str(&path).p, c);
	else
		help_overview(&b);
	return help_print(&b);
}

static Result help_run(const void *from, int argc, char **argv, int *exit_code)
{
	Arena a = {0};
	(void)exit_code;
	Err *e = show(from, argc, argv, &a);
	arena_finish(&a);
	return e;
}

static const char *command_choice(size_t i)
{
	return commands[i] != NULL ? commands[i]->name : NULL;
}

static const char *const examples[] = {"bulwark help scan", "bulwark help --man scan | man -l -",
				       NULL};

const Command cmd_help = {.name = "help",
			  .operands = "[COMMAND...]",
			  .operand = command_choice,
			  .opts = opts,
			  .opts_size = sizeof(HelpOpts),
			  .run = help_run,
			  .summary = "tell what a command does, and its options",
			  .examples = examples,
			  .bare = true};
