/* db_table_write.c - sort, cut, compress, digest. */
#include <stdlib.h>
#include <zstd.h>

#include "advisory/db_pack.h"
#include "advisory/db_table.h"
#include "base/limits.h"
#include "io/fd.h"

enum { SHARD_MOST = 256 * 1024, CUT_ONE_IN = 32, ZSTD_LEVEL = 9 };

Result db_put(DbFile *f, Str bytes)
{
	TRY(fd_write(f->fd, bytes));
	f->at += bytes.n;
	return OK;
}

static void pack_blob(Buf *b, const Blob *blob)
{
	pack_u64(b, blob->at);
	pack_u64(b, blob->stored);
	pack_u64(b, blob->size);
	buf_add(b, (Str){(const char *)blob->sha, sizeof blob->sha});
}

static Result put_blob(DbFile *f, Arena *a, Str raw, Blob *out)
{
	size_t cap = ZSTD_compressBound(raw.n);
	char *p = arena_array(a, char, cap);
	size_t n = ZSTD_compressCCtx(f->zstd, p, cap, raw.p, raw.n, ZSTD_LEVEL);
	if (ZSTD_isError(n))
		FAIL(ERR_BUG, "compressing: %s", ZSTD_getErrorName(n));
	*out = (Blob){.at = f->at, .stored = n, .size = raw.n};
	sha256_of((Str){p, n}, out->sha);
	return db_put(f, (Str){p, n});
}

/* FNV-1a: the same on every machine, unlike str_hash(). */
static bool cut_after(Str key)
{
	uint32_t h = 2166136261u;
	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 16777619u;
	return (h ^ h >> 16) % CUT_ONE_IN == 0;
}

static int by_key_then_value(const void *a, const void *b)
{
	const TableRow *x = a, *y = b;
	int order = str_cmp(x->key, y->key);
	return order != 0 ? order : str_cmp(x->value, y->value);
}

/* The rows of one key, from `from` on: *next is the first of another key. */
static Str value_of(const TableWriter *t, size_t from, size_t *next, Buf *scratch)
{
	size_t i = from;
	scratch->n = 0;
	for (; i < t->rows.n && str_eq(t->rows.at[i].key, t->rows.at[from].key); i++) {
		if (i != from && str_eq(t->rows.at[i].value, t->rows.at[i - 1].value))
			continue;
		if (t->lists)
			pack_str(scratch, t->rows.at[i].value);
	}
	*next = i;
	return t->lists ? buf_str(scratch) : t->rows.at[i - 1].value;
}

typedef struct Cutter {
	TableWriter *table;
	DbFile *file;
	Arena *arena;
	Buf raw, index;
	Str first;
	uint64_t shards, keys;
} Cutter;

static Result cut(Cutter *c)
{
	Blob blob;
	Arena a = {0};
	if (c->raw.n == 0)
		return OK;
	Err *e = put_blob(c->file, &a, buf_str(&c->raw), &blob);
	arena_finish(&a);
	TRY(e);
	pack_str(&c->index, c->first);
	pack_blob(&c->index, &blob);
	c->raw.n = 0;
	c->shards++;
	return OK;
}

static Result cut_all(Cutter *c)
{
	TableWriter *t = c->table;
	Buf scratch = buf_in(c->arena, LIMIT_DB_SHARD_BYTES);
	for (size_t i = 0; i < t->rows.n;) {
		size_t next;
		Str key = t->rows.at[i].key, value = value_of(t, i, &next, &scratch);
		if (c->raw.n == 0)
			c->first = key;
		pack_str(&c->raw, key);
		pack_str(&c->raw, value);
		c->keys++;
		if (scratch.full || c->raw.full)
			FAIL(ERR_LIMIT, "%.*s: more than %u bytes about one key", STR_ARG(key),
			     LIMIT_DB_SHARD_BYTES);
		if (c->raw.n >= SHARD_MOST || (c->raw.n >= t->shard_least && cut_after(key)))
			TRY(cut(c));
		i = next;
	}
	return cut(c);
}

Result table_write(TableWriter *t, DbFile *f, Buf *directory)
{
	Arena a = {0};
	if (t->rows.n > 1)
		qsort(t->rows.at, t->rows.n, sizeof *t->rows.at, by_key_then_value);
	Cutter c = {.table = t,
		    .file = f,
		    .arena = &a,
		    .raw = buf_in(&a, LIMIT_DB_SHARD_BYTES),
		    .index = buf_in(&a, LIMIT_DB_INDEX_BYTES)};
	Blob index = {0};
	Str packed;
	Err *e = cut_all(&c);
	if (e == OK)
		e = buf_done(&c.index, "the index of a table", &packed);
	if (e == OK)
		e = put_blob(f, &a, packed, &index);
	pack_str(directory, t->name);
	pack_u64(directory, c.keys);
	pack_u64(directory, c.shards);
	pack_blob(directory, &index);
	arena_finish(&a);
	return e != OK ? err_in(e, "table " STR_FMT, STR_ARG(t->name)) : OK;
}
