/* sudoers.c - reads sudoers. */
#include "host/sudoers.h"

#include "base/buf.h"

/* ---- lines ---- */

/* A line with those it goes on to, without its comment. '#' followed by a digit is a uid, and
 * "#include" is none either. */
static bool whole_line(Str *text, Arena *a, Str *out)
{
	Str line;
	if (text->n == 0 || !str_cut(text, '\n', &line))
		return false;
	Buf b = buf_in(a, line.n + text->n + 2);
	while (str_ends(line, S("\\"))) {
		buf_add(&b, str_first(line, line.n - 1));
		buf_char(&b, ' ');
		if (text->n == 0 || !str_cut(text, '\n', &line))
			line = (Str){0};
	}
	if (b.n != 0) {
		buf_add(&b, line);
		line = buf_str(&b);
	}
	*out = str_trim(line);
	return true;
}

static Str without_comment(Str line)
{
	for (size_t i = 0; i < line.n; i++) {
		bool uid = i + 1 < line.n && line.p[i + 1] >= '0' && line.p[i + 1] <= '9';
		bool escaped = i != 0 && line.p[i - 1] == '\\';
		if (line.p[i] == '#' && !uid && !escaped)
			return str_trim(str_first(line, i));
	}
	return line;
}

static Str word(Str *rest)
{
	Str s = str_trim(*rest);
	size_t n = 0;
	while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t')
		n++;
	*rest = str_trim(str_skip(s, n));
	return str_first(s, n);
}

/* ---- one line ---- */

static bool is_include(Str verb, bool *dir)
{
	*dir = str_eq(verb, S("@includedir")) || str_eq(verb, S("#includedir"));
	return *dir || str_eq(verb, S("@include")) || str_eq(verb, S("#include"));
}

static void add_include(Sudoers *s, Str path, bool dir)
{
	if (path.n > 1 && path.p[0] == '"')
		path = str_first(str_skip(path, 1), path.n - 1 - str_ends(path, S("\"")));
	Buf b = buf_in(s->arena, path.n + 16);
	if (path.n == 0 || path.p[0] != '/')
		buf_add(&b, S("/etc/"));
	buf_add(&b, path);
	if (dir && !str_ends(path, S("/")))
		buf_char(&b, '/');
	vec_push(s->arena, &s->includes, buf_str(&b));
}

/* "NAME = a, b : OTHER = c" */
static void add_aliases(Sudoers *s, Map *to, Str rest)
{
	Str one, name;
	while (rest.n != 0 && str_cut(&rest, ':', &one)) {
		Str value = one;
		if (!str_cut(&value, '=', &name) || name.n == one.n)
			continue;
		Str *kept = arena_new(s->arena, Str);
		*kept = str_trim(value);
		*map_at(to, s->arena, str_trim(name)) = kept;
	}
}

/* "Defaults !authenticate", "Defaults:alice env_reset, !authenticate". */
static void take_defaults(Sudoers *s, Str whom, Str rest)
{
	Str one;
	while (rest.n != 0 && str_cut(&rest, ',', &one))
		if (str_eq(str_trim(one), S("!authenticate")))
			vec_push(s->arena, &s->unauthenticated, whom);
}

static void add_line(Sudoers *s, Str line)
{
	bool dir;
	Str rest = line, verb = word(&rest);
	if (is_include(verb, &dir)) {
		add_include(s, word(&rest), dir);
		return;
	}
	line = without_comment(line);
	rest = line;
	verb = word(&rest);
	if (verb.n == 0)
		return;
	if (str_eq(verb, S("Cmnd_Alias")) || str_eq(verb, S("Cmd_Alias")))
		add_aliases(s, &s->commands, rest);
	else if (str_eq(verb, S("User_Alias")))
		add_aliases(s, &s->users, rest);
	else if (str_ends(verb, S("_Alias")))
		return;
	else if (str_starts(verb, S("Defaults")))
		take_defaults(s, verb, rest);
	else
		vec_push(s->arena, &s->specs, line);
}

void sudoers_read(Str text, Sudoers *s)
{
	Str line;
	s->includes = (StrVec){0};
	while (s->lines < LIMIT_SUDO_LINES && whole_line(&text, s->arena, &line)) {
		s->lines++;
		add_line(s, line);
	}
}

/* ---- rules ---- */

/* The value of an alias; else the word itself. */
static Str resolve(const Map *aliases, Str name)
{
	const Str *value = map_get(aliases, name);
	return value != NULL ? *value : name;
}

static bool take_tag(Str *command, const char *tag)
{
	Str t = str_of(tag);
	if (!str_starts(*command, t))
		return false;
	Str rest = str_trim(str_skip(*command, t.n));
	if (rest.n == 0 || rest.p[0] != ':')
		return false;
	*command = str_trim(str_skip(rest, 1));
	return true;
}

