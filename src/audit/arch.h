/* arch.h - system calls by name, for the calling conventions a machine has: its own, and that of
 * 32-bit programs. Names are libseccomp's. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

typedef enum AuditWidth { AUDIT_B64, AUDIT_B32, AUDIT_WIDTHS } AuditWidth;

/* AUDIT_ARCH_X86_64 and its kin (linux/audit.h) of the machine this was built for; 0: it has no
 * such width. */
uint32_t audit_arch_of(AuditWidth w);
/* "b64", "b32", or the number in hexadecimal. */
Str audit_arch_name(uint32_t arch, Arena *a);
/* -1: the convention has no such call. */
int audit_call_number(uint32_t arch, const char *name);
/* The number when it has no name. */
Str audit_call_name(uint32_t arch, uint32_t number, Arena *a);
