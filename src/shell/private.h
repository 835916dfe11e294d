/* private.h - between the files of this room. */
#pragma once
#include "shell/shell.h"

/* The operand of `sh -c`, `su -c`, `eval` or `trap` that is a script; NULL: there is none. */
const ShellWord *shell_operand(const ShellCommand *c);
bool shell_assigns(Str raw); /* NAME=... */
