/* check_json.c - checks for programs: doc/formats/checks.schema.json. One check a line. */
#include "io/json.h"
#include "report/check_format.h"

enum { SCHEMA_VERSION = 1 };

static void numbers(Buf *b, const CheckInfo *c)
{
	const char *comma = "";
	buf_add(b, S(",\"cis\":{"));
	for (int i = 0; i < BENCHMARKS; i++)
		if (c->cis[i] != NULL) {
			buf_fmt(b, "%s\"%s\":\"%s\"", comma, benchmark_name((Benchmark)i),
				c->cis[i]);
			comma = ",";
		}
	buf_char(b, '}');
}

static void item(Buf *b, const CheckItem *i)
{
	buf_add(b, S("{\"kind\":"));
	json_quote(b, i->kind);
	buf_add(b, S(",\"name\":"));
	json_quote(b, i->name);
	json_member(b, "seen", i->seen);
	if (i->accepted.n != 0)
		json_member(b, "accepted", i->accepted);
	buf_char(b, '}');
}

static void items(Buf *b, const Verdict *v)
{
	buf_add(b, S(",\"items\":["));
	for (size_t i = 0; i < v->items.n; i++) {
		buf_add(b, i != 0 ? S(",") : S(""));
		item(b, &v->items.at[i]);
	}
	buf_add(b, S("],\"accepted_items\":["));
	for (size_t i = 0; i < v->accepted_items.n; i++) {
		buf_add(b, i != 0 ? S(",") : S(""));
		item(b, &v->accepted_items.at[i]);
	}
	buf_char(b, ']');
}

static void one(Buf *b, const Verdict *v)
{
	const CheckInfo *c = v->check;
	buf_add(b, S("{\"id\":"));
	json_quote(b, str_of(c->id));
	json_member(b, "name", str_of(c->name));
	json_member(b, "section", str_of(c->section));
	json_member(b, "title", str_of(c->title));
	numbers(b, c);
	json_member(b, "refs", str_of(c->refs));
	buf_fmt(b, ",\"level\":%u", c->level);
	json_member(b, "severity", str_of(severity_name(c->severity)));
	json_member(b, "outcome", str_of(outcome_name(v->outcome)));
	json_member(b, "seen", v->seen);
	json_member(b, "wanted", str_of(c->wanted));
	json_member(b, "source", v->source);
	buf_fmt(b, ",\"subjects\":%llu,\"not_evaluated\":%llu", (unsigned long long)v->subjects,
		(unsigned long long)v->unread);
	items(b, v);
	json_member(b, "why", str_of(c->why));
	json_member(b, "remedy", str_of(c->remedy));
	json_member(b, "accepted", v->accepted);
	buf_char(b, '}');
}

static void score_of(Buf *b, const CheckReport *r, const char *key, const char *section,
		     unsigned level)
{
	size_t judged;
	unsigned score = check_score(r, section, level, &judged);
	buf_fmt(b, "\"%s\":", key);
	if (judged != 0)
		buf_fmt(b, "%u", score);
	else
		buf_add(b, S("null"));
}

static void scores(Buf *b, const CheckReport *r)
{
	const char *section = "", *comma = "";
	buf_add(b, S("\"score\":{"));
	score_of(b, r, "total", NULL, 0);
	buf_add(b, S(",\"levels\":{"));
	score_of(b, r, "1", NULL, 1);
	buf_char(b, ',');
	score_of(b, r, "2", NULL, 2);
	buf_add(b, S("},\"sections\":{"));
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const char *is = r->verdicts.at[i].check->section;
		if (strcmp(is, section) == 0)
			continue;
		buf_fmt(b, "%s", comma);
		score_of(b, r, is, is, 0);
		section = is;
		comma = ",";
	}
	buf_add(b, S("}}"));
}

static void write_json(const CheckReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	(void)style;
	buf_fmt(to, "{\"schema_version\":%d,\"tool\":{\"name\":", SCHEMA_VERSION);
	json_quote(to, str_of(tool));
	json_member(to, "version", S(BULWARK_VERSION));
	buf_add(to, S("},\n\"host\":"));
	json_quote(to, r->host);
	json_member(to, "engine", r->engine);
	json_member(to, "benchmark",
		    checks_have_numbers(r) ? str_of(benchmark_name(r->benchmark)) : S(""));
	buf_add(to, S(",\n\"checks\":["));
	for (size_t i = 0; i < r->verdicts.n; i++) {
		buf_add(to, i != 0 ? S(",\n") : S("\n"));
		one(to, &r->verdicts.at[i]);
	}
	buf_add(to, S("],\n"));
	scores(to, r);
	buf_fmt(to, ",\n\"accepted\":%llu,\n\"warnings\":[", (unsigned long long)r->accepted);
	for (size_t i = 0; i < r->warnings.n; i++) {
		buf_add(to, i != 0 ? S(",") : S(""));
		json_quote(to, r->warnings.at[i]);
	}
	buf_add(to, S("]}\n"));
}

const CheckFormat check_format_json = {.name = "json",
				       .summary = "for programs (doc/formats/checks.schema.json)",
				       .write = write_json};
