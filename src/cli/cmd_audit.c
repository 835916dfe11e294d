/* cmd_audit.c - bulwark audit: the kernel's audit; its verbs are in cmd_audit_*.c. */
#include "cli/cmd_audit.h"

static const Command *const verbs[] = {&cmd_audit_rules, &cmd_audit_watch, NULL};

const Command cmd_audit = {
	.name = "audit",
	.operands = "COMMAND",
	.summary = "make the kernel record what is done to the container engine",
	.about = "The kernel's audit is spoken to directly; neither auditd nor auditctl is needed, "
		 "and both may run.",
	.subcommands = verbs,
};
