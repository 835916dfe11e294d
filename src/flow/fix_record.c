/* fix_record.c - undo records: made whole or not at all, found again, marked when used. */
#include "flow/fix_record.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fix/prepare.h"
#include "io/fd.h"
#include "io/source.h"

#define RECORD "record.json"
#define UNDONE "undone"
#define NOTHING "%s: nothing is there to be taken back"

enum { ONLY_ROOT = 0700, SAME_SECOND = 1000, ID_CHARS = 24, SAVED_CHARS = 16 };

/* ---- the folder of records ---- */

static Result open_folder(int at, const char *name, bool make, int *out)
{
	if (make && mkdirat(at, name, ONLY_ROOT) != 0 && errno != EEXIST)
		FAIL_SYS("%s: cannot be made: %s", name, strerrordesc_np(errno));
	*out = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*out < 0)
		FAIL_SYS("%s: %s", name, strerrordesc_np(errno));
	return OK;
}

/* Links are followed as if the tree's root were "/". */
static int open_in(int root, const char *path)
{
	struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
			       .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
	return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

static Result open_usual(int root, bool make, int *out)
{
	static const char *const parts[] = {"var", "lib", "bulwark", "undo"};
	enum { PARTS = sizeof parts / sizeof parts[0] };
	char path[64] = "";
	for (size_t i = 0; i < PARTS && make; i++) {
		int at = open_in(root, i != 0 ? path : ".");
		int r = at < 0 ? -1 : mkdirat(at, parts[i], i + 1 < PARTS ? 0755 : ONLY_ROOT);
		int why = errno;
		fd_closep(&at);
		if (r != 0 && why != EEXIST)
			FAIL_SYS(FIX_UNDO_DIR ": cannot be made: %s", strerrordesc_np(why));
		snprintf(path + strlen(path), sizeof path - strlen(path), "%s%s", i != 0 ? "/" : "",
			 parts[i]);
	}
	*out = open_in(root, FIX_UNDO_DIR);
	if (*out < 0)
		FAIL_SYS(FIX_UNDO_DIR ": %s", strerrordesc_np(errno));
	return OK;
}

/* What lies there is carried out: nobody else may put it there. */
static Result is_ours(const FixRecords *f)
{
	struct stat st;
	if (fstat(f->dir, &st) != 0)
		FAIL_SYS("%s: %s", f->name, strerrordesc_np(errno));
	if ((st.st_uid != 0 && st.st_uid != geteuid()) || (st.st_mode & 0022) != 0)
		FAIL(ERR_INPUT,
		     "%s: others can write in it (owner uid %u, mode %04o), and records there may "
		     "be anybody's; use a directory of your own, mode 0700",
		     f->name, st.st_uid, (unsigned)st.st_mode & 07777u);
	return OK;
}

Result fix_records_open(const FixRequest *r, bool make, FixRecords *out)
{
	const char *root = r->root != NULL ? r->root : "/";
	FixRecords f = {.root = -1, .dir = -1};
	f.name = r->undo_dir != NULL ? r->undo_dir : FIX_UNDO_DIR;
	f.root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f.root < 0)
		FAIL_SYS("%s: %s", root, strerrordesc_np(errno));
	Err *e = r->undo_dir != NULL ? open_folder(AT_FDCWD, r->undo_dir, make, &f.dir)
				     : open_usual(f.root, make, &f.dir);
	if (e != OK && !make && e->sys == ENOENT) {
		err_free(e);
		e = err_make(ERR_USAGE, 0, ERR_HERE, NOTHING, f.name);
	}
	if (e == OK)
		e = is_ours(&f);
	if (e == OK && flock(f.dir, LOCK_EX | LOCK_NB) != 0)
		e = err_make(ERR_SYS, errno, ERR_HERE, "%s: another run is at work", f.name);
	if (e != OK) {
		fix_records_close(&f);
		return e;
	}
	*out = f;
	return OK;
}

void fix_records_close(FixRecords *f)
{
	fd_closep(&f->dir);
	fd_closep(&f->root);
	f->dir = f->root = -1;
}

/* ---- making one ---- */

static Result write_file(int dir, const char *name, Str bytes)
{
	AUTO_FD int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		FAIL_SYS("%s: %s", name, strerrordesc_np(errno));
	TRY_IN(fd_write(fd, bytes), "%s", name);
	if (fsync(fd) != 0)
		FAIL_SYS("%s: %s", name, strerrordesc_np(errno));
	return OK;
}

