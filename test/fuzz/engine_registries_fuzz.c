/* engine_registries_fuzz.c - any bytes as registries.conf: names lie in it, and are not empty. */
#include <stdlib.h>

#include "engine/registries.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	StrVec names = {0};
	registries_insecure((Str){(const char *)data, size}, &a, &names);
	for (size_t i = 0; i < names.n; i++)
		if (names.at[i].n == 0 || names.n > size)
			abort();
	arena_finish(&a);
	return 0;
}
