/* wrap.c - programs that start programs, and those whose operand is a script. */
#include "shell/private.h"

/* ---- wrappers ---- */

typedef struct Wrapper {
	const char *name;
	const char *valued; /* options whose value is the next word, blanks around */
	unsigned operands;  /* before the program */
	bool assigns;       /* NAME=value may stand before the program */
} Wrapper;

static const Wrapper wrappers[] = {
	{"builtin", "", 0, false},
	{"chroot", "", 1, false},
	{"chrt", "", 1, false},
	{"command", "", 0, false},
	{"doas", " -u -C ", 0, false},
	{"eatmydata", "", 0, false},
	{"env", " -u -C -S --unset --chdir ", 0, true},
	{"exec", " -a ", 0, false},
	{"fakeroot", "", 0, false},
	{"flock", " -w -E --timeout ", 1, false},
	{"gosu", "", 1, false},
	{"ionice", " -c -n --class --classdata ", 0, false},
	{"nice", " -n --adjustment ", 0, false},
	{"nohup", "", 0, false},
	{"setpriv", " --reuid --regid --groups ", 0, false},
	{"stdbuf", " -i -o -e ", 0, false},
	{"su-exec", "", 1, false},
	{"sudo", " -u -g -h -p -C -D -R -T -U --user --group --chdir ", 0, true},
	{"time", " -f -o ", 0, false},
	{"timeout", " -k -s --kill-after --signal ", 1, false},
	{"unbuffer", "", 0, false},
	{"xargs",
	 " -a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs --replace ", 0,
	 false},
	{"busybox", "", 0, false},
	{"dumb-init", " -r --rewrite ", 0, false},
	{"tini", " -p -e ", 0, false},
};

static const Wrapper *wrapper_named(Str name)
{
	for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++)
		if (str_eq(name, str_of(wrappers[i].name)))
			return &wrappers[i];
	return NULL;
}

/* `word`, with blanks around it, in `list`. */
static bool is_listed(const char *list, Str word)
{
	Str rest = str_of(list), one;
	while (str_cut(&rest, ' ', &one))
		if (one.n != 0 && str_eq(one, word))
			return true;
	return false;
}

/* Past what belongs to the wrapper, from the word after its name. */
static size_t past_wrapper(const ShellCommand *c, const Wrapper *w, size_t i)
{
	unsigned operands = w->operands;
	for (; i < c->words.n; i++) {
		Str word = c->words.at[i].text;
		bool option = word.n > 1 && word.p[0] == '-';
		if (str_eq(word, S("--")))
			return i + 1 + operands < c->words.n ? i + 1 + operands : c->words.n;
		if (option)
			i += is_listed(w->valued, word);
		else if (w->assigns && shell_assigns(c->words.at[i].raw))
			continue;
		else if (operands > 0)
			operands--;
		else
			break;
	}
	return i < c->words.n ? i : c->words.n;
}

size_t shell_program(const ShellCommand *c)
{
	size_t i = 0;
	while (i < c->words.n) {
		const Wrapper *w = wrapper_named(str_base(c->words.at[i].text));
		if (w == NULL)
			break;
		i = past_wrapper(c, w, i + 1);
	}
	return i;
}

/* ---- scripts as operands ---- */

bool shell_is_shell(Str program)
{
	static const char *const names[] = {"sh",    "bash", "dash", "ash",
					    "rbash", "zsh",  "ksh",  "mksh"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(str_base(program), str_of(names[i])))
			return true;
	return false;
}

/* "-c", "-lc", "-exc"; not "--command". */
static bool has_c(Str option)
{
	return option.n > 1 && option.p[0] == '-' && option.p[1] != '-' && str_has(option, 'c');
}

/* The word after the option with a c; further options may stand between, and in su operands before.
 */
static const ShellWord *after_c(const ShellCommand *c, size_t i, bool is_su)
{
	bool seen = false;
	for (; i < c->words.n; i++) {
		Str word = c->words.at[i].text;
		bool option = word.n > 1 && (word.p[0] == '-' || word.p[0] == '+');
		if (!option && (seen || !is_su))
			return seen ? &c->words.at[i] : NULL;
		seen = seen || has_c(word) || str_eq(word, S("--command"));
		/* set's long options: -o pipefail, -euo pipefail */
		i += option && word.p[1] != '-' && word.p[word.n - 1] == 'o';
	}
	return NULL;
}

const ShellWord *shell_operand(const ShellCommand *c)
{
	size_t i = shell_program(c);
	if (i + 1 >= c->words.n)
		return NULL;
	Str name = str_base(c->words.at[i].text);
	bool is_su = str_eq(name, S("su")) || str_eq(name, S("runuser"));
	if (is_su || shell_is_shell(name))
		return after_c(c, i + 1, is_su);
	if (str_eq(name, S("eval")) || (str_eq(name, S("trap")) && i + 2 < c->words.n))
		return &c->words.at[i + 1];
	return NULL;
}

/* ---- pipes ---- */

size_t shell_feeder(const ShellScript *s, size_t i)
{
	const ShellCommand *c = &s->commands.at[i];
	if (c->join != JOIN_PIPE)
		return s->commands.n;
	for (size_t k = c->inner; k-- > 0;)
		if (s->commands.at[k].outer == c->outer)
			return k;
	return s->commands.n;
}
