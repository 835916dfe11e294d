/* remark_sonarqube.c - remarks as SonarQube's generic issue import reads them (10.3 and later). */
#include "io/json_out.h"
#include "report/remark_format.h"
#include "report/remark_ids.h"

static const char *impact(Level l)
{
	return l == LEVEL_ERROR ? "HIGH" : l == LEVEL_WARNING ? "MEDIUM" : "LOW";
}

static void rule(JsonOut *o, const Remark *r)
{
	json_line(o);
	json_open(o, NULL, '{');
	json_text(o, "id", r->rule);
	json_text(o, "name", r->name.n != 0 ? r->name : r->rule);
	json_text(o, "description", r->help.n != 0 ? r->help : r->message);
	json_word(o, "engineId", "bulwark");
	json_word(o, "cleanCodeAttribute",
		  r->level == LEVEL_STYLE ? "CONVENTIONAL" : "TRUSTWORTHY");
	json_open(o, "impacts", '[');
	json_open(o, NULL, '{');
	json_word(o, "softwareQuality", r->level == LEVEL_STYLE ? "MAINTAINABILITY" : "SECURITY");
	json_word(o, "severity", impact(r->level));
	json_close(o, '}');
	json_close(o, ']');
	json_close(o, '}');
}

/* Columns count from 0 there, and a range that is empty is refused. */
static void range(JsonOut *o, const Remark *r)
{
	bool columns = r->column != 0 && r->end_column != 0 &&
		       (r->end_line > r->line || r->end_column > r->column);
	if (r->line == 0)
		return;
	json_open(o, "textRange", '{');
	json_uint(o, "startLine", r->line);
	if (r->end_line >= r->line)
		json_uint(o, "endLine", r->end_line);
	if (columns && r->end_line >= r->line) {
		json_uint(o, "startColumn", r->column - 1);
		json_uint(o, "endColumn", r->end_column - 1);
	}
	json_close(o, '}');
}

static void issue(JsonOut *o, const Remark *r)
{
	json_line(o);
	json_open(o, NULL, '{');
	json_text(o, "ruleId", r->rule);
	json_open(o, "primaryLocation", '{');
	json_text(o, "message", r->message);
	json_text(o, "filePath", r->file);
	range(o, r);
	json_close(o, '}');
	json_close(o, '}');
}

static void write_sonarqube(const RemarkReport *r, const char *tool, const FormatStyle *style,
			    Buf *to)
{
	Arena a = {0};
	JsonOut o = {.b = to};
	RemarkReport all = remarks_and_unread(r, &a);
	RemarkRules rules = remark_rules(&all, &a);
	(void)tool;
	(void)style;
	json_open(&o, NULL, '{');
	json_open(&o, "rules", '[');
	for (size_t i = 0; i < rules.n; i++)
		rule(&o, rules.at[i]);
	json_close(&o, ']');
	json_line(&o);
	json_open(&o, "issues", '[');
	for (size_t i = 0; i < all.remarks.n; i++)
		issue(&o, &all.remarks.at[i]);
	json_close(&o, ']');
	json_close(&o, '}');
	buf_char(to, '\n');
	arena_finish(&a);
}

const RemarkFormat remark_format_sonarqube = {.name = "sonarqube",
					      .summary = "SonarQube's generic issue import",
					      .write = write_sonarqube};
