/* input.c - opens, reads to the end, closes. */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>

#include "io/source.h"

Result input_open(const char *path, int *out)
{
	*out = open(path, O_RDONLY | O_CLOEXEC);
	if (*out < 0)
		FAIL_SYS("%s: cannot read: %s", path, strerror(errno));
	return OK;
}

Result input_all(int fd, const char *path, size_t max, Arena *a, Str *out)
{
	AUTO_SOURCE Source *s = source_from_fd(fd, true);
	TRY_IN(source_all(s, a, max, out), "%s", path);
	return OK;
}

Result input_read(const char *path, size_t max, Arena *a, Str *out)
{
	int fd;
	TRY(input_open(path, &fd));
	return input_all(fd, path, max, a, out);
}
