/* remark_checkstyle.c - remarks as Checkstyle writes them. */
#include "report/markup.h"
#include "report/remark_format.h"
#include "report/remark_ids.h"

static const char *severity(Level l)
{
	return l == LEVEL_ERROR ? "error" : l == LEVEL_WARNING ? "warning" : "info";
}

static void one(Buf *b, const Remark *r)
{
	buf_add(b, S("    <error"));
	if (r->line != 0)
		buf_fmt(b, " line=\"%u\"", r->line);
	if (r->column != 0)
		buf_fmt(b, " column=\"%u\"", r->column);
	buf_fmt(b, " severity=\"%s\"", severity(r->level));
	markup_attr_words(b, "message", r->message);
	markup_attr_words(b, "source", r->rule);
	buf_add(b, S("/>\n"));
}

static void write_checkstyle(const RemarkReport *r, const char *tool, const FormatStyle *style,
			     Buf *to)
{
	Arena a = {0};
	RemarkReport all = remarks_and_unread(r, &a);
	const RemarkVec *v = &all.remarks;
	(void)tool;
	(void)style;
	buf_add(to,
		S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n"));
	for (size_t i = 0; i < v->n; i++) {
		if (i == 0 || !str_eq(v->at[i].file, v->at[i - 1].file)) {
			buf_add(to, i == 0 ? S("  <file") : S("  </file>\n  <file"));
			markup_attr(to, "name", v->at[i].file);
			buf_add(to, S(">\n"));
		}
		one(to, &v->at[i]);
	}
	buf_add(to, v->n != 0 ? S("  </file>\n</checkstyle>\n") : S("</checkstyle>\n"));
	arena_finish(&a);
}

const RemarkFormat remark_format_checkstyle = {
	.name = "checkstyle", .summary = "Checkstyle XML", .write = write_checkstyle};
