/* config.h - options from the configuration file: doc/formats/config-file.md. */
#pragma once
#include "cli/command.h"

/* Values of `s` that the file has under the command `path` ("scan", "db update"). The file is
 * `given`, else the one $BULWARK_CONFIG names, else the user's, else the system's; none is
 * fine. All of it is checked, whichever command runs: ERR_USAGE names file and key. A file
 * that was not named is refused (ERR_TRUST) when somebody else could have written it.
 * Nothing is read from the current directory: it may be the repository under test. */
Result config_apply(const char *given, const char *path, OptSet *s);
/* The same from a file's text; errors begin with `name`, line and column. */
Result config_read(const char *name, Str text, const char *path, OptSet *s);
/* Of a project's file (cli/project.h): only the command `path`, and only options that `allowed`
 * names. *said: option, value, option, value, each value fit for opt_set(). */
Result config_read_project(const char *name, Str text, const char *path, const char *const *allowed,
			   Arena *a, StrVec *said);
