/* man.c - a command's table as a page in the language of man(7). */
#include "cli/help.h"

/* A backslash and a dot at the start of a line are commands to roff; a bare '-' may become a
 * hyphen that nobody can paste. */
static void roff(Buf *b, Str s)
{
	if (s.n != 0 && (s.p[0] == '.' || s.p[0] == '\''))
		buf_add(b, S("\\&"));
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			buf_add(b, S("\\e"));
		else if (s.p[i] == '-')
			buf_add(b, S("\\-"));
		else
			buf_char(b, s.p[i]);
	}
}

static void roff_c(Buf *b, const char *s) { roff(b, str_of(s)); }

static void heading(Buf *b, const char *title)
{
	buf_add(b, S(".SH "));
	for (const char *p = title; *p != '\0'; p++)
		buf_char(b, opt_upper(*p));
	buf_char(b, '\n');
}

static void text(Buf *b, const char *of)
{
	Str rest = str_of(of), line;
	bool as_is = false;
	for (TextKind kind; (kind = help_line(&rest, &line)) != TEXT_END;) {
		if (as_is != (kind == TEXT_AS_IS))
			buf_add(b, as_is ? S(".fi\n") : S(".nf\n"));
		as_is = kind == TEXT_AS_IS;
		if (kind == TEXT_BREAK)
			buf_add(b, S(".PP"));
		else
			roff(b, line);
		buf_char(b, '\n');
	}
	if (as_is)
		buf_add(b, S(".fi\n"));
}

static void option(Buf *b, const Opt *o)
{
	buf_add(b, S(".TP\n"));
	if (o->letter != 0)
		buf_fmt(b, "\\fB\\-%c\\fR, ", o->letter);
	buf_add(b, S("\\fB\\-\\-"));
	roff_c(b, o->name);
	buf_add(b, S("\\fR"));
	if (o->arg != NULL) {
		buf_add(b, S(" \\fI"));
		roff_c(b, o->arg);
		buf_add(b, S("\\fR"));
	}
	buf_char(b, '\n');
	roff_c(b, o->help);
	help_choices(b, o, ": ");
	buf_add(b, S(".\n"));
}

static void options(Buf *b, const Opt *table)
{
	for (const Opt *o = table; o != NULL && o->type != OPT_END; o++)
		option(b, o);
}

static void examples(Buf *b, const Command *c)
{
	for (const char *const *e = c->examples; e != NULL && *e != NULL; e++) {
		buf_add(b, S(".PP\n.nf\n"));
		roff_c(b, *e);
		buf_add(b, S("\n.fi\n"));
	}
}

/* A heading within a subcommand, and what stands under it up to `.RE`. */
static void minor(Buf *b, const char *title)
{
	buf_add(b, S(".PP\n.B "));
	roff_c(b, title);
	buf_add(b, S("\n.RS 4\n"));
}

/* Shown in the page of its parent. */
static void subcommand(Buf *b, const char *path, const Command *c)
{
	buf_add(b, S(".SS bulwark "));
	roff_c(b, path);
	buf_char(b, ' ');
	roff_c(b, c->name);
	buf_add(b, S(" [options] "));
	roff_c(b, c->operands);
	buf_char(b, '\n');
	buf_char(b, opt_upper(c->summary[0]));
	roff_c(b, c->summary + 1);
	buf_add(b, S(".\n"));
	if (c->about != NULL) {
		buf_add(b, S(".PP\n"));
		text(b, c->about);
	}
	options(b, c->opts);
	for (const HelpSection *s = c->sections; s != NULL && s->title != NULL; s++) {
		minor(b, s->title);
		text(b, s->text);
		buf_add(b, S(".RE\n"));
	}
	if (c->examples == NULL)
		return;
	minor(b, "Examples");
	examples(b, c);
	buf_add(b, S(".RE\n"));
}

static void list(Buf *b, const Command *const *table)
{
	heading(b, "commands");
	for (; *table != NULL; table++) {
		buf_add(b, S(".TP\n.B "));
		roff_c(b, (*table)->name);
		buf_char(b, '\n');
		roff_c(b, (*table)->summary);
		buf_add(b, S(".\n"));
	}
}

static void title(Buf *b, const char *path, const char *summary)
{
	Buf name = buf_in(b->arena, 256);
	buf_add(&name, S("bulwark"));
	if (path[0] != '\0')
		buf_char(&name, '-');
	for (const char *p = path; *p != '\0'; p++)
		buf_add(&name, *p == ' ' ? S("-") : (Str){p, 1});
	buf_add(b, S(".TH "));
	roff(b, buf_str(&name));
	buf_add(b, S(" 1 \"\" \"bulwark " BULWARK_VERSION "\" \"Bulwark\"\n"));
	heading(b, "name");
	roff(b, buf_str(&name));
	buf_add(b, S(" \\- "));
	roff_c(b, summary);
	buf_char(b, '\n');
}

static void synopsis(Buf *b, const char *path, const char *operands)
{
	heading(b, "synopsis");
	buf_add(b, S(".B bulwark"));
	buf_add(b, path[0] != '\0' ? S(" ") : S(""));
	roff_c(b, path);
	buf_char(b, '\n');
	roff_c(b, operands);
	buf_char(b, '\n');
}

static void program_page(Buf *b)
{
	title(b, "", "keep containers safe, from image to host");
	synopsis(b, "", "COMMAND [options] [operands]");
	list(b, commands);
	heading(b, "see also");
	for (size_t i = 0; commands[i] != NULL; i++) {
		buf_add(b, i != 0 ? S(",\n.BR bulwark\\-") : S(".BR bulwark\\-"));
		roff_c(b, commands[i]->name);
		buf_add(b, S(" (1)"));
	}
	buf_char(b, '\n');
}

void man_page(Buf *b, const char *path, const Command *c)
{
	if (c == NULL) {
		program_page(b);
		return;
	}
	Buf operands = buf_in(b->arena, 256);
	buf_fmt(&operands, "%s %s%c", c->subcommands != NULL ? "COMMAND [options]" : "[options]",
		c->subcommands != NULL ? "[operands]" : c->operands, '\0');
	title(b, path, c->summary);
	synopsis(b, path, buf_str(&operands).p);
	if (c->about != NULL) {
		heading(b, "description");
		text(b, c->about);
	}
	if (c->subcommands != NULL)
		heading(b, "commands");
	for (const Command *const *sub = c->subcommands; sub != NULL && *sub != NULL; sub++)
		subcommand(b, path, *sub);
	heading(b, "options");
	options(b, c->opts);
	options(b, common_opts);
	for (const HelpSection *s = c->sections; s != NULL && s->title != NULL; s++) {
		heading(b, s->title);
		text(b, s->text);
	}
	if (c->examples != NULL)
		heading(b, "examples");
	examples(b, c);
	heading(b, "see also");
	buf_add(b, S(".BR bulwark (1)\n"));
}
