/* git.c - an object database by libgit2, and references by hand. */
#include "io/git.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "io/fd.h"
#include "io/git_lib.h"
#include "io/git_limits.h"
#include "io/source.h"

enum { OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY };

struct Git {
	int dir;
	git_odb *odb;
};

static GitLib lib;
static bool started;

Result repo_start(void)
{
	if (!started)
		TRY(git_lib_load(&lib));
	started = true;
	return OK;
}

static const char *reason(void)
{
	const git_error *e = lib.git_error_last();
	return e != NULL && e->message != NULL ? e->message : "libgit2 gives no reason";
}

static bool has(const Git *g, const char *name)
{
	struct stat st;
	return fstatat(g->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

void repo_close(Git *g)
{
	if (g == NULL)
		return;
	if (g->odb != NULL)
		lib.git_odb_free(g->odb);
	if (g->dir >= 0)
		close(g->dir);
	free(g);
}

static Result open_objects(Git *g, const char *dir)
{
	Arena a = {0};
	Buf b = buf_in(&a, LIMIT_TAR_PATH_BYTES);
	buf_fmt(&b, "%s/objects", dir);
	buf_char(&b, '\0');
	int r = lib.git_odb_open(&g->odb, buf_str(&b).p);
	arena_finish(&a);
	if (r != 0 && has(g, "objects/info/alternates"))
		FAIL(ERR_INPUT,
		     "git: it borrows objects of another repository, where this may not look (%s); "
		     "make it whole: git repack -a -d",
		     reason());
	if (r != 0)
		FAIL(ERR_INPUT, "git: its objects cannot be read: %s", reason());
	return OK;
}

Result repo_open(const char *dir, Git **out)
{
	Git *g = calloc(1, sizeof *g);
	if (g == NULL)
		die_oom();
	g->dir = open(dir, OPEN_FLAGS | O_DIRECTORY);
	Err *e = OK;
	if (g->dir < 0)
		e = err_make(ERR_SYS, errno, ERR_HERE, "%s", strerrordesc_np(errno));
	else if (!has(g, "objects") || !has(g, "HEAD"))
		e = err_make(ERR_INPUT, 0, ERR_HERE, "git: no repository: it has no objects");
	else if (has(g, "reftable"))
		e = err_make(ERR_INPUT, 0, ERR_HERE,
			     "git: its references are kept as a reftable, which is not read; "
			     "convert it: git refs migrate --ref-format=files");
	else
		e = open_objects(g, dir);
	if (e == OK)
		*out = g;
	else
		repo_close(g);
	return e;
}

static const char *short_name(const GitName *n, char out[static GIT_NAME_DIGITS + 1])
{
	enum { SHORT = 12 };
	repo_name_text(n, out);
	out[SHORT] = '\0';
	return out;
}

Result repo_read(const Git *g, const GitName *name, uint64_t max, GitObject *out)
{
	char text[GIT_NAME_DIGITS + 1];
	git_oid id;
	git_odb_object *o = NULL;
	size_t size = 0;
	git_object_t type = GIT_OBJECT_INVALID;
	memcpy(id.id, name->b, GIT_NAME_BYTES);
	if (lib.git_odb_read_header(&size, &type, g->odb, &id) != 0)
		FAIL(ERR_INPUT, "git: object %s: %s", short_name(name, text), reason());
	if (size > max)
		FAIL(ERR_LIMIT, "has %zu bytes, at most %llu are read", size,
		     (unsigned long long)max);
	if (lib.git_odb_read(&o, g->odb, &id) != 0)
		FAIL(ERR_INPUT, "git: object %s: %s", short_name(name, text), reason());
	type = lib.git_odb_object_type(o);
	*out = (GitObject){.kind = type == GIT_OBJECT_COMMIT ? GIT_IS_COMMIT
				   : type == GIT_OBJECT_TREE ? GIT_IS_TREE
				   : type == GIT_OBJECT_TAG  ? GIT_IS_TAG
							     : GIT_IS_BLOB,
			   .body = {lib.git_odb_object_data(o), lib.git_odb_object_size(o)},
			   .impl = o};
	return OK;
}

void repo_object_free(const Git *g, GitObject *o)
{
	(void)g;
	if (o->impl != NULL)
		lib.git_odb_object_free(o->impl);
	o->impl = NULL;
}

/* ---- references ---- */

/* Optional, or gone since; or HEAD as a link to one of the references, which are read anyway. */
static Result not_opened(const char *name)
{
	if (errno == ENOENT || (errno == ELOOP && strcmp(name, "HEAD") == 0))
		return OK;
	FAIL_SYS("git: %s: %s", name,
		 errno == ELOOP || errno == ENOTDIR ? "a link, which is not followed"
						    : strerrordesc_np(errno));
}

static Result read_lines(int dir, const char *name, Arena *a, GitNames *out)
{
	GitName n;
	Str text, line;
	int fd = openat(dir, name, OPEN_FLAGS);
	if (fd < 0)
		return not_opened(name);
	AUTO_SOURCE Source *s = source_from_fd(fd, true);
	TRY_IN(source_all(s, a, LIMIT_GIT_REFS_BYTES, &text), "git: %s", name);
	while (str_cut(&text, '\n', &line)) {
		if (repo_ref_is_sha256(line))
			FAIL(ERR_INPUT, "git: a repository with SHA-256 names, which is not read");
		if (repo_ref_read(line, &n))
			vec_push(a, out, n);
	}
	if (out->n > LIMIT_GIT_REFS)
		FAIL(ERR_LIMIT, "git: more than %u references", LIMIT_GIT_REFS);
	return OK;
}

/* One that names nothing is damaged: it becomes a name that nothing has. */
static Result read_reference(int dir, const char *name, Arena *a, GitNames *out)
{
	char head[4] = {0};
	size_t before = out->n;
	TRY(read_lines(dir, name, a, out));
	AUTO_FD int fd = openat(dir, name, OPEN_FLAGS);
	bool symbolic = fd >= 0 && read(fd, head, sizeof head) == sizeof head &&
			memcmp(head, "ref:", sizeof head) == 0;
	if (fd >= 0 && !symbolic && out->n == before)
		vec_push(a, out, (GitName){{0}});
	return OK;
}

static Result read_folder(int parent, const char *name, unsigned depth, Arena *a, GitNames *out);

static Result read_entry(int dir, const char *name, unsigned depth, Arena *a, GitNames *out)
{
	struct stat st;
	if (name[0] == '.' || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return OK;
	if (S_ISDIR(st.st_mode))
		return read_folder(dir, name, depth + 1, a, out);
	return S_ISREG(st.st_mode) && !str_ends(str_of(name), S(".lock"))
		       ? read_reference(dir, name, a, out)
		       : OK;
}

static Result read_folder(int parent, const char *name, unsigned depth, Arena *a, GitNames *out)
{
	if (depth > LIMIT_GIT_DEPTH)
		FAIL(ERR_LIMIT, "git: references more than %u folders deep", LIMIT_GIT_DEPTH);
	int fd = openat(parent, name, OPEN_FLAGS | O_DIRECTORY);
	if (fd < 0)
		return not_opened(name);
	DIR *d = fdopendir(fd);
	if (d == NULL) {
		close(fd);
		FAIL_SYS("git: reading %s", name);
	}
	Err *e = OK;
	for (struct dirent *n = readdir(d); n != NULL && e == OK; n = readdir(d))
		e = read_entry(dirfd(d), n->d_name, depth, a, out);
	closedir(d);
	return e;
}

Result repo_references(const Git *g, Arena *a, GitNames *out)
{
	GitNames all = {0};
	TRY(read_lines(g->dir, "HEAD", a, &all));
	TRY(read_lines(g->dir, "packed-refs", a, &all));
	TRY(read_folder(g->dir, "refs", 0, a, &all));
	*out = all;
	return OK;
}

Result repo_shallow(const Git *g, Arena *a, GitNames *out)
{
	return read_lines(g->dir, "shallow", a, out);
}
