/* db.h - the advisory database: one immutable file, read with pread, checked as it is read.
 *
 * The file's format is doc/formats/advisory-db.md. Any number of readers; no
 * locks. Everything answered was covered by a SHA-256 that the directory holds. */
#pragma once
#include "model/advisory.h"
#include "model/finding.h"

typedef struct AdvisoryDb AdvisoryDb;

/* Reads and checks header and directory only. ERR_INPUT: not a database, or a damaged one;
 * says what to do. */
Result advisory_db_open(const char *path, AdvisoryDb **out);
void advisory_db_close(AdvisoryDb *db); /* NULL is fine */
static inline void advisory_db_closep(AdvisoryDb **db) { advisory_db_close(*db); }
#define AUTO_ADVISORY_DB __attribute__((cleanup(advisory_db_closep), unused))

typedef VEC(Advisory) AdvisoryVec;
typedef VEC(AdvisoryDetail) AdvisoryDetailVec;

/* Strings of what is answered live in `a`. */
bool advisory_db_has(const AdvisoryDb *db, Str ecosystem); /* is anything known of it? */
Result advisory_db_package(AdvisoryDb *db, Arena *a, Str ecosystem, Str package, AdvisoryVec *out);
Result advisory_db_detail(AdvisoryDb *db, Arena *a, Str id, AdvisoryDetail *out, bool *found);
/* Every row of an id or of one of its aliases, in any ecosystem: for `db search`. */
Result advisory_db_search(AdvisoryDb *db, Arena *a, Str id, AdvisoryVec *out);
Result advisory_db_exploited(AdvisoryDb *db, Arena *a, Str cve, Exploited *out, bool *found);
Result advisory_db_rating(AdvisoryDb *db, Arena *a, Str cve, Rating *out, bool *found);
Result advisory_db_epss(AdvisoryDb *db, Str cve, Epss *out, bool *found);
Result advisory_db_lifecycle(AdvisoryDb *db, Arena *a, Str ecosystem, Lifecycle *out, bool *found);
Result advisory_db_stamp(AdvisoryDb *db, Arena *a, DbStamp *out);
Result advisory_db_verify(AdvisoryDb *db, uint64_t *shards); /* every byte of the file */

/* ---- writing ---- */

typedef struct DbWriter DbWriter;

typedef struct FeedInfo {
	Str name, url, license;
	int64_t as_of; /* newest date in the data */
	uint64_t rows;
} FeedInfo;

DbWriter *db_writer_create(void);
void db_writer_destroy(DbWriter *w);
static inline void db_writer_destroyp(DbWriter **w) { db_writer_destroy(*w); }
/* All copy what they are given. Order does not matter: the same rows give the same bytes.
 * A row given twice is kept once. */
Result db_writer_advisory(DbWriter *w, const Advisory *row);
Result db_writer_detail(DbWriter *w, const AdvisoryDetail *d);
Result db_writer_exploited(DbWriter *w, const Exploited *e);
Result db_writer_epss(DbWriter *w, const Epss *e);
Result db_writer_lifecycle(DbWriter *w, const Lifecycle *l);
Result db_writer_feed(DbWriter *w, const FeedInfo *f);
/* Writes the whole file to `fd`, from offset 0, without syncing or renaming it. */
Result db_writer_finish(DbWriter *w, int fd, bool bundled);
