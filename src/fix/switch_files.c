/* switch_files.c - reads the files of sysctl.d that come after one. */
#include "fix/switch_files.h"

#include "base/buf.h"

static const char *const dirs[] = {"/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d",
				   "/usr/lib/sysctl.d", "/lib/sysctl.d"};

/* "net/ipv4/ip_forward" and "net.ipv4.ip_forward" are one; a dash before it lets it fail. */
static bool is_key(Str said, Str key)
{
	said = str_trim(str_starts(said, S("-")) ? str_skip(said, 1) : said);
	if (said.n != key.n)
		return false;
	for (size_t i = 0; i < key.n; i++)
		if (said.p[i] != key.p[i] && !(said.p[i] == '/' && key.p[i] == '.'))
			return false;
	return true;
}

bool switch_says(Str text, Str key, Str *value)
{
	Str line, name;
	bool found = false;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		Str rest = str_trim(line);
		if (rest.n == 0 || rest.p[0] == '#' || rest.p[0] == ';' || !str_has(rest, '=') ||
		    !str_cut(&rest, '=', &name) || !is_key(str_trim(name), key))
			continue;
		*value = str_trim(rest);
		found = true;
	}
	return found;
}

static bool says_file(Probe *p, Str path, Str key, Arena *a, Str *value)
{
	Str text;
	return probe_read(p, path, a, &text) == 0 && switch_says(text, key, value);
}

typedef struct Search {
	Probe *p;
	Arena *a;
	Str key, ours;
	StrVec seen;           /* names, each counts where it is met first */
	Str path, name, value; /* of the last that says something */
} Search;

static bool is_seen(const Search *s, Str name)
{
	for (size_t i = 0; i < s->seen.n; i++)
		if (str_eq(s->seen.at[i], name))
			return true;
	return false;
}

static void look_into(Search *s, Str dir)
{
	StrVec names;
	if (probe_list(s->p, dir, s->a, &names) != 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		Str name = names.at[i], value = {0};
		Buf path = buf_in(s->a, 8192);
		if (!str_ends(name, S(".conf")) || str_cmp(name, s->ours) <= 0 || is_seen(s, name))
			continue;
		vec_push(s->a, &s->seen, name);
		buf_fmt(&path, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(name));
		if (str_cmp(name, s->name) <= 0 ||
		    !says_file(s->p, buf_str(&path), s->key, s->a, &value))
			continue;
		s->path = buf_str(&path);
		s->name = name;
		s->value = value;
	}
}

Str switch_set_later(Probe *p, Str key, Str ours, Arena *a, Str *value)
{
	Str usual = S("/etc/sysctl.conf");
	Search s = {.p = p, .a = a, .key = key, .ours = ours};
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		look_into(&s, str_of(dirs[i]));
	if (says_file(p, usual, key, a, &s.value))
		s.path = usual;
	*value = s.value;
	return s.path;
}
