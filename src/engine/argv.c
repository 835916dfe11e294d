/* argv.c - settings of the engine: from its arguments, from its file, or by default. */
#include "engine/argv.h"

#include "base/buf.h"

void argv_split(Str line, Arena *a, StrVec *out)
{
	while ((line = str_trim(line)).n != 0) {
		Buf word = buf_in(a, 1u << 16);
		char quote = 0;
		size_t i = 0;
		for (; i < line.n; i++) {
			char c = line.p[i];
			if (quote == 0 && (c == ' ' || c == '\t'))
				break;
			if (quote == 0 && (c == '"' || c == '\''))
				quote = c;
			else if (c == quote)
				quote = 0;
			else if (c == '\\' && i + 1 < line.n && quote != '\'')
				buf_char(&word, line.p[++i]);
			else
				buf_char(&word, c);
		}
		vec_push(a, out, buf_str(&word));
		line = str_skip(line, i);
	}
}

/* dockerd --help: those that have a letter, and those that take no value of their own. */
static const struct {
	const char *flag;
	char letter;
} letters[] = {{"host", 'H'},  {"log-level", 'l'}, {"debug", 'D'},  {"storage-driver", 's'},
	       {"group", 'G'}, {"pidfile", 'p'},   {"bridge", 'b'}, {"data-root", 'g'}};

static const char *const switches[] = {"debug",
				       "icc",
				       "iptables",
				       "ip6tables",
				       "ip-forward",
				       "ip-masq",
				       "ipv6",
				       "live-restore",
				       "userland-proxy",
				       "no-new-privileges",
				       "tls",
				       "tlsverify",
				       "selinux-enabled",
				       "experimental",
				       "raw-logs",
				       "init",
				       "rootless",
				       "validate",
				       "bridge-accept-fwmark",
				       "disable-legacy-registry"};

static bool is_switch(const char *flag)
{
	for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++)
		if (strcmp(flag, switches[i]) == 0)
			return true;
	return false;
}

static char letter_of(const char *flag)
{
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (strcmp(flag, letters[i].flag) == 0)
			return letters[i].letter;
	return 0;
}

/* Does `word` name the flag? *value is what stands behind "=" or the letter; *apart: it has to be
 * the next word. */
static bool names(Str word, const char *flag, Str *value, bool *apart)
{
	char letter = letter_of(flag);
	*apart = false;
	*value = S("true");
	if (str_starts(word, S("--")) && str_starts(str_skip(word, 2), str_of(flag))) {
		Str rest = str_skip(word, 2 + strlen(flag));
		*apart = rest.n == 0 && !is_switch(flag);
		if (rest.n != 0 && rest.p[0] == '=')
			*value = str_skip(rest, 1);
		return rest.n == 0 || rest.p[0] == '=';
	}
	if (letter == 0 || word.n < 2 || word.p[0] != '-' || word.p[1] != letter)
		return false;
	Str rest = str_skip(word, 2);
	*apart = rest.n == 0 && !is_switch(flag);
	if (rest.n != 0)
		*value = rest.p[0] == '=' ? str_skip(rest, 1) : rest;
	return true;
}

Setting argv_setting(const Daemon *d, Arena *a, const char *flag)
{
	Setting s = {.source = d->argv_source};
	for (size_t i = 0; i < d->argv.n; i++) {
		Str value;
		bool apart;
		if (!names(d->argv.at[i], flag, &value, &apart))
			continue;
		if (apart && ++i == d->argv.n)
			break;
		if (apart)
			value = d->argv.at[i];
		s.set = true;
		s.text = value; /* the last one counts */
		vec_push(a, &s.all, value);
	}
	return s;
}

/* ---- in the file ---- */

static Str as_text(const Value *v)
{
	if (v->type == JSON_BOOL)
		return v->truth ? S("true") : S("false");
	return v->text;
}

static void from_value(const Value *v, Arena *a, Setting *s)
{
	for (size_t i = 0; i < v->n && v->type == JSON_ARRAY; i++)
		vec_push(a, &s->all, as_text(v->items[i]));
	for (size_t i = 0; i < v->n && v->type == JSON_OBJECT; i++) {
		Buf b = buf_in(a, 1u << 16);
		buf_fmt(&b, STR_FMT "=" STR_FMT, STR_ARG(v->members[i].key),
			STR_ARG(as_text(v->members[i].value)));
		vec_push(a, &s->all, buf_str(&b));
	}
	if (v->type != JSON_ARRAY && v->type != JSON_OBJECT)
		vec_push(a, &s->all, as_text(v));
	s->set = s->all.n != 0;
	s->text = s->set ? s->all.at[0] : (Str){0};
}

/* Neither sets it: is that the whole truth? */
static void by_default(const Daemon *d, Arena *a, Setting *s)
{
	Buf b = buf_in(a, 8192);
	if (d->argv_source.n == 0 && !d->offline && d->pid_why.n != 0)
		buf_fmt(&b, "the engine's arguments are not known: " STR_FMT, STR_ARG(d->pid_why));
	s->unknown = buf_str(&b);
	Buf from = buf_in(a, 16384);
	buf_fmt(&from, "the default: neither " STR_FMT "%s" STR_FMT " sets it",
		STR_ARG(d->config_path), d->argv_source.n != 0 ? " nor " : "",
		STR_ARG(d->argv_source));
	s->source = buf_str(&from);
}

Setting daemon_setting(const Daemon *d, Arena *a, const char *key, const char *flag)
{
	Setting s = argv_setting(d, a, flag != NULL ? flag : key);
	if (s.set)
		return s;
	const Value *v = value_get(d->config, str_of(key));
	s.source = d->config_path;
	if (d->config_why.n != 0)
		s.unknown = d->config_why;
	else if (v != NULL && v->type != JSON_NULL)
		from_value(v, a, &s);
	if (!s.set && s.unknown.n == 0)
		by_default(d, a, &s);
	return s;
}

bool setting_on(const Setting *s, bool otherwise)
{
	return s->set ? str_eq(s->text, S("true")) || str_eq(s->text, S("1")) : otherwise;
}
