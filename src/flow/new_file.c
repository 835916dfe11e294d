/* new_file.c - write beside, sync, rename, sync the folder. */
#include "flow/new_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RANDOM_CHARS = 6 };

static int open_folder_of(const char *path)
{
	Arena a = {0};
	Str folder = str_dir(str_of(path));
	const char *name = path[0] == '/' && folder.n == 0 ? "/" : ".";
	if (folder.n != 0)
		name = arena_cstr(&a, folder);
	int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int why = errno;
	arena_finish(&a);
	errno = why;
	return fd;
}

/* A living writer holds a lock on its file. */
static void remove_when_dead(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(folder, name, 0);
	close(fd);
}

static void remove_dead(const char *path, Str prefix)
{
	int folder = open_folder_of(path);
	DIR *d = folder >= 0 ? fdopendir(folder) : NULL;
	if (d == NULL) {
		if (folder >= 0)
			close(folder);
		return;
	}
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		Str name = str_of(e->d_name);
		if (name.n == prefix.n + RANDOM_CHARS && str_starts(name, prefix))
			remove_when_dead(folder, e->d_name);
	}
	closedir(d);
}

/* As the file that is replaced has it; a new one is for everybody to read. */
static int take_over_mode(const char *path, int fd)
{
	struct stat old;
	if (lstat(path, &old) != 0 || !S_ISREG(old.st_mode))
		return fchmod(fd, 0644);
	if (fchown(fd, old.st_uid, old.st_gid) != 0 && errno != EPERM)
		return -1;
	return fchmod(fd, old.st_mode & 0777);
}

Result new_file_open(const char *path, NewFile *out)
{
	char *temp = NULL;
	Str whole = str_of(path), base = str_base(whole);
	int folder_chars = (int)(whole.n - base.n);
	if (base.n == 0)
		FAIL(ERR_USAGE, "%s: not the name of a file", path);
	if (asprintf(&temp, "%.*s." STR_FMT ".XXXXXX", folder_chars, path, STR_ARG(base)) < 0)
		die_oom();
	Str prefix = str_of(temp + folder_chars);
	remove_dead(path, str_first(prefix, prefix.n - RANDOM_CHARS));
	int fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		free(temp);
		FAIL_SYS("%s: cannot write: %s", path, strerror(errno));
	}
	*out = (NewFile){.fd = fd, .path = path, .temp = temp};
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 || take_over_mode(path, fd) != 0) {
		int why = errno;
		new_file_drop(out);
		return err_make(ERR_SYS, why, ERR_HERE, "%s: cannot write: %s", path,
				strerror(why));
	}
	return OK;
}

Result new_file_publish(NewFile *f)
{
	if (fsync(f->fd) != 0 || rename(f->temp, f->path) != 0)
		FAIL_SYS("%s: cannot be put in place: %s", f->path, strerror(errno));
	free(f->temp);
	f->temp = NULL;
	int folder = open_folder_of(f->path);
	int r = folder >= 0 ? fsync(folder) : -1;
	int why = errno;
	if (folder >= 0)
		close(folder);
	if (r != 0)
		return err_make(ERR_SYS, why, ERR_HERE, "%s: cannot sync its folder: %s", f->path,
				strerror(why));
	return OK;
}

void new_file_drop(NewFile *f)
{
	if (f->path == NULL)
		return;
	if (f->temp != NULL)
		unlink(f->temp);
	free(f->temp);
	close(f->fd);
	*f = (NewFile){0};
}
