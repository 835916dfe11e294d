/* probe_look.c - looks: the parent's end of a probe. It reads, and parses nothing. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>

#include "base/buf.h"
#include "io/fd.h"
#include "io/http.h"
#include "io/probe_wire.h"

/* The engine answers most questions within a millisecond; sizes of images may take a while. One
 * that sends a byte now and then must not hold the run up: for an answer, and for all of a run. */
enum { ENGINE_IDLE_SECONDS = 20, ENGINE_ANSWER_SECONDS = 60, ENGINE_RUN_MS = 600 * 1000 };

struct Looker {
	const ProbeRun *run;
	int root;  /* of the tree */
	bool live; /* the tree is this machine's own */
	Http *http;
	int64_t engine_ms; /* that were waited for the engine */
	Arena arena;       /* of one answer */
	Str bytes;
	unsigned status;
};

Result probe_pipe_read(int fd, void *to, size_t n, bool *end)
{
	char *at = to;
	size_t left = n;
	*end = false;
	while (left != 0) {
		ssize_t got = read(fd, at, left);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			FAIL_SYS("reading from a pipe: %s", strerrordesc_np(errno));
		if (got == 0 && left == n) {
			*end = true;
			return OK;
		}
		if (got == 0)
			FAIL(ERR_BUG, "a pipe broke off within a message");
		at += got;
		left -= (size_t)got;
	}
	return OK;
}

/* ---- files ---- */

/* O_NONBLOCK: opening a pipe or a device must not wait. */
static int open_in(const Looker *l, const char *path, int flags)
{
	unsigned all = (unsigned)flags | O_CLOEXEC;
	if ((all & O_PATH) == 0)
		all |= O_NOCTTY | O_NONBLOCK;
	struct open_how how = {.flags = all,
			       .resolve = l->live ? 0 : RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
	return (int)syscall(SYS_openat2, l->root, path, &how, sizeof how);
}

static int read_open_file(Looker *l, int fd, uint32_t limit)
{
	enum { STEP = 8 * 1024 };
	struct stat st;
	if (fstat(fd, &st) != 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? EISDIR : ENXIO;
	if (st.st_size > (off_t)limit)
		return EFBIG;
	Buf b = buf_in(&l->arena, limit);
	for (;;) {
		char piece[STEP];
		ssize_t n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			break;
		buf_add(&b, (Str){piece, (size_t)n});
	}
	l->bytes = buf_str(&b);
	return b.full ? EFBIG : 0;
}

static int look_read(Looker *l, const char *path, uint32_t limit)
{
	AUTO_FD int fd = open_in(l, path, O_RDONLY);
	return fd < 0 ? errno : read_open_file(l, fd, limit);
}

static int look_stat(Looker *l, const char *path, bool follow)
{
	AUTO_FD int fd = open_in(l, path, O_PATH | (follow ? 0 : O_NOFOLLOW));
	struct stat st;
	struct statfs fs;
	if (fd < 0 || fstat(fd, &st) != 0)
		return errno;
	if (fstatfs(fd, &fs) != 0)
		fs = (struct statfs){0};
	uint64_t block = (uint64_t)fs.f_bsize;
	ProbeStat *out = arena_new(&l->arena, ProbeStat);
	*out = (ProbeStat){.mode = st.st_mode,
			   .uid = st.st_uid,
			   .gid = st.st_gid,
			   .links = (uint32_t)st.st_nlink,
			   .size = (uint64_t)st.st_size,
			   .device = st.st_dev,
			   .inode = st.st_ino,
			   .fs_bytes = fs.f_blocks * block,
			   .fs_free_bytes = fs.f_bavail * block,
			   .fs_nodes = fs.f_files,
			   .fs_free_nodes = fs.f_ffree,
			   .fs_type = (uint64_t)fs.f_type};
	l->bytes = (Str){(const char *)out, sizeof *out};
	return 0;
}

static int look_link(Looker *l, const char *path)
{
	AUTO_FD int fd = open_in(l, path, O_PATH | O_NOFOLLOW);
	char *to = arena_array(&l->arena, char, PROBE_PATH_MAX);
	if (fd < 0)
		return errno;
	ssize_t n = readlinkat(fd, "", to, PROBE_PATH_MAX);
	if (n < 0)
		return errno == ENOENT ? EINVAL : errno; /* not a link */
	l->bytes = (Str){to, (size_t)n};
	return 0;
}

static bool is_capable(int dir, const char *name, const struct stat *st)
{
	char path[320]; /* "/proc/self/fd/N/" and NAME_MAX */
	if (!S_ISREG(st->st_mode) || (st->st_mode & 0111) == 0)
		return false;
	snprintf(path, sizeof path, "/proc/self/fd/%d/%s", dir, name);
	return lgetxattr(path, "security.capability", NULL, 0) > 0;
}

static void add_entry(Buf *b, int dir, const char *name)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	const ProbeEntryHead head = {.mode = st.st_mode,
				     .uid = st.st_uid,
				     .gid = st.st_gid,
				     .capable = is_capable(dir, name, &st),
				     .size = (uint64_t)st.st_size,
				     .device = st.st_dev};
	buf_add(b, (Str){(const char *)&head, sizeof head});
	buf_add(b, str_of(name));
	buf_char(b, '\0');
}

static int look_list(Looker *l, const char *path, bool stats)
{
	int fd = open_in(l, path, O_RDONLY | O_DIRECTORY);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	if (d == NULL) {
		int why = errno;
		fd_closep(&fd);
		return why;
	}
	Buf b = buf_in(&l->arena, LIMIT_PROBE_BYTES);
	errno = 0;
	for (const struct dirent *e; (e = readdir(d)) != NULL; errno = 0) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (stats) {
			add_entry(&b, fd, e->d_name);
			continue;
		}
		buf_add(&b, str_of(e->d_name));
		buf_char(&b, '\0');
	}
	int sys = errno;
	closedir(d);
	l->bytes = buf_str(&b);
	return sys != 0 ? sys : b.full ? EFBIG : 0;
}

