/* dpkg.c - Debian's package database: one file of paragraphs, or one file a package (distroless).
 *
 * dpkg(1) and deb-control(5): fields, continuation lines, "want flag status". */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/analyzer.h"

typedef struct Dpkg { /* one file of paragraphs */
	const FileSet *set;
	const Captured *file;
	Facts *out;
	uint64_t list_bytes; /* of the lists of files read for it */
} Dpkg;

typedef struct Paragraph {
	Str package, version, arch, source, status, maintainer;
} Paragraph;

static void take_field(Paragraph *p, Str line)
{
	Str value = line, key;
	str_cut(&value, ':', &key);
	value = str_trim(value);
	if (str_eq_nocase(key, S("Package")))
		p->package = value;
	else if (str_eq_nocase(key, S("Version")))
		p->version = value;
	else if (str_eq_nocase(key, S("Architecture")))
		p->arch = value;
	else if (str_eq_nocase(key, S("Source")))
		p->source = value;
	else if (str_eq_nocase(key, S("Maintainer")))
		p->maintainer = value;
	else if (str_eq_nocase(key, S("Status")))
		p->status = value;
}

/* "want flag status": what counts is what lies on the disk, whatever is wanted. */
static bool is_installed(const Paragraph *p)
{
	Str rest = p->status, word = {0};
	while (str_cut(&rest, ' ', &word))
		continue;
	return !str_eq(word, S("config-files")) && !str_eq(word, S("not-installed"));
}

/* "name" or "name (version)" */
static void split_source(Str source, Pkg *out)
{
	Str name = {0}, version = source;
	str_cut(&version, '(', &name);
	out->source_name = str_trim(name);
	if (version.p != NULL && version.n != 0)
		str_cut(&version, ')', &out->source_version);
	out->source_version = str_trim(out->source_version);
}

static const Captured *companion(const Dpkg *d, const char *dir, Str name, Str arch,
				 const char *ending)
{
	Buf b = buf_in(d->out->arena, 1024);
	buf_add(&b, str_of(dir));
	buf_add(&b, name);
	if (arch.n != 0) {
		buf_char(&b, ':');
		buf_add(&b, arch);
	}
	buf_add(&b, str_of(ending));
	return fileset_get(d->set, buf_str(&b));
}

/* A list has a path a line; an md5sums file has a digest before each. */
static Result read_files(Dpkg *d, const Captured *f, bool digests, Pkg *p)
{
	Str text = f != NULL ? f->body : S(""), line;
	d->list_bytes += text.n;
	if (d->list_bytes > LIMIT_PACKAGE_DB_BYTES)
		FAIL(ERR_LIMIT, "over %u bytes of lists of files", LIMIT_PACKAGE_DB_BYTES);
	while (text.n != 0 && p->files.n < LIMIT_PACKAGE_FILES && str_cut(&text, '\n', &line)) {
		if (digests) {
			size_t at = 0;
			line = str_find(line, S("  "), &at) ? str_skip(line, at + 2) : S("");
		}
		while (line.n != 0 && (line.p[0] == '/' || line.p[0] == '.'))
			line = str_skip(line, 1);
		if (line.n != 0)
			vec_push(d->out->arena, &p->files, line);
	}
	return OK;
}

static Result find_files(Dpkg *d, Pkg *p)
{
	const Captured *list = companion(d, "var/lib/dpkg/info/", p->name, S(""), ".list");
	if (list == NULL)
		list = companion(d, "var/lib/dpkg/info/", p->name, p->arch, ".list");
	if (list != NULL)
		return read_files(d, list, false, p);
	list = companion(d, "var/lib/dpkg/status.d/", p->name, S(""), ".md5sums");
	return read_files(d, list, true, p);
}

static Result add(Dpkg *d, const Paragraph *para)
{
	Pkg p = {.type = PKG_DEB,
		 .name = para->package,
		 .version = para->version,
		 .arch = para->arch,
		 .vendor = para->maintainer,
		 .path = d->file->path};
	if (para->package.n == 0 || !is_installed(para))
		return OK;
	if (para->version.n == 0) {
		facts_undecided(d->out, d->file->path,
				"package " STR_FMT " does not say its version",
				STR_ARG(para->package));
		return OK;
	}
	split_source(para->source, &p);
	if (str_eq(p.source_name, p.name) && p.source_version.n == 0)
		p.source_name = S("");
	TRY(find_files(d, &p));
	return analyzer_add(d->out, p);
}

static Result dpkg_read(const FileSet *set, const Captured *f, Facts *out)
{
	Str text = f->body, line;
	Dpkg d = {.set = set, .file = f, .out = out};
	Paragraph p = {0};
	if (str_ends(f->path, S(".md5sums")))
		return OK; /* a list of files beside the paragraphs of status.d */
	while (str_cut(&text, '\n', &line)) {
		if (line.n > LIMIT_LINE_BYTES)
			FAIL(ERR_LIMIT, "a line longer than %u bytes", LIMIT_LINE_BYTES);
		if (str_trim(line).n == 0) {
			TRY(add(&d, &p));
			p = (Paragraph){0};
		} else if (line.p[0] != ' ' && line.p[0] != '\t' && str_has(line, ':')) {
			take_field(&p, line);
		}
	}
	return add(&d, &p);
}

const Analyzer analyzer_dpkg = {
	.name = "dpkg",
	.version = 1,
	.paths = (const char *const[]){"var/lib/dpkg/status", "var/lib/dpkg/status.d/*", NULL},
	.companions = (const char *const[]){"**/info/*.list", NULL},
	.max_bytes = LIMIT_PACKAGE_DB_BYTES,
	.read = dpkg_read,
};
