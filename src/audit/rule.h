/* rule.h - one rule of the kernel's audit, as a noun: from and to the bytes of the netlink
 * protocol (linux/audit.h, struct audit_rule_data), and to auditd's syntax (auditctl(8)). */
#pragma once
#include <linux/audit.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

/* Strings of one rule: a path, a key and an LSM label each at most this (AUDIT_MAX_KEY_LEN,
 * PATH_MAX). */
#define LIMIT_AUDIT_RULE_TEXT 8192u

typedef struct AuditField {
	uint32_t field, op, value; /* AUDIT_PERM, AUDIT_EQUAL, AUDIT_PERM_WRITE | ... */
	Str text;                  /* of a field whose value is text; value is then not used */
} AuditField;
typedef VEC(AuditField) AuditFieldVec;

typedef struct AuditRule {
	uint32_t list, action;              /* AUDIT_FILTER_EXIT, AUDIT_ALWAYS */
	bool first;                         /* it is to come before those that are loaded */
	uint32_t calls[AUDIT_BITMASK_SIZE]; /* a bit a system call; all ones: every one */
	AuditFieldVec fields;
} AuditRule;
typedef VEC(AuditRule) AuditRuleVec;

/* ---- making ---- */

/* A rule of the exit list, for every system call. */
AuditRule audit_rule_of(uint32_t action);
void audit_rule_number(AuditRule *r, Arena *a, uint32_t field, uint32_t value);
void audit_rule_string(AuditRule *r, Arena *a, uint32_t field, Str text); /* borrowed */
/* Only this call from here on; numbers past the mask are left out. */
void audit_rule_no_calls(AuditRule *r);
void audit_rule_call(AuditRule *r, uint32_t number);

/* ---- asking ---- */

bool audit_rule_has_call(const AuditRule *r, uint32_t number);
bool audit_rule_all_calls(const AuditRule *r);
/* The first field of that kind, or NULL. */
const AuditField *audit_rule_field(const AuditRule *r, uint32_t field);
Str audit_rule_path(const AuditRule *r); /* of AUDIT_WATCH or AUDIT_DIR; else empty */
Str audit_rule_key(const AuditRule *r);  /* several are parted by \1 */
/* The same list, action, calls and fields, in whatever order, keys too. */
bool audit_rule_same(const AuditRule *x, const AuditRule *y);

/* ---- bytes and text ---- */

/* ERR_LIMIT when it has more fields or text than the kernel takes. */
Result audit_rule_encode(const AuditRule *r, Buf *to);
/* ERR_INPUT when the bytes are not a rule. Text is borrowed from `bytes`. */
Result audit_rule_decode(Str bytes, Arena *a, AuditRule *out);
/* As `auditctl -l` writes it, without a line break. A field that has no name is f123. */
void audit_rule_text(const AuditRule *r, Buf *to);
/* False when auditctl could not read that text: a blank or control character is in it. */
bool audit_rule_writable(const AuditRule *r);
