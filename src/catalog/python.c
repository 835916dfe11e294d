/* python.c - Python packages as installed: dist-info, egg-info and eggs.
 *
 * Core metadata (packaging.python.org, "Core metadata specifications"): headers as in
 * RFC 822 up to the first empty line. The first Name and Version count, else those of the
 * folder's name; names are normalised as PEP 503 says. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/analyzer.h"
#include "io/zip.h"

typedef struct Metadata {
	Str name, version, license;
} Metadata;

static void take_first(Str *slot, Str value)
{
	if (slot->n == 0)
		*slot = value;
}

static Metadata read_headers(Str text)
{
	Metadata m = {0};
	Str line, key, value;
	while (str_cut(&text, '\n', &line)) {
		if (str_trim(line).n == 0)
			break; /* the description follows */
		if (line.p[0] == ' ' || line.p[0] == '\t' || !str_has(line, ':'))
			continue; /* continuation, or a line that tools wrote wrongly */
		value = line;
		str_cut(&value, ':', &key);
		value = str_trim(value);
		if (str_eq_nocase(key, S("Name")))
			take_first(&m.name, value);
		else if (str_eq_nocase(key, S("Version")))
			take_first(&m.version, value);
		else if (str_eq_nocase(key, S("License-Expression")) ||
			 str_eq_nocase(key, S("License")))
			take_first(&m.license, value);
	}
	return m;
}

static bool is_record(Str path) { return str_ends(path, S(".dist-info/RECORD")); }

/* "NAME-VERSION.dist-info", the folder that installers look a package up by. */
static void take_folder(Str path, Metadata *m)
{
	Str folder = str_base(str_dir(path)), end = S(".dist-info");
	if (!str_ends(folder, end))
		return;
	folder.n -= end.n;
	const char *dash = folder.n != 0 ? memrchr(folder.p, '-', folder.n) : NULL;
	if (m->name.n == 0)
		m->name = dash != NULL ? str_first(folder, (size_t)(dash - folder.p)) : folder;
	if (m->version.n == 0 && dash != NULL)
		m->version = str_skip(folder, (size_t)(dash - folder.p) + 1);
}

static Result add(Facts *out, const Captured *f, Str text)
{
	enum { SHORT = 200 }; /* whole licence texts are put there too */
	Metadata m = read_headers(text);
	if (m.name.n != 0 || is_record(f->path))
		take_folder(f->path, &m);
	if (m.name.n == 0) { /* an empty or foreign file of that name */
		if (str_ends(f->path, S(".dist-info/METADATA")))
			facts_undecided(out, f->path,
					"a Python package that does not say its name");
		return OK;
	}
	if (m.version.n == 0) {
		facts_undecided(out, f->path, "Python package " STR_FMT " does not say its version",
				STR_ARG(m.name));
		return OK;
	}
	return analyzer_add(out, (Pkg){.type = PKG_PYPI,
				       .name = pypi_name(out->arena, m.name),
				       .version = m.version,
				       .license = m.license.n <= SHORT ? m.license : S(""),
				       .path = f->path,
				       .layer = f->layer});
}

/* An egg is a zip with EGG-INFO/PKG-INFO in it. */
static Result read_egg(const Captured *f, Facts *out)
{
	AUTO_ZIP Zip *z = NULL;
	ZipEntry e;
	bool more;
	TRY(zip_open_memory(f->body, &z));
	for (;;) {
		TRY(zip_next(z, &e, &more));
		if (!more)
			return OK;
		if (!str_eq(e.name, S("EGG-INFO/PKG-INFO")))
			continue;
		Str text;
		TRY(zip_read(z, &e, out->arena, LIMIT_PYTHON_METADATA_BYTES, &text));
		return add(out, f, text);
	}
}

/* The list of a package's files: by itself it only says that there is one. */
static Result read_record(const FileSet *set, const Captured *f, Facts *out)
{
	Buf b = buf_in(out->arena, f->path.n + 16);
	buf_add(&b, str_dir(f->path));
	buf_add(&b, S("/METADATA"));
	return fileset_get(set, buf_str(&b)) != NULL ? OK : add(out, f, S(""));
}

static Result python_read(const FileSet *set, const Captured *f, Facts *out)
{
	if (str_ends(f->path, S(".egg")))
		return read_egg(f, out);
	return is_record(f->path) ? read_record(set, f, out) : add(out, f, f->body);
}

/* ---- what is kept ---- */

static Result keep_nothing(Sieve *s, Str *out)
{
	(void)s;
	*out = S(""); /* that it is there is enough */
	return OK;
}

static Sieve *python_sieve(Arena *a, const FileInfo *f)
{
	if (!is_record(f->path))
		return sieve_whole(a, f->size, LIMIT_EGG_BYTES);
	Sieve *s = arena_new(a, Sieve);
	*s = (Sieve){.next = SIEVE_DONE, .finish = keep_nothing};
	return s;
}

const Analyzer analyzer_python = {
	.name = "python",
	.version = 2,
	.paths = (const char *const[]){"**/*.dist-info/METADATA", "**/*.dist-info/RECORD",
				       "**/*.egg-info/PKG-INFO", "**/EGG-INFO/PKG-INFO",
				       "**/*.egg-info", "**/*.egg", NULL},
	.max_bytes = LIMIT_EGG_BYTES,
	.sieve = python_sieve,
	.read = python_read,
};
