/* unit.c - a unit's file, its drop-ins and its environment become a command line. */
#include "engine/unit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "engine/argv.h"

/* Files of a unit, and one line of them or of a value that grew. */
#define LIMIT_UNIT_LINE (1u << 18)

static const char *const unit_dirs[] = {"/etc/systemd/system", "/run/systemd/system",
					"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
					"/lib/systemd/system"};
enum {
	UNIT_DIRS = sizeof unit_dirs / sizeof unit_dirs[0],
	DROP_INS_MAX = 1000, /* of a unit: more are somebody's attempt to keep us busy */
};

static Str joined(Arena *a, Str dir, const char *between, Str name)
{
	Buf b = buf_in(a, 8192);
	buf_fmt(&b, STR_FMT "%s" STR_FMT, STR_ARG(dir), between, STR_ARG(name));
	return buf_str(&b);
}

/* A link to /dev/null stands for nothing, and hides what has its name further down. */
static bool is_masked(Probe *p, Str path, Arena *a)
{
	Str to;
	return probe_link(p, path, a, &to) == 0 && str_eq(to, S("/dev/null"));
}

Str unit_find(Probe *p, Str name, Arena *a)
{
	ProbeStat st;
	for (size_t i = 0; i < UNIT_DIRS; i++) {
		Str path = joined(a, str_of(unit_dirs[i]), "/", name);
		if (is_masked(p, path, a))
			return (Str){0};
		if (probe_stat(p, path, &st) == 0)
			return path;
	}
	return (Str){0};
}

static int by_name(const void *a, const void *b)
{
	const Str *x = a, *y = b;
	return str_cmp(str_base(*x), str_base(*y));
}

/* The same name in a directory that comes first hides the others. */
static bool has_name(const StrVec *paths, Str name)
{
	for (size_t i = 0; i < paths->n; i++)
		if (str_eq(str_base(paths->at[i]), name))
			return true;
	return false;
}

/* `folder`: "docker.service.d", of that unit, or "service.d", of all of its kind. 0 or errno. */
static int add_drop_ins(Probe *p, Str folder, Arena *a, StrVec *paths)
{
	for (size_t i = 0; i < UNIT_DIRS; i++) {
		StrVec files;
		Str dir = joined(a, str_of(unit_dirs[i]), "/", folder);
		int sys = probe_list(p, dir, a, &files);
		if (sys != 0 && sys != ENOENT && sys != ENOTDIR)
			return sys;
		for (size_t k = 0; sys == 0 && k < files.n; k++) {
			if (!str_ends(files.at[k], S(".conf")) || has_name(paths, files.at[k]))
				continue;
			if (paths->n == DROP_INS_MAX)
				return E2BIG;
			vec_push(a, paths, joined(a, dir, "/", files.at[k]));
		}
	}
	return 0;
}

int unit_drop_ins(Probe *p, Str name, Arena *a, StrVec *paths)
{
	Str kind = name, stem;
	size_t kept = 0;
	*paths = (StrVec){0};
	(void)str_cut(&kind, '.', &stem);
	int sys = add_drop_ins(p, joined(a, name, "", S(".d")), a, paths);
	if (sys == 0)
		sys = add_drop_ins(p, joined(a, kind, "", S(".d")), a, paths);
	for (size_t i = 0; i < paths->n; i++)
		if (!is_masked(p, paths->at[i], a))
			paths->at[kept++] = paths->at[i];
	paths->n = kept;
	if (paths->n > 1)
		qsort(paths->at, paths->n, sizeof paths->at[0], by_name);
	return sys;
}

/* ---- texts ---- */

static bool is_comment(Str line)
{
	line = str_trim(line);
	return line.n != 0 && (line.p[0] == '#' || line.p[0] == ';');
}

/* A line that ends in a backslash goes on in the next; of a unit, past comments in between. */
static bool next_line(Str *text, Arena *a, bool unit, Str *out)
{
	Str line;
	Buf whole = buf_in(a, LIMIT_UNIT_LINE);
	if (text->n == 0 || !str_cut(text, '\n', &line))
		return false;
	if (!str_ends(line, S("\\")) || (unit && is_comment(line))) {
		*out = str_trim(line);
		return true;
	}
	for (;;) {
		bool more = str_ends(line, S("\\")), next = true;
		buf_add(&whole, more ? str_first(line, line.n - 1) : line);
		do
			next = more && text->n != 0 && str_cut(text, '\n', &line);
		while (next && unit && is_comment(line));
		if (!next)
			break;
		buf_char(&whole, ' ');
	}
	*out = str_trim(buf_str(&whole));
	return true;
}

static Str without_prefixes(Str command)
{
	while (command.n != 0 && memchr("-@:+!", command.p[0], 5) != NULL)
		command = str_skip(command, 1);
	return command;
}

static void setting(Str key, Str value, Arena *a, UnitText *to)
{
	if (str_eq(key, S("ExecStart"))) {
		to->exec_start = without_prefixes(value); /* empty: forget those before */
	} else if (str_eq(key, S("Environment"))) {
		if (value.n == 0)
			to->environment = (StrVec){0};
		argv_split(value, a, &to->environment);
	} else if (str_eq(key, S("EnvironmentFile"))) {
		if (value.n == 0)
			to->files = (StrVec){0};
		else
			vec_push(a, &to->files, value);
	} else if (str_eq(key, S("ListenStream"))) {
		if (value.n == 0)
			to->listens = (StrVec){0};
		else
			vec_push(a, &to->listens, value);
	}
}

