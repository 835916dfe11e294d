/* project.h - a project's own settings: .bulwark.yaml beside a file that is judged, or above it.
 *
 * It is the project's word about itself, as comments in its files are. It is foreign, too: a worker
 * reads it, and it may set only what judges that project, no path that is written to and no program
 * that is run. */
#pragma once
#include "cli/opt.h"

#define PROJECT_FILE ".bulwark.yaml"

/* The nearest one in the folder `dir` or above, up to the root of its repository (.git, .hg, .svn);
 * outside of a repository in `dir` alone. *out is a real path, NULL when there is none. ERR_TRUST
 * when it belongs neither to root, nor to this user, nor to the owner of `dir`. */
Result project_find(const char *dir, Arena *a, const char **out);

/* Reads it into `s`, below what the environment and the command line said. ERR_USAGE names file,
 * line, column and key. `allowed`: names of the options it may set, NULL-terminated. */
Result project_apply(const char *file, const char *command, const char *const *allowed,
		     bool allow_unsandboxed, OptSet *s);
