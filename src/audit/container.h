/* container.h - which container a process is in, by its cgroup, and what the engine calls it.
 *
 * A process may be gone before its record is read; then its parent's container is taken, and said
 * to be. What was found of a process is believed for a second: no pid is used again sooner. */
#pragma once
#include "audit/event.h"
#include "io/probe.h"

typedef struct AuditWhere AuditWhere;

AuditWhere *audit_where_create(Probe *p);
void audit_where_destroy(AuditWhere *w);
/* Fills in the event's container. Texts are valid until the next call. */
void audit_where(AuditWhere *w, AuditEvent *e, int64_t now_ms);
