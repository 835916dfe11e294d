/* fix.h - from a report of checks to a plan, from a plan to changes, and back.
 *
 * Changes are recorded before the first is made: /var/lib/bulwark/undo/ID has what each finds and
 * leaves, and a copy of every file that is replaced. Whether a change was made is seen by looking,
 * so that taking back works after a crash at any point. */
#pragma once
#include "engine/listen.h"
#include "fix/act.h"
#include "fix/plan.h"
#include "model/check.h"

#define FIX_UNDO_DIR "/var/lib/bulwark/undo"

typedef struct FixPlanRequest {
	const char *root, *engine, *config; /* as BenchRequest has them */
	EngineTls tls;
	bool allow_unsandboxed;
} FixPlanRequest;

Result fix_plan_run(const FixPlanRequest *r, const CheckReport *report, Arena *a, FixPlan *out);

typedef struct FixRequest {
	const char *root;     /* an unpacked host; NULL: this machine, and its kernel */
	const char *undo_dir; /* NULL: FIX_UNDO_DIR, in the tree */
	const char *engine;   /* for audit rules; may be NULL */
	bool force;           /* take back what somebody changed meanwhile */
	bool allow_unsandboxed;
} FixRequest;

typedef enum FixOutcome {
	FIX_DONE = 1,
	FIX_ALREADY, /* it was so */
	FIX_OVER,    /* somebody else's change was overwritten */
} FixOutcome;

typedef struct FixDone {
	Action action;
	FixOutcome outcome;
} FixDone;

typedef struct FixResult {
	Str id; /* of the record; empty: nothing had to be done */
	VEC(FixDone) done;
	Str failed; /* what stopped it; empty: it went through */
} FixResult;

/* All steps are looked at before the first is done. */
Result fix_apply_run(const FixRequest *r, Str plan, Arena *a, FixResult *out);
/* `id` NULL: the last one that was not taken back. ERR_INPUT, and nothing is done, when somebody
 * changed meanwhile what would be taken back, unless `force`. */
Result fix_undo_run(const FixRequest *r, const char *id, Arena *a, FixResult *out);
