/* command.c - finds the command, gathers its options, runs it, says what went wrong. */
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config.h"
#include "cli/help.h"
#include "cli/terminal.h"

const Opt common_opts[] = {
	OPT(OPT_FLAG, 'h', "help", CommonOpts, help, NULL, "show this help"),
	OPT(OPT_STR, 0, "config", CommonOpts, config, "FILE",
	    "read options from here, and from no other configuration file"),
	OPT(OPT_FLAG, 0, "no-config", CommonOpts, no_config, NULL, "read no configuration file"),
	{0},
};

static const Opt no_opts[] = {{0}};

static const char *name_at(const void *ctx, size_t i)
{
	const Command *const *table = ctx;
	return table[i] != NULL ? table[i]->name : NULL;
}

Result command_unknown(const Command *const *table, const char *of, const char *name)
{
	if (name[0] == '-')
		FAIL(ERR_USAGE,
		     "unknown option '%s'; a command comes first: see 'bulwark help%s%s'", name,
		     of[0] != '\0' ? " " : "", of);
	const char *close = nearest(str_of(name), name_at, table);
	const char *blank = of[0] != '\0' ? " " : "";
	if (close != NULL)
		FAIL(ERR_USAGE, "no command '%s'; did you mean 'bulwark %s%s%s'?", name, of, blank,
		     close);
	FAIL(ERR_USAGE, "no command '%s'; see 'bulwark help%s%s'", name, blank, of);
}

static Result show_help(const char *path, const Command *c)
{
	Arena a = {0};
	Buf b = help_buf(&a);
	help_text(&b, path, c);
	Err *e = help_print(&b);
	arena_finish(&a);
	return e;
}

static Result run_options(const char *path, const Command *c, Arena *a, int argc, char **argv,
			  int *code)
{
	CommonOpts common = {0};
	void *into = arena_alloc(a, 1, c->opts_size != 0 ? c->opts_size : 1, _Alignof(max_align_t));
	OptSet more = {.table = common_opts, .into = &common, .arena = a};
	OptSet own = {.table = c->opts != NULL ? c->opts : no_opts,
		      .into = into,
		      .arena = a,
		      .next = &more};
	TRY(opt_parse(&own, &argc, argv));
	if (common.help)
		return show_help(path, c);
	if (!c->bare) {
		TRY(opt_from_env(&own));
		if (common.no_config && common.config != NULL)
			FAIL(ERR_USAGE, "--config and --no-config: one of them");
		if (!common.no_config)
			TRY(config_apply(common.config, path, &own));
	}
	if (c->reads_project)
		*(const OptSet **)into = &own;
	return c->run(into, argc, argv, code);
}

static int finish(const char *path, Err *e, int code)
{
	if (e == OK && fflush(stdout) != 0)
		e = err_make(ERR_SYS, errno, ERR_HERE, "standard output: cannot write: %s",
			     strerror(errno));
	if (e == OK)
		return code;
	fprintf(stderr, "bulwark%s%s: ", path[0] != '\0' ? " " : "", path);
	terminal_say(stderr, str_of(e->text));
	fputc('\n', stderr);
	code = e->kind == ERR_USAGE ? EXIT_USAGE : EXIT_UNFINISHED;
	err_free(e);
	return code;
}

static int show_usage(const char *path, const Command *c)
{
	Arena a = {0};
	Buf b = help_buf(&a);
	if (c != NULL)
		help_text(&b, path, c);
	else
		help_overview(&b);
	Str text = buf_str(&b);
	fwrite(text.p, 1, text.n, stderr);
	arena_finish(&a);
	return EXIT_USAGE;
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int run_in(const Command *const *table, const char *of, int argc, char **argv)
{
	Arena a = {0};
	const Command *c = command_named(table, argv[0]);
	if (c == NULL)
		return finish(of, command_unknown(table, of, argv[0]), 0);
	Buf b = buf_in(&a, 256);
	buf_fmt(&b, "%s%s%s%c", of, of[0] != '\0' ? " " : "", c->name, '\0');
	const char *path = buf_str(&b).p;
	int code = EXIT_CLEAN;
	if (c->subcommands == NULL) {
		Err *e = run_options(path, c, &a, argc - 1, argv + 1, &code);
		code = finish(path, e, code);
	} else if (argc < 2) {
		code = show_usage(path, c);
	} else if (is_help(argv[1])) {
		code = finish(path, show_help(path, c), code);
	} else {
		code = run_in(c->subcommands, path, argc - 1, argv + 1);
	}
	arena_finish(&a);
	return code;
}

int command_main(int argc, char **argv)
{
	static char help[] = "help", version[] = "version";
	if (argc < 2)
		return show_usage("", NULL);
	if (is_help(argv[1]))
		argv[1] = help;
	else if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
		argv[1] = version;
	return run_in(commands, "", argc - 1, argv + 1);
}
