/* engine_argv_fuzz.c - any bytes as a command line: words end, and a flag's value is one of them.
 */
#include <stdlib.h>

#include "engine/argv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const flags[] = {"icc",   "host",        "log-level",
					    "debug", "config-file", "tls"};
	Arena a = {0};
	Daemon d = {.near = true, .argv_source = S("argv")};
	argv_split((Str){(const char *)data, size}, &a, &d.argv);
	for (size_t i = 0; i < d.argv.n; i++)
		if (d.argv.at[i].n > size)
			abort();
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		Setting s = argv_setting(&d, &a, flags[i]);
		if (s.set != (s.all.n != 0) || s.all.n > size ||
		    (s.set && !str_eq(s.text, s.all.at[s.all.n - 1])))
			abort();
	}
	arena_finish(&a);
	return 0;
}
