/* audit_state.h - the kernel's audit as it is now, for those who judge it: its state, its rules. */
#pragma once
#include "audit/netlink.h"

typedef struct AuditState {
	Str why; /* it could not be read; empty: it could */
	AuditStatus status;
	AuditRuleVec rules;
	bool off; /* whatever the rules say, nothing is recorded */
} AuditState;

/* The same rules with paths as the kernel took them: links to their folders are followed, and one
 * in the last place is not: a rule for such a link says nothing of where it leads. */
void audit_rules_resolve(const AuditRuleVec *loaded, Arena *a, AuditRuleVec *out);
/* The rules are resolved. Never fails: `why` says. Everything lives in `a`. */
void audit_state_read(Arena *a, AuditState *out);

typedef struct AuditedPath {
	Str path;
	bool tree;   /* and everything beneath it */
	bool writes; /* writing and changing attributes are recorded, of every program */
} AuditedPath;
typedef VEC(AuditedPath) AuditedPathVec;

/* The paths that rules name. */
void audit_state_paths(const AuditState *s, Arena *a, AuditedPathVec *out);
