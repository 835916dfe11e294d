/* zstd_fuzz.c - any bytes as zstd frames: an answer or an error, the same at any step. */
#include <stdlib.h>

#include "io/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inflate_all(Arena *a, Str in, size_t step, Str *out)
{
	MemSource m;
	AUTO_SOURCE Source *s = source_from_mem(&m, in, step);
	Err *e = source_unzstd(&s);
	if (e == OK)
		e = source_all(s, a, 1u << 20, out);
	bool good = e == OK;
	err_free(e);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Str in = {(const char *)data, size}, whole = {0}, part = {0};
	bool one = inflate_all(&a, in, 0, &whole), two = inflate_all(&a, in, 7, &part);
	if (one != two || (one && !str_eq(whole, part)))
		abort();
	arena_finish(&a);
	return 0;
}
