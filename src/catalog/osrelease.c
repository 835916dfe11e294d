/* osrelease.c - which distribution this is: os-release(5), and the older files beside it. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/analyzer.h"

typedef struct Kin { /* a file that names its distribution by being there */
	const char *path, *id;
	bool only_version; /* the whole file is the version */
} Kin;

/* From most to least telling; the first that is there and says something counts. */
static const Kin places[] = {
	{"etc/os-release", NULL, false},
	{"usr/lib/os-release", NULL, false},
	{"etc/alpine-release", "alpine", true},
	{"etc/almalinux-release", "almalinux", false},
	{"etc/rocky-release", "rocky", false},
	{"etc/oracle-release", "ol", false},
	{"etc/fedora-release", "fedora", false},
	{"etc/centos-release", "centos", false},
	{"etc/mariner-release", "mariner", false},
	{"etc/azurelinux-release", "azurelinux", false},
	{"etc/photon-release", "photon", false},
	{"etc/SuSE-release", "sles", false},
	{"etc/openEuler-release", "openEuler", false},
	{"etc/redhat-release", "rhel", false},
	{"etc/system-release", "amzn", false},
	{"etc/arch-release", "arch", false},
	{"etc/lsb-release", NULL, false},
	{"etc/debian_version", "debian", true},
};

enum { PLACES = sizeof places / sizeof places[0] };

static size_t rank(Str path)
{
	for (size_t i = 0; i < PLACES; i++)
		if (str_eq(path, str_of(places[i].path)))
			return i;
	return PLACES;
}

/* Shell quoting as os-release(5) allows it: one pair of quotes, backslash escapes. */
static Str unquoted(Arena *a, Str s)
{
	s = str_trim(s);
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
		s = (Str){s.p + 1, s.n - 2};
	char *p = arena_array(a, char, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		p[n++] = s.p[i];
	}
	return (Str){p, n};
}

static Str lower_case(Arena *a, Str s)
{
	char *p = arena_array(a, char, s.n);
	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] - 'A' + 'a' : s.p[i]);
	return (Str){p, s.n};
}

static void read_assignments(Arena *a, Str text, OsRelease *os)
{
	const struct {
		const char *key;
		Str *slot;
	} keys[] = {{"ID", &os->id},
		    {"ID_LIKE", &os->id_like},
		    {"VERSION_ID", &os->version_id},
		    {"VERSION_CODENAME", &os->codename},
		    {"PRETTY_NAME", &os->pretty},
		    {"VARIANT_ID", &os->variant_id},
		    {"DISTRIB_ID", &os->id},
		    {"DISTRIB_RELEASE", &os->version_id},
		    {"DISTRIB_CODENAME", &os->codename},
		    {"DISTRIB_DESCRIPTION", &os->pretty}};
	Str line, key;
	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || !str_has(line, '='))
			continue;
		str_cut(&line, '=', &key);
		for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
			if (str_eq(key, str_of(keys[i].key)))
				*keys[i].slot = unquoted(a, line);
	}
	os->id = lower_case(a, os->id);
}

/* The first number with dots in a sentence such as "CentOS Linux release 7.9.2009 (Core)". */
static Str first_version(Str line)
{
	size_t i = 0;
	while (i < line.n && (line.p[i] < '0' || line.p[i] > '9'))
		i++;
	line = str_skip(line, i);
	size_t n = 0;
	while (n < line.n && ((line.p[n] >= '0' && line.p[n] <= '9') || line.p[n] == '.'))
		n++;
	return str_first(line, n);
}

static Result osrelease_read(const FileSet *set, const Captured *f, Facts *out)
{
	(void)set;
	size_t here = rank(f->path);
	if (here == PLACES || (out->os.id.n != 0 && rank(out->os.path) < here))
		return OK;
	Str text = f->body, line = {0};
	OsRelease os = {.path = arena_str(out->arena, f->path)};
	if (places[here].id == NULL) {
		read_assignments(out->arena, text, &os);
	} else {
		str_cut(&text, '\n', &line);
		line = arena_str(out->arena, str_trim(line));
		os.id = str_of(places[here].id);
		os.pretty = line;
		os.version_id = places[here].only_version ? line : first_version(line);
	}
	if (os.id.n != 0)
		out->os = os;
	return OK;
}

const Analyzer analyzer_osrelease = {
	.name = "osrelease",
	.version = 1,
	.paths = (const char *const[]){"etc/os-release", "usr/lib/os-release", "etc/alpine-release",
				       "etc/almalinux-release", "etc/rocky-release",
				       "etc/oracle-release", "etc/fedora-release",
				       "etc/centos-release", "etc/mariner-release",
				       "etc/azurelinux-release", "etc/photon-release",
				       "etc/SuSE-release", "etc/openEuler-release",
				       "etc/redhat-release", "etc/system-release",
				       "etc/arch-release", "etc/lsb-release", "etc/debian_version",
				       NULL},
	.max_bytes = LIMIT_RELEASE_BYTES,
	.read = osrelease_read,
};
