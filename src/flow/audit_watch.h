/* audit_watch.h - the kernel's audit watched without auditd: switched on, received, put back as it
 * was. */
#pragma once
#include "audit/netlink.h"
#include "audit/watch.h"

typedef struct AuditWatchRequest {
	bool multicast; /* beside auditd or another reader: records may be lost, gaps are counted */
	bool json, records;
	StrVec keys;
	unsigned count, seconds; /* 0: without end */
	unsigned buffer_mib;     /* what may wait to be read; 0: 64 */
	const char *engine;      /* for the names of containers; as bench.h has it */
	bool allow_unsandboxed;
	void (*lines)(void *ctx, Str lines); /* as they come; whole ones need not come whole */
	void *ctx;
} AuditWatchRequest;

typedef struct AuditWatched {
	AuditTally tally;
	uint32_t kernel_lost; /* records, by the kernel's own count, while it was watched */
	uint32_t rules;       /* loaded; without any there is little to see */
	uint32_t overrun;     /* records that found this reader's buffer full */
	bool given_up;        /* the kernel took this reader for dead; the rest is not known */
	bool was_off;         /* auditing was switched on, and is off again */
} AuditWatched;

/* Until `count`, `seconds`, SIGINT, SIGTERM or SIGHUP. Whatever happens, whether auditing is
 * enabled, who gets the records and how many may wait are afterwards as they were.
 * ERR_SYS when another reader has the stream and `multicast` is not set. */
Result audit_watch_run(const AuditWatchRequest *r, Arena *a, AuditWatched *out, Str *missing);
/* Ends it, from lines() or a signal handler. */
void audit_watch_stop(void);

/* What an event is for a person: one line. Foreign bytes are shown, not obeyed. */
void audit_event_text(const AuditEvent *e, Buf *to);