/* ---- digests ---- */

static int digest_fd(int fd, EVP_MD_CTX *c)
{
	enum { STEP = 8 * 1024 };
	uint64_t total = 0;
	for (;;) {
		char piece[STEP];
		ssize_t n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : 0;
		total += (uint64_t)n;
		if (total > LIMIT_PROBE_DIGEST_BYTES)
			return EFBIG;
		if (EVP_DigestUpdate(c, piece, (size_t)n) != 1)
			return EIO;
	}
}

static int look_digest(Looker *l, const char *path, const EVP_MD *type)
{
	AUTO_FD int fd = open_in(l, path, O_RDONLY);
	uint8_t md[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? EISDIR : ENXIO;
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	int sys = c != NULL && EVP_DigestInit_ex(c, type, NULL) == 1 ? digest_fd(fd, c) : EIO;
	if (sys == 0 && EVP_DigestFinal_ex(c, md, &n) != 1)
		sys = EIO;
	EVP_MD_CTX_free(c);
	Buf hex = buf_in(&l->arena, 2 * sizeof md);
	for (unsigned i = 0; sys == 0 && i < n; i++)
		buf_fmt(&hex, "%02x", md[i]);
	l->bytes = buf_str(&hex);
	return sys;
}

/* ---- the engine ---- */

static int64_t steady_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool is_patience_over(Looker *l)
{
	if (l->run->endless || l->engine_ms < ENGINE_RUN_MS)
		return false;
	l->bytes = S("not asked: the engine took ten minutes for the answers before");
	return true;
}

static int look_get(Looker *l, const char *path)
{
	const ProbeEngine *e = &l->run->engine;
	HttpReply reply = {0};
	Buf url = buf_in(&l->arena, 2ul * PROBE_PATH_MAX);
	if (e->socket == NULL && e->url == NULL)
		return ENOTCONN;
	if (is_patience_over(l))
		return EIO;
	if (path[0] != '/')
		return EINVAL;
	for (const char *c = path; *c != '\0'; c++)
		if (*c <= ' ' || *c >= 0x7f)
			return EINVAL;
	buf_fmt(&url, "%s%s", e->url != NULL ? e->url : "http://localhost", path);
	buf_char(&url, '\0');
	const HttpRequest r = {.url = buf_str(&url).p,
			       .unix_socket = e->socket,
			       .ca_file = e->ca,
			       .cert_file = e->cert,
			       .key_file = e->key,
			       .max_bytes = LIMIT_PROBE_BYTES,
			       .idle_seconds = ENGINE_IDLE_SECONDS,
			       .total_seconds = ENGINE_ANSWER_SECONDS};
	int64_t began = steady_ms();
	Err *err = l->http == NULL ? http_create(&l->http) : OK;
	if (err == OK)
		err = http_get(l->http, &r, &l->arena, &reply, &l->bytes);
	l->status = reply.status;
	l->engine_ms += steady_ms() - began;
	if (err == OK)
		return 0;
	bool large = err->kind == ERR_LIMIT;
	l->bytes = arena_str(&l->arena, str_of(err->text));
	err_free(err);
	return large ? EFBIG : EIO;
}

/* ---- one question after another ---- */

static int look(Looker *l, uint32_t op, const char *path)
{
	switch (op) {
	case PROBE_READ: return look_read(l, path, LIMIT_PROBE_BYTES);
	case PROBE_READ_LARGE: return look_read(l, path, LIMIT_PROBE_LARGE_BYTES);
	case PROBE_STAT: return look_stat(l, path, true);
	case PROBE_LSTAT: return look_stat(l, path, false);
	case PROBE_LINK: return look_link(l, path);
	case PROBE_LIST: return look_list(l, path, false);
	case PROBE_GET: return look_get(l, path);
	case PROBE_DIR: return look_list(l, path, true);
	case PROBE_MD5: return look_digest(l, path, EVP_md5());
	case PROBE_SHA1: return look_digest(l, path, EVP_sha1());
	case PROBE_SHA256: return look_digest(l, path, EVP_sha256());
	default: return EINVAL;
	}
}

static Result serve_one(Looker *l, int in, int out, bool *end)
{
	ProbeQuestion q;
	bool cut = false;
	TRY(probe_pipe_read(in, &q, sizeof q, end));
	if (*end)
		return OK;
	if (q.path_bytes > PROBE_PATH_MAX)
		FAIL(ERR_BUG, "the worker asks about a path of %u bytes", q.path_bytes);
	char *path = arena_array(&l->arena, char, q.path_bytes + 1);
	TRY(probe_pipe_read(in, path, q.path_bytes, &cut));
	l->bytes = (Str){0};
	l->status = 0;
	ProbeAnswer answer = {.sys = look(l, q.op, path)};
	answer.status = l->status;
	answer.bytes = (uint32_t)l->bytes.n;
	TRY(fd_write(out, (Str){(const char *)&answer, sizeof answer}));
	TRY(fd_write(out, l->bytes));
	arena_reset(&l->arena);
	return OK;
}

Result probe_serve(const ProbeRun *r, int in, int out)
{
	AUTO_FD int root = open(r->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	Looker l = {.run = r, .root = root, .live = strcmp(r->root, "/") == 0};
	bool end = false;
	Err *e = OK;
	if (root < 0)
		FAIL_SYS("%s: %s", r->root, strerrordesc_np(errno));
	while (e == OK && !end)
		e = serve_one(&l, in, out, &end);
	http_destroy(l.http);
	arena_finish(&l.arena);
	if (e != OK && e->sys == EPIPE) { /* the worker ended first, and says why itself */
		err_free(e);
		return OK;
	}
	return e;
}
