/* recorded_fuzz.c - any bytes as each kind of package database with digests. */
#include "catalog/recorded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"var/lib/dpkg/diversions", "var/lib/dpkg/status",
					    "var/lib/dpkg/info/a.md5sums", "lib/apk/db/installed",
					    "var/lib/rpm/Packages"};
	Arena a = {0};
	Recorded r = {.arena = &a};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		err_free(recorded_add(&r, str_of(paths[i]), (Str){(const char *)data, size}));
	arena_finish(&a);
	return 0;
}
