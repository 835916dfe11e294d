/* db_table.h - a sorted table of keys and values in compressed, digested shards. Private to db_*.c.
 *
 * The layout is doc/formats/advisory-db.md: header, shards and indexes, directory. A shard is
 * cut after a key whose fixed hash says so, so that a change moves few cuts. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "io/digest.h"

#define DB_MAGIC "BWADVDB\x01"
enum { DB_HEADER_BYTES = 64, DB_FLAG_BUNDLED = 1 };

/* Where compressed bytes lie, how long they are inflated, and what they must hash to. */
typedef struct Blob {
	uint64_t at, stored, size;
	uint8_t sha[SHA256_BYTES];
} Blob;

/* ---- writing ---- */

typedef struct TableRow {
	Str key, value;
} TableRow;

typedef struct TableWriter {
	Str name;
	VEC(TableRow) rows;
	bool lists;         /* all values of a key are kept, else the greatest one */
	size_t shard_least; /* raw bytes */
} TableWriter;

typedef struct DbFile { /* being written */
	int fd;
	uint64_t at;
	void *zstd;
} DbFile;

/* Sorts, drops duplicates, writes shards and index; adds the table's line to `directory`. */
Result table_write(TableWriter *t, DbFile *f, Buf *directory);
Result db_put(DbFile *f, Str bytes); /* raw */

/* ---- reading ---- */

typedef struct Shard {
	Str first;
	Blob blob;
} Shard;

typedef struct Table {
	Str name;
	uint64_t rows;
	Blob index;
	bool loaded;
	VEC(Shard) shards;
} Table;

typedef struct DbReader DbReader; /* the file, its arena and a few inflated shards */

Result db_reader_open(const char *path, DbReader **out, Str *meta, bool *bundled);
void db_reader_close(DbReader *r);
Table *db_table(DbReader *r, Str name); /* NULL when there is none */
const uint8_t *db_reader_id(const DbReader *r);
/* *value is borrowed until the next look-up; p is NULL when the key is not there. */
Result table_find(DbReader *r, Table *t, Str key, Str *value);
/* Reads and checks every index and shard. */
Result db_reader_verify(DbReader *r, uint64_t *shards);
