/* cli_opt_test.c - options from a command line and from the environment. */
#include "cli/opt.h"

#include "tap.h"

static const char *color(size_t i)
{
	static const char *const names[] = {"red", "green", "blue"};
	return i < 3 ? names[i] : NULL;
}

typedef struct Opts {
	bool loud, no_ink, erase;
	const char *file, *color;
	unsigned count;
	StrVec colors, words;
} Opts;

static const Opt table[] = {
	OPT(OPT_FLAG, 'l', "loud", Opts, loud, NULL, "be loud"),
	OPT(OPT_FLAG, 0, "no-ink", Opts, no_ink, NULL, "use no ink"),
	OPT_ACT(OPT_FLAG, 0, "erase", Opts, erase, NULL, "change something"),
	OPT(OPT_STR, 'f', "file", Opts, file, "FILE", "read this"),
	OPT(OPT_UINT, 'n', "count", Opts, count, "N", "how many"),
	OPT_ONE_OF(OPT_STR, 0, "color", Opts, color, "COLOR", "which", color),
	OPT_ONE_OF(OPT_LIST, 'c', "colors", Opts, colors, "LIST", "which ones", color),
	OPT(OPT_LIST, 0, "words", Opts, words, "LIST", "any words"),
	{0},
};

typedef struct Parsed {
	Opts o;
	Arena arena;
	OptSet set;
	int argc;
	char *argv[16];
} Parsed;

/* A case begins from {0}; starting again gives back what the last parse took. */
static void start(Parsed *p)
{
	arena_finish(&p->arena);
	*p = (Parsed){0};
	p->set = (OptSet){.table = table, .into = &p->o, .arena = &p->arena};
}

static Err *parse(Parsed *p, const char *const *words)
{
	start(p);
	for (; words[p->argc] != NULL; p->argc++)
		p->argv[p->argc] = (char *)(uintptr_t)words[p->argc]; /* moved, not written */
	return opt_parse(&p->set, &p->argc, p->argv);
}
#define PARSE(p, ...) parse((p), (const char *const[]){__VA_ARGS__, NULL})

static void finish(Parsed *p) { arena_finish(&p->arena); }

static void says(Err *e, const char *text)
{
	if (e == OK || e->kind != ERR_USAGE || strcmp(e->text, text) != 0)
		printf("# got: %s\n", e != OK ? e->text : "success");
	CHECK(e != OK && e->kind == ERR_USAGE && strcmp(e->text, text) == 0);
	err_free(e);
}

TEST(every_spelling_of_a_value_is_read)
{
	Parsed p = {0};
	CHECK_OK(PARSE(&p, "--file", "a"));
	CHECK_STR(str_of(p.o.file), S("a"));
	CHECK_OK(PARSE(&p, "--file=b=c"));
	CHECK_STR(str_of(p.o.file), S("b=c"));
	CHECK_OK(PARSE(&p, "-f", "d"));
	CHECK_STR(str_of(p.o.file), S("d"));
	CHECK_OK(PARSE(&p, "-lfe"));
	CHECK_STR(str_of(p.o.file), S("e"));
	CHECK(p.o.loud);
	CHECK_OK(PARSE(&p, "--count=4294967295"));
	CHECK(p.o.count == 4294967295u);
	finish(&p);
}

TEST(operands_and_options_may_mix)
{
	Parsed p = {0};
	CHECK_OK(PARSE(&p, "one", "-l", "-", "--file", "x", "two", "--", "--loud", "three"));
	CHECK(p.argc == 5);
	CHECK_STR(str_of(p.argv[0]), S("one"));
	CHECK_STR(str_of(p.argv[1]), S("-"));
	CHECK_STR(str_of(p.argv[2]), S("two"));
	CHECK_STR(str_of(p.argv[3]), S("--loud"));
	CHECK_STR(str_of(p.argv[4]), S("three"));
	CHECK(p.argv[5] == NULL);
	finish(&p);
}

TEST(lists_grow_by_commas_and_by_repetition)
{
	Parsed p = {0};
	CHECK_OK(PARSE(&p, "-c", "red,blue", "--colors=green", "--words", "a, b"));
	CHECK(p.o.colors.n == 3 && p.o.words.n == 2);
	CHECK_STR(p.o.colors.at[1], S("blue"));
	CHECK_STR(p.o.colors.at[2], S("green"));
	CHECK_STR(p.o.words.at[1], S("b"));
	for (size_t i = 0; i < p.o.words.n; i++) /* for those who call libc with them */
		CHECK(p.o.words.at[i].p[p.o.words.at[i].n] == '\0');
	finish(&p);
}

