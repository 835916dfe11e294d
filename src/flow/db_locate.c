/* db_locate.c - the user's, the updated, or the bundled database. */
#include "flow/db_locate.h"

#include <limits.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "flow/db_cache.h"

#define SNAPSHOT "bulwark-snapshot.bwdb"

static bool is_readable(const char *path) { return access(path, R_OK) == 0; }

static const char *beside_program(Arena *a, const char *rest)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);
	if (n <= 0 || n == (ssize_t)sizeof self)
		return "";
	Str dir = str_dir((Str){self, (size_t)n});
	Buf b = buf_in(a, LIMIT_LINE_BYTES);
	buf_fmt(&b, STR_FMT "%s", STR_ARG(dir), rest);
	return arena_cstr(a, buf_str(&b));
}

static const char *bundled(Arena *a)
{
	const char *const places[] = {
		beside_program(a, "/" SNAPSHOT),
		beside_program(a, "/../share/bulwark/" SNAPSHOT),
		BULWARK_DATADIR "/" SNAPSHOT,
	};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (is_readable(places[i]))
			return places[i];
	return NULL;
}

Result db_locate(const char *given, Arena *a, const char **path, DbOrigin *origin)
{
	const char *cache = NULL, *found = given;
	DbOrigin o = DB_GIVEN;
	if (found == NULL) {
		Err *e = db_cache_path(a, &cache);
		const char *updated = e == OK ? db_cache_database(cache, a) : NULL;
		err_free(e);
		o = DB_UPDATED;
		/* One that is there but cannot be read is an error, not a reason to use another. */
		found = updated != NULL && access(updated, F_OK) == 0 ? updated : NULL;
	}
	if (found == NULL) {
		o = DB_BUNDLED;
		found = bundled(a);
	}
	if (found == NULL)
		FAIL(ERR_INPUT, "there is no advisory database; run bulwark db update, or name one "
				"with --db FILE");
	*path = found;
	*origin = o;
	return OK;
}
