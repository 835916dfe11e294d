/* remark_codeclimate.c - remarks as issues of the Code Climate engine specification, each ended by
 * a NUL. */
#include "report/remark_format.h"
#include "report/remark_ids.h"
#include "report/remark_issue.h"

static const char *severity(Level l)
{
	switch (l) {
	case LEVEL_ERROR: return "critical";
	case LEVEL_WARNING: return "major";
	case LEVEL_INFO: return "minor";
	case LEVEL_STYLE: break;
	}
	return "info";
}

/* A place that is not known is the first line: the specification wants one. */
static void location(JsonOut *o, const Remark *r)
{
	uint32_t line = r->line != 0 ? r->line : 1;
	json_open(o, "location", '{');
	json_text(o, "path", r->file);
	json_open(o, "lines", '{');
	json_uint(o, "begin", line);
	json_uint(o, "end", r->end_line > line ? r->end_line : line);
	json_close(o, '}');
	json_close(o, '}');
}

void remark_issue(JsonOut *o, const Remark *r, Str id)
{
	json_open(o, NULL, '{');
	json_word(o, "type", "issue");
	json_text(o, "check_name", r->rule);
	json_text(o, "description", r->message);
	json_open(o, "content", '{');
	json_text(o, "body", r->help);
	json_close(o, '}');
	json_open(o, "categories", '[');
	json_word(o, NULL, r->level == LEVEL_STYLE ? "Style" : "Security");
	json_close(o, ']');
	location(o, r);
	json_word(o, "severity", severity(r->level));
	json_text(o, "fingerprint", id);
	json_close(o, '}');
}

static void write_codeclimate(const RemarkReport *r, const char *tool, const FormatStyle *style,
			      Buf *to)
{
	Arena a = {0};
	RemarkReport all = remarks_and_unread(r, &a);
	StrVec ids = remark_ids(&all, &a);
	(void)tool;
	(void)style;
	for (size_t i = 0; i < all.remarks.n; i++) {
		JsonOut o = {.b = to};
		remark_issue(&o, &all.remarks.at[i], ids.at[i]);
		buf_char(to, '\0');
	}
	arena_finish(&a);
}

const RemarkFormat remark_format_codeclimate = {.name = "codeclimate",
						.summary = "issues of Code Climate's engines",
						.write = write_codeclimate};
