/* layer_dir.c - walks a directory on disk as a layer, never following a link, never leaving it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/limits.h"
#include "image/layer.h"
#include "io/fd.h"

enum { READ_BYTES = 64 * 1024 };

typedef struct Name {
	const char *text;
	unsigned char type; /* DT_* */
} Name;

typedef struct Level { /* a directory that is being walked */
	int fd;
	dev_t dev;
	Str path;
	Arena arena; /* of its names; kept for the next directory as deep */
	Name *names;
	size_t n, next;
} Level;

typedef struct DirWalk {
	LayerIndex *out;
	const Selector *want;
	bool overlay;
	Level *levels;
	unsigned depth; /* levels in use */
	Map inodes;     /* of files with more than one name -> LayerEntry's path */
	_Alignas(16) char buf[READ_BYTES]; /* of a file, or of directory records */
} DirWalk;

/* ---- opening ---- */

static int open_beneath(const DirWalk *w, int dir, const char *name, uint64_t flags)
{
	struct open_how how = {.flags = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
			       .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
					  RESOLVE_NO_MAGICLINKS};
	if (w->overlay)
		how.resolve |= RESOLVE_NO_XDEV;
	return (int)syscall(SYS_openat2, dir, name, &how, sizeof how);
}

/* What a root file system carries that is no file system of files, or not its own. */
static bool is_foreign(int fd)
{
	static const uint64_t magics[] = {
		PROC_SUPER_MAGIC,
		SYSFS_MAGIC,
		CGROUP_SUPER_MAGIC,
		CGROUP2_SUPER_MAGIC,
		DEVPTS_SUPER_MAGIC,
		SECURITYFS_MAGIC,
		DEBUGFS_MAGIC,
		TRACEFS_MAGIC,
		BPF_FS_MAGIC,
		PSTOREFS_MAGIC,
		EFIVARFS_MAGIC,
		HUGETLBFS_MAGIC,
		SELINUX_MAGIC,
		BINFMTFS_MAGIC,
		OVERLAYFS_SUPER_MAGIC,
		0x19800202 /* mqueue */,
		0x62656570 /* configfs */,
		0x0187 /* autofs */,
		0x65735543 /* fusectl */,
	};
	struct statfs fs;
	if (fstatfs(fd, &fs) != 0)
		return false;
	for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
		if ((uint64_t)fs.f_type == magics[i])
			return true;
	return false;
}

/* ---- entries ---- */

static Result add(DirWalk *w, LayerEntry e)
{
	if (w->out->entries.n == LIMIT_LAYER_ENTRIES)
		FAIL(ERR_LIMIT, "more than %u entries", LIMIT_LAYER_ENTRIES);
	vec_push(w->out->arena, &w->out->entries, e);
	return OK;
}

static FileInfo info_of(Str path, FileType type, const struct stat *st)
{
	return (FileInfo){.path = path,
			  .type = type,
			  .size = type == FILE_REGULAR ? (uint64_t)st->st_size : 0,
			  .mode = st->st_mode & 07777u,
			  .uid = st->st_uid,
			  .gid = st->st_gid,
			  .device = S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode)};
}

static Str join(Arena *a, Str dir, const char *name)
{
	size_t n = strlen(name), skip = dir.n != 0 ? dir.n + 1 : 0;
	char *p = arena_array(a, char, skip + n);
	if (dir.n != 0) {
		memcpy(p, dir.p, dir.n);
		p[dir.n] = '/';
	}
	memcpy(p + skip, name, n);
	return (Str){p, skip + n};
}

static Str reason(Arena *a, const char *what, int why)
{
	const char *text = strerrordesc_np(why);
	Str parts[] = {str_of(what), S(": "), str_of(text != NULL ? text : "unknown error")};
	size_t n = parts[0].n + parts[1].n + parts[2].n;
	char *p = arena_array(a, char, n), *to = p;
	for (size_t i = 0; i < 3; i++) {
		memcpy(to, parts[i].p, parts[i].n);
		to += parts[i].n;
	}
	return (Str){p, n};
}

/* A root that is in use changes: what is gone is gone. A layer in place must not change. */
static Result vanished(const DirWalk *w, Str path, bool *gone)
{
	*gone = errno == ENOENT;
	if (w->overlay)
		FAIL_SYS(STR_FMT ": %s", STR_ARG(path), strerrordesc_np(errno));
	return OK;
}

/* ---- files ---- */

