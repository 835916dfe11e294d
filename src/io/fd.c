/* fd.c - writing to a descriptor until all of it is written. */
#include "io/fd.h"

#include <errno.h>

Result fd_write(int fd, Str bytes)
{
	while (bytes.n != 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			FAIL_SYS("cannot write: %s", strerror(errno));
		bytes = str_skip(bytes, (size_t)n);
	}
	return OK;
}
