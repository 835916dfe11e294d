/* rpm_sqlite.c - the b-tree of table Packages in an SQLite file, write-ahead log included. */
#include "base/limits.h"
#include "base/map.h"
#include "catalog/rpm_db.h"

#define MAGIC "SQLite format 3"

enum {
	SCHEMA_AT = 100, /* page 1 starts with the file's header */
	LEAF_TABLE = 13,
	INTERIOR_TABLE = 5,
	DEPTH_MAX = 20,
	WAL_HEADER = 32,
	FRAME_HEADER = 24,
};

typedef struct Sqlite {
	Str file, wal;
	uint32_t page_size, usable;
	uint32_t pages;
	size_t *frame; /* of each page, 1 + its place in the log; 0: in the file */
	Arena *arena;
	const RpmSink *to;
	uint64_t visited;
} Sqlite;

static uint64_t big(Str s, size_t at, unsigned bytes)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | (unsigned char)s.p[at + i];
	return v;
}

bool rpm_is_sqlite(Str file) { return file.n >= 512 && memcmp(file.p, MAGIC, sizeof MAGIC) == 0; }

/* ---- pages ---- */

static Result page(Sqlite *q, uint64_t number, Str *out)
{
	if (number == 0 || number > q->pages)
		FAIL(ERR_INPUT, "sqlite: page %llu of %u", (unsigned long long)number, q->pages);
	if (++q->visited > 4ull * q->pages + 1000)
		FAIL(ERR_INPUT, "sqlite: pages go in a circle at page %llu",
		     (unsigned long long)number);
	Str from = q->frame[number] != 0 ? q->wal : q->file;
	uint64_t at = q->frame[number] != 0
			      ? WAL_HEADER +
					(q->frame[number] - 1) *
						((uint64_t)q->page_size + FRAME_HEADER) +
					FRAME_HEADER
			      : (number - 1) * (uint64_t)q->page_size;
	if (at > from.n || q->page_size > from.n - at)
		FAIL(ERR_INPUT, "sqlite: the file ends before page %llu",
		     (unsigned long long)number);
	*out = str_first(str_skip(from, at), q->page_size);
	return OK;
}

typedef struct Sum {
	uint32_t a, b;
} Sum;

/* The log's checksum over `s`, in its byte order. */
static Sum add_sum(Sum sum, Str s, bool big_endian)
{
	for (size_t i = 0; i + 8 <= s.n; i += 8) {
		const unsigned char *p = (const unsigned char *)s.p + i;
		uint32_t x[2];
		for (unsigned k = 0; k < 2; k++, p += 4)
			x[k] = big_endian ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
						    (uint32_t)p[2] << 8 | p[3]
					  : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
						    (uint32_t)p[1] << 8 | p[0];
		sum.a += x[0] + sum.b;
		sum.b += x[1] + sum.a;
	}
	return sum;
}

/* Marks the pages of committed transactions; what follows the first bad frame is not there. */
static void read_log(Sqlite *q)
{
	Str w = q->wal;
	if (w.n < WAL_HEADER || (big(w, 0, 4) & ~1ull) != 0x377f0682 ||
	    big(w, 8, 4) != q->page_size)
		return;
	bool order = (big(w, 0, 4) & 1) != 0;
	Sum sum = add_sum((Sum){0, 0}, str_first(w, 24), order);
	if (sum.a != big(w, 24, 4) || sum.b != big(w, 28, 4))
		return;
	size_t bytes = (size_t)q->page_size + FRAME_HEADER, committed = 0, pages = q->pages;
	size_t n = (w.n - WAL_HEADER) / bytes;
	for (size_t i = 0; i < n; i++) {
		Str f = str_first(str_skip(w, WAL_HEADER + i * bytes), bytes);
		sum = add_sum(sum, str_first(f, 8), order);
		sum = add_sum(sum, str_skip(f, FRAME_HEADER), order);
		if (big(f, 8, 8) != big(w, 16, 8) || sum.a != big(f, 16, 4) ||
		    sum.b != big(f, 20, 4))
			break;
		if (big(f, 4, 4) != 0) { /* a commit, with the size of the database after it */
			committed = i + 1;
			pages = big(f, 4, 4);
		}
	}
	if (committed == 0 || pages > LIMIT_PACKAGE_DB_BYTES / 512)
		return;
	q->pages = (uint32_t)pages;
	q->frame = arena_array(q->arena, size_t, pages + 1);
	for (size_t i = 0; i < committed; i++) {
		uint64_t number = big(w, WAL_HEADER + i * bytes, 4);
		if (number <= pages)
			q->frame[number] = i + 1;
	}
}

/* ---- cells ---- */

static bool varint(Str *s, uint64_t *out)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < 9 && i < s->n; i++) {
		uint64_t byte = (unsigned char)s->p[i];
		if (i == 8) {
			*out = v << 8 | byte;
			*s = str_skip(*s, 9);
			return true;
		}
		v = v << 7 | (byte & 0x7f);
		if (byte < 0x80) {
			*out = v;
			*s = str_skip(*s, i + 1);
			return true;
		}
	}
	return false;
}

