/* feed_dir.c - walks a folder, writes ustar headers and bytes. */
#include "flow/feed_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "io/fd.h"
#include "io/source.h"

enum { BLOCK = 512, NAME_BYTES = 100 };

typedef struct Packing {
	int to;
	uint64_t files, bytes;
} Packing;

static const char zeros[2 * BLOCK];

/* The end of the path is enough: documents are told apart by it, and it says what they are. */
static Result put_header(const Packing *p, Str path, uint64_t size)
{
	char h[BLOCK] = {0};
	Str name = str_skip(path, path.n > NAME_BYTES ? path.n - NAME_BYTES : 0);
	unsigned sum = 0;
	memcpy(h, name.p, name.n);
	snprintf(h + 100, 8, "%07o", 0644u);
	snprintf(h + 108, 8, "%07o", 0u);
	snprintf(h + 116, 8, "%07o", 0u);
	snprintf(h + 124, 12, "%011llo", (unsigned long long)size);
	snprintf(h + 136, 12, "%011o", 0u);
	memset(h + 148, ' ', 8);
	h[156] = '0';
	memcpy(h + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof h; i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	return fd_write(p->to, (Str){h, sizeof h});
}

static Result put_file(Packing *p, int fd, Str path, uint64_t size)
{
	AUTO_SOURCE Source *s = source_from_fd(fd, false);
	uint64_t left = size, room = LIMIT_FEED_FILE_BYTES - p->bytes;
	if (++p->files > LIMIT_FEED_ENTRIES)
		FAIL(ERR_LIMIT, "more than %u files", LIMIT_FEED_ENTRIES);
	if (size > room || room - size < 2ull * BLOCK)
		FAIL(ERR_LIMIT, "more than %llu bytes in all", LIMIT_FEED_FILE_BYTES);
	TRY(put_header(p, path, size));
	while (left != 0) {
		Str w;
		TRY(source_next(s, &w));
		w = str_first(w, left);
		if (w.n == 0)
			FAIL(ERR_INPUT, "became shorter while it was read");
		TRY(fd_write(p->to, w));
		left -= w.n;
	}
	size_t padding = (size_t)(-size & (BLOCK - 1));
	p->bytes += BLOCK + size + padding;
	return fd_write(p->to, (Str){zeros, padding});
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const Str *)a, *(const Str *)b);
}

/* 0: there may be more; -1: there is none; else errno. */
static int next_name(DIR *d, Arena *a, StrVec *out)
{
	errno = 0;
	const struct dirent *e = readdir(d);
	if (e == NULL)
		return errno != 0 ? errno : -1;
	if (e->d_name[0] != '.')
		vec_push(a, out, arena_str(a, str_of(e->d_name)));
	return 0;
}

static Result list(int dir, Arena *a, StrVec *out)
{
	int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = again >= 0 ? fdopendir(again) : NULL;
	if (d == NULL) {
		fd_closep(&again);
		FAIL_SYS("%s", strerror(errno));
	}
	int why = 0;
	while (why == 0 && out->n <= LIMIT_FEED_ENTRIES)
		why = next_name(d, a, out);
	closedir(d);
	if (why == 0)
		FAIL(ERR_LIMIT, "more than %u files", LIMIT_FEED_ENTRIES);
	if (why > 0) {
		errno = why;
		FAIL_SYS("%s", strerror(errno));
	}
	if (out->n > 1)
		qsort(out->at, out->n, sizeof *out->at, by_text);
	return OK;
}

/* *fd stays -1 for what is neither a file nor a folder. */
static bool open_entry(int dir, const char *name, int *fd, struct stat *st)
{
	if (fstatat(dir, name, st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode))
		return true;
	*fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return *fd >= 0 && fstat(*fd, st) == 0;
}

static Result pack(Packing *p, int dir, Str path, unsigned depth);

static Result pack_entry(Packing *p, int dir, Str folder, Str name, unsigned depth)
{
	Arena a = {0};
	struct stat st;
	AUTO_FD int fd = -1;
	Err *e = OK;
	Buf b = buf_in(&a, folder.n + name.n + 2);
	buf_fmt(&b, STR_FMT "%s" STR_FMT, STR_ARG(folder), folder.n != 0 ? "/" : "", STR_ARG(name));
	if (!open_entry(dir, arena_cstr(&a, name), &fd, &st))
		e = err_make(ERR_SYS, errno, ERR_HERE, "%s", strerror(errno));
	else if (fd >= 0 && S_ISDIR(st.st_mode))
		e = pack(p, fd, buf_str(&b), depth + 1);
	else if (fd >= 0 && S_ISREG(st.st_mode))
		e = put_file(p, fd, buf_str(&b), (uint64_t)st.st_size);
	if (e != OK && depth == 0)
		e = err_in(e, STR_FMT, STR_ARG(name));
	arena_finish(&a);
	return e;
}

static Result pack(Packing *p, int dir, Str path, unsigned depth)
{
	Arena a = {0};
	StrVec names = {0};
	if (depth == LIMIT_FEED_DIR_DEPTH)
		FAIL(ERR_LIMIT, "more than %u folders inside each other", LIMIT_FEED_DIR_DEPTH);
	Err *e = list(dir, &a, &names);
	for (size_t i = 0; e == OK && i < names.n; i++)
		e = pack_entry(p, dir, path, names.at[i], depth);
	arena_finish(&a);
	return e;
}

Result feed_dir_pack(int dir, int to)
{
	Packing p = {.to = to};
	TRY(pack(&p, dir, S(""), 0));
	return fd_write(to, (Str){zeros, sizeof zeros});
}
