/* cli_commands_test.c - laws over every command and option, and what is written from them. */
#include "cli/completion.h"
#include "cli/help.h"
#include "tap.h"

static void all(const Command *const *table, const char *of,
		void (*check)(const char *path, const Command *c))
{
	for (; *table != NULL; table++) {
		char path[128];
		snprintf(path, sizeof path, "%s%s%s", of, of[0] != '\0' ? " " : "", (*table)->name);
		check(path, *table);
		if ((*table)->subcommands != NULL)
			all((*table)->subcommands, path, check);
	}
}

static bool is_name(const char *s)
{
	return s[0] != '\0' && s[0] != '-' && s[0] != '.' &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(s);
}

/* A phrase: starts lower case (or a name in capitals), has no full stop and no control byte. */
static bool is_phrase(const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ')
			return false;
	return n > 3 && n < 200 && s[n - 1] != '.' && s[n - 1] != ' ';
}

static void complain(const char *path, const char *name, const char *what)
{
	printf("# bulwark %s %s: %s\n", path, name, what);
	tap_bad++;
}

static void check_option(const char *path, const Opt *table, const Opt *o)
{
	if (!is_name(o->name))
		complain(path, o->name, "not a name");
	if (!is_phrase(o->help))
		complain(path, o->name, "help is not one phrase");
	if ((o->type == OPT_FLAG) != (o->arg == NULL))
		complain(path, o->name, "a flag takes no value, all else does");
	for (size_t i = 0; o->choice != NULL && o->choice(i) != NULL; i++)
		if (!is_name(o->choice(i)))
			complain(path, o->name, "a choice is not a name");
	for (const Opt *other = table; other < o; other++)
		if (strcmp(other->name, o->name) == 0 ||
		    (o->letter != 0 && other->letter == o->letter))
			complain(path, o->name, "its name or letter is taken");
	for (const Opt *c = common_opts; table != common_opts && c->type != OPT_END; c++)
		if (strcmp(c->name, o->name) == 0 || (c->letter != 0 && c->letter == o->letter))
			complain(path, o->name, "its name or letter is every command's");
}

static void check_command(const char *path, const Command *c)
{
	if (!is_name(c->name) || !is_phrase(c->summary) || c->operands == NULL)
		complain(path, "", "name, summary or operands");
	if ((c->subcommands == NULL) != (c->run != NULL))
		complain(path, "", "either runs or has subcommands");
	if (c->opts == NULL)
		return;
	if (opt_count(c->opts) > OPT_MAX || c->opts_size == 0)
		complain(path, "", "too many options, or no room for them");
	for (const Opt *o = c->opts; o->type != OPT_END; o++)
		check_option(path, c->opts, o);
}

TEST(every_command_and_option_is_named_helped_and_unique)
{
	all(commands, "", check_command);
	for (const Opt *o = common_opts; o->type != OPT_END; o++)
		check_option("", common_opts, o);
}

static void check_help(const char *path, const Command *c)
{
	Arena a = {0};
	Buf b = help_buf(&a);
	help_text(&b, path, c);
	Str rest, line, text = rest = buf_str(&b);
	size_t at;
	while (str_cut(&rest, '\n', &line))
		if (line.n > 100)
			complain(path, "", "a line of help is over 100 columns");
	for (const Opt *o = c->opts; o != NULL && o->type != OPT_END; o++)
		if (!str_find(text, str_of(o->name), &at))
			complain(path, o->name, "not in the help");
	arena_finish(&a);
}

TEST(help_is_narrow_and_whole) { all(commands, "", check_help); }

static void check_man(const char *path, const Command *c)
{
	Arena a = {0};
	Buf b = help_buf(&a);
	man_page(&b, path, c);
	Str text = buf_str(&b);
	size_t at;
	if (!str_starts(text, S(".TH bulwark\\-")) || !str_find(text, S(".SH OPTIONS"), &at))
		complain(path, "", "not a man page");
	arena_finish(&a);
}

TEST(every_command_has_a_man_page) { all(commands, "", check_man); }

TEST(every_shell_knows_every_command)
{
	for (size_t i = 0; completion_shell(i) != NULL; i++) {
		Arena a = {0};
		Buf b = help_buf(&a);
		size_t at;
		completion_writer(str_of(completion_shell(i)))(&b);
		for (size_t k = 0; commands[k] != NULL; k++)
			if (!str_find(buf_str(&b), str_of(commands[k]->name), &at))
				complain(commands[k]->name, completion_shell(i), "not completed");
		CHECK(!b.full);
		arena_finish(&a);
	}
}

TEST(a_mistyped_command_is_guessed)
{
	Err *e = command_unknown(commands, "", "verison");
	CHECK_STR(str_of(e->text), S("no command 'verison'; did you mean 'bulwark version'?"));
	err_free(e);
	e = command_unknown(commands, "", "frobnicate");
	CHECK_STR(str_of(e->text), S("no command 'frobnicate'; see 'bulwark help'"));
	err_free(e);
}
