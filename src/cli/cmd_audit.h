/* cmd_audit.h - the verbs of `bulwark audit`. */
#pragma once
#include "cli/command.h"

extern const Command cmd_audit_rules, cmd_audit_watch;
