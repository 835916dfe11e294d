/* gzip_fuzz.c - ISA-L and zlib give the same bytes, or both refuse. */
#include <stdlib.h>
#include <zlib.h>

#include "io/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20 };

/* The bytes of one gzip member by zlib; false when it is refused, cut, or larger than MOST. */
static bool by_zlib(const uint8_t *data, size_t size, uint8_t *out, size_t *n)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)size};
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		abort();
	z.next_out = out;
	z.avail_out = MOST;
	int r = inflate(&z, Z_FINISH);
	*n = MOST - z.avail_out;
	bool whole = r == Z_STREAM_END && z.avail_in == 0;
	inflateEnd(&z);
	return whole;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[MOST];
	Arena a = {0};
	for (size_t step = 0; step < 2; step++) {
		MemSource m;
		Str got = {0};
		AUTO_SOURCE Source *s = source_from_mem(&m, (Str){(const char *)data, size},
							step * 13);
		Err *e = source_gunzip(&s);
		if (e == OK)
			e = source_all(s, &a, MOST, &got);
		size_t n;
		if (by_zlib(data, size, out, &n) &&
		    (e != OK || got.n != n || memcmp(out, got.p, n) != 0))
			abort();
		err_free(e);
	}
	arena_finish(&a);
	return 0;
}
