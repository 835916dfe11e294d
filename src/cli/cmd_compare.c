/* cmd_compare.c - bulwark compare: the order of two versions, or of many pairs. */
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/command.h"
#include "io/source.h"
#include "version/scheme.h"

typedef struct CompareOpts {
	bool list;
} CompareOpts;

static const Opt opts[] = {
	OPT(OPT_FLAG, 0, "list", CompareOpts, list, NULL, "name the schemes and what they follow"),
	{0},
};

static Result compare(const Scheme *s, Str a, Str b)
{
	int order;
	if (!s->compare(a, b, &order)) {
		Str wrong = s->compare(a, a, &order) ? b : a;
		FAIL(ERR_INPUT, "'" STR_FMT "' is not a version that %s orders (%s)",
		     STR_ARG(str_first(wrong, 200)), s->name, s->spec);
	}
	puts(order < 0 ? "<" : order > 0 ? ">" : "=");
	return OK;
}

static Result compare_stdin(const Scheme *s)
{
	Arena a = {0};
	AUTO_SOURCE Source *in = source_from_fd(STDIN_FILENO, false);
	Err *e = OK;
	bool more = true;
	for (size_t n = 1; e == OK; n++) {
		Str line, first;
		e = source_line(in, &a, LIMIT_LINE_BYTES, &line, &more);
		if (e != OK || !more)
			break;
		if (!str_cut(&line, '\t', &first) || line.p == NULL)
			e = err_make(ERR_USAGE, 0, ERR_HERE,
				     "line %zu: two versions with a tab between them are expected",
				     n);
		else
			e = compare(s, first, line);
		if (e != OK && e->kind == ERR_INPUT)
			e = err_in(e, "line %zu", n);
		arena_reset(&a);
	}
	arena_finish(&a);
	return e;
}

static Result compare_run(const void *from, int argc, char **argv, int *exit_code)
{
	const CompareOpts *o = from;
	(void)exit_code;
	if (o->list) {
		for (const Scheme *const *s = schemes; *s != NULL; s++)
			printf("%-8s %s\n", (*s)->name, (*s)->spec);
		return OK;
	}
	if (argc != 1 && argc != 3)
		FAIL(ERR_USAGE, "name a scheme, and two versions or none (then pairs are read from "
				"standard input)");
	const Scheme *s = scheme_named(str_of(argv[0]));
	if (s == NULL)
		FAIL(ERR_USAGE, "no scheme '%s'; see 'bulwark compare --list'", argv[0]);
	return argc == 3 ? compare(s, str_of(argv[1]), str_of(argv[2])) : compare_stdin(s);
}

static const char *scheme_choice(size_t i) { return schemes[i] != NULL ? schemes[i]->name : NULL; }

static const char *const examples[] = {
	"bulwark compare deb 1.2-3~deb12u1 1.2-3",
	"printf '1.0rc1\\t1.0\\n' | bulwark compare pep440",
	NULL,
};

const Command cmd_compare = {
	.name = "compare",
	.operands = "SCHEME [A B]",
	.operand = scheme_choice,
	.opts = opts,
	.opts_size = sizeof(CompareOpts),
	.run = compare_run,
	.summary = "say which of two versions is older",
	.about = "Prints <, = or > for the pair, or for each tab-separated pair on standard input, "
		 "one "
		 "answer a line. Versions are ordered as the package manager of the scheme orders "
		 "them.\n\n"
		 "Exit status: 0 when every pair was compared, 2 for wrong usage, 3 when a version "
		 "is none.",
	.examples = examples,
};
