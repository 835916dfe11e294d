/* secret_walk.c - one list of files, some threads that take the next one. */
#include "flow/secret_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "flow/known.h"
#include "io/fd.h"
#include "secrets/limits.h"

enum { OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY };

typedef struct Item {
	Str path; /* from the root; empty: the root itself */
	uint64_t size;
} Item;

typedef struct ItemVec {
	Item *at;
	size_t n, cap;
} ItemVec;

typedef struct Walk {
	const SecretWalk *job;
	Arena *arena;
	RemarkReport *out;
	ItemVec dirs, files;
	uint64_t bytes;
	atomic_uint_fast64_t done;
} Walk;

/* ---- the list ---- */

static bool is_left_out(const Walk *w, Str path)
{
	bool objects = str_ends(path, S(".git/objects")) || str_ends(path, S(".git/lfs"));
	return (objects && !w->job->everything) || is_excluded(w->job->exclude, path);
}

static bool is_virtual(int fd)
{
	struct statfs fs;
	if (fstatfs(fd, &fs) != 0)
		return false;
	switch ((unsigned long)fs.f_type) {
	case PROC_SUPER_MAGIC:
	case SYSFS_MAGIC:
	case CGROUP_SUPER_MAGIC:
	case CGROUP2_SUPER_MAGIC:
	case DEVPTS_SUPER_MAGIC:
	case SECURITYFS_MAGIC:
	case DEBUGFS_MAGIC:
	case TRACEFS_MAGIC:
	case BPF_FS_MAGIC: return true;
	default: return false;
	}
}

static Str join(Arena *a, Str dir, Str name)
{
	Buf b = buf_in(a, dir.n + name.n + 2);
	buf_add(&b, dir);
	if (dir.n != 0 && name.n != 0 && !str_ends(dir, S("/")))
		buf_char(&b, '/');
	buf_add(&b, name);
	return buf_str(&b);
}

static void skip(Walk *w, Str path, const char *why)
{
	vec_push(w->arena, &w->out->not_evaluated,
		 (Unread){.what = join(w->arena, w->job->name, path), .why = str_of(why)});
}

static void add_entry(Walk *w, int dir, Str path, const struct dirent *e)
{
	struct stat st;
	if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
		return;
	Str child = join(w->arena, path, str_of(e->d_name));
	if (is_left_out(w, child))
		return;
	if (fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno != ENOENT) /* gone since */
			skip(w, child, strerrordesc_np(errno));
		return;
	}
	Item item = {child, (uint64_t)st.st_size};
	if (S_ISDIR(st.st_mode))
		vec_push(w->arena, &w->dirs, item);
	else if (S_ISREG(st.st_mode) && st.st_size != 0)
		vec_push(w->arena, &w->files, item);
}

static Result list_dir(Walk *w, Str path)
{
	int fd = openat(w->job->root, path.n != 0 ? arena_cstr(w->arena, path) : ".",
			OPEN_FLAGS | O_DIRECTORY);
	if (fd < 0) {
		skip(w, path, strerrordesc_np(errno));
		return OK;
	}
	if (is_virtual(fd)) {
		close(fd);
		return OK;
	}
	DIR *d = fdopendir(fd);
	if (d == NULL) {
		close(fd);
		FAIL_SYS("reading a folder");
	}
	for (;;) {
		errno = 0;
		const struct dirent *e = readdir(d);
		if (e == NULL)
			break;
		add_entry(w, fd, path, e);
	}
	if (errno != 0)
		skip(w, path, strerrordesc_np(errno));
	closedir(d);
	if (w->files.n > LIMIT_SECRET_FILES)
		FAIL(ERR_LIMIT, "more than %u files", LIMIT_SECRET_FILES);
	return OK;
}

static int by_path(const void *a, const void *b)
{
	const Item *x = a, *y = b;
	return str_cmp(x->path, y->path);
}

static Result list_files(Walk *w)
{
	vec_push(w->arena, &w->dirs, (Item){0});
	while (w->dirs.n != 0)
		TRY(list_dir(w, w->dirs.at[--w->dirs.n].path));
	if (w->files.n > 1)
		qsort(w->files.at, w->files.n, sizeof w->files.at[0], by_path);
	for (size_t i = 0; i < w->files.n; i++)
		w->bytes += w->files.at[i].size;
	return OK;
}

/* ---- what each reader does ---- */

static void read_one(void *ctx, SecretReader *r, size_t i)
{
	enum { SAY_EVERY = 256 };
	Walk *w = ctx;
	const Item *f = &w->files.at[i];
	Arena a = {0};
	AUTO_FD int fd = openat(w->job->root, arena_cstr(&a, f->path), OPEN_FLAGS);
	arena_finish(&a);
	Str shown = join(r->arena, w->job->name, f->path);
	size_t before = r->report.remarks.n;
	r->under = shown.n - f->path.n;
	if (fd >= 0)
		secret_reader_fd(r, shown, fd);
	else if (errno != ENOENT)
		vec_push(r->arena, &r->report.not_evaluated,
			 (Unread){shown, str_of(strerrordesc_np(errno))});
	if (fd >= 0 && w->job->look != NULL)
		w->job->look(w->job->look_ctx, r, &(SecretFile){f->path, shown, fd, {0}});
	else if (r->report.remarks.n > before && owned_unchanged(w->job->owned, f->path, fd))
		for (size_t k = before; k < r->marks.n; k++)
			r->marks.at[k].owned = true;
	uint64_t done = atomic_fetch_add(&w->done, f->size);
	if (i % SAY_EVERY == 0 && w->job->progress != NULL)
		w->job->progress(w->job->progress_ctx, done, w->bytes);
}

Result secret_walk(const SecretWalk *job, Arena *a, RemarkReport *out)
{
	Walk w = {.job = job, .arena = a, .out = out};
	TRY(list_files(&w));
	SecretCrew *crew = secret_crew_create(job->set, job->least, job->help);
	SecretCrewWork work = {.read = read_one, .ctx = &w, .n = w.files.n};
	secret_crew_run(crew, &work);
	secret_crew_tell(crew, false, a, out);
	secret_crew_destroy(crew);
	return OK;
}
