/* output.c - bytes to standard output, a device, or a file put in place when it is whole. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/fd.h"

/* Devices and pipes are written to: renaming would replace /dev/null. */
static Result open_in_place(const char *path, int *out)
{
	*out = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (*out < 0)
		FAIL_SYS("%s: cannot write: %s", path, strerror(errno));
	return OK;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* /dev/stdout and its like: opened anew, it would lose its place and what is there. */
static bool is_standard(const struct stat *st, int *out)
{
	struct stat own;
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (fstat(fd, &own) == 0 && is_same(st, &own)) {
			*out = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
			return *out >= 0;
		}
	return false;
}

/* Opened first, as the system lets links be followed; then what it leads to is replaced whole. */
static Result open_link(const char *path, Output *out)
{
	struct stat st, found;
	AUTO_FD int fd = -1;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		FAIL(ERR_USAGE, "%s: is a folder; name a file in it", path);
	if (stat(path, &st) == 0 && is_standard(&st, &out->fd))
		return OK;
	TRY(open_in_place(path, &fd));
	char *real = realpath(path, NULL);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && real != NULL &&
	    lstat(real, &found) == 0 && is_same(&st, &found)) {
		out->real = real;
		return new_file_open(real, &out->file);
	}
	free(real);
	out->fd = fd;
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
	if (exists && S_ISLNK(st.st_mode))
		TRY(open_link(path, out));
	else if (exists && !S_ISREG(st.st_mode))
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
	free(o->real);
	*o = (Output){.fd = -1};
}
