/* help.c - a command's table as text for a terminal. */
#include "cli/help.h"

#include <errno.h>
#include <stdio.h>

enum { WIDTH = 80, OPTION_COLUMN = 26, HELP_BYTES = 1 << 20 };

Buf help_buf(Arena *a) { return buf_in(a, HELP_BYTES); }

Result help_print(const Buf *b)
{
	Str text;
	TRY(buf_done(b, "the help text", &text));
	if (fwrite(text.p, 1, text.n, stdout) != text.n || fflush(stdout) != 0)
		FAIL_SYS("standard output: cannot write: %s", strerror(errno));
	return OK;
}

TextKind help_line(Str *rest, Str *out)
{
	if (rest->n == 0 || !str_cut(rest, '\n', out))
		return TEXT_END;
	if (out->n == 0)
		return TEXT_BREAK;
	return out->p[0] == ' ' ? TEXT_AS_IS : TEXT_FLOW;
}

void help_choices(Buf *b, const Opt *o, const char *before)
{
	const char *name;
	for (size_t i = 0; o->choice != NULL && (name = o->choice(i)) != NULL; i++)
		buf_fmt(b, "%s%s", i == 0 ? before : ", ", name);
}

typedef struct Wrap { /* words into lines */
	Buf *b;
	size_t indent, at; /* at 0: a new line */
} Wrap;

static void wrap_line(Wrap *w)
{
	if (w->at != 0)
		buf_char(w->b, '\n');
	w->at = 0;
}

static void wrap_words(Wrap *w, Str text)
{
	Str word;
	while (str_cut(&text, ' ', &word)) {
		if (w->at != 0 && w->at + 1 + word.n > WIDTH)
			wrap_line(w);
		if (w->at == 0)
			buf_fmt(w->b, "%*s", (int)w->indent, "");
		else
			buf_char(w->b, ' ');
		w->at = (w->at == 0 ? w->indent : w->at + 1) + word.n;
		buf_add(w->b, word);
	}
}

static void flow(Buf *b, const char *text, size_t indent)
{
	Wrap w = {.b = b, .indent = indent};
	Str rest = str_of(text), line;
	for (TextKind kind; (kind = help_line(&rest, &line)) != TEXT_END;) {
		if (kind == TEXT_FLOW) {
			wrap_words(&w, line);
			continue;
		}
		wrap_line(&w);
		if (kind == TEXT_AS_IS)
			buf_fmt(b, "%*s" STR_FMT, (int)indent, "", STR_ARG(line));
		buf_char(b, '\n');
	}
	wrap_line(&w);
}

static void option(Buf *b, const Opt *o)
{
	size_t start = b->n;
	if (o->letter != 0)
		buf_fmt(b, "  -%c, --%s", o->letter, o->name);
	else
		buf_fmt(b, "      --%s", o->name);
	if (o->arg != NULL)
		buf_fmt(b, " %s", o->arg);
	Wrap w = {.b = b, .indent = OPTION_COLUMN, .at = b->n - start};
	if (w.at + 2 > OPTION_COLUMN) {
		wrap_line(&w);
	} else {
		buf_fmt(b, "%*s", (int)(OPTION_COLUMN - 1 - w.at), "");
		w.at = OPTION_COLUMN - 1;
	}
	Buf help = buf_in(b->arena, HELP_BYTES);
	buf_add(&help, str_of(o->help));
	help_choices(&help, o, ": ");
	wrap_words(&w, buf_str(&help));
	wrap_line(&w);
}

static void options(Buf *b, const char *title, const Opt *table)
{
	if (table == NULL || table[0].type == OPT_END)
		return;
	if (title != NULL)
		buf_fmt(b, "\n%s:\n", title);
	for (const Opt *o = table; o->type != OPT_END; o++)
		option(b, o);
}

static void list(Buf *b, const Command *const *table)
{
	for (; *table != NULL; table++)
		buf_fmt(b, "  %-14s %s\n", (*table)->name, (*table)->summary);
}

void help_text(Buf *b, const char *path, const Command *c)
{
	if (c->subcommands != NULL)
		buf_fmt(b, "usage: bulwark %s COMMAND [options] [operands]\n\n", path);
	else
		buf_fmt(b, "usage: bulwark %s [options]%s%s\n\n", path,
			c->operands[0] != '\0' ? " " : "", c->operands);
	buf_fmt(b, "%c%s.\n", opt_upper(c->summary[0]), c->summary + 1);
	if (c->about != NULL) {
		buf_char(b, '\n');
		flow(b, c->about, 0);
	}
	if (c->subcommands != NULL) {
		buf_add(b, S("\nCommands:\n"));
		list(b, c->subcommands);
	}
	options(b, "Options", c->opts);
	options(b, c->opts != NULL && c->opts[0].type != OPT_END ? NULL : "Options", common_opts);
	for (const HelpSection *s = c->sections; s != NULL && s->title != NULL; s++) {
		buf_fmt(b, "\n%s:\n", s->title);
		flow(b, s->text, 2);
	}
	if (c->examples != NULL)
		buf_add(b, S("\nExamples:\n"));
	for (const char *const *e = c->examples; e != NULL && *e != NULL; e++)
		buf_fmt(b, "  %s\n", *e);
}

void help_overview(Buf *b)
{
	buf_add(b, S("usage: bulwark COMMAND [options] [operands]\n\n"
		     "Keeps containers safe, from image to host.\n\nCommands:\n"));
	list(b, commands);
	buf_add(b, S("\n'bulwark help COMMAND' tells more of one.\n"));
}
