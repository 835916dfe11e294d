/* check_csv.c - checks as a table for spreadsheets: a record for each check, or for each of the
 * things it is about. */
#include "report/check_format.h"
#include "report/csv.h"

static void head(CsvOut *o)
{
	static const char *const names[] = {"id",       "number",  "section",      "level",
					    "severity", "outcome", "title",        "seen",
					    "wanted",   "source",  "why",          "remedy",
					    "accepted", "subject", "subject_name", "subject_seen"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		csv_word(o, names[i]);
	csv_end(o);
}

static void record(CsvOut *o, const Verdict *v, Benchmark b, const CheckItem *item)
{
	const CheckInfo *c = v->check;
	csv_word(o, c->id);
	csv_word(o, c->cis[b] != NULL ? c->cis[b] : "");
	csv_word(o, c->section);
	csv_uint(o, c->level);
	csv_word(o, severity_name(c->severity));
	csv_word(o, outcome_name(v->outcome));
	csv_word(o, c->title);
	csv_field(o, v->seen);
	csv_word(o, c->wanted);
	csv_field(o, v->source);
	csv_word(o, c->why);
	csv_word(o, c->remedy);
	csv_field(o, v->accepted);
	csv_field(o, item != NULL ? item->kind : S(""));
	csv_field(o, item != NULL ? item->name : S(""));
	csv_field(o, item != NULL ? item->seen : S(""));
	csv_end(o);
}

static void write_csv(const CheckReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	CsvOut o = {.b = to};
	(void)tool;
	(void)style;
	head(&o);
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *v = &r->verdicts.at[i];
		if (v->items.n == 0)
			record(&o, v, r->benchmark, NULL);
		for (size_t k = 0; k < v->items.n; k++)
			record(&o, v, r->benchmark, &v->items.at[k]);
	}
}

const CheckFormat check_format_csv = {
	.name = "csv", .summary = "a table for spreadsheets (RFC 4180)", .write = write_csv};
