/* remark_gnu.c - remarks as compilers write them, a line each: FILE:LINE:COLUMN: LEVEL: MESSAGE. */
#include "report/remark_format.h"
#include "report/remark_ids.h"
#include "report/text.h"

static void one(Buf *b, const Remark *r)
{
	text_clean(b, r->file);
	if (r->line != 0)
		buf_fmt(b, ":%u", r->line);
	if (r->line != 0 && r->column != 0)
		buf_fmt(b, ":%u", r->column);
	buf_fmt(b, ": %s: ", level_name(r->level));
	text_clean(b, r->message);
	buf_add(b, S(" ["));
	text_clean(b, r->rule);
	buf_add(b, S("]\n"));
}

static void write_gnu(const RemarkReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	Arena a = {0};
	RemarkReport all = remarks_and_unread(r, &a);
	(void)tool;
	(void)style;
	for (size_t i = 0; i < all.remarks.n; i++)
		one(to, &all.remarks.at[i]);
	arena_finish(&a);
}

const RemarkFormat remark_format_gnu = {
	.name = "gnu", .summary = "a line each, as compilers write", .write = write_gnu};