static Result feed(DirWalk *w, int fd, uint64_t size, Sieve *s)
{
	while (s->next < size) {
		uint64_t at = s->next, left = size - at;
		size_t want = left < READ_BYTES ? (size_t)left : READ_BYTES;
		ssize_t n = pread(fd, w->buf, want, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			FAIL_SYS("reading: %s", strerrordesc_np(errno));
		if (n == 0)
			FAIL(ERR_INPUT, "became shorter while it was read");
		TRY(s->feed(s, at, (Str){w->buf, (size_t)n}));
	}
	return OK;
}

static Result sift(DirWalk *w, int fd, Sieve *s, LayerEntry *e)
{
	Str body = {0};
	Err *fed = feed(w, fd, e->info.size, s);
	Err *finished = s->finish(s, &body);
	if (fed != OK) {
		err_free(finished);
		return fed;
	}
	TRY(finished);
	e->body = body;
	return OK;
}

static Result check_whole(const DirWalk *w, int fd, Str path)
{
	char value[16];
	if (w->overlay && fgetxattr(fd, "trusted.overlay.metacopy", value, sizeof value) >= 0)
		FAIL(ERR_INPUT, STR_FMT ": its data is in another layer (overlayfs metacopy)",
		     STR_ARG(path));
	return OK;
}

static uint64_t caps_of(int fd, const struct stat *st)
{
	char value[64];
	ssize_t n = (st->st_mode & 0111) != 0
			    ? fgetxattr(fd, "security.capability", value, sizeof value)
			    : -1;
	return n > 0 ? file_caps((Str){value, (size_t)n}) : 0;
}

static Result read_wanted(DirWalk *w, int dir, const char *name, Sieve *s, LayerEntry *e)
{
	Arena *a = w->out->arena;
	AUTO_FD int fd = open_beneath(w, dir, name, O_RDONLY);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0) {
		e->error = reason(a, "cannot be opened", errno);
		bool gone;
		return vanished(w, e->info.path, &gone);
	}
	if (!S_ISREG(st.st_mode)) {
		e->error = S("became something else while it was read");
		return OK;
	}
	TRY(check_whole(w, fd, e->info.path));
	e->info.size = (uint64_t)st.st_size;
	e->info.caps = caps_of(fd, &st);
	Err *err = sift(w, fd, s, e);
	if (err != OK)
		e->error = arena_str(a, str_of(err->text));
	err_free(err);
	return OK;
}

/* The first name of a file with several is the file, the others are links to it. */
static bool is_link(DirWalk *w, const struct stat *st, LayerEntry *e)
{
	uint64_t id[2] = {st->st_dev, st->st_ino};
	Str key = arena_str(w->out->arena, (Str){(const char *)id, sizeof id});
	void **at = map_at(&w->inodes, w->out->arena, key);
	if (*at != NULL) {
		e->link = *(Str *)*at;
		e->info.type = FILE_HARDLINK;
		e->info.size = 0;
		return true;
	}
	Str *first = arena_new(w->out->arena, Str);
	*first = e->info.path;
	*at = first;
	return false;
}

static Result add_file(DirWalk *w, int dir, const char *name, Str path, const struct stat *st)
{
	LayerEntry e = {.info = info_of(path, FILE_REGULAR, st)};
	if (st->st_nlink > 1 && is_link(w, st, &e))
		return add(w, e);
	Sieve *s = w->want->pick(w->want->ctx, w->out->arena, &e.info);
	if (s != NULL)
		TRY(read_wanted(w, dir, name, s, &e));
	return add(w, e);
}

static Result add_symlink(DirWalk *w, int dir, const char *name, Str path)
{
	char to[4096];
	ssize_t n = readlinkat(dir, name, to, sizeof to);
	bool gone = false;
	if (n < 0)
		TRY(vanished(w, path, &gone));
	if (n < 0 && gone)
		return OK;
	Str link = {to, n < 0 ? 0 : (size_t)n};
	return add(w, (LayerEntry){.info = {.path = path, .type = FILE_SYMLINK, .mode = 0777},
				   .link = arena_str(w->out->arena, link)});
}

/* ---- directories ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const Name *)a)->text, ((const Name *)b)->text);
}

static Result list(DirWalk *w, Level *l)
{
	VEC(Name) names = {0};
	for (;;) {
		ssize_t got = getdents64(l->fd, w->buf, sizeof w->buf);
		if (got < 0)
			FAIL_SYS(STR_FMT ": listing: %s", STR_ARG(l->path), strerrordesc_np(errno));
		if (got == 0)
			break;
		for (ssize_t at = 0; at < got;) {
			const struct dirent64 *d = (const void *)(w->buf + at);
			at += d->d_reclen;
			Str name = str_of(d->d_name);
			if (str_eq(name, S(".")) || str_eq(name, S("..")))
				continue;
			if (names.n >= LIMIT_LAYER_ENTRIES - w->out->entries.n)
				FAIL(ERR_LIMIT, "more than %u entries", LIMIT_LAYER_ENTRIES);
			const char *text = arena_cstr(&l->arena, name);
			vec_push(&l->arena, &names, (Name){text, d->d_type});
		}
	}
	if (names.n > 1)
		qsort(names.at, names.n, sizeof *names.at, by_name);
	l->names = names.at;
	l->n = names.n;
	return OK;
}

static Result check_overlay_dir(DirWalk *w, int fd, Str path)
{
	char value[8];
	if (fgetxattr(fd, "trusted.overlay.redirect", NULL, 0) >= 0)
		FAIL(ERR_INPUT, STR_FMT ": was renamed as a whole (overlayfs redirect)",
		     STR_ARG(path));
	ssize_t n = fgetxattr(fd, "trusted.overlay.opaque", value, sizeof value);
	if (n < 0 && errno != ENODATA && errno != EOPNOTSUPP)
		FAIL_SYS(STR_FMT ": reading its attributes: %s", STR_ARG(path),
			 strerrordesc_np(errno));
	if (n != 1 || value[0] != 'y')
		return OK;
	return add(w, (LayerEntry){.info = {.path = path, .type = FILE_DIR},
				   .whiteout = WHITEOUT_OPAQUE});
}

/* Adds the directory and makes it the one that is walked; `fd` is taken. */
static Result enter(DirWalk *w, int fd, Str path, dev_t outer)
{
	Level *l = &w->levels[w->depth];
	struct stat st;
	l->fd = fd;
	l->path = path;
	l->next = l->n = 0;
	arena_reset(&l->arena);
	w->depth++; /* from here on the descriptor is the level's */
	if (fstat(fd, &st) != 0)
		FAIL_SYS(STR_FMT ": %s", STR_ARG(path), strerrordesc_np(errno));
	l->dev = st.st_dev;
	TRY(add(w, (LayerEntry){.info = info_of(path, FILE_DIR, &st)}));
	if (w->overlay)
		TRY(check_overlay_dir(w, fd, path));
	if (w->depth > 1 && st.st_dev != outer && is_foreign(fd))
		return OK; /* nothing is listed, so the level ends at once */
	return list(w, l);
}