TEST(a_flag_can_be_taken_back)
{
	Parsed p = {0};
	CHECK_OK(PARSE(&p, "--loud", "--no-loud", "--no-ink"));
	CHECK(!p.o.loud && p.o.no_ink);
	CHECK_OK(PARSE(&p, "--no-ink", "--ink"));
	CHECK(!p.o.no_ink);
	finish(&p);
}

TEST(mistakes_are_named_with_what_was_meant)
{
	Parsed p = {0};
	says(PARSE(&p, "--flie", "x"), "unknown option '--flie'; did you mean --file?");
	says(PARSE(&p, "--zebra"), "unknown option '--zebra'; see --help");
	says(PARSE(&p, "-lz"), "unknown option '-z'; see --help");
	says(PARSE(&p, "--file"), "--file wants FILE");
	says(PARSE(&p, "-f"), "-f wants FILE");
	says(PARSE(&p, "--file="), "--file: wants FILE, and got nothing");
	says(PARSE(&p, "--loud=yes"), "--loud takes no value");
	says(PARSE(&p, "-n", "-1"), "-n: wants a number, not '-1'");
	says(PARSE(&p, "-n", "4294967296"), "-n: wants a number, not '4294967296'");
	says(PARSE(&p, "--color", "gren"),
	     "--color: no 'gren'; did you mean green? (one of red, green, blue)");
	says(PARSE(&p, "--color", "octarine"),
	     "--color: no 'octarine'; it is one of red, green, blue");
	says(PARSE(&p, "-c", "red,"), "-c: wants LIST, and got nothing");
	finish(&p);
}

static Err *set(Parsed *p, const char *name, OptFrom from, const char *value)
{
	for (const Opt *o = table; o->type != OPT_END; o++)
		if (strcmp(o->name, name) == 0)
			return opt_set(&p->set, o, from, value);
	return OK;
}

TEST(a_better_place_wins_in_whatever_order_it_is_read)
{
	Parsed p = {0};
	CHECK_OK(PARSE(&p, "--file", "argv", "-c", "red"));
	CHECK_OK(set(&p, "file", FROM_ENV, "env"));
	CHECK_OK(set(&p, "colors", FROM_FILE, "green"));
	CHECK_OK(set(&p, "words", FROM_FILE, "file"));
	CHECK_OK(set(&p, "words", FROM_ENV, "env"));
	CHECK_OK(set(&p, "words", FROM_ENV, "more"));
	CHECK_OK(set(&p, "no-ink", FROM_ENV, "true"));
	CHECK_OK(set(&p, "no-ink", FROM_FILE, "false"));
	CHECK_STR(str_of(p.o.file), S("argv"));
	CHECK(p.o.colors.n == 1 && p.o.words.n == 2 && p.o.no_ink);
	CHECK_STR(p.o.words.at[0], S("env"));
	CHECK_ERR(set(&p, "colors", FROM_FILE, "grey"), ERR_USAGE);
	finish(&p);
}

TEST(the_environment_spells_options_in_capitals)
{
	Parsed p = {0};
	start(&p);
	setenv("BULWARK_NO_INK", "yes", 1);
	setenv("BULWARK_COLORS", "red,green", 1);
	setenv("BULWARK_FILE", "", 1);
	CHECK_OK(opt_from_env(&p.set));
	CHECK(p.o.no_ink && p.o.colors.n == 2 && p.o.file == NULL);
	setenv("BULWARK_NO_INK", "perhaps", 1);
	says(opt_from_env(&p.set),
	     "environment variable BULWARK_NO_INK: wants true or false, not 'perhaps'");
	unsetenv("BULWARK_NO_INK");
	unsetenv("BULWARK_COLORS");
	unsetenv("BULWARK_FILE");
	finish(&p);
}

TEST(what_changes_something_is_said_on_the_command_line_only)
{
	Parsed p = {0};
	CHECK_OK(PARSE(&p, "--erase"));
	CHECK(p.o.erase);
	start(&p);
	setenv("BULWARK_ERASE", "yes", 1);
	says(opt_from_env(&p.set), "environment variable BULWARK_ERASE: changes something: it is "
				   "said on the command line only");
	unsetenv("BULWARK_ERASE");
	CHECK_ERR(opt_set(&p.set, &table[2], FROM_FILE, "true"), ERR_USAGE);
	CHECK(!p.o.erase);
	finish(&p);
}
