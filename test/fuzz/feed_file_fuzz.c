/* feed_file_fuzz.c - files of any packing: zip, tar, gzip, zstd, or a document. */
#include "feed_fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	if (fd < 0)
		fd = memfd_create("feed", 0);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	err_free(feed_read_fd(feed_named(S("kev")), fd, S("kev.json"), &fuzz_sink));
	return 0;
}
