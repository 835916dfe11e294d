/* remark_gitlab.c - remarks as GitLab's Code Quality reads them: issues in one array. */
#include "report/remark_format.h"
#include "report/remark_ids.h"
#include "report/remark_issue.h"

static void write_gitlab(const RemarkReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	Arena a = {0};
	JsonOut o = {.b = to};
	RemarkReport all = remarks_and_unread(r, &a);
	StrVec ids = remark_ids(&all, &a);
	(void)tool;
	(void)style;
	json_open(&o, NULL, '[');
	for (size_t i = 0; i < all.remarks.n; i++) {
		json_line(&o);
		remark_issue(&o, &all.remarks.at[i], ids.at[i]);
	}
	json_close(&o, ']');
	buf_char(to, '\n');
	arena_finish(&a);
}

const RemarkFormat remark_format_gitlab = {
	.name = "gitlab", .summary = "GitLab Code Quality", .write = write_gitlab};
