/* distro.c - release names into ecosystem keys. */
#include "match/distro.h"

static Str keyed(Arena *a, Str id, Str release)
{
	Buf b = buf_in(a, 300);
	buf_add(&b, str_first(id, 100));
	buf_char(&b, ':');
	buf_add(&b, str_first(release, 100));
	return release.n != 0 ? buf_str(&b) : S("");
}

static Str digits(Str s)
{
	size_t n = 0;
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return str_first(s, n);
}

/* "9.4" is release 9. */
static Str major_key(Arena *a, const OsRelease *os)
{
	return keyed(a, os->id, digits(os->version_id));
}

/* testing and unstable say a code name and no number. */
static Str debian_key(Arena *a, const OsRelease *os)
{
	static const struct {
		const char *codename, *release;
	} known[] = {{"buster", "10"}, {"bullseye", "11"}, {"bookworm", "12"}, {"trixie", "13"},
		     {"forky", "14"},  {"duke", "15"},     {"sid", "sid"}};
	if (os->version_id.n != 0)
		return major_key(a, os);
	Str name = os->codename, pretty = os->pretty;
	size_t at;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (str_eq(name, str_of(known[i].codename)) ||
		    (name.n == 0 && str_find(pretty, str_of(known[i].codename), &at)))
			return keyed(a, os->id, str_of(known[i].release));
	return S("");
}

/* "3.19.1" is branch 3.19; snapshots of the next branch ("3.20_alpha20240329") are edge. */
static Str alpine_key(Arena *a, const OsRelease *os)
{
	Str rest = os->version_id, major = digits(rest), minor;
	if (str_has(rest, '_') || str_eq(rest, S("edge")))
		return keyed(a, os->id, S("edge"));
	rest = str_skip(rest, major.n);
	if (major.n == 0 || !str_starts(rest, S(".")))
		return S("");
	minor = digits(str_skip(rest, 1));
	return minor.n != 0 ? keyed(a, os->id, str_first(os->version_id, major.n + 1 + minor.n))
			    : S("");
}

static Str rolling_key(Arena *a, const OsRelease *os)
{
	(void)a;
	return os->id;
}

static const Distro distros[] = {
#define DISTRO(id, type, key, by_source, source_version) {id, type, key, by_source, source_version},
#include "match/distros.def"
#undef DISTRO
};

const Distro *distro_of(const OsRelease *os)
{
	for (size_t i = 0; i < sizeof distros / sizeof distros[0]; i++)
		if (str_eq(os->id, str_of(distros[i].id)))
			return &distros[i];
	return NULL;
}

bool distro_is_kernel(const Pkg *p)
{
	static const struct {
		PkgType type;
		Str source; /* of the source package, or the binary when it is its own */
		bool prefix;
	} kernels[] = {
		{PKG_DEB, {"linux", 5}, false},       {PKG_DEB, {"linux-signed-", 13}, true},
		{PKG_RPM, {"kernel", 6}, false},      {PKG_RPM, {"kernel-", 7}, true},
		{PKG_APK, {"linux-lts", 9}, false},   {PKG_APK, {"linux-virt", 10}, false},
		{PKG_APK, {"linux-edge", 10}, false}, {PKG_APK, {"linux-headers", 13}, false}};
	Str source = p->source_name.n != 0 ? p->source_name : p->name;
	for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++)
		if (p->type == kernels[i].type &&
		    (kernels[i].prefix ? str_starts(source, kernels[i].source)
				       : str_eq(source, kernels[i].source)))
			return true;
	return false;
}