void unit_text(Str text, Arena *a, UnitText *to)
{
	Str line, key;
	bool service = false;
	while (next_line(&text, a, true, &line)) {
		if (line.n == 0 || is_comment(line))
			continue;
		if (line.p[0] == '[') {
			service = str_eq(line, S("[Service]")) || str_eq(line, S("[Socket]"));
			continue;
		}
		if (service && str_has(line, '=') && str_cut(&line, '=', &key))
			setting(str_trim(key), str_trim(line), a, to);
	}
}

void unit_environment(Str text, Arena *a, StrVec *to)
{
	Str line, key;
	while (next_line(&text, a, false, &line)) {
		if (line.n == 0 || is_comment(line) || !str_has(line, '='))
			continue;
		Buf b = buf_in(a, LIMIT_UNIT_LINE);
		StrVec words = {0};
		Str value = line;
		(void)str_cut(&value, '=', &key);
		value = str_trim(value);
		bool quoted = value.n > 1 && (value.p[0] == '"' || value.p[0] == '\'');
		if (quoted)
			argv_split(value, a, &words);
		buf_fmt(&b, STR_FMT "=" STR_FMT, STR_ARG(str_trim(key)),
			STR_ARG(words.n != 0 ? words.at[0] : value));
		vec_push(a, to, buf_str(&b));
	}
}

/* ---- expanding ---- */

static Str value_of(const StrVec *environment, Str name)
{
	Str found = {0};
	for (size_t i = 0; i < environment->n; i++) {
		Str value = environment->at[i], key = {0};
		if (str_cut(&value, '=', &key) && str_eq(key, name))
			found = value;
	}
	return found;
}

static size_t name_length(Str s)
{
	size_t n = 0;
	while (n < s.n && (s.p[n] == '_' || (s.p[n] >= '0' && s.p[n] <= '9') ||
			   (s.p[n] >= 'A' && s.p[n] <= 'Z') || (s.p[n] >= 'a' && s.p[n] <= 'z')))
		n++;
	return n;
}

static Str expanded(const UnitText *u, Arena *a, Str word)
{
	Buf b = buf_in(a, LIMIT_UNIT_LINE);
	while (word.n != 0) {
		size_t n = word.n > 2 ? name_length(str_skip(word, 2)) : 0;
		if (str_starts(word, S("$$"))) {
			buf_char(&b, '$');
			word = str_skip(word, 2);
		} else if (str_starts(word, S("${")) && n + 2 < word.n && word.p[n + 2] == '}') {
			buf_add(&b, value_of(&u->environment, str_first(str_skip(word, 2), n)));
			word = str_skip(word, n + 3);
		} else {
			buf_char(&b, word.p[0]);
			word = str_skip(word, 1);
		}
	}
	return buf_str(&b);
}

void unit_words(const UnitText *u, Arena *a, StrVec *out)
{
	StrVec words = {0};
	argv_split(u->exec_start, a, &words);
	for (size_t i = 0; i < words.n; i++) {
		Str word = words.at[i], name = str_skip(word, 1);
		if (word.n > 1 && word.p[0] == '$' && name_length(name) == name.n)
			argv_split(value_of(&u->environment, name), a, out);
		else
			vec_push(a, out, expanded(u, a, word));
	}
}

/* ---- on a machine ---- */

static void cannot(Str path, int sys, Arena *a, Str *why)
{
	Buf b = buf_in(a, 8192);
	buf_fmt(&b, STR_FMT " cannot be read: %s", STR_ARG(path), strerrordesc_np(sys));
	*why = buf_str(&b);
}

static void add_file(Probe *p, Str path, Arena *a, UnitText *u, Str *why)
{
	Str text;
	int sys = probe_read(p, path, a, &text);
	if (sys != 0)
		cannot(path, sys, a, why);
	else
		unit_text(text, a, u);
}

/* "-/etc/default/docker": the dash says that it may be missing. */
static void add_environment(Probe *p, Str file, Arena *a, UnitText *u, Str *why)
{
	Str text;
	bool optional = str_starts(file, S("-"));
	Str path = optional ? str_skip(file, 1) : file;
	int sys = probe_read(p, path, a, &text);
	if (sys == 0)
		unit_environment(text, a, &u->environment);
	else if (!optional || sys != ENOENT)
		cannot(path, sys, a, why);
}

/* The unit's file and its drop-ins; false: there is no such unit. */
static bool read_unit(Probe *p, Str name, Arena *a, UnitText *u, Str *why)
{
	StrVec drop_ins;
	Str path = unit_find(p, name, a);
	*why = (Str){0};
	if (path.n == 0)
		return false;
	add_file(p, path, a, u, why);
	int sys = unit_drop_ins(p, name, a, &drop_ins);
	if (sys != 0)
		cannot(name, sys, a, why);
	for (size_t i = 0; i < drop_ins.n; i++)
		add_file(p, drop_ins.at[i], a, u, why);
	return true;
}

void unit_command(Probe *p, Str name, Arena *a, StrVec *out, Str *why)
{
	UnitText u = {0};
	*out = (StrVec){0};
	if (!read_unit(p, name, a, &u, why))
		return;
	for (size_t i = 0; i < u.files.n; i++)
		add_environment(p, u.files.at[i], a, &u, why);
	if (why->n == 0)
		unit_words(&u, a, out);
}

void unit_listens(Probe *p, Str name, Arena *a, StrVec *out, Str *why)
{
	UnitText u = {0};
	(void)read_unit(p, name, a, &u, why);
	*out = u.listens;
}
