/* flags.c - flags that BuildKit refuses, by D101: names, values, repetition, mounts. */
#include "lint/private.h"

typedef enum FlagKind {
	FLAG_TEXT,
	FLAG_LIST, /* may be repeated */
	FLAG_BOOL,
	FLAG_MODE, /* of chmod */
	FLAG_TIME,
	FLAG_COUNT,
	FLAG_MOUNT, /* repeated, too */
	FLAG_NETWORK,
	FLAG_SECURITY,
} FlagKind;

static const struct {
	DockerOp op;
	const char *name;
	FlagKind kind;
} flags[] = {
	{OP_FROM, "platform", FLAG_TEXT},
	{OP_COPY, "from", FLAG_TEXT},
	{OP_COPY, "chown", FLAG_TEXT},
	{OP_COPY, "chmod", FLAG_MODE},
	{OP_COPY, "link", FLAG_BOOL},
	{OP_COPY, "parents", FLAG_BOOL},
	{OP_COPY, "exclude", FLAG_LIST},
	{OP_ADD, "chown", FLAG_TEXT},
	{OP_ADD, "chmod", FLAG_MODE},
	{OP_ADD, "link", FLAG_BOOL},
	{OP_ADD, "keep-git-dir", FLAG_BOOL},
	{OP_ADD, "checksum", FLAG_TEXT},
	{OP_ADD, "unpack", FLAG_BOOL},
	{OP_ADD, "exclude", FLAG_LIST},
	{OP_RUN, "mount", FLAG_MOUNT},
	{OP_RUN, "network", FLAG_NETWORK},
	{OP_RUN, "security", FLAG_SECURITY},
	{OP_RUN, "device", FLAG_LIST},
	{OP_HEALTHCHECK, "interval", FLAG_TIME},
	{OP_HEALTHCHECK, "timeout", FLAG_TIME},
	{OP_HEALTHCHECK, "start-period", FLAG_TIME},
	{OP_HEALTHCHECK, "start-interval", FLAG_TIME},
	{OP_HEALTHCHECK, "retries", FLAG_COUNT},
};

/* ---- values ---- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* "1h30m", "1.5s", "300ms": as Go has durations. "0" alone, too. */
static bool is_duration(Str s)
{
	static const char *const units[] = {"ns", "us", "\xc2\xb5s", "ms", "s", "m", "h"};
	if (str_eq(s, S("0")))
		return true;
	if (s.n == 0)
		return false;
	while (s.n != 0) {
		size_t n = 0, unit = 0;
		while (n < s.n && (is_digit(s.p[n]) || s.p[n] == '.'))
			n++;
		s = str_skip(s, n);
		while (unit < sizeof units / sizeof units[0] &&
		       !(str_starts(s, str_of(units[unit])) &&
			 (s.n == strlen(units[unit]) || is_digit(s.p[strlen(units[unit])]))))
			unit++;
		if (n == 0 || unit == sizeof units / sizeof units[0])
			return false;
		s = str_skip(s, strlen(units[unit]));
	}
	return true;
}

static bool is_mode(Str s)
{
	bool octal = s.n != 0 && s.n <= 5, how = false;
	for (size_t i = 0; i < s.n; i++)
		octal = octal && s.p[i] >= '0' && s.p[i] <= '7';
	if (octal)
		return s.n < 5 || s.p[0] == '0';
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\0' || strchr("ugoa+-=rwxXst,", s.p[i]) == NULL)
			return false;
		how = how || strchr("+-=", s.p[i]) != NULL;
	}
	return how;
}

/* What is wrong with the value, or NULL. */
static const char *fault_of(FlagKind kind, Str value)
{
	uint64_t number;
	switch (kind) {
	case FLAG_BOOL: return word_in("true false", value) ? NULL : "is true or false";
	case FLAG_MODE: return is_mode(value) ? NULL : "is an octal mode, or u=rwX,go=rX";
	case FLAG_TIME: return is_duration(value) ? NULL : "is a duration such as 30s or 1m30s";
	case FLAG_COUNT: return str_u64(value, &number) ? NULL : "is a number";
	case FLAG_NETWORK:
		return word_in("default none host", value) ? NULL : "is default, none or host";
	case FLAG_SECURITY:
		return word_in("sandbox insecure", value) ? NULL : "is sandbox or insecure";
	case FLAG_TEXT:
	case FLAG_LIST:
	case FLAG_MOUNT: break;
	}
	return NULL;
}

/* ---- mounts ---- */

typedef struct Mount {
	Str type, from, sharing, source, target, id;
	bool required, sized, owned;
} Mount;

