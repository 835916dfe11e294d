/* engine_unit_fuzz.c - any bytes as a unit, up to a NUL; what follows is its environment file. */
#include <stdlib.h>

#include "engine/unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	UnitText u = {0};
	StrVec words = {0};
	Str rest = {(const char *)data, size}, unit = {0};
	(void)str_cut(&rest, '\0', &unit);
	unit_text(unit, &a, &u);
	unit_environment(rest, &a, &u.environment);
	unit_words(&u, &a, &words);
	for (size_t i = 0; i < u.files.n; i++)
		if (u.files.at[i].n == 0)
			abort();
	if (u.exec_start.n == 0 && words.n != 0)
		abort();
	arena_finish(&a);
	return 0;
}
