/* osv.h - records of the OSV schema (1.7), JSON or YAML, as rows of one ecosystem.
 *
 * A record becomes one row for each package of that ecosystem. Its events become ranges: from
 * `introduced` on, up to the `fixed`, `limit` or `last_affected` that follows it, in the record's
 * order when it makes sense, else in that of the versions. GIT ranges are left out. */
#pragma once
#include "advisory/feed.h"
#include "io/json.h"

typedef struct OsvRules {
	const char *feed;
	const char *publisher; /* whose the words of severity are, when not the record's own */
	VersionScheme scheme;
	/* Our key of an OSV ecosystem ("AlmaLinux:9"), or empty: it is not this feed's. */
	Str (*ecosystem)(Arena *a, Str name);
	Str (*package)(Arena *a, Str name); /* as this ecosystem's rows spell it; NULL: as it is */
} OsvRules;

typedef struct OsvRecord {
	const Value *root;
	Str id;
	AdvisoryVec rows;
	AdvisoryDetail detail;
} OsvRecord;

/* *mine: it is an OSV record with a package of this ecosystem. Then rows and detail are filled;
 * no rows when it was withdrawn, or `to` was told that it was skipped. All lives in `a`. */
Result osv_record(const OsvRules *r, const FeedDocument *doc, Arena *a, const FeedSink *to,
		  OsvRecord *out, bool *mine);
/* Gives the rows, and if there are any the detail. */
Result osv_give(const OsvRecord *record, const FeedSink *to);
/* Both, one after the other. */
Result osv_read(const OsvRules *r, const FeedDocument *doc, Arena *a, const FeedSink *to,
		bool *mine);

/* Ids in the record's `lists` (ends with NULL), each once, CVE ids first, without its own. */
typedef enum OsvIds { OSV_IDS_ALL, OSV_IDS_CVE } OsvIds;
StrVec osv_ids(Arena *a, const OsvRecord *r, const char *const *lists, OsvIds which);

/* ---- of osv_range.c ---- */

/* Adds to row->ranges what one element of affected[].ranges says; ERR_LIMIT past
 * LIMIT_OSV_EVENTS. */
Result osv_range(Arena *a, const Value *range, Advisory *row);

/* ---- of osv_severity.c ---- */

/* Sets severity, severity_source and cvss from what stands at the package, else the record. */
void osv_severity(const OsvRules *r, const OsvRecord *record, const Value *affected, Advisory *row);
