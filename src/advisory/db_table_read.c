/* db_table_read.c - find the shard, check its digest, inflate it, walk to the key. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "advisory/db_pack.h"
#include "advisory/db_table.h"
#include "base/limits.h"
#include "io/fd.h"

enum { CACHED = 4 };

typedef struct CachedShard {
	uint64_t at; /* 0: empty; no shard lies there */
	uint64_t used;
	char *p;
	size_t n, cap;
} CachedShard;

struct DbReader {
	int fd;
	uint64_t size;
	Arena arena;
	uint8_t id[SHA256_BYTES];
	VEC(Table) tables; /* sorted by name */
	char *stored;
	size_t stored_cap;
	CachedShard cache[CACHED];
	uint64_t clock;
	ZSTD_DCtx *zstd;
};

__attribute__((cold)) static Result damaged(const char *what)
{
	FAIL(ERR_INPUT, "%s is damaged; make the database anew: bulwark db update", what);
}

static Result read_at(const DbReader *r, uint64_t at, char *to, size_t n)
{
	for (size_t got = 0; got < n;) {
		ssize_t k = pread(r->fd, to + got, n - got, (off_t)(at + got));
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			FAIL_SYS("reading the database: %s", strerror(errno));
		if (k == 0)
			return damaged("the database is cut short: it");
		got += (size_t)k;
	}
	return OK;
}

static char *grown(char *p, size_t *cap, size_t want)
{
	if (want <= *cap)
		return p;
	p = realloc(p, want);
	if (p == NULL)
		die_oom();
	*cap = want;
	return p;
}

/* The blob, checked and inflated, into *to of *cap bytes (grown as needed). */
static Result load_blob(DbReader *r, const Blob *b, uint64_t most, char **to, size_t *cap)
{
	uint8_t sha[SHA256_BYTES];
	if (b->size > most || b->stored > ZSTD_compressBound(most) || b->at > r->size ||
	    b->stored > r->size - b->at)
		return damaged("the database's directory");
	r->stored = grown(r->stored, &r->stored_cap, b->stored + 1);
	TRY(read_at(r, b->at, r->stored, b->stored));
	sha256_of((Str){r->stored, b->stored}, sha);
	if (memcmp(sha, b->sha, sizeof sha) != 0)
		return damaged("a part of the database");
	*to = grown(*to, cap, b->size + 1);
	size_t n = ZSTD_decompressDCtx(r->zstd, *to, b->size, r->stored, b->stored);
	return ZSTD_isError(n) || n != b->size ? damaged("a part of the database") : OK;
}

static void unpack_blob(Unpack *u, Blob *out)
{
	out->at = unpack_u64(u);
	out->stored = unpack_u64(u);
	out->size = unpack_u64(u);
	if (u->rest.n < sizeof out->sha) {
		*u = (Unpack){.bad = true};
		return;
	}
	memcpy(out->sha, u->rest.p, sizeof out->sha);
	u->rest = str_skip(u->rest, sizeof out->sha);
}

/* ---- opening ---- */

static uint64_t little64(const char *p)
{
	uint64_t v = 0;
	for (unsigned i = 8; i-- > 0;)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

static Result read_directory(DbReader *r, Str directory, Str *meta)
{
	Unpack u = {.rest = directory};
	*meta = unpack_str(&u);
	for (uint64_t n = unpack_u64_below(&u, directory.n + 1); n > 0 && !u.bad; n--) {
		Table t = {.name = unpack_str(&u)};
		t.rows = unpack_u64(&u);
		(void)unpack_u64(&u); /* shards; the index says so too */
		unpack_blob(&u, &t.index);
		if (r->tables.n != 0 && str_cmp(r->tables.at[r->tables.n - 1].name, t.name) >= 0)
			u = (Unpack){.bad = true};
		vec_push(&r->arena, &r->tables, t);
	}
	/* What follows the tables is for later versions. */
	return u.bad ? damaged("the database's directory") : OK;
}

static Result read_header(DbReader *r, Str *meta, bool *bundled)
{
	char h[DB_HEADER_BYTES];
	if (r->size < sizeof h)
		FAIL(ERR_INPUT, "not an advisory database: too short");
	TRY(read_at(r, 0, h, sizeof h));
	if (memcmp(h, DB_MAGIC, 7) != 0)
		FAIL(ERR_INPUT, "not an advisory database");
	if (h[7] != DB_MAGIC[7])
		FAIL(ERR_INPUT,
		     "an advisory database of format %d, this program reads format %d; "
		     "update Bulwark, or make the database anew: bulwark db update",
		     h[7], DB_MAGIC[7]);
	uint64_t flags = little64(h + 8), at = little64(h + 16), n = little64(h + 24);
	if (n > LIMIT_DB_DIRECTORY_BYTES || at > r->size || n > r->size - at)
		return damaged("the database's header");
	char *p = arena_array(&r->arena, char, n + 1);
	TRY(read_at(r, at, p, n));
	sha256_of((Str){p, n}, r->id);
	if (memcmp(r->id, h + 32, SHA256_BYTES) != 0)
		return damaged("the database's directory");
	*bundled = (flags & DB_FLAG_BUNDLED) != 0;
	return read_directory(r, (Str){p, n}, meta);
}

Result db_reader_open(const char *path, DbReader **out, Str *meta, bool *bundled)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		FAIL_SYS("%s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		FAIL(ERR_INPUT, "%s: is not a regular file", path);
	}
	DbReader *r = calloc(1, sizeof *r);
	ZSTD_DCtx *zstd = ZSTD_createDCtx();
	if (r == NULL || zstd == NULL)
		die_oom();
	r->fd = fd;
	r->zstd = zstd;
	r->size = (uint64_t)st.st_size;
	Err *e = read_header(r, meta, bundled);
	if (e != OK) {
		db_reader_close(r);
		return err_in(e, "%s", path);
	}
	*out = r;
	return OK;
}

