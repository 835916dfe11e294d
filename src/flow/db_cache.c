/* db_cache.c - the cache's folders, its lock, and files that change in one step. */
#include "flow/db_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "flow/feed_dir.h"
#include "flow/feed_state.h"
#include "io/digest.h"
#include "io/fd.h"

#define STATE_FILE "state"
#define STATE_NEW "state.new"

enum { COPY_BYTES = 128 * 1024, STORED_NAME_MAX = 120, STORED_DIGEST_CHARS = 16 };

/* ---- where it is ---- */

static const char *joined(Arena *a, const char *dir, const char *rest)
{
	Buf b = buf_in(a, LIMIT_LINE_BYTES);
	buf_fmt(&b, "%s/%s", dir, rest);
	buf_char(&b, '\0');
	return b.p;
}

static const char *set_env(const char *name)
{
	const char *v = getenv(name);
	return v != NULL && v[0] != '\0' ? v : NULL;
}

Result db_cache_path(Arena *a, const char **out)
{
	const char *own = set_env("BULWARK_CACHE_DIR");
	const char *xdg = set_env("XDG_CACHE_HOME");
	const char *home = set_env("HOME");
	if (own != NULL)
		*out = own;
	else if (xdg != NULL && xdg[0] == '/') /* the standard: a relative one is ignored */
		*out = joined(a, xdg, "bulwark");
	else if (home != NULL)
		*out = joined(a, home, ".cache/bulwark");
	else if (geteuid() == 0)
		*out = "/var/cache/bulwark";
	else
		FAIL(ERR_USAGE, "no place for the cache: set HOME or BULWARK_CACHE_DIR");
	return OK;
}

const char *db_cache_database(const char *cache_path, Arena *a)
{
	return joined(a, cache_path, "advisories.bwdb");
}

static Result make_dirs(const char *path)
{
	Arena a = {0};
	Str whole = str_of(path);
	for (size_t i = 1; i <= whole.n; i++) {
		if (i != whole.n && path[i] != '/')
			continue;
		const char *part = arena_cstr(&a, str_first(whole, i));
		if (mkdir(part, 0755) != 0 && errno != EEXIST) {
			int why = errno;
			arena_finish(&a);
			return err_make(ERR_SYS, why, ERR_HERE, "%s: cannot make the folder: %s",
					path, strerror(why));
		}
	}
	arena_finish(&a);
	return OK;
}

Result db_cache_open(const char *path, bool create, DbCache *out)
{
	if (create)
		TRY(make_dirs(path));
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		FAIL_SYS("%s: cannot open the cache: %s", path, strerror(errno));
	*out = (DbCache){.path = path, .dir = dir, .lock = -1};
	return OK;
}

void db_cache_close(DbCache *c)
{
	if (c->path == NULL)
		return;
	fd_closep(&c->lock);
	fd_closep(&c->dir);
	*c = (DbCache){0};
}

Result db_cache_lock(DbCache *c, bool wait, bool *got)
{
	AUTO_FD int fd = openat(c->dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		FAIL_SYS("%s: cannot write here: %s", c->path, strerror(errno));
	int r;
	do
		r = flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB));
	while (r != 0 && errno == EINTR);
	if (r != 0 && (wait || errno != EWOULDBLOCK))
		FAIL_SYS("%s/lock: %s", c->path, strerror(errno));
	*got = r == 0;
	if (r == 0) {
		c->lock = fd;
		fd = -1;
	}
	return OK;
}

/* ---- states ---- */

