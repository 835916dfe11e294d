/* db_fetch.c - conditional downloads, or copies from a mirror folder, into the cache. */
#include "flow/db_fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/limits.h"
#include "io/fd.h"
#include "io/http.h"

enum { THREADS = 4 }; /* feeds come from about ten hosts; more would strain small ones */

typedef struct Fetching {
	const UpdateRequest *request;
	const DbCache *cache;
	Fetch *all;
	size_t n, next;
	int mirror_dir; /* -1: none */
	pthread_mutex_t lock;
} Fetching;

typedef struct OneFile {
	Fetching *all;
	Fetch *fetch;
	const FeedUrl *url;
	Http **http; /* made when first needed */
	int feed_dir;
	const CacheFile *old; /* NULL: not had */
} OneFile;

static const CacheFile *old_file(const Fetch *f, Str name)
{
	for (size_t i = 0; f->had && i < f->before.files.n; i++)
		if (str_eq(f->before.files.at[i].name, name))
			return &f->before.files.at[i];
	return NULL;
}

static void show(void *ctx, uint64_t got, uint64_t total)
{
	OneFile *o = ctx;
	Arena a = {0};
	Buf b = buf_in(&a, LIMIT_LINE_BYTES);
	buf_fmt(&b, "%s", o->url->file);
	pthread_mutex_lock(&o->all->lock);
	progress_say(&o->all->request->progress, buf_str(&b), got, total);
	pthread_mutex_unlock(&o->all->lock);
	arena_finish(&a);
}

/* ---- one file ---- */

static const char *address(const OneFile *o, Arena *a)
{
	const char *mirror = o->all->request->mirror;
	if (mirror == NULL)
		return o->url->url;
	Str base = str_of(mirror);
	while (str_ends(base, S("/")))
		base.n--;
	Buf b = buf_in(a, LIMIT_LINE_BYTES);
	buf_fmt(&b, STR_FMT "/%s", STR_ARG(base), o->url->file);
	return arena_cstr(a, buf_str(&b));
}

static Result download(OneFile *o, CacheFile *f, bool *same)
{
	Arena *a = &o->fetch->arena;
	HttpReply reply;
	if (*o->http == NULL)
		TRY(http_create(o->http));
	const char *mirror = o->all->request->mirror;
	HttpRequest r = {
		.url = address(o, a),
		.allow_http = mirror != NULL && str_starts(str_of(mirror), S("http://")),
		.allow_gzip = true,
		.max_bytes = LIMIT_FEED_FILE_BYTES,
		.etag = o->old != NULL ? arena_cstr(a, o->old->etag) : NULL,
		.last_modified = o->old != NULL ? arena_cstr(a, o->old->last_modified) : NULL,
		.progress = show,
		.progress_ctx = o,
	};
	const char *part = arena_cstr(a, db_cache_partial_name(f->name, a));
	TRY(http_download(*o->http, &r, o->feed_dir, part, a, &reply));
	*same = reply.status == 304 && o->old != NULL;
	if (*same) {
		*f = *o->old;
		return OK;
	}
	f->etag = reply.etag;
	f->last_modified = reply.last_modified;
	return db_cache_adopt(o->feed_dir, a, f);
}

static Result copy_from_mirror(const OneFile *o, CacheFile *f)
{
	Fetching *all = o->all;
	AUTO_FD int fd = openat(all->mirror_dir, o->url->file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		FAIL_SYS("%s/%s: %s", all->request->mirror, o->url->file, strerror(errno));
	TRY(db_cache_copy_in(o->feed_dir, f->name, fd));
	return db_cache_adopt(o->feed_dir, &o->fetch->arena, f);
}

static Result fetch_file(OneFile *o)
{
	Fetch *fetch = o->fetch;
	CacheFile f = {.name = str_of(o->url->file)};
	bool same = false;
	o->old = old_file(fetch, f.name);
	if (o->all->mirror_dir >= 0)
		TRY(copy_from_mirror(o, &f));
	else
		TRY(download(o, &f, &same));
	if (o->old == NULL || !str_eq(o->old->sha256, f.sha256))
		fetch->changed = true;
	if (fetch->files.n == LIMIT_FEED_FILES)
		FAIL(ERR_LIMIT, "more than %u files", LIMIT_FEED_FILES);
	vec_push(&fetch->arena, &fetch->files, f);
	return OK;
}

static Result fetch_feed(Fetching *all, Fetch *f, Http **http)
{
	AUTO_FD int dir = -1;
	TRY(db_cache_feed_dir(all->cache, str_of(f->feed->name), &dir));
	for (const FeedUrl *u = f->feed->urls; u->url != NULL; u++) {
		OneFile o = {.all = all, .fetch = f, .url = u, .http = http, .feed_dir = dir};
		TRY(fetch_file(&o));
	}
	f->changed = f->changed || f->files.n != f->before.files.n;
	return OK;
}

/* ---- all of them ---- */

static Fetch *take_next(Fetching *all)
{
	Fetch *f = NULL;
	pthread_mutex_lock(&all->lock);
	while (f == NULL && all->next < all->n) {
		f = &all->all[all->next++];
		f = f->wanted ? f : NULL;
	}
	pthread_mutex_unlock(&all->lock);
	return f;
}

static void *fetch_thread(void *ctx)
{
	Fetching *all = ctx;
	AUTO_HTTP Http *http = NULL;
	for (Fetch *f; (f = take_next(all)) != NULL;) {
		err_free(f->err);
		f->err = fetch_feed(all, f, &http);
	}
	return NULL;
}

static void fetch_in_threads(Fetching *all)
{
	pthread_t threads[THREADS];
	size_t started = 0;
	for (; started < THREADS - 1; started++)
		if (pthread_create(&threads[started], NULL, fetch_thread, all) != 0)
			break;
	fetch_thread(all);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
}

static bool is_listed(const StrVec *list, Str name)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], name))
			return true;
	return false;
}