static Result save(const FixRecords *f, int dir, const ActionVec *actions, Arena *a)
{
	ActionVec named = {0};
	Buf json = buf_in(a, LIMIT_UNDO_BYTES);
	Str text;
	for (size_t i = 0; i < actions->n; i++) {
		Action act = actions->at[i];
		if (act.kind == ACT_CONTENT && !act.absent) {
			Str bytes;
			Buf name = buf_in(a, SAVED_CHARS);
			buf_fmt(&name, "%zu%c", i, '\0');
			TRY(act_read(f->root, act.path, a, &bytes));
			TRY(write_file(dir, name.p, bytes));
			act.bytes = str_of(name.p);
		}
		vec_push(a, &named, act);
	}
	undo_json(&named, &json);
	TRY(buf_done(&json, "the record of changes", &text));
	TRY(write_file(dir, RECORD, text));
	return fsync(dir) == 0 ? OK : err_make(ERR_SYS, errno, ERR_HERE, "the record: cannot sync");
}

/* A name of the second it is made in: names sort by time. */
static void name_id(char id[static ID_CHARS + 8], unsigned n)
{
	struct tm tm;
	time_t now = time(NULL);
	gmtime_r(&now, &tm);
	size_t at = strftime(id, ID_CHARS, "%Y%m%dT%H%M%SZ", &tm);
	if (n != 0)
		snprintf(id + at, 8, "-%03u", n);
}

static void remove_new(int at, const char *name)
{
	int dir = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = dir >= 0 ? fdopendir(dir) : NULL;
	for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		closedir(d);
	unlinkat(at, name, AT_REMOVEDIR);
}

Result fix_record_make(const FixRecords *f, const ActionVec *actions, Arena *a, Str *id)
{
	static const char new_name[] = ".new"; /* of a killed run, perhaps: its changes were not */
	char name[ID_CHARS + 8];
	int dir = -1;
	remove_new(f->dir, new_name);
	TRY_IN(open_folder(f->dir, new_name, true, &dir), "%s", f->name);
	Err *e = save(f, dir, actions, a);
	close(dir);
	TRY_IN(e, "%s", f->name);
	for (unsigned n = 0; n < SAME_SECOND; n++) {
		name_id(name, n);
		if (renameat2(f->dir, new_name, f->dir, name, RENAME_NOREPLACE) == 0)
			break;
		if (errno != EEXIST)
			FAIL_SYS("%s/%s: %s", f->name, name, strerrordesc_np(errno));
	}
	if (fsync(f->dir) != 0)
		FAIL_SYS("%s: cannot sync: %s", f->name, strerrordesc_np(errno));
	*id = arena_str(a, str_of(name));
	return OK;
}

/* ---- finding one ---- */

static bool is_undone(int at, const char *name)
{
	char path[320];
	snprintf(path, sizeof path, "%.255s/" UNDONE, name);
	return faccessat(at, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static Result last(const FixRecords *f, Arena *a, Str *out)
{
	Str best = {0};
	int dir = openat(f->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = dir >= 0 ? fdopendir(dir) : NULL;
	for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
		if (e->d_name[0] != '.' && !is_undone(f->dir, e->d_name) &&
		    str_cmp(str_of(e->d_name), best) > 0)
			best = arena_str(a, str_of(e->d_name));
	if (d != NULL)
		closedir(d);
	if (best.n == 0)
		FAIL(ERR_USAGE, NOTHING, f->name);
	*out = best;
	return OK;
}

static Result read_file(int dir, const char *name, size_t max, Arena *a, Str *out)
{
	AUTO_FD int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		FAIL_SYS("%s: %s", name, strerrordesc_np(errno));
	AUTO_SOURCE Source *s = source_from_fd(fd, false);
	return source_all(s, a, max, out);
}

Result fix_record_open(const FixRecords *f, const char *id, Arena *a, int *dir, Str *found,
		       Str *text)
{
	Str name = id != NULL ? str_of(id) : (Str){0};
	if (id == NULL)
		TRY(last(f, a, &name));
	if (str_has(name, '/') || str_starts(name, S(".")))
		FAIL(ERR_USAGE, "'" STR_FMT "' is not the name of a record", STR_ARG(name));
	const char *path = arena_cstr(a, name);
	*dir = openat(f->dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*dir < 0)
		FAIL(ERR_USAGE, "%s: there is no record '%s'", f->name, path);
	*found = name;
	TRY_IN(read_file(*dir, RECORD, LIMIT_UNDO_BYTES, a, text), "%s/%s", f->name, path);
	return OK;
}

Result fix_record_saved(int dir, Str name, Arena *a, Str *out)
{
	return read_file(dir, arena_cstr(a, name), LIMIT_FIX_FILE_BYTES, a, out);
}

Result fix_record_close(int dir)
{
	TRY(write_file(dir, UNDONE, S("")));
	return fsync(dir) == 0 ? OK : err_make(ERR_SYS, errno, ERR_HERE, "the record: cannot sync");
}
