/* owned.c - reads the databases of a root once, when the first file is asked for. */
#include "flow/owned.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "io/source.h"
#include "io/sums.h"

enum { OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

struct Owned {
	pthread_mutex_t lock;
	Arena arena;
	Recorded recorded;
	Str below;
	int root;
	bool loaded;
};

Owned *owned_create(int root, Str below)
{
	Owned *o = calloc(1, sizeof *o);
	if (o == NULL)
		die_oom();
	pthread_mutex_init(&o->lock, NULL);
	o->root = root;
	o->below = arena_str(&o->arena, below);
	o->recorded.arena = &o->arena;
	return o;
}

void owned_destroy(Owned *o)
{
	if (o == NULL)
		return;
	if (o->root >= 0)
		close(o->root);
	arena_finish(&o->arena);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

/* ---- the databases ---- */

static void load_file(Owned *o, Str path)
{
	Str body;
	int fd = openat(o->root, arena_cstr(&o->arena, path), OPEN_FLAGS);
	if (fd < 0 || !recorded_wants(path)) {
		if (fd >= 0)
			close(fd);
		return;
	}
	AUTO_SOURCE Source *s = source_from_fd(fd, true);
	Err *e = source_all(s, &o->arena, LIMIT_PACKAGE_DB_BYTES, &body);
	if (e == OK)
		e = recorded_add(&o->recorded, path, body);
	err_free(e); /* what cannot be read owns nothing: its files are looked at */
}

static void load_folder(Owned *o, Str dir)
{
	int fd = openat(o->root, arena_cstr(&o->arena, dir), OPEN_FLAGS | O_DIRECTORY);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	for (struct dirent *e = d != NULL ? readdir(d) : NULL; e != NULL; e = readdir(d)) {
		Buf b = buf_in(&o->arena, LIMIT_TAR_PATH_BYTES);
		buf_add(&b, dir);
		buf_add(&b, str_of(e->d_name));
		if (recorded_wants(buf_str(&b)))
			load_file(o, buf_str(&b));
	}
	if (d != NULL)
		closedir(d);
}

static void load(Owned *o)
{
	for (const char *const *p = recorded_paths; *p != NULL; p++) {
		Str path = str_of(*p);
		if (str_ends(path, S("/*")))
			load_folder(o, str_first(path, path.n - 1));
		else
			load_file(o, path);
	}
}

/* ---- asking ---- */

const RecordedFile *owned_get(Owned *o, Str path)
{
	Arena a = {0};
	Buf b = buf_in(&a, path.n + o->below.n + 2);
	if (o->below.n != 0)
		buf_fmt(&b, STR_FMT "/", STR_ARG(o->below));
	buf_add(&b, path);
	pthread_mutex_lock(&o->lock);
	if (!o->loaded && o->root >= 0)
		load(o);
	o->loaded = true;
	const RecordedFile *f = recorded_get(&o->recorded, buf_str(&b));
	pthread_mutex_unlock(&o->lock);
	arena_finish(&a);
	return f;
}

bool owned_asked(Owned *o)
{
	pthread_mutex_lock(&o->lock);
	bool asked = o->recorded.asked;
	pthread_mutex_unlock(&o->lock);
	return asked;
}

bool owned_unchanged(Owned *o, Str path, int fd)
{
	uint8_t sum[SUM_MAX];
	const RecordedFile *f = owned_get(o, path);
	return f != NULL && sum_of_file(fd, f->sum, sum) &&
	       memcmp(sum, f->digest, sum_bytes(f->sum)) == 0;
}

/* ---- which root ---- */

static const char *const folders[] = {"var/lib/dpkg", "lib/apk/db",           "usr/lib/apk/db",
				      "var/lib/rpm",  "usr/lib/sysimage/rpm", "usr/share/rpm"};

static Str beneath(Arena *a, Str root, const char *name)
{
	Buf b = buf_in(a, root.n + 40);
	buf_add(&b, root);
	if (!str_ends(root, S("/")))
		buf_char(&b, '/');
	buf_add(&b, str_of(name));
	return str_of(arena_cstr(a, buf_str(&b)));
}

/* The folders of package databases below it; false: there are none. */
static bool has_databases(Arena *a, Str root, StrVec *dirs)
{
	struct stat st;
	size_t before = dirs->n;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		Str dir = beneath(a, root, folders[i]);
		if (stat(dir.p, &st) == 0 && S_ISDIR(st.st_mode))
			vec_push(a, dirs, dir);
	}
	return dirs->n != before;
}

void owned_find(Str dir, Arena *a, int *root, Str *below, StrVec *dirs)
{
	char *real = realpath(arena_cstr(a, dir), NULL);
	Str at = real != NULL ? arena_str(a, str_of(real)) : (Str){0}, whole = at;
	free(real);
	*root = -1;
	*below = (Str){0};
	while (at.n != 0 && !has_databases(a, at, dirs)) {
		bool top = str_eq(at, S("/"));
		at = top ? (Str){0} : str_dir(at).n != 0 ? str_dir(at) : S("/");
	}
	if (at.n == 0)
		return;
	*root = open(arena_cstr(a, at), O_PATH | O_CLOEXEC | O_DIRECTORY);
	*below = str_skip(whole, at.n);
	while (str_starts(*below, S("/")))
		*below = str_skip(*below, 1);
}
