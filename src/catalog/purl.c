/* purl.c - package URLs (ECMA-427; github.com/package-url/purl-spec), canonical form. */
#include "base/buf.h"
#include "catalog/catalog.h"

enum { PURL_MAX = 4096 };

static bool plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~:", c) != NULL);
}

static void encode(Buf *b, Str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (plain(s.p[i]))
			buf_char(b, s.p[i]);
		else
			buf_fmt(b, "%%%02X", (unsigned)(unsigned char)s.p[i]);
	}
}

/* Segments are encoded one by one, the slashes between them stay. */
static void encode_path(Buf *b, Str path)
{
	Str part;
	for (bool first = true; str_cut(&path, '/', &part); first = false) {
		if (!first)
			buf_char(b, '/');
		encode(b, part);
	}
}

static void qualifier(Buf *b, char *mark, const char *key, Str value)
{
	if (value.n == 0)
		return;
	buf_fmt(b, "%c%s=", *mark, key);
	encode(b, value);
	*mark = '&';
}

static void os_qualifiers(Buf *b, const Pkg *p, const OsRelease *os, Str epoch)
{
	char mark = '?';
	Buf distro = buf_in(b->arena, 300), upstream = buf_in(b->arena, PURL_MAX);
	if (os->id.n != 0) {
		buf_add(&distro, os->id);
		if (os->version_id.n != 0)
			buf_char(&distro, '-');
		buf_add(&distro, os->version_id);
	}
	if (p->source_name.n != 0) {
		buf_add(&upstream, p->source_name);
		if (p->source_version.n != 0)
			buf_char(&upstream, '@');
		buf_add(&upstream, p->source_version);
	}
	qualifier(b, &mark, "arch", p->arch); /* keys in alphabetical order */
	qualifier(b, &mark, "distro", buf_str(&distro));
	qualifier(b, &mark, "epoch", epoch);
	qualifier(b, &mark, "rpmmod", p->module);
	qualifier(b, &mark, "upstream", buf_str(&upstream));
}

Str pkg_purl(Arena *a, const Pkg *p, const OsRelease *os)
{
	Buf b = buf_in(a, PURL_MAX);
	Str version = p->version, epoch = S("");
	buf_fmt(&b, "pkg:%s/", pkg_type_name(p->type));
	bool of_os = p->type == PKG_DEB || p->type == PKG_APK || p->type == PKG_RPM;
	if (of_os && os->id.n != 0) {
		encode(&b, os->id);
		buf_char(&b, '/');
	}
	if (p->type == PKG_RPM && str_has(version, ':'))
		str_cut(&version, ':', &epoch);
	encode_path(&b, p->name);
	if (version.n != 0) {
		buf_char(&b, '@');
		encode(&b, version);
	}
	if (of_os)
		os_qualifiers(&b, p, os, epoch);
	return buf_str(&b);
}
