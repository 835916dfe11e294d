/* oracle.h - test data that nobody here made: BULWARK_ORACLES and BULWARK_FEEDS, or
 * ../shared/oracles and ../shared/feeds beside the source. */
#pragma once
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "io/source.h"

/* The path of a file; false when it is not there. kind: "oracles" or "feeds". */
static inline bool oracle_path(const char *kind, const char *name, char *path, size_t n)
{
	const char *given = getenv(str_eq(str_of(kind), S("feeds")) ? "BULWARK_FEEDS"
								    : "BULWARK_ORACLES");
	const char *root = getenv("MESON_SOURCE_ROOT");
	if (given != NULL)
		snprintf(path, n, "%s/%s", given, name);
	else
		snprintf(path, n, "%s/../shared/%s/%s", root != NULL ? root : ".", kind, name);
	return access(path, R_OK) == 0;
}

/* A whole file of an oracle's folder; false when it is not there. */
static inline bool oracle_load(Arena *a, const char *folder, const char *name, Str *out)
{
	char relative[1024], path[2048];
	snprintf(relative, sizeof relative, "%s/%s", folder, name);
	if (!oracle_path("oracles", relative, path, sizeof path))
		return false;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	Source *s = source_from_fd(fd, true);
	Err *e = source_all(s, a, 1u << 30, out);
	source_close(s);
	bool good = e == OK;
	err_free(e);
	return good;
}
