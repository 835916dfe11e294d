/* advisory.h - what is known to be bad: one row says that some versions of one
 * package of one ecosystem are touched by one vulnerability.
 *
 * Ecosystem keys are lower case distribution and release, or the OSV name of a
 * language: "debian:12", "alpine:3.19", "alpine:edge", "wolfi", "chainguard",
 * "almalinux:9", "PyPI", "Go". Package names are as that ecosystem's advisories
 * spell them; PyPI normalised by PEP 503. */
#pragma once
#include "base/vec.h"
#include "model/pkg.h"

typedef enum Severity {
	SEV_UNKNOWN = 0,
	SEV_NEGLIGIBLE,
	SEV_LOW,
	SEV_MEDIUM,
	SEV_HIGH,
	SEV_CRITICAL,
} Severity;

typedef enum Status { /* of a package in an image, or of a release by its vendor */
		      STATUS_AFFECTED = 1,
		      STATUS_FIXED, /* a fixed version exists */
		      STATUS_WILL_NOT_FIX,
		      STATUS_DEFERRED,
		      STATUS_END_OF_LIFE,
		      STATUS_UNDER_INVESTIGATION,
		      STATUS_NOT_AFFECTED, /* the vendor says so: kept, because it also silences
					      others */
} Status;

typedef enum VersionScheme {
	SCHEME_NONE = 0,
	SCHEME_DEB,
	SCHEME_RPM,
	SCHEME_APK,
	SCHEME_SEMVER,
	SCHEME_PEP440,
} VersionScheme;

/* Versions v with introduced <= v, and v < fixed or v <= last_affected. An empty
 * `introduced` is the beginning; both ends empty: no fix is known. OSV's events
 * (schema 1.7, "affected[].ranges[].events") are turned into these when a feed is read. */
typedef struct Range {
	Str introduced, fixed, last_affected;
} Range;

typedef struct Advisory {
	Str ecosystem, package;
	Str id;              /* the advisory's own: CVE-..., GO-..., PYSEC-..., ALSA-... */
	StrVec aliases;      /* other ids of the same thing, CVE ids first */
	Str feed;            /* Feed.name */
	Status status;       /* STATUS_FIXED when a range has a fixed version */
	Str vendor_state;    /* the vendor's own word: "no-dsa", "postponed", "undetermined"; may be
				empty */
	Severity severity;   /* the feed's own word for this package, else from its CVSS */
	Str severity_source; /* "debian", "cvss:3.1", ...; empty when severity is unknown */
	Str cvss; /* vector, of the newest version that the feed gives whole; may be empty */
	VersionScheme scheme;
	VEC(Range) ranges;
	StrVec versions;   /* OSV "versions": exactly these, besides the ranges */
	StrVec arches;     /* empty: every architecture */
	Str module;        /* rpm module "name:stream"; empty: not modular */
	int64_t published; /* 0: not said */
} Advisory;

typedef struct AdvisoryDetail { /* what a person reads; apart from matching */
	Str id;
	Str title, text;
	StrVec references; /* URLs */
	StrVec cwes;
	int64_t published, modified;
	bool withdrawn;
} AdvisoryDetail;

typedef struct Exploited { /* one row of CISA's KEV catalogue */
	Str cve;
	int64_t added, due;
	bool ransomware; /* known ransomware campaign use */
} Exploited;

typedef struct Rating { /* the best that the rows of any package say of a CVE's severity */
	Severity severity;
	Str cvss;         /* empty: an erratum's word, an upper bound */
	Str feed, record; /* who says so */
} Rating;

typedef struct Epss { /* one row of FIRST's EPSS: probability and percentile, 0..1 */
	Str cve;
	double score, percentile;
} Epss;

typedef struct Lifecycle {                              /* one release of one distribution */
	Str ecosystem;                                  /* "debian:12" */
	int64_t released, end_of_life, end_of_extended; /* 0: not said */
} Lifecycle;

const char *severity_name(Severity s);        /* "critical" */
bool severity_parse(Str word, Severity *out); /* any case; "moderate" and "important" too */
const char *status_name(Status s);            /* "will_not_fix" */

/* Score of a CVSS vector times ten; -1: it is none, or not a whole one of its version. Of v2, 3.0
 * and 3.1 the base score; of v4.0 the one of all its metrics (model/cvss4.h). */
int cvss_score10(Str vector);
Severity cvss_severity(int score10);  /* by the qualitative scale of v3 and v4; -1: unknown */
const char *cvss_version(Str vector); /* "cvss:4.0" by how it begins; NULL: none of the above */
unsigned cvss_rank(Str vector);       /* greater: newer; 0: none of the above */
/* A row that nobody rated gets the severity of its vector's score, and cvss_version() for its
 * source. */
void advisory_rate(Advisory *row);
