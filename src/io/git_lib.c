/* git_lib.c - finds libgit2 when it is first needed. */
#include "io/git_lib.h"

#include <dlfcn.h>

#include "io/git_limits.h"

#define GIT_SONAME "libgit2.so." LIBGIT2_SOVERSION

/* No configuration of anybody, little memory, and packs' sums believed: what is looked for
 * does not depend on them, and what they name is reported, never run. */
static Result set_options(const GitLib *g)
{
	static const int levels[] = {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
				     GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA};
	int r = 0;
	for (size_t i = 0; r == 0 && i < sizeof levels / sizeof levels[0]; i++)
		r = g->git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	if (r == 0)
		r = g->git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT,
					(size_t)LIMIT_GIT_MAPPED_BYTES);
	if (r == 0)
		r = g->git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)LIMIT_GIT_CACHE_BYTES);
	if (r == 0)
		r = g->git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	if (r != 0)
		FAIL(ERR_SYS, "libgit2 does not take its settings");
	return OK;
}

Result git_lib_load(GitLib *out)
{
	/* Never closed: its libraries leave exit handlers behind. */
	void *lib = dlopen(GIT_SONAME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (lib == NULL)
		FAIL(ERR_SYS,
		     "libgit2 is needed for this and could not be loaded (%s); install it "
		     "(Debian: libgit2-1.5)",
		     dlerror());
	GitLib g;
#define FIND(f)                                  \
	*(void **)(void *)&g.f = dlsym(lib, #f); \
	if (g.f == NULL)                         \
		FAIL(ERR_SYS, GIT_SONAME " has no %s", #f);
	GIT_LIB_FUNCTIONS(FIND)
#undef FIND
	if (g.git_libgit2_init() < 0)
		FAIL(ERR_SYS, "libgit2 could not be started");
	TRY(set_options(&g));
	*out = g;
	return OK;
}
