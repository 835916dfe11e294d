/* act.c - looks, changes, changes back. */
#include "fix/act.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fix/plan.h"
#include "io/digest.h"
#include "io/fd.h"
#include "model/walk.h"

#define SUFFIX ".bulwark-new"

enum { XATTR_NAMES_MAX = 65536, XATTR_VALUE_MAX = 65536, PLAIN_FILE = 0644 };

/* ---- opening ---- */

static int open_at(int root, const char *path, int flags, unsigned mode)
{
	struct open_how how = {.flags = (unsigned)flags | O_CLOEXEC,
			       .mode = mode,
			       .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS |
					  RESOLVE_NO_MAGICLINKS};
	return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

static Result refuse(Str path, int sys)
{
	return err_make(ERR_SYS, sys, ERR_HERE, STR_FMT ": %s", STR_ARG(path),
			sys == ELOOP ? "a link is on the way" : strerrordesc_np(sys));
}

/* A path through /proc that means what the descriptor is of, whatever it is: a socket, too. */
typedef struct ByFd {
	char path[32];
} ByFd;

static ByFd by_fd(int fd)
{
	ByFd p;
	snprintf(p.path, sizeof p.path, "/proc/self/fd/%d", fd);
	return p;
}

static Result open_path(int root, const Action *act, Arena *a, int *out)
{
	*out = open_at(root, arena_cstr(a, act->path), O_PATH, 0);
	return *out >= 0 ? OK : refuse(act->path, errno);
}

/* A file with a second name may be somebody else's: who may write in the folder put the name there.
 */
static Result can_change(int fd, Str path)
{
	struct statx st;
	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &st) != 0)
		return refuse(path, errno);
	if ((st.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0)
		FAIL(ERR_INPUT, STR_FMT ": is immutable; chattr -ia first", STR_ARG(path));
	if (!S_ISDIR(st.stx_mode) && st.stx_nlink > 1)
		FAIL(ERR_INPUT,
		     STR_FMT ": has %u names (hard links), and a change would be one of them all; "
			     "remove the others",
		     STR_ARG(path), st.stx_nlink);
	return OK;
}

static Result read_all(int fd, Str path, size_t max, Arena *a, Str *out)
{
	Buf b = buf_in(a, max);
	char part[8192];
	for (;;) {
		ssize_t n = read(fd, part, sizeof part);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refuse(path, errno);
		if (n == 0)
			break;
		buf_add(&b, (Str){part, (size_t)n});
	}
	TRY_IN(buf_done(&b, "a file that is changed", out), STR_FMT, STR_ARG(path));
	return OK;
}