static Result replace_file(int dir, Str bytes)
{
	AUTO_FD int fd = openat(dir, STATE_NEW,
				O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		FAIL_SYS(STATE_NEW ": cannot write: %s", strerror(errno));
	TRY_IN(fd_write(fd, bytes), STATE_NEW);
	if (fsync(fd) != 0 || renameat(dir, STATE_NEW, dir, STATE_FILE) != 0 || fsync(dir) != 0)
		FAIL_SYS(STATE_FILE ": cannot write: %s", strerror(errno));
	return OK;
}

Result db_cache_feed_dir(const DbCache *c, Str feed, int *out)
{
	Arena a = {0};
	const char *name = arena_cstr(&a, feed);
	Err *e = OK;
	mkdirat(c->dir, "feeds", 0755);
	AUTO_FD int all = openat(c->dir, "feeds", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (all >= 0)
		mkdirat(all, name, 0755);
	int dir = openat(all, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (all < 0 || dir < 0)
		e = err_make(ERR_SYS, errno, ERR_HERE, "%s/feeds/%s: %s", c->path, name,
			     strerror(errno));
	else
		*out = dir;
	arena_finish(&a);
	return e;
}

Result db_cache_state(const DbCache *c, Str feed, Arena *a, FeedState *out, bool *found)
{
	const char *path = joined(a, joined(a, "feeds", arena_cstr(a, feed)), STATE_FILE);
	*found = false;
	AUTO_FD int fd = openat(c->dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return OK;
	if (fd < 0)
		FAIL_SYS("%s/%s: %s", c->path, path, strerror(errno));
	AUTO_SOURCE Source *s = source_from_fd(fd, false);
	Str text;
	TRY_IN(source_all(s, a, LIMIT_FEED_STATE_BYTES, &text), "%s/%s", c->path, path);
	TRY_IN(feed_state_read(text, a, out), "%s/%s", c->path, path);
	*found = true;
	return OK;
}

static bool is_wanted(const FeedState *s, Str name)
{
	for (size_t i = 0; i < s->files.n; i++)
		if (str_eq(s->files.at[i].stored, name))
			return true;
	return str_eq(name, S(STATE_FILE)) || str_starts(name, S("."));
}

static void sweep(int dir, const FeedState *s)
{
	int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = again >= 0 ? fdopendir(again) : NULL;
	if (d == NULL) {
		fd_closep(&again);
		return; /* litter is no harm */
	}
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		if (!is_wanted(s, str_of(e->d_name)))
			unlinkat(dir, e->d_name, 0);
	closedir(d);
}

Result db_cache_set_state(const DbCache *c, Str feed, const FeedState *state)
{
	Arena a = {0};
	Str text;
	AUTO_FD int dir = -1;
	TRY(db_cache_feed_dir(c, feed, &dir));
	Buf b = buf_in(&a, LIMIT_FEED_STATE_BYTES);
	feed_state_write(state, &b);
	Err *e = buf_done(&b, "the state", &text);
	if (e == OK)
		e = replace_file(dir, text);
	arena_finish(&a);
	if (e != OK)
		return err_in(e, "%s/feeds/" STR_FMT, c->path, STR_ARG(feed));
	sweep(dir, state);
	return OK;
}

/* ---- files ---- */

static Str plain_name(Str name, Arena *a)
{
	size_t n = name.n < STORED_NAME_MAX ? name.n : STORED_NAME_MAX;
	char *p = arena_array(a, char, n);
	name = str_skip(name, name.n - n); /* the end tells files apart */
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '-' || (c == '.' && i != 0);
		p[i] = '_';
		if (fine)
			p[i] = name.p[i];
	}
	return (Str){p, n};
}

Str db_cache_partial_name(Str name, Arena *a)
{
	Buf b = buf_in(a, LIMIT_LINE_BYTES);
	Str plain = plain_name(name, a);
	buf_fmt(&b, STR_FMT ".part", STR_ARG(plain));
	return buf_str(&b);
}

/* Reads `from` to its end; writes it to `to` unless that is -1; the digest of it in *h. */
static Result pass_through(int from, int to, Sha256 *h, uint64_t *bytes)
{
	AUTO_SOURCE Source *s = source_from_fd(from, false);
	TRY(source_limit(&s, LIMIT_FEED_FILE_BYTES));
	*bytes = 0;
	for (Str piece = S("-"); piece.n != 0; *bytes += piece.n) {
		TRY(source_next(s, &piece));
		if (h != NULL)
			sha256_add(h, piece);
		if (to >= 0)
			TRY_IN(fd_write(to, piece), "the copy in the cache");
	}
	return OK;
}

static Result digest_of_fd(int fd, Arena *a, Str *sha256, uint64_t *bytes)
{
	uint8_t sum[SHA256_BYTES];
	Sha256 h = sha256_start();
	Err *e = pass_through(fd, -1, &h, bytes);
	if (e != OK) {
		sha256_drop(&h);
		return e;
	}
	sha256_finish(&h, sum);
	*sha256 = digest_text(a, sum);
	return OK;
}

Result db_cache_adopt(int feed_dir, Arena *a, CacheFile *f)
{
	const char *part = arena_cstr(a, db_cache_partial_name(f->name, a));
	AUTO_FD int fd = openat(feed_dir, part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		FAIL_SYS("%s: %s", part, strerror(errno));
	TRY_IN(digest_of_fd(fd, a, &f->sha256, &f->bytes), "%s", part);
	Buf b = buf_in(a, LIMIT_LINE_BYTES);
	Str plain = plain_name(f->name, a);
	Str hex = str_skip(f->sha256, sizeof "sha256:" - 1);
	buf_fmt(&b, STR_FMT "." STR_FMT, STR_ARG(plain), STORED_DIGEST_CHARS, hex.p);
	f->stored = buf_str(&b);
	if (fsync(fd) != 0 || renameat(feed_dir, part, feed_dir, arena_cstr(a, f->stored)) != 0 ||
	    fsync(feed_dir) != 0)
		FAIL_SYS("%s: cannot be kept: %s", part, strerror(errno));
	return OK;
}

Result db_cache_copy_in(int feed_dir, Str name, int from)
{
	Arena a = {0};
	uint64_t bytes;
	const char *part = arena_cstr(&a, db_cache_partial_name(name, &a));
	AUTO_FD int to = openat(feed_dir, part,
				O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	struct stat st;
	Err *e = OK;
	if (to < 0 || fstat(from, &st) != 0)
		e = err_make(ERR_SYS, errno, ERR_HERE, "%s: %s", part, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		e = feed_dir_pack(from, to);
	else
		e = pass_through(from, to, NULL, &bytes);
	arena_finish(&a);
	return e;
}

Result db_cache_open_file(int feed_dir, const CacheFile *f, int *out)
{
	Arena a = {0};
	Str sha = {0};
	uint64_t bytes = 0;
	const char *name = arena_cstr(&a, f->stored);
	AUTO_FD int fd = openat(feed_dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	Err *e = fd >= 0 ? digest_of_fd(fd, &a, &sha, &bytes)
			 : err_make(ERR_SYS, errno, ERR_HERE, "%s", strerror(errno));
	if (e == OK && (bytes != f->bytes || !str_eq(sha, f->sha256)))
		e = err_make(ERR_INPUT, 0, ERR_HERE, "was changed or damaged since it was kept");
	if (e == OK && lseek(fd, 0, SEEK_SET) != 0)
		e = err_make(ERR_SYS, errno, ERR_HERE, "%s", strerror(errno));
	arena_finish(&a);
	if (e != OK)
		return err_in(e, STR_FMT, STR_ARG(f->stored));
	*out = fd;
	fd = -1;
	return OK;
}
