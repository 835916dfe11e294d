/* rpm_manifest.c - the text list that distroless images of Azure Linux carry instead of a database:
 * a package a line, ten fields between tabs, as `rpm -qa --qf` wrote them. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/analyzer.h"
#include "catalog/rpm_db.h"

enum {
	NAME,
	VERSION_RELEASE,
	INSTALLED,
	BUILT,
	VENDOR,
	EPOCH,
	SIZE,
	ARCH,
	EPOCH_NUMBER,
	SOURCE,
	FIELDS
};

static Str told(Str s) { return str_eq(s, S("(none)")) ? S("") : s; }

static Result full_version(Arena *a, Str epoch, Str version, Str *out)
{
	Buf b = buf_in(a, 4096);
	if (epoch.n != 0 && !str_eq(epoch, S("0"))) {
		buf_add(&b, epoch);
		buf_char(&b, ':');
	}
	buf_add(&b, version);
	return buf_done(&b, "version", out);
}

static Result read_line(Str line, size_t number, const Captured *f, Facts *out)
{
	Str field[FIELDS], rest = line;
	size_t n = 0;
	for (; n < FIELDS && str_cut(&rest, '\t', &field[n]); n++)
		field[n] = told(field[n]);
	if (n != FIELDS || rest.p != NULL)
		FAIL(ERR_INPUT, "line %zu: not %d fields between tabs", number, FIELDS);
	Pkg p = {.type = PKG_RPM,
		 .name = field[NAME],
		 .arch = field[ARCH],
		 .vendor = field[VENDOR],
		 .path = f->path};
	if (p.name.n == 0 || field[VERSION_RELEASE].n == 0)
		FAIL(ERR_INPUT, "line %zu: no name or no version", number);
	TRY_IN(full_version(out->arena, field[EPOCH_NUMBER], field[VERSION_RELEASE], &p.version),
	       "line %zu", number);
	if (!str_u64(field[SIZE], &p.size))
		p.size = 0;
	rpm_split_source(field[SOURCE], &p);
	return analyzer_add(out, p);
}

static Result rpm_manifest_read(const FileSet *set, const Captured *f, Facts *out)
{
	(void)set;
	Str text = f->body, line;
	for (size_t n = 1; str_cut(&text, '\n', &line); n++)
		if (line.n != 0)
			TRY(read_line(line, n, f, out));
	return OK;
}

const Analyzer analyzer_rpm_manifest = {
	.name = "rpm_manifest",
	.version = 1,
	.paths = (const char *const[]){"var/lib/rpmmanifest/container-manifest-2", NULL},
	.max_bytes = LIMIT_PACKAGE_DB_BYTES,
	.read = rpm_manifest_read,
};
