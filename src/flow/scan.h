/* scan.h - one image from name to report: acquire, catalog, match.
 *
 * Acquiring and cataloguing run in a worker (io/worker.h); matching runs here,
 * over the database. What the user accepts is applied by the caller. */
#pragma once
#include "flow/progress.h"
#include "lint/options.h"
#include "model/finding.h"

/* Bits: packages against advisories; settings, history and files against the rules about images;
 * keys, tokens and passwords in every layer; signs of malware in every layer. */
typedef enum Scanner { SCAN_VULN = 1, SCAN_LINT = 2, SCAN_SECRETS = 4, SCAN_MALWARE = 8 } Scanner;

typedef struct ScanRequest {
	unsigned scanners;   /* Scanner */
	LintOptions lint;    /* of SCAN_LINT */
	Str target;          /* see image/target.h */
	Str platform;        /* empty: this host's */
	const char *db_path; /* NULL: the updated database, else the bundled snapshot */
	bool kernel;         /* count kernel packages like any other */
	bool allow_unsandboxed;
	bool export;      /* ask an engine for its layers instead of reading them in place */
	bool allow_stale; /* with fail_on_set: accept the bundled snapshot all the same */
	bool fail_on_set; /* the caller will judge: a bundled snapshot is then refused */
	int64_t now;      /* seconds; for end of life and the age of the database */
	Progress progress;
} ScanRequest;

typedef struct ScanOutcome {
	Report report;        /* without SCAN_VULN: image and packages alone */
	RemarkReport remarks; /* of the others */
	Str road;             /* how the image was read, one line */
	Str missing;          /* sandbox layers that the kernel lacks; empty: none */
	Str db_path;          /* which database answered */
} ScanOutcome;

/* Everything in *out lives in `a`. */
Result scan_run(const ScanRequest *r, Arena *a, ScanOutcome *out);
