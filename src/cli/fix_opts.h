/* fix_opts.h - what `bench` and `host` have in common for mending: --plan, --apply, --undo. */
#pragma once
#include "cli/check_opts.h"
#include "flow/fix.h"

typedef struct FixOpts {
	bool plan, undo, force;
	const char *apply, *undo_dir;
} FixOpts;

/* Rows of an option table whose struct T has a FixOpts in `field`. */
#define FIX_OPTS(T, field)                                                                   \
	OPT(OPT_FLAG, 0, "plan", T, field.plan, NULL,                                        \
	    "print what would mend it, and to a FILE that is named"),                        \
		OPT_ACT(OPT_STR, 0, "apply", T, field.apply, "FILE", "carry out a plan"),    \
		OPT_ACT(OPT_FLAG, 0, "undo", T, field.undo, NULL,                            \
			"take back what a plan changed: the last, or the ID that is named"), \
		OPT_ACT(OPT_FLAG, 0, "force", T, field.force, NULL,                          \
			"with --undo: also what somebody has changed since"),                \
		OPT(OPT_STR, 0, "undo-dir", T, field.undo_dir, "DIR",                        \
		    "where what is replaced is kept (default " FIX_UNDO_DIR ")")

#define FIX_HELP                                                                                  \
	{                                                                                         \
		"Mending", "With --plan, what can be mended exactly is planned, and the rest "    \
			   "listed for a person. A plan is a file that can be read and cut down " \
			   "(doc/formats/plan.md). --apply begins only when everything is as it " \
			   "was when the plan was made, keeps what it replaces, and restarts "    \
			   "nothing. --undo takes it back, after a crash too.\n"                  \
	}

typedef struct FixContext {
	const FixOpts *opts;
	const char *tool;    /* "bulwark bench" */
	const char *operand; /* may be NULL */
	const char *root, *engine, *format;
	bool allow_unsandboxed;
	const CheckInfo *(*named)(Str id);
	Benchmark benchmark;
} FixContext;

/* Takes the operand. ERR_USAGE for options that do not go together, and for one nobody takes. */
Result fix_opts_check(FixContext *c, int argc, char **argv);
/* --apply or --undo, from beginning to end. */
Result fix_change(const FixContext *c, Arena *a, int *exit_code);
/* --plan, of a report that was just made; what the baseline accepts is left as it is. */
Result fix_plan_report(const FixContext *c, const FixPlanRequest *r, const CheckRun *run,
		       CheckReport *report, Arena *a);