static void leave(DirWalk *w)
{
	Level *l = &w->levels[--w->depth];
	close(l->fd);
	l->fd = -1;
}

static Result add_dir(DirWalk *w, const Level *l, const char *name, Str path)
{
	if (w->depth == LIMIT_DIR_DEPTH)
		FAIL(ERR_LIMIT, STR_FMT ": more than %u directories inside each other",
		     STR_ARG(str_first(path, 200)), LIMIT_DIR_DEPTH);
	int fd = open_beneath(w, l->fd, name, O_RDONLY | O_DIRECTORY);
	if (fd >= 0)
		return enter(w, fd, path, l->dev);
	Str why = reason(w->out->arena, "cannot be opened", errno);
	bool gone;
	TRY(vanished(w, path, &gone));
	FileInfo info = {.path = path, .type = FILE_DIR};
	return gone ? OK : add(w, (LayerEntry){.info = info, .error = why});
}

static Result add_by_status(DirWalk *w, const Level *l, const char *name, Str path)
{
	struct stat st;
	bool gone = false;
	if (fstatat(l->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		Str why = reason(w->out->arena, "cannot be looked at", errno);
		TRY(vanished(w, path, &gone));
		FileInfo info = {.path = path, .type = FILE_OTHER};
		return gone ? OK : add(w, (LayerEntry){.info = info, .error = why});
	}
	if (S_ISREG(st.st_mode))
		return add_file(w, l->fd, name, path, &st);
	if (S_ISLNK(st.st_mode))
		return add_symlink(w, l->fd, name, path);
	if (S_ISDIR(st.st_mode)) /* a file system that does not say so while listing */
		return add_dir(w, l, name, path);
	LayerEntry e = {.info = info_of(path, FILE_OTHER, &st)};
	if (w->overlay && S_ISCHR(st.st_mode) && st.st_rdev == makedev(0, 0))
		e.whiteout = WHITEOUT_FILE;
	return add(w, e);
}

static Result walk(DirWalk *w)
{
	while (w->depth != 0) {
		Level *l = &w->levels[w->depth - 1];
		if (l->next == l->n) {
			leave(w);
			continue;
		}
		const Name *n = &l->names[l->next++];
		Str path = join(w->out->arena, l->path, n->text);
		if (n->type == DT_DIR)
			TRY(add_dir(w, l, n->text, path));
		else if (n->type == DT_LNK)
			TRY(add_symlink(w, l->fd, n->text, path));
		else
			TRY(add_by_status(w, l, n->text, path));
	}
	return OK;
}

Result layer_read_dir(int fd, const char *name, bool overlay, const Selector *want, LayerIndex *out)
{
	DirWalk *w = calloc(1, sizeof *w);
	if (w == NULL || (w->levels = calloc(LIMIT_DIR_DEPTH, sizeof *w->levels)) == NULL)
		die_oom();
	w->out = out;
	w->want = want;
	w->overlay = overlay;
	int top = open_beneath(w, fd, ".", O_RDONLY | O_DIRECTORY);
	Err *e = top < 0 ? err_make(ERR_SYS, errno, ERR_HERE, "%s", strerrordesc_np(errno))
			 : enter(w, top, S(""), 0);
	if (e == OK)
		e = walk(w);
	while (w->depth != 0)
		leave(w);
	for (unsigned i = 0; i < LIMIT_DIR_DEPTH; i++)
		arena_finish(&w->levels[i].arena);
	free(w->levels);
	free(w);
	return e != OK ? err_in(e, "%s", name) : OK;
}
