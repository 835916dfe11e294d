/* curl_lib.c - finds libcurl when it is first needed. */
#include "io/curl_lib.h"

#include <dlfcn.h>

Result curl_lib_load(CurlLib *out)
{
	/* Never closed: libcurl and OpenSSL leave exit handlers behind. */
	void *lib = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (lib == NULL)
		FAIL(ERR_SYS,
		     "libcurl is needed for this and could not be loaded (%s); "
		     "install it (Debian: libcurl4)",
		     dlerror());
	CurlLib c;
#define FIND(f)                                  \
	*(void **)(void *)&c.f = dlsym(lib, #f); \
	if (c.f == NULL)                         \
		FAIL(ERR_SYS, "libcurl.so.4 has no %s; 7.88 or newer is needed", #f);
	CURL_LIB_FUNCTIONS(FIND)
#undef FIND
	*out = c;
	return OK;
}