/* NOPASSWD holds for what follows until PASSWD. */
static void take_tags(Str *command, bool *nopasswd)
{
	static const char *const others[] = {
		"SETENV",      "NOSETENV",   "EXEC",         "NOEXEC",     "LOG_INPUT",
		"NOLOG_INPUT", "LOG_OUTPUT", "NOLOG_OUTPUT", "MAIL",       "NOMAIL",
		"FOLLOW",      "NOFOLLOW",   "INTERCEPT",    "NOINTERCEPT"};
	for (bool more = true; more;) {
		more = false;
		if (take_tag(command, "NOPASSWD")) {
			*nopasswd = true;
			more = true;
		} else if (take_tag(command, "PASSWD")) {
			*nopasswd = false;
			more = true;
		}
		for (size_t i = 0; i < sizeof others / sizeof others[0] && !more; i++)
			more = take_tag(command, others[i]);
	}
}

typedef struct Reading {
	const Sudoers *s;
	SudoRule rule;
	Buf commands;
	bool tag;
} Reading;

static void add_command(Reading *r, Str command)
{
	r->rule.nopasswd = r->rule.nopasswd || r->tag;
	r->rule.all = r->rule.all || (r->tag && str_eq(command, S("ALL")));
	if (r->commands.n != 0)
		buf_add(&r->commands, S(", "));
	buf_add(&r->commands, command);
}

static Str without_runas(Str command)
{
	Str rest = command, before;
	bool said = str_starts(command, S("(")) && str_has(command, ')');
	return said && str_cut(&rest, ')', &before) ? str_trim(rest) : command;
}

/* Up to a comma that is not within parentheses; without "(root)" before it. */
static bool next_command(Str *list, Str *out)
{
	size_t n = 0;
	bool inside = false;
	if (list->n == 0)
		return false;
	for (; n < list->n && (inside || list->p[n] != ','); n++) {
		inside = inside || list->p[n] == '(';
		inside = inside && list->p[n] != ')';
	}
	*out = without_runas(str_trim(str_first(*list, n)));
	*list = str_skip(*list, n + 1);
	return true;
}

/* "/bin/a : HOST = /bin/b": the user's commands on another host. *command becomes the first; what
 * follows the '=' is given, or nothing. Within a command ':' and '=' are escaped; a digest is not.
 */
static Str other_host(Str *command)
{
	bool digest = str_starts(*command, S("sha"));
	for (size_t i = 0; i < command->n && !digest; i++) {
		Str rest = str_skip(*command, i + 1), host;
		bool escaped = i != 0 && command->p[i - 1] == '\\';
		if (command->p[i] != ':' || escaped || !str_has(rest, '='))
			continue;
		(void)str_cut(&rest, '=', &host);
		*command = str_trim(str_first(*command, i));
		return without_runas(str_trim(rest));
	}
	return (Str){0};
}

/* An alias within an alias is followed once. */
static void add_named(Reading *r, Str name, size_t *budget)
{
	Str part, all = resolve(&r->s->commands, name);
	while (*budget != 0 && all.n != 0 && str_cut(&all, ',', &part)) {
		Str inner = resolve(&r->s->commands, str_trim(part));
		while (*budget != 0 && inner.n != 0 && str_cut(&inner, ',', &part)) {
			add_command(r, str_trim(part));
			(*budget)--;
		}
	}
}

/* "(root) NOPASSWD: /bin/a, TOOLS : HOST = /bin/b". */
static void read_commands(Reading *r, Str list, size_t *budget)
{
	Str one, more;
	while (*budget != 0 && next_command(&list, &one)) {
		do {
			take_tags(&one, &r->tag);
			more = other_host(&one);
			add_named(r, one, budget);
			r->tag = r->tag && more.n == 0;
			one = more;
		} while (more.n != 0 && *budget != 0);
	}
}

/* "alice, %wheel HOST = commands : HOST = commands" */
static void add_rules(const Sudoers *s, Str line, size_t *budget, SudoRuleVec *out)
{
	enum { COMMANDS_MAX = 64 << 10 };
	Str rest = line, left;
	if (!str_cut(&rest, '=', &left) || left.n == line.n)
		return;
	left = str_trim(left);
	size_t n = left.n;
	while (n != 0 && left.p[n - 1] != ' ' && left.p[n - 1] != '\t')
		n--; /* the host */
	Reading r = {.s = s, .commands = buf_in(s->arena, COMMANDS_MAX)};
	read_commands(&r, rest, budget);
	r.rule.commands = buf_str(&r.commands);
	Str users = str_trim(str_first(left, n)), user;
	while (users.n != 0 && str_cut(&users, ',', &user)) {
		Str all = resolve(&s->users, str_trim(user));
		while (*budget != 0 && all.n != 0 && str_cut(&all, ',', &user)) {
			(*budget)--;
			r.rule.who = str_trim(user);
			if (r.rule.who.n != 0)
				vec_push(s->arena, out, r.rule);
		}
	}
}

void sudoers_rules(const Sudoers *s, SudoRuleVec *out)
{
	size_t budget = LIMIT_SUDO_COMMANDS;
	for (size_t i = 0; i < s->specs.n && budget != 0; i++)
		add_rules(s, s->specs.at[i], &budget, out);
}

bool sudo_is_engine(Str command)
{
	static const char *const names[] = {"docker", "podman", "nerdctl",  "ctr",
					    "runc",   "crun",   "crictl",   "kubectl",
					    "lxc",    "incus",  "buildctl", "docker-compose"};
	Str name = str_base(word(&command));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return false;
}
