/* join.h - records joined into events, and every event accounted for.
 *
 * Records of one event carry one serial and come in any number, between those of others, until an
 * end (EOE). Serials count up by one, so one that never comes is an event that was lost: the joiner
 * remembers the last LIMIT_AUDIT_WINDOW of them, and counts those that are still missing when they
 * leave that window, or at the end. Pure: bytes in, events out; it reads no clock. */
#pragma once
#include "audit/record.h"

/* Serials that are remembered; a record that comes later than so many others is not expected. */
#define LIMIT_AUDIT_WINDOW (1u << 20)
/* Events that have begun and not ended; each is a system call of some processor, or a record
 * without an end. The oldest makes room. */
#define LIMIT_AUDIT_PENDING 4096u
/* Records and bytes of one event: the longest command line (2 MiB) is 4 MiB in hexadecimal. What
 * is beyond is left out, and the event says so. */
#define LIMIT_AUDIT_EVENT_RECORDS 4096u
#define LIMIT_AUDIT_EVENT_BYTES (8u << 20)
/* Of all pending events together. */
#define LIMIT_AUDIT_PENDING_BYTES (64u << 20)

typedef struct AuditCounts {
	uint64_t records, events;
	uint64_t incomplete; /* of these events: some record of theirs was lost */
	uint64_t missing;    /* events of which no record came */
	uint64_t unread;     /* messages that are no record */
} AuditCounts;

typedef struct AuditJoined { /* an event, as its records */
	uint32_t serial;
	int64_t time_ms;
	bool whole; /* every record that belongs to it is there */
	bool cut;   /* some were left out by a limit */
	VEC(AuditRecord) records;
} AuditJoined;

typedef struct AuditJoiner AuditJoiner;

/* Events of before `since_ms` are joined, but are no part of the range in which gaps are counted.
 */
AuditJoiner *audit_joiner_create(int64_t since_ms);
void audit_joiner_destroy(AuditJoiner *j);

/* One message. `now_ms`: any clock that does not go back. The line is copied. */
void audit_join(AuditJoiner *j, uint16_t type, Str line, int64_t now_ms);
/* The next event that has ended, or has waited for its end for a second; NULL: none. Valid until
 * the next call of any of these. */
const AuditJoined *audit_joined(AuditJoiner *j, int64_t now_ms);
/* No more will come: what is pending is given, too. */
void audit_join_end(AuditJoiner *j);
AuditCounts audit_join_counts(const AuditJoiner *j);
