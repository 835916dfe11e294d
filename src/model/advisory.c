/* advisory.c - the words of severities and states. */
#include "model/advisory.h"

static const char *const severities[] = {"unknown", "negligible", "low",
					 "medium",  "high",       "critical"};
static const char *const statuses[] = {
	[STATUS_AFFECTED] = "affected",
	[STATUS_FIXED] = "fixed",
	[STATUS_WILL_NOT_FIX] = "will_not_fix",
	[STATUS_DEFERRED] = "deferred",
	[STATUS_END_OF_LIFE] = "end_of_life",
	[STATUS_UNDER_INVESTIGATION] = "under_investigation",
	[STATUS_NOT_AFFECTED] = "not_affected",
};

const char *severity_name(Severity s)
{
	return s >= SEV_UNKNOWN && s <= SEV_CRITICAL ? severities[s] : severities[SEV_UNKNOWN];
}

bool severity_parse(Str word, Severity *out)
{
	static const struct {
		const char *word;
		Severity means;
	} others[] = {{"moderate", SEV_MEDIUM},
		      {"important", SEV_HIGH},
		      {"unimportant", SEV_NEGLIGIBLE},
		      {"none", SEV_NEGLIGIBLE}};
	for (int s = SEV_UNKNOWN; s <= SEV_CRITICAL; s++)
		if (str_eq_nocase(word, str_of(severities[s]))) {
			*out = (Severity)s;
			return true;
		}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (str_eq_nocase(word, str_of(others[i].word))) {
			*out = others[i].means;
			return true;
		}
	return false;
}

const char *status_name(Status s)
{
	return s >= STATUS_AFFECTED && s <= STATUS_NOT_AFFECTED ? statuses[s] : "unknown";
}

void advisory_rate(Advisory *row)
{
	int score10 = row->severity == SEV_UNKNOWN ? cvss_score10(row->cvss) : -1;
	if (score10 < 0)
		return;
	row->severity = cvss_severity(score10);
	row->severity_source = str_of(cvss_version(row->cvss));
}
