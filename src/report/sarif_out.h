/* sarif_out.h - SARIF 2.1.0 (OASIS, 2020) being written: one run, its rules, its results.
 *
 *     sarif_open(&o, "bulwark lint");
 *     sarif_rule(&o, &rule) ...      each rule once; results name them by index
 *     sarif_results(&o);
 *     sarif_result(&o, &result) ...
 *     sarif_notes(&o);
 *     sarif_note(&o, what, why) ...  what could not be evaluated
 *     sarif_close(&o);
 *
 * Columns count characters (columnKind unicodeCodePoints); regions of fixes are bytes. */
#pragma once
#include "io/json_out.h"
#include "model/advisory.h"
#include "model/remark.h"

typedef struct SarifRule {
	Str id;
	Str name, brief, full, help; /* empty: none */
	const char *level;           /* "error", "warning", "note", "none" */
	const char *precision;       /* "high", "medium", "low"; NULL: none */
	const char *security; /* 0.0 to 10.0, which GitHub sorts by; NULL: not about security */
	StrVec tags;
} SarifRule;

typedef struct SarifPlace {
	Str path;                                    /* a file; empty: none */
	uint32_t line, column, end_line, end_column; /* 0: not known */
	const char *kind; /* of what is not a file: "container", "layer" ... */
	Str name;         /* empty: none */
} SarifPlace;

typedef struct SarifResult {
	Str rule;
	size_t rule_index;
	const char
		*kind; /* "pass", "open", "review", "informational", "notApplicable"; NULL: fail */
	const char *level;
	Str message;
	SarifPlace place;
	Str id;            /* stays the same from run to run; empty: none */
	const Remark *fix; /* whose edits mend it; NULL: none */
	Str accepted;      /* why it does not count; empty: it counts */
	bool in_source;    /* the file itself says so */
} SarifResult;

void sarif_open(JsonOut *o, const char *tool);
void sarif_rule(JsonOut *o, const SarifRule *r);
void sarif_results(JsonOut *o);
void sarif_result(JsonOut *o, const SarifResult *r);
void sarif_notes(JsonOut *o);
void sarif_note(JsonOut *o, Str what, Str why);
void sarif_close(JsonOut *o);

/* A path as a URI reference (RFC 3986): relative as it is, absolute with "file://". */
void sarif_uri(Buf *b, Str path);
const char *sarif_level(Level l);       /* style and info are notes */
const char *sarif_severity(Severity s); /* "error", "warning", "note" */
const char *sarif_security(Severity s); /* the middle of its band in CVSS's scale: "8.0" */
