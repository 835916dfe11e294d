/* osv_severity.c - a word of the publisher's, else a CVSS vector's score. */
#include "advisory/osv.h"

/* The newest first. A v2 vector has no prefix. */
static unsigned cvss_rank(Str vector)
{
	static const char *const newest_first[] = {"CVSS:4.0/", "CVSS:3.1/", "CVSS:3.0/", "AV:"};
	for (unsigned i = 0; i < 4; i++)
		if (str_starts(vector, str_of(newest_first[i])))
			return 4 - i;
	return 0;
}

/* `scored`: of those that cvss_score10() knows. */
static Str newest_vector(const Value *severities, bool scored)
{
	Str best = S("");
	for (size_t i = 0; severities != NULL && i < severities->n; i++) {
		Str v = value_str(severities->items[i], S("score"));
		if (cvss_rank(v) > cvss_rank(best) && (!scored || cvss_score10(v) >= 0))
			best = v;
	}
	return best;
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

static bool take_score(const Value *holder, Str source, Advisory *row)
{
	Str vector = newest_vector(value_items(holder, S("severity")), true);
	if (vector.n == 0)
		return false;
	row->severity = cvss_severity(cvss_score10(vector));
	row->severity_source = source;
	return true;
}

void osv_severity(const OsvRules *r, const OsvRecord *record, const Value *affected, Advisory *row)
{
	Str source = str_starts(record->id, S("GHSA-")) ? S("ghsa") : str_of(r->publisher);
	row->cvss = newest_vector(value_items(affected, S("severity")), false);
	if (row->cvss.n == 0)
		row->cvss = newest_vector(value_items(record->root, S("severity")), false);
	(void)(take_word(value_get(affected, S("ecosystem_specific")), source, row) ||
	       take_word(value_get(affected, S("database_specific")), source, row) ||
	       take_word(value_get(record->root, S("database_specific")), source, row) ||
	       take_score(affected, source, row) || take_score(record->root, source, row));
}