static bool take_field(Mount *m, Str key, Str value)
{
	if (word_in("readonly ro readwrite rw env size required", key)) {
		m->required = m->required || str_eq(key, S("required"));
		m->sized = m->sized || str_eq(key, S("size"));
		return true;
	}
	if (str_eq(key, S("type")))
		m->type = value;
	else if (str_eq(key, S("from")))
		m->from = value;
	else if (word_in("source src", key))
		m->source = value;
	else if (word_in("target dst destination", key))
		m->target = value;
	else if (str_eq(key, S("id")))
		m->id = value;
	else if (str_eq(key, S("sharing")))
		m->sharing = value;
	else if (word_in("mode uid gid", key))
		m->owned = true;
	else
		return false;
	return true;
}

static const char *fault_of_mount(const Mount *m)
{
	bool secret = str_eq(m->type, S("secret")), ssh = str_eq(m->type, S("ssh"));
	bool cache = str_eq(m->type, S("cache"));
	if (!word_in("bind cache tmpfs secret ssh", m->type))
		return "type is bind, cache, tmpfs, secret or ssh";
	if (m->sharing.p != NULL && !cache)
		return "sharing is for a cache";
	if (cache && m->sharing.p != NULL && !word_in("shared private locked", m->sharing))
		return "sharing is shared, private or locked";
	if (m->required && !secret && !ssh)
		return "required is for secret and ssh";
	if (m->sized && !str_eq(m->type, S("tmpfs")))
		return "size is for tmpfs";
	if (m->owned && !secret && !ssh && !cache)
		return "mode, uid and gid are for secret, ssh and cache";
	if (secret && m->from.n != 0)
		return "a secret has no from";
	if (secret && m->source.n == 0 && m->target.n == 0 && m->id.n == 0)
		return "a secret has a source, a target or an id";
	if (secret && m->source.n != 0 && m->id.n != 0)
		return "a secret has a source or an id, not both";
	return NULL;
}

static void check_mount(const DockerWord *w, Str value, LintSink *to)
{
	Mount m = {.type = S("bind")};
	Str field;
	if (str_has(value, '"') || str_has(value, '$')) /* quotes of CSV; what a variable holds */
		return;
	for (Str rest = value; rest.p != NULL && str_cut(&rest, ',', &field);) {
		Str v = field, key;
		str_cut(&v, '=', &key);
		bool alone = v.p == NULL && !word_in("readonly ro readwrite rw required", key);
		if (alone || !take_field(&m, key, v)) {
			lint_say(to, w->span, "--mount: %s '" STR_FMT "'",
				 alone ? "no value in" : "unknown key in", STR_ARG(field));
			return;
		}
	}
	const char *fault = fault_of_mount(&m);
	if (fault != NULL)
		lint_say(to, w->span, "--mount: %s", fault);
}

/* ---- all of them ---- */

static void check_value(const DockerWord *w, Str key, Str value, FlagKind kind, LintSink *to)
{
	if (value.p == NULL) {
		if (kind != FLAG_BOOL)
			lint_say(to, w->span, "missing a value on flag: --" STR_FMT, STR_ARG(key));
		return;
	}
	const char *fault = str_has(value, '$') ? NULL : fault_of(kind, value);
	if (fault != NULL)
		lint_say(to, w->span, "--" STR_FMT " %s, not '" STR_FMT "'", STR_ARG(key), fault,
			 STR_ARG(value));
	if (kind == FLAG_MOUNT)
		check_mount(w, value, to);
}

static bool is_repeated(const Instruction *in, size_t i, Str key)
{
	for (size_t k = 0; k < i; k++) {
		Str rest = str_skip(in->flags.at[k].text, 2), other = {0};
		str_cut(&rest, '=', &other);
		if (str_eq(other, key))
			return true;
	}
	return false;
}

static void check_flag(const Instruction *in, size_t i, LintSink *to)
{
	const DockerWord *w = &in->flags.at[i];
	Str value = str_skip(w->text, 2), key = {0};
	str_cut(&value, '=', &key);
	for (size_t k = 0; k < sizeof flags / sizeof flags[0]; k++) {
		if (flags[k].op != in->op || !str_eq(key, str_of(flags[k].name)))
			continue;
		bool list = flags[k].kind == FLAG_LIST || flags[k].kind == FLAG_MOUNT;
		if (!list && i < 100 && is_repeated(in, i, key))
			lint_say(to, w->span, "duplicate flag specified: --" STR_FMT, STR_ARG(key));
		check_value(w, key, value, flags[k].kind, to);
		return;
	}
	lint_say(to, w->span, "unknown flag: --" STR_FMT, STR_ARG(key));
}

void check_flags(const Instruction *in, LintSink *to)
{
	for (size_t i = 0; i < in->flags.n && in->op != OP_UNKNOWN; i++)
		check_flag(in, i, to);
}
