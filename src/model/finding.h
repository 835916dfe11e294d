/* finding.h - what is wrong with what is installed, and a whole report of it. */
#pragma once
#include "model/advisory.h"
#include "model/image.h"
#include "model/remark.h"

typedef struct Evidence {
	Str feed;       /* which feed's record */
	Str record;     /* the record's own id */
	Str ecosystem;  /* under which key it was found */
	Str package;    /* under which name: binary, source or origin */
	Str compared;   /* the version that was compared: the binary's or the source's */
	Str comparison; /* "1.2-3 < 1.2-4 (deb)" */
} Evidence;

typedef struct Finding {
	Str id;            /* CVE when there is one, else the advisory's own */
	StrVec aliases;    /* sorted, without id */
	uint32_t pkg;      /* index into Report.facts.pkgs */
	Str fixed_version; /* empty: none known */
	Status status;
	Str vendor_state;
	Severity severity;
	Str severity_source, cvss;
	bool exploited; /* in KEV */
	bool ransomware;
	double epss, epss_percentile; /* -1: not in EPSS */
	int64_t published;
	bool informational; /* a kernel in a container: shown on request, never counted against a
			       bar */
	Str title;          /* one line; may be empty */
	StrVec references;
	Evidence evidence;
	Str accepted; /* why the user accepts it; empty: it counts */
} Finding;

typedef struct DbStamp { /* which data answered */
	Str id;          /* content digest of the database */
	int64_t built;   /* newest data in it, not the moment of the build */
	bool bundled;    /* the snapshot that came with the program */
	VEC(struct FeedStamp {
		Str name;
		int64_t as_of;
		uint64_t rows;
	})
	feeds;
} DbStamp;

typedef struct Report {
	const Image *image;
	const Facts *facts;
	DbStamp db;
	StrVec asked; /* feeds that had a row of any package here, each once */
	bool os_end_of_life;
	int64_t os_end_date;
	VEC(Finding) findings; /* sorted: severity down, package, id */
	VEC(Undecided) not_evaluated;
	VEC(Finding) accepted; /* by the ignore file; sorted as the others */
	size_t ignored;        /* findings it takes out; `accepted` has the wanted ones */
	size_t hidden;   /* findings the user did not ask for, by --severity or --only-fixed */
	StrVec warnings; /* for the person: a stale database, an ignore entry that expired */
	RemarkReport *remarks; /* about settings, history and files; NULL: not asked for */
} Report;
