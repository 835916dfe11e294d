/* rpm.c - the installed packages of an rpm distribution, whichever database holds them. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/analyzer.h"
#include "catalog/rpm_db.h"

typedef struct Gather {
	Facts *out;
	const Captured *file;
	uint64_t room; /* bytes that headers can still take when no two share any */
} Gather;

static Result take_header(void *ctx, Str blob)
{
	Gather *g = ctx;
	Pkg p;
	bool skip;
	if (blob.n > g->room)
		FAIL(ERR_INPUT, "packages lie inside each other");
	g->room -= blob.n;
	TRY(rpm_header_read(blob, g->out->arena, &p, &skip));
	if (skip)
		return OK;
	p.path = g->file->path;
	return analyzer_add(g->out, p);
}

static Str log_beside(const FileSet *set, const Captured *f, Arena *a)
{
	Buf b = buf_in(a, 8192);
	buf_add(&b, f->path);
	buf_add(&b, S("-wal"));
	const Captured *log = fileset_get(set, buf_str(&b));
	return log != NULL && log->body.p != NULL ? log->body : S("");
}

static Result rpm_read(const FileSet *set, const Captured *f, Facts *out)
{
	Str log = log_beside(set, f, out->arena);
	Gather g = {out, f, (uint64_t)f->body.n + log.n};
	RpmSink to = {.ctx = &g, .header = take_header};
	if (f->body.n == 0)
		FAIL(ERR_INPUT, "the file is empty");
	if (rpm_is_sqlite(f->body))
		return rpm_sqlite_read(f->body, log, out->arena, &to);
	if (rpm_is_ndb(f->body))
		return rpm_ndb_read(f->body, out->arena, &to);
	if (rpm_is_bdb(f->body))
		return rpm_bdb_read(f->body, out->arena, &to);
	FAIL(ERR_INPUT, "neither an SQLite, NDB nor Berkeley DB file");
}

const Analyzer analyzer_rpm = {
	.name = "rpm",
	.version = 1,
	.paths = (const char *const[]){"var/lib/rpm/rpmdb.sqlite", "var/lib/rpm/Packages.db",
				       "var/lib/rpm/Packages", "usr/lib/sysimage/rpm/rpmdb.sqlite",
				       "usr/lib/sysimage/rpm/Packages.db",
				       "usr/lib/sysimage/rpm/Packages",
				       "usr/share/rpm/rpmdb.sqlite", "usr/share/rpm/Packages.db",
				       "usr/share/rpm/Packages", NULL},
	.companions = (const char *const[]){"var/lib/rpm/rpmdb.sqlite-wal",
					    "usr/lib/sysimage/rpm/rpmdb.sqlite-wal",
					    "usr/share/rpm/rpmdb.sqlite-wal", NULL},
	.max_bytes = LIMIT_PACKAGE_DB_BYTES,
	.read = rpm_read,
};
