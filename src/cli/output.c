/* output.c - bytes to standard output, a device, or a file put in place when it is whole. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/fd.h"

/* Devices, pipes and links are written to: renaming would replace /dev/null or /dev/stdout. */
static Result open_in_place(const char *path, int *out)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0 || (S_ISREG(st.st_mode) && ftruncate(fd, 0) != 0))
		FAIL_SYS("%s: cannot write: %s", path, strerror(errno));
	*out = fd;
	fd = -1;
	return OK;
}

Result output_open(const char *path, Output *out)
{
	struct stat st;
	*out = (Output){.fd = -1};
	if (path == NULL || strcmp(path, "-") == 0)
		return OK;
	bool exists = lstat(path, &st) == 0;
	if (exists && S_ISDIR(st.st_mode))
		FAIL(ERR_USAGE, "%s: is a folder; name a file in it", path);
	if (exists && !S_ISREG(st.st_mode))
		TRY(open_in_place(path, &out->fd));
	else
		TRY(new_file_open(path, &out->file));
	out->path = path;
	return OK;
}

Result output_write(Output *o, Str bytes)
{
	if (o->path == NULL) {
		TRY_IN(fd_write(STDOUT_FILENO, bytes), "standard output");
	} else if (o->fd >= 0) {
		TRY_IN(fd_write(o->fd, bytes), "%s", o->path);
	} else {
		TRY_IN(fd_write(o->file.fd, bytes), "%s", o->path);
		TRY(new_file_publish(&o->file));
	}
	return OK;
}

void output_close(Output *o)
{
	if (o->fd >= 0)
		close(o->fd);
	new_file_drop(&o->file);
	*o = (Output){.fd = -1};
}
