/* zip_fuzz.c - whatever the bytes, an answer or an error. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Err *read_all(Zip *z)
{
	for (unsigned n = 0; n < 100; n++) {
		Arena a = {0};
		ZipEntry e;
		Str body;
		bool more;
		TRY(zip_next(z, &e, &more));
		if (!more)
			break;
		Err *err = zip_read(z, &e, &a, 1u << 20, &body);
		arena_finish(&a);
		TRY(err);
	}
	return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	Zip *z = NULL;
	if (fd < 0)
		fd = memfd_create("zip", 0);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	Err *e = zip_open(fd, &z);
	if (e == OK)
		e = read_all(z);
	err_free(e);
	zip_close(z);
	return 0;
}
