/* sshd_config.c - reads sshd's configuration. */
#include "host/sshd_config.h"

#include "base/buf.h"

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* The next argument, quotes taken off; a '#' before one ends the line. */
static bool argument(Str *rest, Str *out)
{
	size_t n = 0;
	while (rest->n != 0 && is_blank(rest->p[0]))
		*rest = str_skip(*rest, 1);
	if (rest->n == 0 || rest->p[0] == '#')
		return false;
	if (rest->p[0] == '"') {
		Str quoted = str_skip(*rest, 1);
		while (n < quoted.n && quoted.p[n] != '"')
			n++;
		*out = str_first(quoted, n);
		*rest = str_skip(quoted, n + 1);
		return true;
	}
	while (n < rest->n && !is_blank(rest->p[n]))
		n++;
	*out = str_first(*rest, n);
	*rest = str_skip(*rest, n);
	return true;
}

/* "Key value", "Key=value", "Key = value"; false: nothing is said. */
static bool keyword(Str *rest, Str *key)
{
	size_t n = 0;
	*rest = str_trim(*rest);
	while (n < rest->n && !is_blank(rest->p[n]) && rest->p[n] != '=')
		n++;
	*key = str_first(*rest, n);
	*rest = str_trim(str_skip(*rest, n));
	if (str_starts(*rest, S("=")))
		*rest = str_skip(*rest, 1);
	return key->n != 0 && key->p[0] != '#';
}

static Str arguments(Arena *a, Str rest)
{
	Str one;
	Buf b = buf_in(a, rest.n + 1);
	while (argument(&rest, &one)) {
		if (b.n != 0)
			buf_char(&b, ' ');
		buf_add(&b, one);
	}
	return buf_str(&b);
}

static bool is_everyone(Str match) { return str_eq_nocase(match, S("all")); }

static bool is_said(const Sshd *s, Str key)
{
	for (size_t i = 0; i < s->settings.n; i++)
		if (str_eq(s->settings.at[i].match, s->match) &&
		    str_eq_nocase(s->settings.at[i].key, key))
			return true;
	return false;
}

/* Those that add up; of all others the first counts. */
static bool is_list(Str key)
{
	static const char *const lists[] = {"AllowUsers",    "AllowGroups", "DenyUsers",
					    "DenyGroups",    "AcceptEnv",   "HostKey",
					    "ListenAddress", "Port"};
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (str_eq_nocase(key, str_of(lists[i])))
			return true;
	return false;
}

/* Keywords of sshd; more in one block than there are is noise. */
enum { SETTINGS_MAX = 4096 };

void sshd_read(Str text, Str file, Sshd *s)
{
	Str line, key, value;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		if (s->lines++ >= LIMIT_SSHD_LINES || s->settings.n >= SETTINGS_MAX) {
			s->unread = true;
			return;
		}
		if (!keyword(&line, &key))
			continue;
		value = arguments(s->arena, line);
		if (str_eq_nocase(key, S("Include"))) {
			Str match = s->match;
			if (s->include != NULL && !s->include(s->ctx, s, value))
				s->unread = true;
			s->match = match; /* a block of an included file ends with the file */
		} else if (str_eq_nocase(key, S("Match"))) {
			s->match = is_everyone(value) ? S("all") : value;
		} else if (is_list(key) || !is_said(s, key)) {
			vec_push(s->arena, &s->settings, (SshdSetting){s->match, key, value, file});
		}
	}
}

static const SshdSetting *first_of(const Sshd *s, const char *key, Str match)
{
	for (size_t i = 0; i < s->settings.n; i++)
		if (str_eq(s->settings.at[i].match, match) &&
		    str_eq_nocase(s->settings.at[i].key, str_of(key)))
			return &s->settings.at[i];
	return NULL;
}

const SshdSetting *sshd_setting(const Sshd *s, const char *key)
{
	const SshdSetting *found = first_of(s, key, S("all"));
	return found != NULL ? found : first_of(s, key, (Str){0});
}