/* The payload of a leaf cell: what is on the page, and what is on overflow pages. */
static Result payload(Sqlite *q, Str cell, Str *out)
{
	uint64_t n, row;
	if (!varint(&cell, &n) || !varint(&cell, &row))
		FAIL(ERR_INPUT, "sqlite: a cell cut by its page's end");
	if (n > q->file.n + q->wal.n)
		FAIL(ERR_INPUT, "sqlite: a record larger than the file");
	uint64_t most = q->usable - 35, least = (q->usable - 12) * 32 / 255 - 23, local = n;
	if (n > most) {
		local = least + (n - least) % (q->usable - 4);
		local = local <= most ? local : least;
	}
	if (local > cell.n || (n > local && cell.n - local < 4))
		FAIL(ERR_INPUT, "sqlite: a cell cut by its page's end");
	if (n == local) {
		*out = str_first(cell, n);
		return OK;
	}
	char *p = arena_array(q->arena, char, n);
	memcpy(p, cell.p, local);
	uint64_t next = big(cell, local, 4);
	for (uint64_t done = local; done < n;) {
		Str from;
		TRY(page(q, next, &from));
		uint64_t take = q->usable - 4 < n - done ? q->usable - 4 : n - done;
		memcpy(p + done, from.p + 4, take);
		done += take;
		next = big(from, 0, 4);
	}
	*out = (Str){p, n};
	return OK;
}

/* Column `wanted` of a record, as bytes. */
static bool column(Str record, unsigned wanted, Str *out)
{
	Str head = record;
	uint64_t head_n, type;
	if (!varint(&head, &head_n) || head_n > record.n)
		return false;
	Str body = str_skip(record, head_n);
	head = str_first(head, head_n - (record.n - head.n));
	for (unsigned i = 0; varint(&head, &type); i++) {
		static const unsigned char sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
		uint64_t n = type >= 12 ? (type - 12) / 2 : type < 10 ? sizes[type] : 0;
		if (n > body.n)
			return false;
		if (i == wanted) {
			*out = str_first(body, n);
			return true;
		}
		body = str_skip(body, n);
	}
	return false;
}

/* ---- the tree ---- */

typedef Result (*OnRecord)(Sqlite *q, Str record, uint64_t *answer);

static Result walk(Sqlite *q, uint64_t number, unsigned depth, OnRecord on, uint64_t *answer)
{
	Str p;
	TRY(page(q, number, &p));
	size_t at = number == 1 ? SCHEMA_AT : 0;
	bool leaf = p.p[at] == LEAF_TABLE;
	if (!leaf && p.p[at] != INTERIOR_TABLE)
		FAIL(ERR_INPUT, "sqlite: page %llu is no part of a table",
		     (unsigned long long)number);
	if (depth == DEPTH_MAX)
		FAIL(ERR_INPUT, "sqlite: a tree deeper than %d", DEPTH_MAX);
	size_t cells = big(p, at + 3, 2), first = at + (leaf ? 8 : 12);
	if (cells * 2 > p.n - first)
		FAIL(ERR_INPUT, "sqlite: page %llu has %zu cells", (unsigned long long)number,
		     cells);
	for (size_t i = 0; i < cells; i++) {
		size_t cell = big(p, first + 2 * i, 2);
		if (cell + 4 > q->usable)
			FAIL(ERR_INPUT, "sqlite: a cell outside page %llu",
			     (unsigned long long)number);
		Str c = str_first(str_skip(p, cell), q->usable - cell), record;
		if (!leaf) {
			TRY(walk(q, big(c, 0, 4), depth + 1, on, answer));
			continue;
		}
		TRY(payload(q, c, &record));
		TRY(on(q, record, answer));
	}
	return leaf ? OK : walk(q, big(p, at + 8, 4), depth + 1, on, answer);
}

/* A row of sqlite_schema: type, name, tbl_name, rootpage, sql. */
static Result find_packages(Sqlite *q, Str record, uint64_t *root)
{
	Str type, name, number;
	(void)q;
	if (column(record, 0, &type) && column(record, 1, &name) && column(record, 3, &number) &&
	    str_eq(type, S("table")) && str_eq(name, S("Packages")) && number.n <= 4)
		*root = big(number, 0, (unsigned)number.n);
	return OK;
}

/* A row of Packages: hnum, blob. */
static Result take_package(Sqlite *q, Str record, uint64_t *unused)
{
	Str blob;
	(void)unused;
	if (!column(record, 1, &blob))
		FAIL(ERR_INPUT, "sqlite: a package without its header");
	return q->to->header(q->to->ctx, blob);
}

Result rpm_sqlite_read(Str file, Str wal, Arena *a, const RpmSink *to)
{
	Sqlite q = {.file = file, .wal = wal, .arena = a, .to = to};
	uint64_t size = big(file, 16, 2), reserved = (unsigned char)file.p[20], root = 0;
	q.page_size = size == 1 ? 65536 : (uint32_t)size;
	if (q.page_size < 512 || (q.page_size & (q.page_size - 1)) != 0 ||
	    reserved > q.page_size - 480)
		FAIL(ERR_INPUT, "sqlite: pages of %u bytes", q.page_size);
	q.usable = q.page_size - (uint32_t)reserved;
	q.pages = (uint32_t)(file.n / q.page_size);
	q.frame = arena_array(a, size_t, (size_t)q.pages + 1);
	read_log(&q);
	TRY(walk(&q, 1, 0, find_packages, &root));
	if (root == 0)
		FAIL(ERR_INPUT, "sqlite: no table Packages: not an rpm database");
	return walk(&q, root, 0, take_package, &root);
}
