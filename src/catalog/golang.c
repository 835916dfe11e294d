/* golang.c - the modules that a Go program was built from.
 *
 * Reads what go_sieve.h kept: the Go version, then the lines of runtime/debug's
 * BuildInfo.String(): path, mod, dep, =>, build; fields are separated by tabs. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/analyzer.h"
#include "catalog/go_sieve.h"

enum { MODULES_MAX = 100000 };

/* "go1.21rc2 X:loopvar" is stdlib 1.21.0-rc.2, as advisories of the Go project count. */
static Str stdlib_version(Arena *a, Str text)
{
	size_t at;
	if (str_find(text, S("go1."), &at)) /* "devel go1.23-0a1b2c3" too */
		text = str_skip(text, at + 2);
	else
		return S("");
	size_t n = 0, dots = 0;
	while (n < text.n && ((text.p[n] >= '0' && text.p[n] <= '9') || text.p[n] == '.'))
		dots += text.p[n++] == '.';
	Str number = str_first(text, n), rest = str_skip(text, n);
	const char *stage = str_starts(rest, S("rc"))     ? "rc"
			    : str_starts(rest, S("beta")) ? "beta"
							  : "";
	rest = str_skip(rest, strlen(stage));
	n = 0;
	while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
		n++;
	Buf b = buf_in(a, 256);
	buf_add(&b, number);
	if (dots < 2)
		buf_add(&b, S(".0"));
	if (*stage != '\0')
		buf_fmt(&b, "-%s." STR_FMT, stage, STR_ARG(str_first(rest, n)));
	return buf_str(&b);
}

typedef struct Module {
	Str path, version;
} Module;

static Module take_module(Str fields)
{
	Module m = {0};
	str_cut(&fields, '\t', &m.path);
	if (!str_cut(&fields, '\t', &m.version) || str_eq(m.version, S("(devel)")))
		m.version = S(""); /* a directory: of the main module, or in another one's place */
	return m;
}

static Result add(Facts *out, const Captured *f, Module m)
{
	return analyzer_add(out, (Pkg){.type = PKG_GOLANG,
				       .name = m.path,
				       .version = m.version,
				       .path = f->path,
				       .layer = f->layer});
}

/* What was built instead: a module of another version or name, or a directory. */
static Result replaced(Facts *out, const Captured *f, Module was, Module by)
{
	if (by.version.n != 0)
		return add(out, f, by);
	facts_undecided(out, f->path,
			"module " STR_FMT " " STR_FMT " was replaced by the directory " STR_FMT
			" when this was built; its version is not known",
			STR_ARG(was.path), STR_ARG(was.version), STR_ARG(by.path));
	return OK;
}

static Result golang_read(const FileSet *set, const Captured *f, Facts *out)
{
	(void)set;
	Str rest = f->body, line = {0}, word = {0};
	Module held = {0};
	str_cut(&rest, '\n', &line);
	Str stdlib = stdlib_version(out->arena, line);
	if (stdlib.n != 0)
		TRY(add(out, f, (Module){S("stdlib"), stdlib}));
	else
		facts_undecided(out, f->path, "built by an unknown Go, '" STR_FMT "'",
				STR_ARG(str_first(line, 100)));
	for (size_t n = 0; str_cut(&rest, '\n', &line); n++) {
		if (n == MODULES_MAX)
			FAIL(ERR_LIMIT, "more than %d lines of modules", MODULES_MAX);
		Str fields = line;
		if (!str_cut(&fields, '\t', &word))
			continue;
		if (str_eq(word, S("=>")) && held.path.n != 0) {
			TRY(replaced(out, f, held, take_module(fields)));
			held = (Module){0};
			continue;
		}
		if (held.path.n != 0)
			TRY(add(out, f, held));
		held = (Module){0};
		if (str_eq(word, S("mod")) || str_eq(word, S("dep")))
			held = take_module(fields);
	}
	return held.path.n != 0 ? add(out, f, held) : OK;
}

const Analyzer analyzer_golang = {
	.name = "golang",
	.version = 3,
	.executables = true,
	.max_bytes = UINT64_MAX, /* the sieve keeps a small part */
	.sieve = go_sieve,
	.read = golang_read,
};
