/* shelf_dir.c - an image layout in a directory, and layers that are directories. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "image/shelf.h"
#include "io/fd.h"

typedef struct DirShelf {
	Shelf base;
	int fd;
} DirShelf;

/* *fd is -1 when there is no such file. */
static Result open_file(const DirShelf *d, Str name, int *fd, uint64_t *size)
{
	Arena a = {0};
	struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
			       .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
					  RESOLVE_NO_MAGICLINKS};
	struct stat st;
	*fd = (int)syscall(SYS_openat2, d->fd, arena_cstr(&a, name), &how, sizeof how);
	int why = errno;
	arena_finish(&a);
	if (*fd < 0 && why == ENOENT)
		return OK;
	if (*fd < 0 && why == ELOOP)
		FAIL(ERR_INPUT, STR_FMT ": is a symbolic link, which is not followed",
		     STR_ARG(name));
	errno = why;
	if (*fd < 0)
		FAIL_SYS(STR_FMT ": %s", STR_ARG(name), strerrordesc_np(why));
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*size = (uint64_t)st.st_size;
		return OK;
	}
	close(*fd);
	*fd = -1;
	FAIL(ERR_INPUT, STR_FMT ": is not a regular file", STR_ARG(name));
}

static Result dir_text(Shelf *s, Str name, uint64_t max, Arena *a, Str *out, bool *found)
{
	int fd;
	uint64_t size;
	TRY(open_file((DirShelf *)(void *)s, name, &fd, &size));
	*found = fd >= 0;
	if (fd < 0)
		return OK;
	AUTO_SOURCE Source *from = source_from_fd(fd, true);
	return source_all(from, a, max, out);
}

static Result dir_size(Shelf *s, Str name, uint64_t *out, bool *found)
{
	int fd;
	TRY(open_file((DirShelf *)(void *)s, name, &fd, out));
	*found = fd >= 0;
	if (fd >= 0)
		close(fd);
	return OK;
}

static Result dir_layer(Shelf *s, const LayerTask *t)
{
	int fd;
	uint64_t size;
	TRY(open_file((DirShelf *)(void *)s, t->name, &fd, &size));
	if (fd < 0)
		FAIL(ERR_INPUT, STR_FMT ": is gone", STR_ARG(t->name));
	return layer_read_stream(source_from_fd(fd, true), &t->expect, t->want, t->out);
}

static void dir_close(Shelf *s) { free(s); }

static const ShelfOps dir_ops = {
	.text = dir_text, .size = dir_size, .layer = dir_layer, .close = dir_close};

Shelf *shelf_of_layout(int fd)
{
	DirShelf *d = malloc(sizeof *d);
	if (d == NULL)
		die_oom();
	*d = (DirShelf){.base = {&dir_ops}, .fd = fd};
	return &d->base;
}

/* ---- layers on disk ---- */

typedef struct LayersShelf {
	Shelf base;
	const int *fds;
	const char *const *names;
	size_t n;
	bool overlay;
} LayersShelf;

static Result no_text(Shelf *s, Str name, uint64_t max, Arena *a, Str *out, bool *found)
{
	(void)s, (void)name, (void)max, (void)a, (void)out;
	*found = false;
	return OK;
}

static Result no_size(Shelf *s, Str name, uint64_t *out, bool *found)
{
	(void)s, (void)name;
	*out = 0;
	*found = true;
	return OK;
}

static Result layers_layer(Shelf *s, const LayerTask *t)
{
	const LayersShelf *l = (LayersShelf *)(void *)s;
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(t->name, str_of(l->names[i])))
			return layer_read_dir(l->fds[i], l->names[i], l->overlay, t->want, t->out);
	FAIL(ERR_BUG, "layer " STR_FMT ": is none of ours", STR_ARG(t->name));
}

static const ShelfOps layers_ops = {
	.text = no_text, .size = no_size, .layer = layers_layer, .close = dir_close};

Shelf *shelf_of_dirs(const int *fds, const char *const *names, size_t n, bool overlay)
{
	LayersShelf *l = malloc(sizeof *l);
	if (l == NULL)
		die_oom();
	*l = (LayersShelf){{&layers_ops}, fds, names, n, overlay};
	return &l->base;
}
