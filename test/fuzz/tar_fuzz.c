/* tar_fuzz.c - any bytes as an archive: every entry and body, at two steps, the same names. */
#include <stdlib.h>

#include "base/map.h"
#include "io/tar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A fingerprint of all names and how it ended. */
static uint64_t walk(Str in, size_t step)
{
	MemSource m;
	AUTO_TAR Tar *t = tar_open(source_from_mem(&m, in, step));
	TarEntry e;
	bool more = true;
	uint64_t mark = 1, at;
	for (;;) {
		Str run = {0};
		Err *err = tar_next(t, &e, &more);
		if (err == OK && !more)
			return mark;
		if (err == OK)
			mark = mark * 31 + str_hash(e.info.path) + e.info.size;
		do {
			if (err == OK)
				err = tar_body(t, &at, &run);
			if (err == OK && run.n != 0 &&
			    (at > e.info.size || run.n > e.info.size - at) &&
			    e.info.type == FILE_REGULAR)
				abort();
		} while (err == OK && run.n != 0);
		if (err != OK) {
			err_free(err);
			return mark * 31 + 7;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Str in = {(const char *)data, size};
	if (walk(in, 0) != walk(in, 131))
		abort();
	return 0;
}
