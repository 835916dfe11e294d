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
	       {"group", 'G'}, {"pidfile", 'p'},   {"bridge", 'b'}, {"data-root", 'g'},
	       {"help", 'h'},  {"version", 'v'},   {"graph", 'g'}};

static const char *const switches[] = {"allow-direct-routing",
				       "bridge-accept-fwmark",
				       "cri-containerd",
				       "debug",
				       "disable-legacy-registry",
				       "experimental",
				       "help",
				       "icc",
				       "init",
				       "ip-forward",
				       "ip-forward-no-drop",
				       "ip-masq",
				       "ip6tables",
				       "iptables",
				       "ipv6",
				       "live-restore",
				       "no-new-privileges",
				       "raw-logs",
				       "rootless",
				       "selinux-enabled",
				       "tls",
				       "tlsverify",
				       "userland-proxy",
				       "validate",
				       "version"};

static bool is_switch(Str flag)
{
	for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++)
		if (str_eq(flag, str_of(switches[i])))
			return true;
	return false;
}

static Str flag_of(char letter)
{
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (letters[i].letter == letter)
			return str_of(letters[i].flag);
	return (Str){0};
}

typedef struct Cursor { /* over the words of a command line */
	const StrVec *words;
	size_t word;
	Str letters; /* of "-Dl": those that are not yet read */
	Str flag, value;
} Cursor;

/* The value stands in the next word, whatever that looks like. */
static bool take_word(Cursor *c)
{
	if (c->word == c->words->n)
		return false;
	c->value = c->words->at[c->word++];
	return true;
}

static bool next_letter(Cursor *c)
{
	c->flag = flag_of(c->letters.p[0]);
	Str rest = str_skip(c->letters, 1);
	c->letters = (Str){0};
	if (str_starts(rest, S("="))) {
		c->value = str_skip(rest, 1);
		return true;
	}
	if (is_switch(c->flag)) {
		c->value = S("true");
		c->letters = rest;
		return true;
	}
	c->value = rest;
	return rest.n != 0 || take_word(c);
}

/* As pflag does: a word that follows a flag without "=" is its value, and never a flag. */
static bool next_flag(Cursor *c)
{
	if (c->letters.n != 0)
		return next_letter(c);
	while (c->word < c->words->n) {
		Str word = c->words->at[c->word++];
		if (str_eq(word, S("--")))
			return false;
		if (str_starts(word, S("--"))) {
			c->value = str_skip(word, 2);
			bool joined = str_has(c->value, '=');
			(void)str_cut(&c->value, '=', &c->flag);
			if (!joined && is_switch(c->flag))
				c->value = S("true");
			return joined || is_switch(c->flag) || take_word(c);
		}
		c->letters = str_starts(word, S("-")) ? str_skip(word, 1) : (Str){0};
		if (c->letters.n != 0)
			return next_letter(c);
	}
	return false;
}

Setting argv_setting(const Daemon *d, Arena *a, const char *flag)
{
	Setting s = {.source = d->argv_source};
	Cursor c = {.words = &d->argv};
	while (next_flag(&c)) {
		if (!str_eq(c.flag, str_of(flag)))
			continue;
		s.set = true;
		s.text = c.value; /* the last one counts */
		vec_push(a, &s.all, c.value);
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
		Str value = as_text(v->members[i].value); /* of an object: none */
		buf_fmt(&b, STR_FMT "%s" STR_FMT, STR_ARG(v->members[i].key),
			value.n != 0 ? "=" : "", STR_ARG(value));
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
	Buf why = buf_in(a, 8192), from = buf_in(a, 16384);
	if (d->argv_source.n == 0 && d->pid_why.n != 0)
		buf_fmt(&why, "the engine's arguments are not known: " STR_FMT,
			STR_ARG(d->pid_why));
	s->unknown = buf_str(&why);
	buf_fmt(&from, "the default: neither " STR_FMT "%s" STR_FMT " sets it",
		STR_ARG(d->config_path), d->argv_source.n != 0 ? " nor " : "",
		STR_ARG(d->argv_source));
	if (d->argv_source.n == 0) {
		from = buf_in(a, 16384);
		buf_fmt(&from, "the default: " STR_FMT " does not set it", STR_ARG(d->config_path));
	}
	s->source = buf_str(&from);
}

Setting daemon_setting(const Daemon *d, Arena *a, const char *key, const char *flag)
{
	if (d->far_why.n != 0)
		return (Setting){.unknown = d->far_why};
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

/* strconv.ParseBool of Go. */
bool setting_on(const Setting *s, bool otherwise)
{
	static const char *const on[] = {"1", "t", "T", "true", "TRUE", "True"};
	if (!s->set)
		return otherwise;
	for (size_t i = 0; i < sizeof on / sizeof on[0]; i++)
		if (str_eq(s->text, str_of(on[i])))
			return true;
	return false;
}
