/* pkg.c - adding to Facts, and how names are spelled. */
#include "model/pkg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

void facts_add_pkg(Facts *f, Pkg p)
{
	Str *const texts[] = {&p.name,   &p.version, &p.arch,   &p.source_name, &p.source_version,
			      &p.module, &p.license, &p.vendor, &p.path,        &p.purl};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = arena_str(f->arena, *texts[i]);
	vec_push(f->arena, &f->pkgs, p);
}

void facts_undecided(Facts *f, Str subject, const char *reason, ...)
{
	char *text = NULL;
	va_list ap;
	va_start(ap, reason);
	int n = vasprintf(&text, reason, ap);
	va_end(ap);
	if (n < 0)
		die_oom();
	Str said = {text, (size_t)n};
	vec_push(f->arena, &f->undecided,
		 (Undecided){arena_str(f->arena, subject), arena_str(f->arena, said)});
	free(text);
}

const char *pkg_type_name(PkgType t)
{
	switch (t) {
	case PKG_DEB: return "deb";
	case PKG_APK: return "apk";
	case PKG_RPM: return "rpm";
	case PKG_PYPI: return "pypi";
	case PKG_GOLANG: return "golang";
	}
	return "unknown";
}

static bool is_dash(char c) { return c == '-' || c == '_' || c == '.'; }

Str pypi_name(Arena *a, Str name)
{
	char *p = arena_array(a, char, name.n);
	size_t n = 0;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if (!is_dash(c))
			p[n++] = c;
		else if (i == 0 || !is_dash(name.p[i - 1]))
			p[n++] = '-';
	}
	return (Str){p, n};
}
