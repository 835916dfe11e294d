/* netlink.h - the kernel's audit by netlink (NETLINK_AUDIT; linux/audit.h): its state and its
 * rules, read and changed.
 *
 * Takes CAP_AUDIT_CONTROL, in the machine's first user and process namespaces. Errors are ERR_SYS
 * with the errno; the text says what it means. What the kernel says here is of root's making, and
 * is read where it is received; the stream of events is not, see watch.h. */
#pragma once
#include "audit/rule.h"

/* Rules the kernel may have loaded; real hosts have a few hundred. */
#define LIMIT_AUDIT_RULES 100000u

typedef struct AuditStatus {
	uint32_t enabled; /* 0 off, 1 on, 2 on and locked until the next start */
	uint32_t failure; /* 0 silent, 1 printk, 2 panic */
	uint32_t pid;     /* who gets the records; 0: nobody, they go to the kernel's log */
	uint32_t rate_limit, backlog_limit;
	uint32_t lost, backlog; /* records */
} AuditStatus;

typedef struct AuditLink {
	int fd;
	uint32_t serial;
} AuditLink;

Result audit_open(AuditLink *out);
void audit_close(AuditLink *l);
#define AUTO_AUDIT_LINK __attribute__((cleanup(audit_close), unused))

Result audit_status(AuditLink *l, AuditStatus *out);
/* Those fields that `mask` names: AUDIT_STATUS_ENABLED, _PID, _BACKLOG_LIMIT. */
Result audit_set(AuditLink *l, uint32_t mask, const AuditStatus *to);
/* In the order in which they are tried. Everything lives in `a`. */
Result audit_rules(AuditLink *l, Arena *a, AuditRuleVec *out);
/* *sys is EEXIST when it is there already, ENOENT when it is not; then it is no error. */
Result audit_add(AuditLink *l, const AuditRule *r, int *sys);
Result audit_delete(AuditLink *l, const AuditRule *r, int *sys);
