/* db_rebuild.c - opens every good copy, has the database made, remembers from what. */
#include "flow/db_rebuild.h"

#include <errno.h>
#include <fcntl.h>

#include "base/buf.h"
#include "base/limits.h"
#include "flow/new_file.h"
#include "io/digest.h"
#include "io/fd.h"

#define BUILT_FILE "built"

typedef struct OpenFeeds {
	VEC(FeedInput) inputs;
	VEC(int) fds; /* all of them, for closing */
} OpenFeeds;

static void open_feeds_close(OpenFeeds *o)
{
	for (size_t i = 0; i < o->fds.n; i++)
		close(o->fds.at[i]);
	o->fds.n = 0;
}

static Result open_feed(const DbCache *c, const FeedOutcome *f, Arena *a, OpenFeeds *open)
{
	AUTO_FD int dir = -1;
	int *fds = arena_array(a, int, f->state.files.n);
	Str *names = arena_array(a, Str, f->state.files.n);
	Err *e = OK;
	TRY(db_cache_feed_dir(c, str_of(f->feed->name), &dir));
	for (size_t i = 0; e == OK && i < f->state.files.n; i++) {
		names[i] = f->state.files.at[i].name;
		e = db_cache_open_file(dir, &f->state.files.at[i], &fds[i]);
		if (e == OK)
			vec_push(a, &open->fds, fds[i]);
	}
	TRY(e);
	vec_push(a, &open->inputs,
		 (FeedInput){.feed = f->feed,
			     .n = f->state.files.n,
			     .names = names,
			     .fds = fds,
			     .dated = f->state.as_of});
	return OK;
}

static void leave_out(FeedOutcome *f, Arena *a, Err *e)
{
	f->fate = FEED_ABSENT;
	f->why = arena_str(a, str_of(e->text));
	err_free(e);
}

static void open_feeds(const DbCache *c, Arena *a, UpdateOutcome *out, OpenFeeds *open)
{
	for (size_t i = 0; i < out->feeds.n; i++) {
		FeedOutcome *f = &out->feeds.at[i];
		Err *e = f->fate != FEED_ABSENT ? open_feed(c, f, a, open) : OK;
		if (e != OK)
			leave_out(f, a, e);
	}
}

/* Builds once. When a feed is at fault it is left out and *again is set. */
static Result build(const UpdateRequest *r, const DbCache *c, Arena *a, UpdateOutcome *out,
		    bool *again)
{
	__attribute__((cleanup(open_feeds_close), unused)) OpenFeeds open = {0};
	const Feed *broken = NULL;
	MakeOptions options = {.allow_unsandboxed = r->allow_unsandboxed, .progress = r->progress};
	*again = false;
	open_feeds(c, a, out, &open);
	if (open.inputs.n == 0)
		FAIL(ERR_NET, "no feed could be had, so there is nothing to build from");
	Err *e = db_make(open.inputs.at, open.inputs.n, out->path, &options, &broken);
	for (size_t i = 0; e != OK && broken != NULL && i < out->feeds.n; i++)
		if (out->feeds.at[i].feed == broken) {
			leave_out(&out->feeds.at[i], a, e);
			*again = true;
			return OK;
		}
	return e;
}

/* ---- what the database at hand was made from ---- */

static Str key_of(const UpdateOutcome *out, Arena *a)
{
	uint8_t sum[SHA256_BYTES];
	Sha256 h = sha256_start();
	sha256_add(&h, S("bulwark " BULWARK_VERSION));
	for (size_t i = 0; i < out->feeds.n; i++) {
		const FeedOutcome *f = &out->feeds.at[i];
		if (f->fate == FEED_ABSENT)
			continue;
		sha256_add(&h, S("\n"));
		sha256_add(&h, str_of(f->feed->name));
		for (size_t k = 0; k < f->state.files.n; k++) {
			sha256_add(&h, S("\t"));
			sha256_add(&h, f->state.files.at[k].name);
			sha256_add(&h, f->state.files.at[k].sha256);
		}
	}
	sha256_finish(&h, sum);
	return digest_text(a, sum);
}

static Result database_id(const char *path, Arena *a, Str *out)
{
	AUTO_ADVISORY_DB AdvisoryDb *db = NULL;
	DbStamp stamp = {0};
	TRY(advisory_db_open(path, &db));
	TRY(advisory_db_stamp(db, a, &stamp));
	*out = stamp.id;
	return OK;
}

/* "KEY ID\n" */
static Result built_line(const UpdateOutcome *out, Arena *a, Str *line)
{
	Str id, key = key_of(out, a);
	TRY(database_id(out->path, a, &id));
	Buf b = buf_in(a, LIMIT_LINE_BYTES);
	buf_fmt(&b, STR_FMT " " STR_FMT "\n", STR_ARG(key), STR_ARG(id));
	*line = buf_str(&b);
	return OK;
}

static bool is_current(const DbCache *c, const UpdateOutcome *out, Arena *a)
{
	char text[512];
	Str want = {0};
	AUTO_FD int fd = openat(c->dir, BUILT_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;
	Err *e = built_line(out, a, &want);
	bool same = e == OK && n > 0 && str_eq((Str){text, (size_t)n}, want);
	err_free(e);
	return same;
}

/* Without it the next update builds once more than needed: no harm. */
static void remember(const DbCache *c, const UpdateOutcome *out, Arena *a)
{
	Str line = {0};
	Err *e = built_line(out, a, &line);
	unlinkat(c->dir, BUILT_FILE, 0);
	AUTO_FD int fd = openat(c->dir, BUILT_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (e == OK && fd >= 0)
		e = fd_write(fd, line);
	err_free(e); /* cut short it does not match, which is as good as absent */
}

Result db_rebuild(const UpdateRequest *r, const DbCache *c, Arena *a, UpdateOutcome *out)
{
	bool own = r->output == NULL;
	out->path = own ? db_cache_database(r->cache, a) : r->output;
	out->rebuilt = false;
	if (own && is_current(c, out, a))
		return OK;
	for (bool again = true; again;)
		TRY(build(r, c, a, out, &again));
	out->rebuilt = true;
	if (own)
		remember(c, out, a);
	return OK;
}
