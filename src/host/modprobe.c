/* modprobe.c - reads modprobe.d. */
#include "host/modprobe.h"

#include "base/buf.h"

Str modprobe_name(Arena *a, Str module)
{
	Buf b = buf_in(a, module.n + 1);
	for (size_t i = 0; i < module.n; i++)
		buf_char(&b, module.p[i] == '-' ? '_' : module.p[i]);
	return buf_str(&b);
}

/* A line with those that it goes on to. */
static bool whole_line(Str *text, Arena *a, Str *out)
{
	Str line;
	if (text->n == 0 || !str_cut(text, '\n', &line))
		return false;
	if (!str_ends(line, S("\\"))) {
		*out = line;
		return true;
	}
	Buf b = buf_in(a, line.n + text->n + 2);
	while (str_ends(line, S("\\"))) {
		buf_add(&b, str_first(line, line.n - 1));
		buf_char(&b, ' ');
		if (text->n == 0 || !str_cut(text, '\n', &line))
			line = (Str){0};
	}
	buf_add(&b, line);
	*out = buf_str(&b);
	return true;
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

void modprobe_read(Str text, Arena *a, ModRuleVec *out)
{
	Str line;
	while (whole_line(&text, a, &line)) {
		Str rest = line, verb = word(&rest), module = word(&rest);
		if (module.n == 0 || verb.p[0] == '#')
			continue;
		if (str_eq(verb, S("blacklist")))
			vec_push(a, out, (ModRule){MOD_BLACKLIST, modprobe_name(a, module), {0}});
		else if (str_eq(verb, S("install")))
			vec_push(a, out, (ModRule){MOD_INSTALL, modprobe_name(a, module), rest});
	}
}

static bool does_nothing(Str command)
{
	static const char *const nothing[] = {
		"/bin/true", "/bin/false", "/usr/bin/true", "/usr/bin/false", "true", "false", ":"};
	Str program = word(&command);
	for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++)
		if (str_eq(program, str_of(nothing[i])))
			return true;
	return false;
}

bool modprobe_forbids(const ModRuleVec *rules, Str module)
{
	for (size_t i = 0; i < rules->n; i++) {
		const ModRule *r = &rules->at[i];
		if (str_eq(r->module, module) &&
		    (r->kind == MOD_BLACKLIST || does_nothing(r->command)))
			return true;
	}
	return false;
}
