/* terminal.h - what standard error and output are, and foreign text on them. */
#pragma once
#include <stdio.h>

#include "base/str.h"

/* A terminal that wants colour: NO_COLOR is empty or unset, TERM is set and not "dumb". */
bool terminal_color(int fd);
/* Columns of the terminal on `fd`; 0 when it is none. */
unsigned terminal_columns(int fd);
void terminal_say(FILE *to, Str s); /* by report/text.h */
/* On standard error, what of the sandbox the kernel lacks; nothing when `missing` is empty. `tool`:
 * "bulwark scan". */
void terminal_warn_unconfined(const char *tool, Str missing);
