/* switch_files.h - sysctl.d(5): which file has the last word about a switch of the kernel when the
 * machine starts. Files count in the order of their names, whatever folder they are in; of one name
 * that in the first folder counts; /etc/sysctl.conf comes last. */
#pragma once
#include "io/probe.h"

/* The file that sets `key` ("kernel.sysrq") after a file that is called `ours`, and to what; empty:
 * there is none. Patterns do not count: a file that names the switch has the word. */
Str switch_set_later(Probe *p, Str key, Str ours, Arena *a, Str *value);
/* The last value of `key` in the text of one file; false: it says nothing of it. */
bool switch_says(Str text, Str key, Str *value);
