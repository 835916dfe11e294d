/* apk.c - Alpine's installed database: "K:value" lines, an empty line ends a package
 * (apk-package(5), the v2 index format). */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/analyzer.h"

static Result flush(Pkg *p, const Captured *f, Facts *out)
{
	if (p->name.n != 0 && p->version.n != 0)
		TRY(analyzer_add(out, *p));
	else if (p->name.n != 0)
		facts_undecided(out, f->path, "package " STR_FMT " does not say its version",
				STR_ARG(p->name));
	*p = (Pkg){.type = PKG_APK, .path = f->path};
	return OK;
}

static void add_file(Arena *a, Pkg *p, Str dir, Str name)
{
	if (p->files.n >= LIMIT_PACKAGE_FILES)
		return;
	char *path = arena_array(a, char, dir.n + 1 + name.n);
	size_t n = dir.n;
	if (n != 0) {
		memcpy(path, dir.p, n);
		path[n++] = '/';
	}
	if (name.n != 0)
		memcpy(path + n, name.p, name.n);
	vec_push(a, &p->files, ((Str){path, n + name.n}));
}

static Result apk_read(const FileSet *set, const Captured *f, Facts *out)
{
	(void)set;
	Str text = f->body, line, dir = {0};
	Pkg p = {.type = PKG_APK, .path = f->path};
	for (size_t number = 1; str_cut(&text, '\n', &line); number++) {
		if (str_ends(line, S("\r")))
			line.n--;
		if (line.n == 0) {
			TRY(flush(&p, f, out));
			dir = (Str){0};
			continue;
		}
		if (line.n > LIMIT_LINE_BYTES)
			FAIL(ERR_LIMIT, "line %zu is longer than %u bytes", number,
			     LIMIT_LINE_BYTES);
		if (line.n < 2 || line.p[1] != ':')
			continue; /* apk itself passes over what it does not know */
		Str value = str_skip(line, 2);
		switch (line.p[0]) {
		case 'P': p.name = value; break;
		case 'V': p.version = value; break;
		case 'A': p.arch = value; break;
		case 'o': p.source_name = value; break;
		case 'L': p.license = value; break;
		case 'm': p.vendor = value; break;
		case 'F': dir = value; break;
		case 'R': add_file(out->arena, &p, dir, value); break;
		default: break;
		}
	}
	return flush(&p, f, out);
}

const Analyzer analyzer_apk = {
	.name = "apk",
	.version = 1,
	.paths = (const char *const[]){"lib/apk/db/installed", "usr/lib/apk/db/installed", NULL},
	.max_bytes = LIMIT_PACKAGE_DB_BYTES,
	.read = apk_read,
};
