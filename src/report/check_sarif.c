/* check_sarif.c - checks as SARIF 2.1.0: a result for each thing that is wrong, and one for each
 * check that passes or could not be decided. */
#include "io/digest.h"
#include "report/check_format.h"
#include "report/check_say.h"
#include "report/sarif_out.h"

typedef struct Writing {
	JsonOut o;
	Arena a;
	Str host;
} Writing;

static const char *kind_of(Outcome o)
{
	switch (o) {
	case OUTCOME_PASS: return "pass";
	case OUTCOME_INFO: return "informational";
	case OUTCOME_NOTE: return "review";
	case OUTCOME_NA: return "notApplicable";
	case OUTCOME_ERROR: return "open"; /* not enough was known to decide */
	case OUTCOME_WARN: break;
	}
	return NULL;
}

static void rule(Writing *w, const CheckInfo *c)
{
	SarifRule r = {.id = str_of(c->id),
		       .name = str_of(c->name),
		       .brief = str_of(c->title),
		       .full = str_of(c->why),
		       .help = str_of(c->remedy),
		       .level = sarif_severity(c->severity),
		       .security = sarif_security(c->severity)};
	vec_push(&w->a, &r.tags, str_of(c->section));
	for (int i = 0; i < BENCHMARKS; i++) {
		Buf tag = buf_in(&w->a, 64);
		if (c->cis[i] == NULL)
			continue;
		buf_fmt(&tag, "CIS-Docker-%s/%s", benchmark_name((Benchmark)i), c->cis[i]);
		vec_push(&w->a, &r.tags, buf_str(&tag));
	}
	sarif_rule(&w->o, &r);
}

/* Of the host, the check and the thing; what is seen there may change. */
static Str id_of(Writing *w, const CheckInfo *c, const CheckItem *item)
{
	uint8_t sum[SHA256_BYTES];
	Buf key = buf_in(&w->a, SIZE_MAX), out = buf_in(&w->a, 64);
	buf_fmt(&key, "%zu:", w->host.n);
	buf_add(&key, w->host);
	buf_fmt(&key, ":%s:", c->id);
	if (item != NULL) {
		buf_add(&key, item->kind);
		buf_char(&key, ':');
		buf_add(&key, item->name);
	}
	sha256_of(buf_str(&key), sum);
	for (size_t i = 0; i < 16; i++)
		buf_fmt(&out, "%02x", sum[i]);
	return buf_str(&out);
}

static SarifPlace place_of(const Writing *w, const CheckItem *item)
{
	if (item == NULL)
		return (SarifPlace){.kind = "host", .name = w->host};
	if (str_eq(item->kind, S("file")))
		return (SarifPlace){.path = item->name, .kind = "host", .name = w->host};
	return (SarifPlace){.kind = "resource", .name = item->name};
}

static void result(Writing *w, const Verdict *v, size_t index, const CheckItem *item)
{
	Buf text = buf_in(&w->a, SIZE_MAX);
	buf_fmt(&text, "%s: ", v->check->title);
	buf_add(&text, item != NULL ? check_item_text(item, &w->a) : check_seen_text(v, &w->a));
	SarifResult r = {.rule = str_of(v->check->id),
			 .rule_index = index,
			 .kind = kind_of(v->outcome),
			 .level = sarif_severity(v->check->severity),
			 .message = buf_str(&text),
			 .place = place_of(w, item),
			 .id = id_of(w, v->check, item),
			 .accepted = item != NULL && item->accepted.n != 0 ? item->accepted
									   : v->accepted};
	sarif_result(&w->o, &r);
}

/* One for each thing that it warns of, be it accepted; else one for the check. */
static void results(Writing *w, const Verdict *v, size_t index)
{
	bool each = v->outcome == OUTCOME_WARN && v->items.n + v->accepted_items.n != 0;
	if (!each)
		result(w, v, index, NULL);
	for (size_t i = 0; each && i < v->items.n; i++)
		result(w, v, index, &v->items.at[i]);
	for (size_t i = 0; each && i < v->accepted_items.n; i++)
		result(w, v, index, &v->accepted_items.at[i]);
}

/* What could not be judged, all of it or some. */
static void note(Writing *w, const Verdict *v)
{
	Buf b = buf_in(&w->a, 64);
	buf_fmt(&b, "%llu of what it is about", (unsigned long long)v->unread);
	if (v->outcome == OUTCOME_ERROR)
		sarif_note(&w->o, str_of(v->check->id), v->seen);
	else if (v->unread != 0)
		sarif_note(&w->o, str_of(v->check->id), buf_str(&b));
}

static void write_sarif(const CheckReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	Writing w = {.o = {.b = to}, .host = r->host};
	(void)style;
	sarif_open(&w.o, tool);
	for (size_t i = 0; i < r->verdicts.n; i++)
		rule(&w, r->verdicts.at[i].check);
	sarif_results(&w.o);
	for (size_t i = 0; i < r->verdicts.n; i++)
		results(&w, &r->verdicts.at[i], i);
	sarif_notes(&w.o);
	for (size_t i = 0; i < r->verdicts.n; i++)
		note(&w, &r->verdicts.at[i]);
	sarif_close(&w.o);
	arena_finish(&w.a);
}

const CheckFormat check_format_sarif = {
	.name = "sarif", .summary = "SARIF 2.1.0, for code scanning", .write = write_sarif};
