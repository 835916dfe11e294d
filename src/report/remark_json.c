/* remark_json.c - remarks for programs: doc/formats/remarks.schema.json. One finding a line. */
#include "io/json.h"
#include "report/remark_format.h"

enum { SCHEMA_VERSION = 1 };

static void place(Buf *b, const char *key, uint32_t n)
{
	buf_fmt(b, ",\"%s\":", key);
	if (n != 0)
		buf_fmt(b, "%u", n);
	else
		buf_add(b, S("null"));
}

static void fix(Buf *b, const Remark *r)
{
	buf_add(b, S(",\"fix\":"));
	if (r->fix.n == 0) {
		buf_add(b, S("null"));
		return;
	}
	buf_fmt(b, "{\"safe\":%s,\"edits\":[", r->fix_is_safe ? "true" : "false");
	for (size_t i = 0; i < r->fix.n; i++) {
		buf_fmt(b, "%s{\"start\":%u,\"end\":%u,\"text\":", i != 0 ? "," : "",
			r->fix.at[i].at, r->fix.at[i].end);
		json_quote(b, r->fix.at[i].text);
		buf_char(b, '}');
	}
	buf_add(b, S("]}"));
}

static void one(Buf *b, const Remark *r)
{
	buf_add(b, S("{\"rule\":"));
	json_quote(b, r->rule);
	json_member(b, "name", r->name);
	buf_add(b, S(",\"aliases\":["));
	for (size_t i = 0; i < r->aliases.n; i++) {
		if (i != 0)
			buf_char(b, ',');
		json_quote(b, r->aliases.at[i]);
	}
	buf_char(b, ']');
	json_member(b, "file", r->file);
	json_member(b, "layer", r->layer);
	json_member(b, "origin", r->origin);
	json_member(b, "commit", r->commit);
	json_member(b, "date", r->date);
	place(b, "line", r->line);
	place(b, "column", r->column);
	place(b, "end_line", r->end_line);
	place(b, "end_column", r->end_column);
	json_member(b, "severity", str_of(level_name(r->level)));
	json_member(b, "confidence", str_of(confidence_name(r->confidence)));
	json_member(b, "message", r->message);
	json_member(b, "help", r->help);
	json_member(b, "masked", r->masked);
	json_member(b, "fingerprint", r->fingerprint);
	fix(b, r);
	if (r->accepted.n != 0) {
		json_member(b, "accepted", r->accepted);
		buf_fmt(b, ",\"in_source\":%s", r->in_source ? "true" : "false");
	}
	buf_char(b, '}');
}

static void list(Buf *b, const char *key, const RemarkVec *v)
{
	buf_fmt(b, "\"%s\":[", key);
	for (size_t i = 0; i < v->n; i++) {
		buf_add(b, i != 0 ? S(",\n") : S("\n"));
		one(b, &v->at[i]);
	}
	buf_char(b, ']');
}

static void files(Buf *b, const RemarkReport *r)
{
	buf_add(b, S("\"files\":["));
	for (size_t i = 0; i < r->files.n; i++) {
		if (i != 0)
			buf_char(b, ',');
		json_quote(b, r->files.at[i]);
	}
	buf_fmt(b, "],\n\"files_read\":%zu,\n", r->files.n + r->read);
}

void remark_json_members(const RemarkReport *r, Buf *to)
{
	list(to, "findings", &r->remarks);
	buf_add(to, S(",\n\"not_evaluated\":["));
	for (size_t i = 0; i < r->not_evaluated.n; i++) {
		buf_add(to, i != 0 ? S(",\n{\"what\":") : S("\n{\"what\":"));
		json_quote(to, r->not_evaluated.at[i].what);
		buf_add(to, S(",\"why\":"));
		json_quote(to, r->not_evaluated.at[i].why);
		buf_char(to, '}');
	}
	buf_fmt(to, "],\n\"suppressed\":%zu,\n", r->suppressed);
	list(to, "suppressed_findings", &r->accepted);
}

static void write_json(const RemarkReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	(void)style;
	buf_fmt(to, "{\"schema_version\":%d,\"tool\":{\"name\":", SCHEMA_VERSION);
	json_quote(to, str_of(tool));
	buf_add(to, S(",\"version\":"));
	json_quote(to, S(BULWARK_VERSION));
	buf_add(to, S("},\n"));
	files(to, r);
	remark_json_members(r, to);
	buf_add(to, S("}\n"));
}

const RemarkFormat remark_format_json = {
	.name = "json",
	.summary = "for programs (doc/formats/remarks.schema.json)",
	.write = write_json};
