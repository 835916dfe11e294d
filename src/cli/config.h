/* config.h - options from the configuration file: doc/formats/config-file.md. */
#pragma once
#include "cli/command.h"

/* Values of `s` that the file has under the command `path` ("scan", "db update"). The file is
 * `given`, else the one $BULWARK_CONFIG names, else the user's, else the system's; none is
 * fine. All of it is checked, whichever command runs: ERR_USAGE names file and key. A file
 * that was not named is refused (ERR_TRUST) when somebody else could have written it.
 * Nothing is read from the current directory: it may be the repository under test. */
Result config_apply(const char *given, const char *path, OptSet *s);
/* The same from a file's text. */
Result config_read(Str text, const char *path, OptSet *s);