Result act_read(int root, Str path, Arena *a, Str *out)
{
	struct stat st;
	AUTO_FD int fd = open_at(root, arena_cstr(a, path), O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0)
		return refuse(path, errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		FAIL(ERR_INPUT, STR_FMT ": not a regular file", STR_ARG(path));
	TRY(can_change(fd, path));
	return read_all(fd, path, LIMIT_FIX_FILE_BYTES, a, out);
}

/* ---- looking ---- */

static Result compare(const Action *act, Str is, ActState *out, Str *what)
{
	*what = is;
	*out = !act->absent && str_eq(is, act->before) ? ACT_BEFORE
	       : str_eq(is, act->after)                ? ACT_AFTER
						       : ACT_OTHER;
	return OK;
}

static Result stat_state(int root, const Action *act, Arena *a, ActState *out, Str *what)
{
	struct stat st;
	AUTO_FD int fd = -1;
	Buf b = buf_in(a, 64);
	TRY(open_path(root, act, a, &fd));
	if (fstat(fd, &st) != 0)
		return refuse(act->path, errno);
	TRY(can_change(fd, act->path));
	if (act->kind == ACT_MODE)
		buf_fmt(&b, "%04o", (unsigned)st.st_mode & 07777u);
	else
		buf_fmt(&b, "%u:%u", st.st_uid, st.st_gid);
	return compare(act, buf_str(&b), out, what);
}

typedef struct Folder {
	int fd;
	const char *name, *temp;
} Folder;

static Result open_folder(int root, Str path, Arena *a, Folder *out)
{
	Str dir = str_dir(path), name = str_base(path);
	Buf temp = buf_in(a, 8192);
	buf_fmt(&temp, "." STR_FMT SUFFIX "%c", STR_ARG(name), '\0');
	*out = (Folder){.fd = open_at(root, dir.n != 0 ? arena_cstr(a, dir) : "/",
				      O_RDONLY | O_DIRECTORY, 0),
			.name = arena_cstr(a, name),
			.temp = buf_str(&temp).p};
	return out->fd >= 0 ? OK : refuse(dir, errno);
}

static Result content_state(int root, const Action *act, Arena *a, ActState *out, Str *what)
{
	Str bytes = {0};
	uint8_t sha[SHA256_BYTES];
	Err *e = act_read(root, act->path, a, &bytes);
	if (e != OK && e->sys == ENOENT) {
		Folder f = {.fd = -1};
		err_free(e);
		if (act->absent &&
		    act->bytes.n != 0) /* it will be made: in a folder that is there */
			TRY(open_folder(root, act->path, a, &f));
		fd_closep(&f.fd);
		*what = S("not there");
		*out = act->absent ? ACT_BEFORE : ACT_OTHER;
		return OK;
	}
	TRY(e);
	sha256_of(bytes, sha);
	return compare(act, digest_text(a, sha), out, what);
}

static Result sysctl_state(int root, const Action *act, Arena *a, ActState *out, Str *what)
{
	Str text = {0};
	AUTO_FD int fd = open_at(root, arena_cstr(a, act->path), O_RDONLY, 0);
	if (fd < 0)
		return refuse(act->path, errno);
	TRY(read_all(fd, act->path, 65536, a, &text));
	return compare(act, str_trim(text), out, what);
}

Result act_state(int root, const Action *act, Arena *a, ActState *out, Str *what)
{
	switch (act->kind) {
	case ACT_MODE:
	case ACT_OWNER: return stat_state(root, act, a, out, what);
	case ACT_CONTENT: return content_state(root, act, a, out, what);
	case ACT_SYSCTL: return sysctl_state(root, act, a, out, what);
	case ACT_RULE:
	case ACT_ENABLED: break;
	}
	FAIL(ERR_BUG, "an action that is not a file's");
}

/* ---- changing ---- */

static bool read_owner(Str text, uid_t *uid, gid_t *gid)
{
	Str user;
	uint64_t u, g;
	if (!str_cut(&text, ':', &user) || !str_u64(user, &u) || !str_u64(text, &g) ||
	    u >= UINT32_MAX || g >= UINT32_MAX)
		return false;
	*uid = (uid_t)u;
	*gid = (gid_t)g;
	return true;
}

static bool read_mode(Str text, mode_t *out)
{
	unsigned mode = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '7')
			return false;
		mode = mode << 3 | (unsigned)(text.p[i] - '0');
	}
	*out = (mode_t)mode;
	return text.n != 0 && text.n <= 5 && mode <= 07777u;
}

Result act_check(const Action *act)
{
	mode_t mode;
	uid_t uid;
	gid_t gid;
	if (act->kind == ACT_MODE && !read_mode(act->after, &mode))
		FAIL(ERR_INPUT, STR_FMT ": '" STR_FMT "' is no mode", STR_ARG(act->path),
		     STR_ARG(act->after));
	if (act->kind == ACT_OWNER && !read_owner(act->after, &uid, &gid))
		FAIL(ERR_INPUT, STR_FMT ": '" STR_FMT "' is no owner", STR_ARG(act->path),
		     STR_ARG(act->after));
	return OK;
}

static Result set_stat(int root, const Action *act, Str to, Arena *a)
{
	AUTO_FD int fd = -1;
	mode_t mode = 0;
	uid_t uid = 0;
	gid_t gid = 0;
	bool fine = act->kind == ACT_MODE ? read_mode(to, &mode) : read_owner(to, &uid, &gid);
	if (!fine)
		FAIL(ERR_INPUT, STR_FMT ": '" STR_FMT "' is no %s", STR_ARG(act->path), STR_ARG(to),
		     act->kind == ACT_MODE ? "mode" : "owner");
	TRY(open_path(root, act, a, &fd));
	TRY(can_change(fd, act->path)); /* again: another may be there than was looked at */
	ByFd path = by_fd(fd);
	int r = act->kind == ACT_MODE ? chmod(path.path, mode) : chown(path.path, uid, gid);
	return r == 0 ? OK : refuse(act->path, errno);
}

static Result write_sysctl(int root, const Action *act, Str value, Arena *a)
{
	AUTO_FD int fd = open_at(root, arena_cstr(a, act->path), O_WRONLY, 0);
	if (fd < 0)
		return refuse(act->path, errno);
	TRY_IN(fd_write(fd, value), STR_FMT, STR_ARG(act->path));
	return OK;
}