/* A file that is not what it was: the feed is then fetched anew, without conditions. */
static Result check_files(const DbCache *c, const Fetch *f)
{
	AUTO_FD int dir = -1;
	Err *e = db_cache_feed_dir(c, str_of(f->feed->name), &dir);
	for (size_t i = 0; e == OK && i < f->before.files.n; i++) {
		int fd = -1;
		e = db_cache_open_file(dir, &f->before.files.at[i], &fd);
		fd_closep(&fd);
	}
	return e;
}

static void load(const UpdateRequest *r, const DbCache *c, const Feed *feed, Arena *a, Fetch *f)
{
	Str name = str_of(feed->name);
	*f = (Fetch){.feed = feed, .wanted = r->only.n == 0 || is_listed(&r->only, name)};
	f->err = db_cache_state(c, name, a, &f->before, &f->had);
	if (f->err == OK && f->had)
		f->err = check_files(c, f);
	f->had = f->had && f->err == OK;
}

static Result check_names(const StrVec *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (feed_named(names->at[i]) == NULL)
			FAIL(ERR_USAGE,
			     "no feed is called '" STR_FMT "'; see bulwark db mirror-list",
			     STR_ARG(names->at[i]));
	return OK;
}

static bool is_url(const char *s) { return strstr(s, "://") != NULL; }

Result fetch_all(const UpdateRequest *r, const DbCache *c, Arena *a, Fetch **out, size_t *n)
{
	Fetching all = {
		.request = r, .cache = c, .mirror_dir = -1, .lock = PTHREAD_MUTEX_INITIALIZER};
	TRY(check_names(&r->only));
	TRY(check_names(&r->accept_shrunken));
	if (r->offline && r->mirror != NULL && is_url(r->mirror))
		FAIL(ERR_USAGE, "--offline and the mirror %s exclude each other", r->mirror);
	bool from_dir = r->mirror != NULL && !is_url(r->mirror);
	AUTO_FD int dir = from_dir ? open(r->mirror, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (from_dir && dir < 0)
		FAIL_SYS("mirror %s: %s", r->mirror, strerror(errno));
	all.mirror_dir = dir;
	while (feeds[all.n] != NULL)
		all.n++;
	all.all = arena_array(a, Fetch, all.n);
	for (size_t i = 0; i < all.n; i++) {
		load(r, c, feeds[i], a, &all.all[i]);
		if (r->offline && !from_dir)
			all.all[i].wanted = false;
	}
	fetch_in_threads(&all);
	*out = all.all;
	*n = all.n;
	return OK;
}

Result fetch_given(const DbCache *c, char *const *paths, Fetch *f)
{
	AUTO_FD int dir = -1;
	TRY(db_cache_feed_dir(c, str_of(f->feed->name), &dir));
	err_free(f->err);
	f->err = OK;
	for (char *const *path = paths; *path != NULL; path++) {
		AUTO_FD int fd = open(*path, O_RDONLY | O_CLOEXEC);
		Str name = str_of(*path);
		while (name.n > 1 && str_ends(name, S("/")))
			name.n--;
		CacheFile file = {.name = arena_str(&f->arena, str_base(name))};
		if (fd < 0)
			FAIL_SYS("%s: %s", *path, strerror(errno));
		if (f->files.n == LIMIT_FEED_FILES)
			FAIL(ERR_LIMIT, "more than %u files", LIMIT_FEED_FILES);
		TRY_IN(db_cache_copy_in(dir, file.name, fd), "%s", *path);
		TRY_IN(db_cache_adopt(dir, &f->arena, &file), "%s", *path);
		vec_push(&f->arena, &f->files, file);
	}
	f->changed = true;
	return OK;
}

void fetch_finish(Fetch *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		err_free(all[i].err);
		arena_finish(&all[i].arena);
	}
}
