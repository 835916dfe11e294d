/* check.h - a check of a machine, and what came of it: by `bench` and by `host`.
 *
 * Strings are borrowed. Numbers of the CIS Docker Benchmark are only numbers: every word here is
 * ours. */
#pragma once
#include "base/buf.h"
#include "base/vec.h"
#include "model/advisory.h"

typedef enum Outcome {
	OUTCOME_PASS = 1,
	OUTCOME_WARN,  /* it is not as it should be */
	OUTCOME_INFO,  /* a fact somebody should look at */
	OUTCOME_NOTE,  /* only a person can judge it; the items help */
	OUTCOME_NA,    /* it does not apply here; `seen` says why */
	OUTCOME_ERROR, /* it could not be read; `seen` says what and why */
} Outcome;
enum { OUTCOMES = OUTCOME_ERROR + 1 };

typedef enum Benchmark { CIS_160, CIS_170, CIS_180, BENCHMARKS } Benchmark;

typedef struct CheckInfo {
	const char *id;              /* "B202"; never used again for something else */
	const char *name;            /* "icc" */
	const char *section;         /* "daemon" */
	const char *title;           /* what is asked for, one phrase */
	const char *cis[BENCHMARKS]; /* "2.2"; NULL: not in that version */
	const char *refs;            /* other programs' ids, comma separated; may be NULL */
	unsigned level;              /* profile 1 or 2; 0: not of the benchmark */
	Severity severity;           /* its weight in the score */
	const char *why;             /* what goes wrong otherwise */
	const char *wanted;          /* "icc: false" */
	const char *remedy;          /* what to do */
} CheckInfo;

typedef struct CheckItem { /* one thing that the outcome is about */
	Str kind;          /* "container", "image", "file", "network", "process", "user" ... */
	Str name;          /* of a container: its name; of a file: its path as on that host */
	Str seen;
	Str accepted; /* by a baseline: its reason; empty: not accepted */
} CheckItem;

typedef struct Verdict {
	const CheckInfo *check;
	Outcome outcome;
	Str seen;   /* what is; one line */
	Str source; /* who said so: "GET /info", "/etc/docker/daemon.json", "dockerd's argv" */
	uint64_t subjects;    /* how many things were looked at; 0: the machine as one */
	VEC(CheckItem) items; /* those that the outcome is about, sorted */
	uint64_t unread;      /* of the subjects: could not be judged, whatever the outcome */
	uint64_t taken;       /* of the subjects: a baseline took their items */
	VEC(CheckItem) accepted_items; /* those, in the baseline's order */
	Str accepted;                  /* by a baseline: its reason; empty: not accepted */
} Verdict;
typedef VEC(Verdict) VerdictVec;

typedef struct CheckReport {
	Str host;   /* its name; of an unpacked one: the path */
	Str engine; /* "Docker 20.10.24 (API 1.41)"; empty: none */
	Benchmark benchmark;
	VerdictVec verdicts; /* a section after the other, in it by id or checks_by_number() */
	uint64_t accepted;   /* verdicts and items that a baseline took */
	StrVec warnings;     /* for the person: no engine; entries of the baseline that expired */
} CheckReport;

bool checks_have_numbers(const CheckReport *r); /* of its benchmark */

const char *outcome_name(Outcome o);     /* "PASS" ... "N/A", "ERROR" */
bool outcome_parse(Str s, Outcome *out); /* in any case */

typedef struct CheckSelection {
	StrVec sections, only, exclude; /* of checks: an id, a name, or a number of the benchmark */
	unsigned level;                 /* 1: only profile 1; else all */
	Benchmark benchmark;            /* whose numbers are meant and shown */
} CheckSelection;

bool check_is_selected(const CheckInfo *c, const CheckSelection *s);
bool check_is_called(const CheckInfo *c, Str word, Benchmark b);
const char *benchmark_name(Benchmark b); /* "1.8.0" */

/* Orders each section by the benchmark's numbers; what has none comes after, by id. */
void checks_by_number(CheckReport *r);

/* ---- for those who judge ---- */

/* Sets the outcome, and in one line what is and who said so. */
void verdict_is(Verdict *v, Arena *a, Outcome o, Str source, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Reading `what` failed with `sys`: OUTCOME_ERROR; with ENOENT too. */
void verdict_unread(Verdict *v, Arena *a, Str what, int sys);
/* One more thing that the outcome is about. All are copied. */
void verdict_item(Verdict *v, Arena *a, const char *kind, Str name, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Its items by kind, name, and what was seen: the order they come in is not the judge's. */
void verdict_sort(Verdict *v);

/* ---- score ---- */

/* 0 to 100. Each check with a PASS or WARN counts by its severity (low 1, medium 2, high 4,
 * critical 8); a WARN earns the share of its subjects that are fine, and nothing where the machine
 * is the only subject. What a baseline accepts counts as it is. *judged: how many checks counted;
 * with 0 of them the score means nothing. `section` NULL: all; `level` 0: all. */
unsigned check_score(const CheckReport *r, const char *section, unsigned level, size_t *judged);

/* ---- through a pipe ---- */

void checks_write(Buf *to, const CheckReport *r);
/* ERR_BUG when the bytes are not what checks_write() makes. `named` finds a check by its id. */
Result checks_read(Str from, const CheckInfo *(*named)(Str id), Arena *a, CheckReport *out);
