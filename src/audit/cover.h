/* cover.h - what the loaded rules record together: of a path, of a system call.
 *
 * Several rules may share the work (one for 64-bit calls, one for 32-bit ones), so what they
 * record is added up for each width. A rule that is bound to a user, a result or anything else
 * records only a part, and does not count; nor does what a rule before it says never to. */
#pragma once
#include "audit/arch.h"
#include "audit/rule.h"

typedef enum AuditCovered {
	AUDIT_MISSING = 1,
	AUDIT_WEAKER, /* something of it is recorded */
	AUDIT_PRESENT,
} AuditCovered;

/* How much of what `wanted` records is recorded. *why (in `a`): what is not, one line; empty when
 * it is AUDIT_PRESENT. Keys do not matter. A rule that says never is present when it is there. */
AuditCovered audit_cover(const AuditRuleVec *loaded, const AuditRule *wanted, Arena *a, Str *why);
/* What is recorded of `path` by every width, and of all beneath it with `tree`: AUDIT_PERM_* bits.
 */
uint32_t audit_watched(const AuditRuleVec *loaded, Str path, bool tree);
/* `-a never,task`, or `-a always,exclude -F msgtype=SYSCALL`: no rule of the exit list records
 * anything, or not who did it. */
bool audit_is_muted(const AuditRuleVec *loaded);
