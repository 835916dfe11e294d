/* bases.c - references taken apart, and a table of well-known images. */
#include "lint/bases.h"

/* ---- references ---- */

void image_split(Str reference, Str *name, Str *tag, Str *digest)
{
	Str rest = reference, head = {0};
	*name = *tag = *digest = (Str){NULL, 0};
	str_cut(&rest, '@', &head);
	if (rest.p != NULL)
		*digest = rest;
	Str last = str_base(head);
	str_cut(&last, ':', name);
	if (last.p != NULL)
		*tag = last;
}

Str image_prefix(Str reference)
{
	Str rest = reference, head = {0};
	str_cut(&rest, '@', &head);
	return str_dir(head);
}

static bool is_host(Str first)
{
	bool upper = false;
	for (size_t i = 0; i < first.n; i++)
		upper = upper || (first.p[i] >= 'A' && first.p[i] <= 'Z');
	return upper || str_has(first, '.') || str_has(first, ':') || str_eq(first, S("localhost"));
}

Str image_registry(Str reference)
{
	Str rest = reference, first = {0};
	bool more = str_cut(&rest, '/', &first) && rest.p != NULL;
	return more && is_host(first) ? first : S("docker.io");
}

static bool is_lower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

static bool is_alnum(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

/* Letters and digits, parted by one '.', one or two '_', or any '-'. */
static bool is_component(Str s)
{
	size_t i = 0;
	if (s.n == 0 || !is_lower(s.p[0]) || !is_lower(s.p[s.n - 1]))
		return false;
	while (i < s.n) {
		size_t from = i;
		if (is_lower(s.p[i])) {
			i++;
			continue;
		}
		while (i < s.n && s.p[i] == s.p[from])
			i++;
		bool good = s.p[from] == '-' || (s.p[from] == '.' && i - from == 1) ||
			    (s.p[from] == '_' && i - from <= 2);
		if (!good || !is_lower(s.p[i]))
			return false;
	}
	return true;
}

static bool is_tag(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) && s.p[i] != '_' &&
		    (i == 0 || (s.p[i] != '.' && s.p[i] != '-')))
			return false;
	return s.n != 0 && s.n <= 128;
}

static bool is_hex(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'f') || (s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	return true;
}

static bool is_digest(Str s)
{
	Str rest = s, algorithm;
	return str_cut(&rest, ':', &algorithm) && algorithm.n != 0 && rest.n >= 32 && is_hex(rest);
}

bool image_is_valid(Str reference)
{
	Str rest = reference, name, tag, digest, part, registry = image_registry(reference);
	if (reference.n == 0)
		return false;
	image_split(reference, &name, &tag, &digest);
	if ((tag.p != NULL && !is_tag(tag)) || (digest.p != NULL && !is_digest(digest)))
		return false;
	rest.n = (size_t)(name.p + name.n - reference.p);
	if (str_starts(reference, registry) && registry.n < rest.n && rest.p[registry.n] == '/')
		rest = str_skip(rest, registry.n + 1);
	if (rest.n == 64 && is_hex(rest))
		return false;
	while (str_cut(&rest, '/', &part))
		if (!is_component(part))
			return false;
	return name.n != 0;
}

/* ---- the table ---- */

#define JAVA "JAVA_HOME JAVA_VERSION LANG LANGUAGE LC_ALL JAVA_*"

static const KnownBase bases[] = {
	{"adoptopenjdk", true, JAVA},
	{"almalinux", true, ""},
	{"alpine", true, ""},
	{"amazoncorretto", true, "JAVA_HOME LANG"},
	{"amazonlinux", true, ""},
	{"archlinux", true, "LANG"},
	{"busybox", true, ""},
	{"buildpack-deps", true, ""},
	{"centos", true, ""},
	{"debian", true, ""},
	{"eclipse-temurin", true, JAVA},
	{"fedora", true, "DISTTAG FGC FBR container"},
	{"golang", true, "GOLANG_VERSION GOPATH GOTOOLCHAIN"},
	{"httpd", true, "HTTPD_*"},
	{"mariadb", true, "MARIADB_* GPG_KEYS GOSU_VERSION LANG"},
	{"mysql", true, "MYSQL_* GOSU_VERSION"},
	{"nginx", true,
	 "NGINX_VERSION NJS_VERSION NJS_RELEASE PKG_RELEASE DYNPKG_RELEASE ACME_VERSION"},
	{"node", true, "NODE_VERSION YARN_VERSION"},
	{"openjdk", true, JAVA},
	{"oraclelinux", true, ""},
	{"perl", true, "PERL_*"},
	{"php", true, "PHP_* PHPIZE_DEPS GPG_KEYS APACHE_*"},
	{"postgres", true, "PG_* PGDATA LANG GOSU_VERSION"},
	{"python", true, "PYTHON_* GPG_KEY LANG"},
	{"redis", true, "REDIS_* GOSU_VERSION"},
	{"rockylinux", true, ""},
	{"ruby", true, "RUBY_* LANG GEM_HOME BUNDLE_*"},
	{"rust", true, "RUSTUP_HOME CARGO_HOME RUST_VERSION"},
	{"scratch", true, ""},
	{"ubuntu", true, ""},
};

const KnownBase *base_known(Str image)
{
	Str name, tag, digest, prefix = image_prefix(image);
	bool official = prefix.n == 0 || str_eq(str_base(prefix), S("library")) ||
			str_eq(prefix, S("docker.io"));
	image_split(image, &name, &tag, &digest);
	for (size_t i = 0; official && i < sizeof bases / sizeof bases[0]; i++)
		if (str_eq(name, str_of(bases[i].name)))
			return &bases[i];
	return NULL;
}

bool base_sets(const KnownBase *b, Str name)
{
	Str rest = str_of(b->variables), word;
	while (rest.n != 0 && str_cut(&rest, ' ', &word)) {
		bool open = str_ends(word, S("*"));
		if (open ? str_starts(name, str_first(word, word.n - 1)) : str_eq(name, word))
			return true;
	}
	return str_eq(name, S("PATH"));
}
