/* db_write.c - rows gathered by table, then all tables written in one order. */
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "advisory/db.h"
#include "advisory/db_pack.h"
#include "advisory/db_table.h"
#include "base/limits.h"

enum { SHARD_ROWS = 16 * 1024, SHARD_DETAILS = 4 * 1024, RECORD_MAX = 8 << 20 };

struct DbWriter {
	Arena arena;
	Map by_name; /* name -> TableWriter * */
	VEC(TableWriter *) tables;
	VEC(FeedInfo) feeds;
	Str last_ecosystem; /* rows of one ecosystem come together */
	TableWriter *last_table;
};

DbWriter *db_writer_create(void)
{
	DbWriter *w = calloc(1, sizeof *w);
	if (w == NULL)
		die_oom();
	return w;
}

void db_writer_destroy(DbWriter *w)
{
	if (w == NULL)
		return;
	arena_finish(&w->arena);
	free(w);
}

static TableWriter *table(DbWriter *w, Str name, bool lists, size_t shard_least)
{
	TableWriter *t = map_get(&w->by_name, name);
	if (t != NULL)
		return t;
	t = arena_new(&w->arena, TableWriter);
	*t = (TableWriter){
		.name = arena_str(&w->arena, name), .lists = lists, .shard_least = shard_least};
	*map_at(&w->by_name, &w->arena, t->name) = t;
	vec_push(&w->arena, &w->tables, t);
	return t;
}

static TableWriter *rows_of(DbWriter *w, Str ecosystem)
{
	if (w->last_table != NULL && str_eq(w->last_ecosystem, ecosystem))
		return w->last_table;
	char name[300] = "rows/";
	Str tail = str_first(ecosystem, sizeof name - 5);
	if (tail.p != NULL)
		memcpy(name + 5, tail.p, tail.n);
	w->last_table = table(w, (Str){name, 5 + tail.n}, true, SHARD_ROWS);
	w->last_ecosystem = arena_str(&w->arena, ecosystem);
	return w->last_table;
}

/* Adds what `scratch` holds as the value of `key`. */
static Result add(DbWriter *w, TableWriter *t, Str key, const Buf *scratch, Arena *dies)
{
	Str value;
	Err *e = buf_done(scratch, "a record", &value);
	if (e == OK)
		vec_push(&w->arena, &t->rows,
			 (TableRow){arena_str(&w->arena, key), arena_str(&w->arena, value)});
	arena_finish(dies);
	return e != OK ? err_in(e, STR_FMT, STR_ARG(key)) : OK;
}

static Result add_place(DbWriter *w, Str id, const Advisory *row)
{
	Arena a = {0};
	Buf b = buf_in(&a, RECORD_MAX);
	pack_str(&b, row->ecosystem);
	pack_str(&b, row->package);
	return add(w, table(w, S("ids"), true, SHARD_ROWS), id, &b, &a);
}

static Result add_rating(DbWriter *w, Str id, const Advisory *row)
{
	Arena a = {0};
	if (row->severity == SEV_UNKNOWN || !str_starts(id, S("CVE-")))
		return OK;
	Buf b = buf_in(&a, RECORD_MAX);
	pack_rating(&b, &(Rating){.severity = row->severity,
				  .cvss = row->cvss,
				  .feed = row->feed,
				  .record = row->id});
	return add(w, table(w, S("ratings"), false, SHARD_ROWS), id, &b, &a);
}

Result db_writer_advisory(DbWriter *w, const Advisory *row)
{
	Arena a = {0};
	Buf b = buf_in(&a, RECORD_MAX);
	if (row->ecosystem.n == 0 || row->ecosystem.n > 250 || row->package.n == 0 ||
	    row->id.n == 0)
		FAIL(ERR_BUG, "an advisory without ecosystem, package or id");
	pack_advisory(&b, row);
	TRY(add(w, rows_of(w, row->ecosystem), row->package, &b, &a));
	TRY(add_place(w, row->id, row));
	TRY(add_rating(w, row->id, row));
	for (size_t i = 0; i < row->aliases.n; i++) {
		TRY(add_place(w, row->aliases.at[i], row));
		TRY(add_rating(w, row->aliases.at[i], row));
	}
	return OK;
}

Result db_writer_detail(DbWriter *w, const AdvisoryDetail *d)
{
	Arena a = {0};
	Buf b = buf_in(&a, RECORD_MAX);
	pack_detail(&b, d);
	return add(w, table(w, S("details"), false, SHARD_DETAILS), d->id, &b, &a);
}

