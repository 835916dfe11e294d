/* pins.c - how each package manager's words say which version. */
#include "lint/pins.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_path(Str w)
{
	return str_starts(w, S("/")) || str_starts(w, S("./")) || str_starts(w, S("../")) ||
	       str_starts(w, S("~/")) || str_eq(w, S(".")) || str_eq(w, S("..")) ||
	       str_starts(w, S(".["));
}

static bool is_url(Str w)
{
	size_t at;
	return str_find(w, S("://"), &at) || str_starts(w, S("file:"));
}

static bool has_one_of(Str w, const char *chars)
{
	for (size_t i = 0; i < w.n; i++)
		if (w.p[i] != '\0' && strchr(chars, w.p[i]) != NULL)
			return true;
	return false;
}

/* What follows the first '@' that is not in front; empty: nothing does. */
static Str after_at(Str w)
{
	const char *at = w.n > 1 ? memrchr(w.p + 1, '@', w.n - 1) : NULL;
	return at != NULL ? str_skip(w, (size_t)(at - w.p) + 1) : (Str){0};
}

bool pinned_apt(Str w)
{
	/* name=version, name/release, name- removes it, a pattern, a task. */
	return has_one_of(w, "=/^*?") || str_ends(w, S(".deb")) || str_ends(w, S("-")) ||
	       is_path(w);
}

bool pinned_apk(Str w)
{
	return has_one_of(w, "=~<>@") || str_ends(w, S(".apk")) || is_path(w) ||
	       str_starts(w, S("!"));
}

/* "name-1.2": a '-', digits, a '.'. "java-11-openjdk" names no version. */
bool pinned_rpm(Str w)
{
	if (is_path(w) || is_url(w) || str_ends(w, S(".rpm")) || str_starts(w, S("@")) ||
	    has_one_of(w, "*<>="))
		return true;
	for (size_t i = 0; i + 2 < w.n; i++) {
		size_t k = i + 1;
		if (w.p[i] != '-')
			continue;
		while (k < w.n && is_digit(w.p[k]))
			k++;
		if (k > i + 1 && k < w.n && (w.p[k] == '.' || w.p[k] == ':' || w.p[k] == '~'))
			return true;
	}
	return false;
}

bool pinned_zypper(Str w)
{
	return has_one_of(w, "=<>*") || is_path(w) || is_url(w) || str_ends(w, S(".rpm"));
}

/* Tools that are meant to be the newest there is. */
static bool is_pips_own(Str w)
{
	return str_eq(w, S("pip")) || str_eq(w, S("setuptools")) || str_eq(w, S("wheel"));
}

bool pinned_pip(Str w)
{
	size_t at;
	if (str_starts(w, S("git+")) || str_find(w, S("@ git+"), &at))
		return has_one_of(str_base(w), "@");
	return has_one_of(w, "=<>~@") || is_path(w) || is_url(w) || is_pips_own(w) ||
	       str_ends(w, S(".whl")) || str_ends(w, S(".gz")) || str_ends(w, S(".zip"));
}

bool pinned_npm(Str w)
{
	Str version = after_at(w);
	if (is_path(w) || str_ends(w, S(".tgz")) || str_ends(w, S(".gz")))
		return true;
	if (is_url(w) || str_starts(w, S("git@")) || str_starts(w, S("github:")))
		return has_one_of(w, "#") || !str_starts(w, S("git"));
	if (str_has(w, '#'))
		return true;
	return version.n != 0 && !str_eq(version, S("latest")) && !str_eq(version, S("next")) &&
	       !str_eq(version, S("*"));
}

bool pinned_gem(Str w) { return str_has(w, ':') || str_ends(w, S(".gem")) || is_path(w); }

/* Without '@' the version is in go.mod, or it is a program of this module; go get takes the newest
 * then, but mostly of what go.mod has. */
bool pinned_go(Str w)
{
	static const char *const moving[] = {"latest", "master",  "main",
					     "HEAD",   "upgrade", "patch"};
	Str version = after_at(w);
	for (size_t i = 0; i < sizeof moving / sizeof moving[0]; i++)
		if (str_eq(version, str_of(moving[i])))
			return false;
	return true;
}

bool pinned_at(Str w) { return after_at(w).n != 0 || is_path(w) || is_url(w); }

bool pinned_conda(Str w)
{
	return has_one_of(w, "=<>") || is_path(w) || is_url(w) || str_ends(w, S(".conda")) ||
	       str_ends(w, S(".bz2"));
}

bool pinned_composer(Str w)
{
	/* A word without a '/' is the second half of "vendor/package 1.2". */
	return !str_has(w, '/') || has_one_of(w, ":= ") || is_path(w) || is_url(w);
}
