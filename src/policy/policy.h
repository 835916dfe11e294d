/* policy.h - what the user accepts, and when a report fails. */
#pragma once
#include "model/check.h"
#include "model/finding.h"

typedef struct IgnoreEntry {
	Str id;      /* of the finding, of an alias, or of the record; in any case */
	Str package; /* name of the package or of its source; of a check, the item; empty: any */
	Str reason;  /* may be empty */
	int64_t expires; /* 0: never; else the last day it counts, in UTC */
	unsigned line;   /* where it stands: the line, or the entry's number in a YAML list */
} IgnoreEntry;

typedef struct Policy {
	VEC(IgnoreEntry) ignore;
	Str ignore_name;     /* of the file they came from, for messages */
	uint32_t severities; /* bit per Severity; 0: all are shown */
	bool only_fixed;
	bool fail_on_severity; /* fail_at and up */
	Severity fail_at;
	bool fail_on_not_evaluated;
} Policy;

#define POLICY_NOT_EVALUATED "not-evaluated"
/* The words of --fail-on: the lowest severity named is the bar; POLICY_NOT_EVALUATED. */
void policy_set_bar(const StrVec *words, Policy *p);
/* The ignore file: doc/formats/ignore-file.md. Errors name file, line, and what to do.
 * Strings live in `a` or in `text`. */
Result policy_read_ignore(Str name, Str text, Arena *a, Policy *out);
/* Takes ignored and unwanted findings out, and counts them; the ignored are kept with the reason as
 * accepted. Warns of expired and unused entries. */
void policy_apply(const Policy *p, int64_t now, Arena *a, Report *r);
/* What a remark counts as beside findings: error high, warning medium, info low, style unknown. */
Severity level_severity(Level l);
/* Is anything that is left at or above the bar? Informational findings never are. */
bool policy_fails(const Policy *p, const Report *r);

/* Of checks: an entry's id is the check's id, name, or number in the benchmark; its item a
 * container, a file, a user ... What it accepts is marked, still shown, and does not count. */
void policy_apply_checks(const Policy *p, int64_t now, Arena *a, CheckReport *r);
/* Is a WARN that is not accepted at or above the bar, or an ERROR when not evaluated counts? */
bool policy_fails_checks(const Policy *p, const CheckReport *r);
