/* argv.h - the engine's command line as settings (pflag's grammar: --name=value, --name value, -n
 * value, -nvalue). */
#pragma once
#include "engine/daemon.h"

/* The words of a command line: blanks part, quotes and backslashes hold together. */
void argv_split(Str line, Arena *a, StrVec *out);
/* What the arguments say; not set when they say nothing. */
Setting argv_setting(const Daemon *d, Arena *a, const char *flag);
