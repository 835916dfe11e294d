/* audit_rules.h - the audit rules a machine should have: made, compared with the kernel's, loaded,
 * removed. */
#pragma once
#include "audit/cover.h"
#include "audit/wanted.h"
#include "flow/audit_state.h"

typedef struct AuditRulesRequest {
	const char *root;   /* an unpacked host; NULL: this machine */
	const char *engine; /* as bench.h has it; NULL: as a client finds it */
	bool allow_unsandboxed;
} AuditRulesRequest;

/* A machine without an engine that runs has its rules made from units and files. *missing: the
 * sandbox's layers that the kernel lacks. */
Result audit_rules_make(const AuditRulesRequest *r, Arena *a, AuditPlan *out, Str *missing);

typedef enum AuditStanding {
	STANDS_PRESENT = 1,
	STANDS_WEAKER,
	STANDS_MISSING,
	STANDS_ADDED,   /* it was missing or weaker, and is loaded now */
	STANDS_REFUSED, /* the kernel did not take it; see why */
	STANDS_EXTRA,   /* has our key, and is not wanted (any more) */
	STANDS_OTHER,   /* somebody else's */
	STANDS_REMOVED,
} AuditStanding;

typedef struct AuditJudged {
	AuditStanding standing;
	AuditRule rule;
	Str cis, why;
} AuditJudged;
typedef VEC(AuditJudged) AuditJudgedVec;

typedef struct AuditComparison {
	AuditStatus status;
	bool off; /* nothing is recorded, whatever the rules say */
	AuditJudgedVec rules;
} AuditComparison;

/* With the kernel's rules. */
Result audit_rules_compare(const AuditPlan *plan, Arena *a, AuditComparison *out);
/* Adds what is missing or weaker; `enable`: switches auditing on, too. */
Result audit_rules_load(const AuditPlan *plan, bool enable, Arena *a, AuditComparison *out);
/* Removes every rule with a key of ours. */
Result audit_rules_unload(Arena *a, AuditComparison *out);
