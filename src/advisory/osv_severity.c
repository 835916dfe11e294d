/* osv_severity.c - a word of the publisher's, else a CVSS vector's score. */
#include "advisory/osv.h"

/* The newest version's; `scored`: of those that have a score. */
static Str newest_vector(const Value *holder, bool scored)
{
	const Value *severities = value_items(holder, S("severity"));
	Str best = S("");
	for (size_t i = 0; severities != NULL && i < severities->n; i++) {
		Str v = value_str(severities->items[i], S("score"));
		if (cvss_rank(v) > cvss_rank(best) && (!scored || cvss_score10(v) >= 0))
			best = v;
	}
	return best;
}

/* A broken vector is kept only where there is no whole one. */
static Str choose_vector(const Value *affected, const Value *record)
{
	Str v = newest_vector(affected, true);
	if (v.n == 0)
		v = newest_vector(record, true);
	if (v.n == 0)
		v = newest_vector(affected, false);
	return v.n != 0 ? v : newest_vector(record, false);
}

static bool take_word(const Value *specific, Str source, Advisory *row)
{
	Severity s;
	if (!severity_parse(value_str(specific, S("severity")), &s) || s == SEV_UNKNOWN)
		return false;
	row->severity = s;
	row->severity_source = source;
	return true;
}

void osv_severity(const OsvRules *r, const OsvRecord *record, const Value *affected, Advisory *row)
{
	Str source = str_starts(record->id, S("GHSA-")) ? S("ghsa") : str_of(r->publisher);
	row->cvss = choose_vector(affected, record->root);
	if (!take_word(value_get(affected, S("ecosystem_specific")), source, row) &&
	    !take_word(value_get(affected, S("database_specific")), source, row) &&
	    !take_word(value_get(record->root, S("database_specific")), source, row))
		advisory_rate(row);
}