Result db_writer_exploited(DbWriter *w, const Exploited *e)
{
	Arena a = {0};
	Buf b = buf_in(&a, RECORD_MAX);
	pack_exploited(&b, e);
	return add(w, table(w, S("exploited"), false, SHARD_ROWS), e->cve, &b, &a);
}

Result db_writer_epss(DbWriter *w, const Epss *e)
{
	Arena a = {0};
	Buf b = buf_in(&a, RECORD_MAX);
	pack_epss(&b, e);
	return add(w, table(w, S("epss"), false, SHARD_ROWS), e->cve, &b, &a);
}

Result db_writer_lifecycle(DbWriter *w, const Lifecycle *l)
{
	Arena a = {0};
	Buf b = buf_in(&a, RECORD_MAX);
	pack_lifecycle(&b, l);
	return add(w, table(w, S("lifecycles"), false, SHARD_ROWS), l->ecosystem, &b, &a);
}

Result db_writer_feed(DbWriter *w, const FeedInfo *f)
{
	FeedInfo own = {.name = arena_str(&w->arena, f->name),
			.url = arena_str(&w->arena, f->url),
			.license = arena_str(&w->arena, f->license),
			.as_of = f->as_of,
			.rows = f->rows};
	vec_push(&w->arena, &w->feeds, own);
	return OK;
}

/* ---- writing it out ---- */

static int feed_by_name(const void *a, const void *b)
{
	return str_cmp(((const FeedInfo *)a)->name, ((const FeedInfo *)b)->name);
}

static int table_by_name(const void *a, const void *b)
{
	return str_cmp((*(TableWriter *const *)a)->name, (*(TableWriter *const *)b)->name);
}

static void pack_meta(DbWriter *w, Buf *to)
{
	Arena a = {0};
	Buf meta = buf_in(&a, LIMIT_DB_DIRECTORY_BYTES);
	int64_t built = 0;
	if (w->feeds.n > 1)
		qsort(w->feeds.at, w->feeds.n, sizeof *w->feeds.at, feed_by_name);
	for (size_t i = 0; i < w->feeds.n; i++)
		built = w->feeds.at[i].as_of > built ? w->feeds.at[i].as_of : built;
	pack_i64(&meta, built);
	for (size_t i = 0; i < w->feeds.n; i++) {
		const FeedInfo *f = &w->feeds.at[i];
		Buf one = buf_in(&a, 1 << 16);
		pack_str(&one, f->name);
		pack_str(&one, f->url);
		pack_str(&one, f->license);
		pack_i64(&one, f->as_of);
		pack_u64(&one, f->rows);
		pack_str(&meta, buf_str(&one));
	}
	pack_str(to, buf_str(&meta));
	arena_finish(&a);
}

static void little64(char *p, uint64_t v)
{
	for (unsigned i = 0; i < 8; i++)
		p[i] = (char)(v >> 8 * i);
}

static Result write_header(int fd, uint64_t at, Str directory, bool bundled)
{
	char h[DB_HEADER_BYTES] = {0};
	uint8_t sha[SHA256_BYTES];
	memcpy(h, DB_MAGIC, 8);
	little64(h + 8, bundled ? DB_FLAG_BUNDLED : 0);
	little64(h + 16, at);
	little64(h + 24, directory.n);
	sha256_of(directory, sha);
	memcpy(h + 32, sha, sizeof sha);
	if (pwrite(fd, h, sizeof h, 0) != (ssize_t)sizeof h)
		FAIL_SYS("writing the database");
	return OK;
}

static Result write_tables(DbWriter *w, DbFile *f, bool bundled)
{
	static const char header[DB_HEADER_BYTES];
	Buf directory = buf_in(&w->arena, LIMIT_DB_DIRECTORY_BYTES);
	Str packed;
	TRY(db_put(f, (Str){header, sizeof header}));
	if (w->tables.n > 1)
		qsort(w->tables.at, w->tables.n, sizeof *w->tables.at, table_by_name);
	pack_meta(w, &directory);
	pack_u64(&directory, w->tables.n);
	for (size_t i = 0; i < w->tables.n; i++)
		TRY(table_write(w->tables.at[i], f, &directory));
	TRY(buf_done(&directory, "the database's directory", &packed));
	uint64_t at = f->at;
	TRY(db_put(f, packed));
	return write_header(f->fd, at, packed, bundled);
}

Result db_writer_finish(DbWriter *w, int fd, bool bundled)
{
	DbFile f = {.fd = fd, .zstd = ZSTD_createCCtx()};
	if (f.zstd == NULL)
		die_oom();
	Err *e = write_tables(w, &f, bundled);
	ZSTD_freeCCtx(f.zstd);
	return e;
}
