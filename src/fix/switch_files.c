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

typedef struct Later {
	Str path, name, value;
} Later;

static bool is_hidden(const StrVec *seen, Str name)
{
	for (size_t i = 0; i < seen->n; i++)
		if (str_eq(seen->at[i], name))
			return true;
	return false;
}

static void look_into(Probe *p, Str dir, Str key, Str ours, Arena *a, StrVec *seen, Later *last)
{
	StrVec names;
	if (probe_list(p, dir, a, &names) != 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		Str name = names.at[i], value = {0};
		Buf path = buf_in(a, 8192);
		if (!str_ends(name, S(".conf")) || str_cmp(name, ours) <= 0 ||
		    is_hidden(seen, name))
			continue;
		vec_push(a, seen, name);
		buf_fmt(&path, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(name));
		if (str_cmp(name, last->name) > 0 && says_file(p, buf_str(&path), key, a, &value))
			*last = (Later){buf_str(&path), name, value};
	}
}

Str switch_set_later(Probe *p, Str key, Str ours, Arena *a, Str *value)
{
	Str usual = S("/etc/sysctl.conf");
	StrVec seen = {0};
	Later last = {0};
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		look_into(p, str_of(dirs[i]), key, ours, a, &seen, &last);
	if (says_file(p, usual, key, a, &last.value))
		last.path = usual;
	*value = last.value;
	return last.path;
}
