/* rpm_db.h - package headers out of the three databases rpm has had, from bytes in memory.
 *
 * SQLite (file format 3, sqlite.org/fileformat2.html, with its write-ahead log), NDB (rpm's own,
 * lib/backend/ndb/rpmpkg.c) and Berkeley DB hash (db 4.x to 5.3, dbinc/db_page.h). */
#pragma once
#include "base/err.h"
#include "model/pkg.h"

/* Called with each package's header blob, which lives as long as `a`. */
typedef struct RpmSink {
	void *ctx;
	Result (*header)(void *ctx, Str blob);
} RpmSink;

Result rpm_sqlite_read(Str file, Str wal, Arena *a, const RpmSink *to);
Result rpm_ndb_read(Str file, Arena *a, const RpmSink *to);
Result rpm_bdb_read(Str file, Arena *a, const RpmSink *to);

bool rpm_is_sqlite(Str file);
bool rpm_is_ndb(Str file);
bool rpm_is_bdb(Str file);

/* A header blob (rpm's header format, version 4: index, then data). Strings are borrowed.
 * *skip: a header that is no package (gpg-pubkey). */
Result rpm_header_read(Str blob, Arena *a, Pkg *out, bool *skip);

typedef struct RpmFile {
	Str package, path;  /* without a leading '/' */
	Str digest;         /* hex digits; empty: a folder, a link */
	unsigned algorithm; /* RFC 4880, section 9.4 */
	bool settings;      /* a configuration file, or one that is not in the package */
} RpmFile;

/* Each file that the header has, with its digest. */
Result rpm_header_digests(Str blob, Arena *a, void (*file)(void *ctx, const RpmFile *f), void *ctx);

/* "name-version-release.src.rpm" into source_name and source_version; anything else: neither. */
void rpm_split_source(Str rpm, Pkg *out);
