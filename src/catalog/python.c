/* python.c - Python packages as installed: dist-info, egg-info and eggs.
 *
 * Core metadata (packaging.python.org, "Core metadata specifications"): headers as in
 * RFC 822 up to the first empty line. The first Name and Version count; names are
 * normalised as PEP 503 says. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/analyzer.h"
#include "io/zip.h"

static Str normalised(Arena *a, Str name)
{
	char *p = arena_array(a, char, name.n);
	size_t n = 0;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (c == '-' || c == '_' || c == '.') {
			if (n == 0 || p[n - 1] != '-')
				p[n++] = '-';
		} else if (c >= 'A' && c <= 'Z') {
			p[n++] = (char)(c - 'A' + 'a');
		} else {
			p[n++] = c;
		}
	}
	return (Str){p, n};
}

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

static Result add(Facts *out, const Captured *f, Str text)
{
	enum { SHORT = 200 }; /* whole licence texts are put there too */
	Metadata m = read_headers(text);
	if (m.name.n == 0)
		return OK; /* an empty or foreign file of that name */
	if (m.version.n == 0) {
		facts_undecided(out, f->path, "Python package " STR_FMT " does not say its version",
				STR_ARG(m.name));
		return OK;
	}
	return analyzer_add(out, (Pkg){.type = PKG_PYPI,
				       .name = normalised(out->arena, m.name),
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

static Result python_read(const FileSet *set, const Captured *f, Facts *out)
{
	(void)set;
	if (str_ends(f->path, S(".egg")))
		return read_egg(f, out);
	return add(out, f, f->body);
}

const Analyzer analyzer_python = {
	.name = "python",
	.version = 1,
	.paths = (const char *const[]){"**/*.dist-info/METADATA", "**/*.egg-info/PKG-INFO",
				       "**/EGG-INFO/PKG-INFO", "**/*.egg-info", "**/*.egg", NULL},
	.max_bytes = LIMIT_EGG_BYTES,
	.read = python_read,
};
