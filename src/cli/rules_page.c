/* rules_page.c - every rule of the linter as Markdown: one table, then each rule in full. */
#include "cli/help.h"
#include "lint/lint.h"

static void cell(Buf *b, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '|')
			buf_char(b, '\\');
		buf_char(b, *text);
	}
}

static void aliases(Buf *b, const LintRule *r, const char *between)
{
	for (size_t i = 0; r->aliases != NULL && r->aliases[i] != NULL; i++)
		buf_fmt(b, "%s%s", i != 0 ? between : "", r->aliases[i]);
}

static void row(Buf *b, const LintRule *r)
{
	buf_fmt(b, "| [%s](#%s) | %s | %s%s | ", r->id, r->id, r->name, level_name(r->level),
		r->off ? ", off" : "");
	cell(b, r->help);
	buf_add(b, S(" | "));
	aliases(b, r, " ");
	buf_add(b, S(" |\n"));
}

static void snippet(Buf *b, const char *title, const char *const *texts)
{
	if (texts == NULL || texts[0] == NULL)
		return;
	buf_fmt(b, "%s:\n\n", title);
	Str rest = str_of(texts[0]), line;
	while (rest.n != 0 && str_cut(&rest, '\n', &line))
		buf_fmt(b, "    " STR_FMT "\n", STR_ARG(line));
	buf_char(b, '\n');
}

static void section(Buf *b, const LintRule *r)
{
	buf_fmt(b, "<a id=\"%s\"></a>\n### %s %s\n\n%s, confidence %s%s. %s\n\nTo do: %s.\n\n",
		r->id, r->id, r->name, level_name(r->level), confidence_name(r->confidence),
		r->off ? ", off unless asked for" : "", r->why, r->help);
	snippet(b, "Found in", r->bad);
	snippet(b, "Not found in", r->good);
}

void rules_page(Buf *b)
{
	buf_add(b, S("# Rules of bulwark lint\n\nC: Compose files. D: Dockerfiles. I: images. S: "
		     "shell scripts in them. Rules that are off are asked by name with --rule, or "
		     "with a level in the configuration.\n\n| id | name | level | to do | of other "
		     "linters |\n|---|---|---|---|---|\n"));
	for (const LintRule *const *r = lint_rules; *r != NULL; r++)
		row(b, *r);
	buf_char(b, '\n');
	for (const LintRule *const *r = lint_rules; *r != NULL; r++)
		section(b, *r);
}
