/* zstd_fuzz.c - any bytes as zstd frames: an answer or an error, the same at any step. */
#include <stdlib.h>

#include "io/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20, STEP = 7 };

/* Not by windows: into their place. */
static Result in_pieces(Source *s, Arena *a, Str *out)
{
	uint8_t *p = arena_array(a, uint8_t, MOST + STEP);
	size_t n = 0;
	for (size_t got = 1; got != 0; n += got) {
		if (n > MOST)
			FAIL(ERR_LIMIT, "larger than %u bytes", (unsigned)MOST);
		TRY(source_read(s, p + n, STEP, &got));
	}
	*out = (Str){(const char *)p, n};
	return OK;
}

static bool inflate_all(Arena *a, Str in, size_t step, Str *out)
{
	MemSource m;
	AUTO_SOURCE Source *s = source_from_mem(&m, in, step);
	Err *e = source_unzstd(&s);
	if (e == OK)
		e = step == 0 ? source_all(s, a, MOST, out) : in_pieces(s, a, out);
	bool good = e == OK;
	err_free(e);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Str in = {(const char *)data, size}, whole = {0}, part = {0};
	bool one = inflate_all(&a, in, 0, &whole), two = inflate_all(&a, in, STEP, &part);
	if (one != two || (one && !str_eq(whole, part)))
		abort();
	arena_finish(&a);
	return 0;
}
