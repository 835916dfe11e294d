/* watch.h - the kernel's stream of audit, read to its end: records received, joined, told in which
 * container they happened, written as lines. Runs in a worker over a Probe.
 *
 * The socket is made by the parent; the worker may only receive from it, and has given up whatever
 * it would take to change the kernel's audit by it. What did not come from the kernel is not
 * taken. Every event is accounted for: see join.h. */
#pragma once
#include "audit/event.h"
#include "io/probe.h"

typedef struct AuditWatch {
	int socket;       /* NETLINK_AUDIT, not blocking */
	int stop;         /* when it is readable or closed: what has happened by then is the end */
	StrVec keys;      /* only events with one of these; none: all */
	uint64_t count;   /* stop after so many lines; 0: never */
	int64_t seconds;  /* stop after so many seconds; 0: never */
	int64_t since_ms; /* when the watch began, since 1970 */
	/* Appends a line; the event's container is filled in. */
	void (*line)(const void *ctx, const AuditEvent *e, const AuditJoined *j, Buf *to);
	const void *ctx;
} AuditWatch;

typedef struct AuditTally {
	AuditCounts counts;
	uint64_t shown;    /* lines */
	uint64_t overruns; /* times the socket's buffer was full */
	uint64_t foreign;  /* messages that were not the kernel's */
} AuditTally;

/* Lines go out by worker_progress(). */
Result audit_watch(Probe *p, const AuditWatch *w, Reply *reply, AuditTally *out);

void audit_tally_write(Buf *to, const AuditTally *t);
/* ERR_BUG when the bytes are not what audit_tally_write() makes. */
Result audit_tally_read(Str from, AuditTally *out);
