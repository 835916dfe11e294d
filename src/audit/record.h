/* record.h - one record of the kernel's audit as it comes over netlink: a type, and a line
 * "audit(1795801813.044:9): arch=c000003e syscall=42 comm=\"touch\" name=2F746D70".
 *
 * File names, arguments and comm are chosen by whoever is audited. The kernel writes such a text
 * in double quotes when it is plain, and else as hexadecimal, so a value that is neither quoted nor
 * hexadecimal is nobody's text: "(null)", "(none)", a number. Everything is borrowed. */
#pragma once
#include "base/buf.h"
#include "base/vec.h"

typedef struct AuditRecord {
	uint16_t type;   /* AUDIT_SYSCALL ... (linux/audit.h) */
	int64_t time_ms; /* since 1970 */
	uint32_t serial; /* with the time the name of the event it belongs to; wraps */
	Str fields;      /* what follows "): " */
} AuditRecord;

/* False when the line does not start like a record. */
bool audit_record_read(uint16_t type, Str line, AuditRecord *out);

typedef struct AuditPair {
	Str name, value;
	bool quoted; /* it stood in double quotes, which are not part of it */
} AuditPair;

/* The next "name=value"; false at the end. Words without "=" are passed over. */
bool audit_pair_next(Str *rest, AuditPair *out);
/* Of a text that somebody chose: quoted as it is, hexadecimal as bytes (in `a`), else empty. */
Str audit_pair_text(const AuditPair *p, Arena *a);

/* "SYSCALL"; NULL: it has no name here. */
const char *audit_type_name(uint16_t type);
/* Is the value of `name` in such a record a text that somebody chose? */
bool audit_is_text(uint16_t type, Str name);
