/* arch.c - names of calling conventions and system calls. */
#include "audit/arch.h"

#include <linux/audit.h>
#include <seccomp.h>
#include <stdlib.h>

#include "base/buf.h"

#if defined(__x86_64__)
static const uint32_t widths[AUDIT_WIDTHS] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386};
#elif defined(__aarch64__)
static const uint32_t widths[AUDIT_WIDTHS] = {AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM};
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
static const uint32_t widths[AUDIT_WIDTHS] = {AUDIT_ARCH_PPC64LE, 0};
#elif defined(__s390x__)
static const uint32_t widths[AUDIT_WIDTHS] = {AUDIT_ARCH_S390X, AUDIT_ARCH_S390};
#elif defined(__riscv) && __riscv_xlen == 64
static const uint32_t widths[AUDIT_WIDTHS] = {AUDIT_ARCH_RISCV64, 0};
#else
#error "which AUDIT_ARCH_ has this machine?"
#endif

uint32_t audit_arch_of(AuditWidth w) { return widths[w]; }

Str audit_arch_name(uint32_t arch, Arena *a)
{
	if (arch == widths[AUDIT_B64])
		return S("b64");
	if (arch == widths[AUDIT_B32])
		return S("b32");
	Buf b = buf_in(a, 32);
	buf_fmt(&b, "0x%x", arch);
	return buf_str(&b);
}

enum { I386_CONNECT = 362 }; /* libseccomp takes it for a part of socketcall, as it was once */

/* libseccomp's tokens are the kernel's AUDIT_ARCH_ values. */
int audit_call_number(uint32_t arch, const char *name)
{
	if (arch == AUDIT_ARCH_I386 && strcmp(name, "connect") == 0)
		return I386_CONNECT;
	int nr = arch != 0 ? seccomp_syscall_resolve_name_arch(arch, name) : -1;
	return nr >= 0 ? nr : -1;
}

Str audit_call_name(uint32_t arch, uint32_t number, Arena *a)
{
	char *name = number <= INT32_MAX ? seccomp_syscall_resolve_num_arch(arch, (int)number)
					 : NULL;
	if (name != NULL) {
		Str s = arena_str(a, str_of(name));
		free(name);
		return s;
	}
	Buf b = buf_in(a, 32);
	buf_fmt(&b, "%u", number);
	return buf_str(&b);
}