void db_reader_close(DbReader *r)
{
	if (r == NULL)
		return;
	close(r->fd);
	ZSTD_freeDCtx(r->zstd);
	for (size_t i = 0; i < CACHED; i++)
		free(r->cache[i].p);
	free(r->stored);
	arena_finish(&r->arena);
	free(r);
}

const uint8_t *db_reader_id(const DbReader *r) { return r->id; }

Table *db_table(DbReader *r, Str name)
{
	size_t low = 0, high = r->tables.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(name, r->tables.at[middle].name);
		if (order == 0)
			return &r->tables.at[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* ---- shards ---- */

static Result load_index(DbReader *r, Table *t)
{
	char *p = NULL;
	size_t cap = 0;
	if (t->loaded)
		return OK;
	Err *e = load_blob(r, &t->index, LIMIT_DB_INDEX_BYTES, &p, &cap);
	Str index = e == OK ? arena_str(&r->arena, (Str){p, t->index.size}) : S("");
	free(p);
	TRY(e);
	Unpack u = {.rest = index};
	while (u.rest.n != 0 && !u.bad) {
		Shard s = {.first = unpack_str(&u)};
		unpack_blob(&u, &s.blob);
		if (t->shards.n != 0 && str_cmp(t->shards.at[t->shards.n - 1].first, s.first) >= 0)
			u.bad = true;
		vec_push(&r->arena, &t->shards, s);
	}
	if (u.bad)
		return damaged("an index of the database");
	t->loaded = true;
	return OK;
}

static Result load_shard(DbReader *r, const Blob *b, Str *out)
{
	CachedShard *slot = &r->cache[0];
	for (size_t i = 0; i < CACHED; i++) {
		CachedShard *c = &r->cache[i];
		if (c->at == b->at && c->at != 0) {
			c->used = ++r->clock;
			*out = (Str){c->p, c->n};
			return OK;
		}
		if (c->used < slot->used)
			slot = c;
	}
	slot->at = 0;
	TRY(load_blob(r, b, LIMIT_DB_SHARD_BYTES, &slot->p, &slot->cap));
	slot->at = b->at;
	slot->n = b->size;
	slot->used = ++r->clock;
	*out = (Str){slot->p, slot->n};
	return OK;
}

/* The last shard whose first key is not greater than `key`; NULL when there is none. */
static const Shard *shard_for(const Table *t, Str key)
{
	size_t low = 0, high = t->shards.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_cmp(t->shards.at[middle].first, key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low != 0 ? &t->shards.at[low - 1] : NULL;
}

Result table_find(DbReader *r, Table *t, Str key, Str *value)
{
	*value = (Str){0};
	if (t == NULL)
		return OK;
	TRY(load_index(r, t));
	const Shard *s = shard_for(t, key);
	if (s == NULL)
		return OK;
	Unpack u = {0};
	TRY(load_shard(r, &s->blob, &u.rest));
	while (u.rest.n != 0) {
		Str k = unpack_str(&u), v = unpack_str(&u);
		if (u.bad)
			return damaged("a part of the database");
		int order = str_cmp(k, key);
		if (order > 0)
			return OK;
		if (order == 0) {
			*value = v.p != NULL ? v : S("");
			return OK;
		}
	}
	return OK;
}

static Result verify_table(DbReader *r, Table *t, uint64_t *shards)
{
	uint64_t keys = 0;
	TRY(load_index(r, t));
	for (size_t i = 0; i < t->shards.n; i++) {
		Unpack u = {0};
		TRY(load_shard(r, &t->shards.at[i].blob, &u.rest));
		for (; u.rest.n != 0 && !u.bad; keys++) {
			(void)unpack_str(&u);
			(void)unpack_str(&u);
		}
		if (u.bad)
			return damaged("a shard");
	}
	*shards += t->shards.n;
	return keys != t->rows ? damaged("the count of keys") : OK;
}

Result db_reader_verify(DbReader *r, uint64_t *shards)
{
	*shards = 0;
	for (size_t i = 0; i < r->tables.n; i++)
		TRY_IN(verify_table(r, &r->tables.at[i], shards), "table " STR_FMT,
		       STR_ARG(r->tables.at[i].name));
	return OK;
}
