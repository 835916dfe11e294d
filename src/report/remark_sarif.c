/* remark_sarif.c - remarks as SARIF 2.1.0, with their rules, places and fixes. */
#include "report/remark_format.h"
#include "report/remark_ids.h"
#include "report/sarif_out.h"

static void rule(JsonOut *o, const Remark *r)
{
	SarifRule s = {.id = r->rule,
		       .name = r->name,
		       .brief = r->name,
		       .help = r->help,
		       .level = sarif_level(r->level),
		       .precision = confidence_name(r->confidence),
		       .tags = r->aliases};
	sarif_rule(o, &s);
}

/* A secret is shown as it is masked, or GitHub's reader sees only that there is one. */
static Str message(const Remark *r, Arena *a)
{
	Buf b = buf_in(a, SIZE_MAX);
	buf_add(&b, r->message);
	if (r->masked.n != 0) {
		buf_add(&b, S(": "));
		buf_add(&b, r->masked);
	}
	return buf_str(&b);
}

/* With those that are accepted, as if nobody had: so the ids of equal ones stay theirs. */
static RemarkReport all_of(const RemarkReport *r, Arena *a)
{
	RemarkReport all = {0};
	for (size_t i = 0; i < r->remarks.n; i++)
		vec_push(a, &all.remarks, r->remarks.at[i]);
	for (size_t i = 0; i < r->accepted.n; i++)
		vec_push(a, &all.remarks, r->accepted.at[i]);
	remarks_sort(&all.remarks);
	return all;
}

static void result(JsonOut *o, const RemarkRules *rules, const Remark *m, Str id, Arena *a)
{
	SarifResult one = {.rule = m->rule,
			   .rule_index = remark_rule_at(rules, m),
			   .level = sarif_level(m->level),
			   .message = message(m, a),
			   .place = {m->file, m->line, m->column, m->end_line, m->end_column,
				     "layer", m->layer},
			   .id = id,
			   .fix = m,
			   .accepted = m->accepted,
			   .in_source = m->in_source};
	sarif_result(o, &one);
}

static void write_sarif(const RemarkReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	Arena a = {0};
	JsonOut o = {.b = to};
	RemarkReport all = all_of(r, &a);
	StrVec ids = remark_ids(&all, &a);
	RemarkRules rules = remark_rules(&all, &a);
	(void)style;
	sarif_open(&o, tool);
	for (size_t i = 0; i < rules.n; i++)
		rule(&o, rules.at[i]);
	sarif_results(&o);
	for (size_t i = 0; i < all.remarks.n; i++)
		result(&o, &rules, &all.remarks.at[i], ids.at[i], &a);
	sarif_notes(&o);
	for (size_t i = 0; i < r->not_evaluated.n; i++)
		sarif_note(&o, r->not_evaluated.at[i].what, r->not_evaluated.at[i].why);
	sarif_close(&o);
	arena_finish(&a);
}

const RemarkFormat remark_format_sarif = {
	.name = "sarif", .summary = "SARIF 2.1.0, for code scanning", .write = write_sarif};
