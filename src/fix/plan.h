/* plan.h - what would be changed on a host, and why: a list of steps, each with what it finds and
 * what it leaves (doc/formats/plan.md).
 *
 * Made of a report of checks by a worker that looks through a Probe; carried out by act.h. What
 * only a person can decide is listed beside. */
#pragma once
#include "io/json.h"
#include "io/probe.h"
#include "model/check.h"

/* A plan as a file; a host has at most a few hundred steps. */
#define LIMIT_PLAN_BYTES (4u << 20)
#define LIMIT_PLAN_STEPS 10000u
/* A file that is changed. daemon.json has a few KB. */
#define LIMIT_FIX_FILE_BYTES (1u << 20)

typedef enum FixKind {
	FIX_MODE = 1, /* permissions: "0666" to "0644" */
	FIX_OWNER,    /* "1000:1000" to "0:0" */
	FIX_JSON,     /* a key of a JSON file: raw values */
	FIX_FILE,     /* a whole file: its text */
	FIX_SYSCTL,   /* a switch of the kernel, and a line that keeps it */
	FIX_AUDIT,    /* the kernel's audit rules: "loaded" */
} FixKind;

typedef struct FixStep {
	FixKind kind;
	Str path; /* real and absolute; of FIX_SYSCTL the file that keeps it; of FIX_AUDIT empty */
	Str key;  /* of FIX_JSON and FIX_SYSCTL */
	bool absent;       /* there is nothing before */
	Str before, after; /* of FIX_FILE before is its digest, "sha256:..." */
	StrVec checks;     /* which it answers: "B202" */
	Str risk;          /* what may break; one sentence */
	Str restart;       /* what must be restarted or told: "dockerd"; empty: nothing */
} FixStep;
typedef VEC(FixStep) FixStepVec;

typedef struct FixManual { /* what a person must do */
	Str check, title, why, remedy;
} FixManual;
typedef VEC(FixManual) FixManualVec;

typedef struct FixPlan {
	Str host;
	FixStepVec steps;
	FixManualVec manual;
} FixPlan;

const char *fix_kind_name(FixKind k); /* "mode" */

/* ---- JSON ---- */

void fix_plan_json(const FixPlan *plan, Buf *to);
/* ERR_INPUT when it is not a plan. For a worker. */
Result fix_plan_parse(Str text, Arena *a, FixPlan *out);

/* ---- through the pipe ---- */

void fix_plan_write(Buf *to, const FixPlan *plan);
/* ERR_BUG when the bytes are not what fix_plan_write() makes. */
Result fix_plan_read(Str from, Arena *a, FixPlan *out);