/* Best kept: one that the file system does not take is an error, or protection would be lost. */
static int copy_xattrs(int from, int to)
{
	static _Thread_local char names[XATTR_NAMES_MAX], value[XATTR_VALUE_MAX];
	ssize_t n = flistxattr(from, names, sizeof names);
	if (n < 0)
		return errno == ENOTSUP ? 0 : -1;
	for (const char *name = names; name < names + n; name += strlen(name) + 1) {
		ssize_t bytes = fgetxattr(from, name, value, sizeof value);
		if (bytes < 0 || fsetxattr(to, name, value, (size_t)bytes, 0) != 0)
			return -1;
	}
	return 0;
}

static int take_over(int old, int new)
{
	struct stat st;
	if (old < 0)
		return fchmod(new, PLAIN_FILE);
	/* What a new file inherits of its folder is not what the old one had. */
	if (fremovexattr(new, "system.posix_acl_access") != 0 && errno != ENODATA &&
	    errno != ENOTSUP)
		return -1;
	if (fstat(old, &st) != 0 || fchown(new, st.st_uid, st.st_gid) != 0 ||
	    fchmod(new, st.st_mode & 07777) != 0)
		return -1;
	return copy_xattrs(old, new);
}

/* A temporary file that a killed run left behind has the same name, and goes. */
static Result replace(const Folder *f, Str path, Str bytes)
{
	AUTO_FD int old = openat(f->fd, f->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (old < 0 && errno != ENOENT)
		return refuse(path, errno);
	unlinkat(f->fd, f->temp, 0);
	AUTO_FD int fd = openat(f->fd, f->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse(path, errno);
	Err *e = fd_write(fd, bytes);
	if (e == OK && (take_over(old, fd) != 0 || fsync(fd) != 0 ||
			renameat(f->fd, f->temp, f->fd, f->name) != 0))
		e = refuse(path, errno);
	if (e != OK)
		unlinkat(f->fd, f->temp, 0);
	else if (fsync(f->fd) != 0)
		e = refuse(path, errno);
	return e;
}

static Result write_content(int root, const Action *act, Str bytes, bool remove, Arena *a)
{
	Folder f;
	TRY(open_folder(root, act->path, a, &f));
	Err *e = OK;
	if (!remove)
		e = replace(&f, act->path, bytes);
	else if (unlinkat(f.fd, f.name, 0) != 0 || fsync(f.fd) != 0)
		e = refuse(act->path, errno);
	close(f.fd);
	return e;
}

Result act_do(int root, const Action *act, Arena *a)
{
	switch (act->kind) {
	case ACT_MODE:
	case ACT_OWNER: return set_stat(root, act, act->after, a);
	case ACT_CONTENT: return write_content(root, act, act->bytes, false, a);
	case ACT_SYSCTL: return write_sysctl(root, act, act->after, a);
	case ACT_RULE:
	case ACT_ENABLED: break;
	}
	FAIL(ERR_BUG, "an action that is not a file's");
}

Result act_undo(int root, const Action *act, Str saved, Arena *a)
{
	switch (act->kind) {
	case ACT_MODE:
	case ACT_OWNER: return set_stat(root, act, act->before, a);
	case ACT_CONTENT: return write_content(root, act, saved, act->absent, a);
	case ACT_SYSCTL: return write_sysctl(root, act, act->before, a);
	case ACT_RULE:
	case ACT_ENABLED: break;
	}
	FAIL(ERR_BUG, "an action that is not a file's");
}

void act_tidy(int root, const Action *act, Arena *a)
{
	Folder f;
	if (act->kind != ACT_CONTENT)
		return;
	Err *e = open_folder(root, act->path, a, &f);
	if (e == OK) {
		unlinkat(f.fd, f.temp, 0);
		close(f.fd);
	}
	err_free(e);
}

/* ---- through the pipe ---- */

static void one(Walk *w, Action *act)
{
	uint32_t kind = (uint32_t)act->kind, absent = act->absent;
	walk_number32(w, &kind);
	walk_number32(w, &absent);
	walk_text(w, &act->path);
	walk_text(w, &act->before);
	walk_text(w, &act->after);
	walk_text(w, &act->bytes);
	w->bad = w->bad || kind < ACT_MODE || kind > ACT_ENABLED || absent > 1;
	act->kind = (ActKind)kind;
	act->absent = absent != 0;
}

void actions_write(Buf *to, const ActionVec *v)
{
	ActionVec copy = *v;
	Walk w = {.to = to};
	WALK_ITEMS(&w, &copy, one);
}

Result actions_read(Str from, Arena *a, ActionVec *out)
{
	Walk w = {.from = from, .arena = a};
	ActionVec v = {0};
	WALK_ITEMS(&w, &v, one);
	if (w.bad || w.from.n != 0)
		FAIL(ERR_BUG, "the worker's answer is garbled after %zu of %zu bytes",
		     from.n - w.from.n, from.n);
	*out = v;
	return OK;
}
