/* remark_github.c - remarks as commands of a GitHub workflow, which become annotations.
 *
 * One command a line. What stands in a value cannot end it: % is escaped first, then line breaks,
 * and in a property the characters that part properties. */
#include "report/remark_format.h"
#include "report/remark_ids.h"
#include "report/text.h"

static void escaped(Buf *b, Str s, const char *special)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\0' && strchr(special, s.p[i]) != NULL)
			buf_fmt(b, "%%%02X", (unsigned char)s.p[i]);
		else
			buf_char(b, s.p[i]);
}

/* Cleaned: the log is a terminal. */
static void words(Buf *b, Str s, const char *special)
{
	Arena a = {0};
	Buf clean = buf_in(&a, SIZE_MAX);
	text_clean(&clean, s);
	escaped(b, buf_str(&clean), special);
	arena_finish(&a);
}

static void property(Buf *b, const char *name, Str value)
{
	buf_fmt(b, "%s=", name);
	words(b, value, "%\r\n:,");
}

static const char *command(Level l)
{
	return l == LEVEL_ERROR ? "error" : l == LEVEL_WARNING ? "warning" : "notice";
}

static void place(Buf *b, const Remark *r)
{
	if (r->line == 0)
		return;
	buf_fmt(b, ",line=%u", r->line);
	if (r->end_line >= r->line)
		buf_fmt(b, ",endLine=%u", r->end_line);
	if (r->column != 0)
		buf_fmt(b, ",col=%u", r->column);
	if (r->end_line == r->line && r->end_column > r->column)
		buf_fmt(b, ",endColumn=%u", r->end_column);
}

static void one(Buf *b, const Remark *r)
{
	buf_fmt(b, "::%s ", command(r->level));
	property(b, "file", r->file);
	place(b, r);
	property(b, ",title", r->rule);
	buf_add(b, S("::"));
	words(b, r->message, "%\r\n");
	if (r->help.n != 0) {
		buf_add(b, S(" ("));
		words(b, r->help, "%\r\n");
		buf_char(b, ')');
	}
	buf_char(b, '\n');
}

static void write_github(const RemarkReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	Arena a = {0};
	RemarkReport all = remarks_and_unread(r, &a);
	(void)tool;
	(void)style;
	for (size_t i = 0; i < all.remarks.n; i++)
		one(to, &all.remarks.at[i]);
	arena_finish(&a);
}

const RemarkFormat remark_format_github = {
	.name = "github", .summary = "annotations of a GitHub workflow", .write = write_github};
