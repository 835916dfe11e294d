/* project.c - finds .bulwark.yaml, has a worker read it, and takes what it may say. */
#include "cli/project.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cli/config.h"
#include "cli/input.h"
#include "io/fd.h"
#include "io/worker.h"

/* ---- finding ---- */

static const char *joined(Arena *a, Str dir, const char *name)
{
	Buf b = buf_in(a, SIZE_MAX);
	buf_fmt(&b, STR_FMT "/%s%c", STR_ARG(dir), name, '\0');
	return buf_str(&b).p;
}

static bool exists(Arena *a, Str dir, const char *name)
{
	struct stat st;
	return lstat(joined(a, dir, name), &st) == 0;
}

static bool is_root(Arena *a, Str dir)
{
	return exists(a, dir, ".git") || exists(a, dir, ".hg") || exists(a, dir, ".svn");
}

/* Of the repository that `dir` is in; empty: it is in none. */
static Str root_of(Arena *a, Str dir)
{
	while (dir.n != 0 && !is_root(a, dir))
		dir = str_dir(dir);
	return dir;
}

/* Whoever could put a file above the folder could else steer how it is judged. */
static Result check_owner(const char *file, Str folder, Arena *a)
{
	struct stat of_file, of_folder;
	if (lstat(file, &of_file) != 0 || stat(arena_cstr(a, folder), &of_folder) != 0)
		FAIL_SYS("%s: %s", file, strerrordesc_np(errno));
	if (of_file.st_uid != 0 && of_file.st_uid != geteuid() &&
	    of_file.st_uid != of_folder.st_uid)
		FAIL(ERR_TRUST, "%s: it is another user's; make it your own, or say --no-config",
		     file);
	return OK;
}

Result project_find(const char *dir, Arena *a, const char **out)
{
	char *real = realpath(dir[0] != '\0' ? dir : ".", NULL);
	*out = NULL;
	if (real == NULL)
		FAIL_SYS("%s: %s", dir, strerrordesc_np(errno));
	Str at = arena_str(a, str_of(real));
	free(real);
	Str top = root_of(a, at), folder = at;
	for (;; at = str_dir(at)) {
		if (exists(a, at, PROJECT_FILE)) {
			*out = joined(a, at, PROJECT_FILE);
			return check_owner(*out, folder, a);
		}
		if (top.n == 0 || at.n <= top.n)
			return OK;
	}
}

/* ---- reading ---- */

typedef struct Job {
	const char *file, *command;
	const char *const *allowed;
	Str text;
} Job;

static Err *read_in_worker(void *ctx, Reply *reply)
{
	const Job *j = ctx;
	Arena a = {0};
	StrVec said = {0};
	TRY(config_read_project(j->file, j->text, j->command, j->allowed, &a, &said));
	for (size_t i = 0; i < said.n; i++) {
		TRY(worker_answer(reply, said.at[i]));
		TRY(worker_answer(reply, S("\0")));
	}
	arena_finish(&a);
	return OK;
}

/* A link could lead to a file whose words would then stand in an error. */
static Result open_plain(const char *file, int *out)
{
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		FAIL_SYS("%s: cannot read: %s", file,
			 errno == ELOOP ? "it is a link" : strerrordesc_np(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		FAIL(ERR_TRUST, "%s: not a file", file);
	}
	*out = fd;
	return OK;
}

static const Opt *option_named(const Opt *table, Str name)
{
	for (const Opt *o = table; o->type != OPT_END; o++)
		if (str_eq(name, str_of(o->name)))
			return o;
	return NULL;
}

Result project_apply(const char *file, const char *command, const char *const *allowed,
		     bool allow_unsandboxed, OptSet *s)
{
	Job job = {.file = file, .command = command, .allowed = allowed};
	WorkerGrant grant = {.allow_unsandboxed = allow_unsandboxed};
	Str pairs, name, value;
	int fd;
	TRY(open_plain(file, &fd));
	TRY(input_all(fd, file, LIMIT_CONFIG_BYTES, s->arena, &job.text));
	TRY(worker_run(&grant, read_in_worker, &job, s->arena, &pairs, NULL));
	while (pairs.n != 0 && str_cut(&pairs, '\0', &name) && str_cut(&pairs, '\0', &value)) {
		const Opt *o = option_named(s->table, name);
		if (o == NULL)
			FAIL(ERR_BUG, "%s: an option that nobody has", file);
		TRY_IN(opt_set(s, o, FROM_PROJECT, arena_cstr(s->arena, value)), "%s", file);
	}
	return OK;
}
