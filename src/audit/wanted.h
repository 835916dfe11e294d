/* wanted.h - the audit rules for a container engine as it is on a machine: its programs,
 * configuration, units, sockets and state, by their real paths, and the system calls with which a
 * container is left.
 *
 * Runs in a worker over a Probe. Every rule has a key that starts with AUDIT_KEY_PREFIX, one a
 * class. A directory's rule reaches all beneath it. Of the engine's state the layers of running
 * containers are left out by a rule that says never: every file a container opens would be
 * recorded. A write watch does not see who connects to a socket, so sockets have a rule for
 * connect(2), too. */
#pragma once
#include "audit/rule.h"
#include "engine/daemon.h"

#define AUDIT_KEY_PREFIX "bulwark-"

typedef struct AuditWanted {
	AuditRule rule;
	Str cis; /* its number in the CIS Docker Benchmark, or empty */
} AuditWanted;
typedef VEC(AuditWanted) AuditWantedVec;

typedef struct AuditPlace {
	DaemonWant daemon;
	Str self; /* our own program; empty: not watched */
} AuditPlace;

typedef struct AuditPlan {
	AuditWantedVec rules; /* in the order in which they are to be loaded */
	Str engine;           /* "dockerd (pid 12)", or where it was read from */
} AuditPlan;

void audit_plan(Probe *p, const AuditPlace *place, Arena *a, AuditPlan *out);

/* Is the rule one of ours, by its key? */
bool audit_rule_is_ours(const AuditRule *r);
/* "the engine's programs" of "bulwark-programs"; NULL: not one of our keys. */
const char *audit_key_about(Str key);

void audit_plan_write(Buf *to, const AuditPlan *plan);
/* ERR_BUG when the bytes are not what audit_plan_write() makes. */
Result audit_plan_read(Str from, Arena *a, AuditPlan *out);
