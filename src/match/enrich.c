/* enrich.c - each id is looked up once, in the tables' order, so that their shards are read once.
 */
#include "match/enrich.h"

#include <stdlib.h>

#include "base/buf.h"

typedef struct ById {
	Str id;
	uint32_t finding;
} ById;

static int by_id(const void *a, const void *b)
{
	return str_cmp(((const ById *)a)->id, ((const ById *)b)->id);
}

static void copy(Finding *to, const Finding *from)
{
	to->exploited = from->exploited;
	to->ransomware = from->ransomware;
	to->epss = from->epss;
	to->epss_percentile = from->epss_percentile;
	to->title = from->title;
	to->references = from->references;
	if (to->published == 0)
		to->published = from->published;
}

static void copy_rating(Finding *to, const Finding *from)
{
	to->severity = from->severity;
	to->severity_source = from->severity_source;
	to->cvss = from->cvss;
}

/* The detail under the finding's id, else under that of the record that matched. */
static Result find_detail(AdvisoryDb *db, Arena *a, Finding *f)
{
	AdvisoryDetail d;
	bool found;
	TRY(advisory_db_detail(db, a, f->id, &d, &found));
	if (!found && !str_eq(f->id, f->evidence.record))
		TRY(advisory_db_detail(db, a, f->evidence.record, &d, &found));
	if (!found)
		return OK;
	f->title = d.title.n != 0 ? d.title : str_first(d.text, 200);
	f->references = d.references;
	if (f->published == 0)
		f->published = d.published;
	return OK;
}

/* What other feeds say of an id that the feed which matched does not rate. */
static Result rate(AdvisoryDb *db, Arena *a, Finding *f)
{
	Rating r;
	bool found;
	TRY(advisory_db_rating(db, a, f->id, &r, &found));
	if (!found)
		return OK;
	Buf source = buf_in(a, 1024);
	buf_fmt(&source, STR_FMT " " STR_FMT, STR_ARG(r.feed), STR_ARG(r.record));
	f->severity = r.severity;
	f->severity_source = buf_str(&source);
	f->cvss = r.cvss;
	return OK;
}

static Result enrich(AdvisoryDb *db, Arena *a, Finding *f)
{
	Exploited e;
	Epss p;
	bool found;
	TRY(advisory_db_exploited(db, a, f->id, &e, &found));
	f->exploited = found;
	f->ransomware = found && e.ransomware;
	TRY(advisory_db_epss(db, f->id, &p, &found));
	if (found) {
		f->epss = p.score;
		f->epss_percentile = p.percentile;
	}
	return find_detail(db, a, f);
}

Result enrich_findings(AdvisoryDb *db, Arena *a, Report *r)
{
	ById *order = arena_array(a, ById, r->findings.n);
	for (uint32_t i = 0; i < r->findings.n; i++)
		order[i] = (ById){r->findings.at[i].id, i};
	if (r->findings.n > 1)
		qsort(order, r->findings.n, sizeof *order, by_id);
	const Finding *rated = NULL; /* the first of its id that needed another's word */
	for (size_t i = 0; i < r->findings.n; i++) {
		Finding *f = &r->findings.at[order[i].finding];
		bool same = i != 0 && str_eq(order[i].id, order[i - 1].id);
		if (same)
			copy(f, &r->findings.at[order[i - 1].finding]);
		else
			TRY(enrich(db, a, f));
		if (!same)
			rated = NULL;
		if (f->severity != SEV_UNKNOWN)
			continue;
		if (rated != NULL)
			copy_rating(f, rated);
		else
			TRY(rate(db, a, f));
		rated = f;
	}
	return OK;
}
