/* compose_secrets.c - C115, C128, C129: secrets that stand in the file, and doors without one. */
#include "lint/compose_rule.h"

#define WEB "services:\n  web:\n    image: a:1\n    environment:\n"

/* ---- C115 by name ---- */

/* `word` as one of the parts of a name that '_', '-' and '.' part. */
static bool is_part(Str name, size_t from, size_t end, const char *word)
{
	return str_eq_nocase((Str){name.p + from, end - from}, str_of(word));
}

static bool is_any(Str name, size_t from, size_t end, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (is_part(name, from, end, words[i]))
			return true;
	return false;
}

typedef struct NameKind {
	bool secret, key, harmless;
} NameKind;

static NameKind kind_of(Str name)
{
	static const char *const secret[] = {"password",   "passwd",    "passphrase",  "pass",
					     "pwd",        "secret",    "secrets",     "token",
					     "credential", "apikey",    "credentials", "passwort",
					     "pgpassword", "accesskey", "secretkey",   NULL};
	static const char *const harmless[] = {
		"allow",    "algorithm",  "audience", "disable", "disabled", "enable", "enabled",
		"endpoint", "expiration", "expire",   "expires", "expiry",   "field",  "file",
		"format",   "header",     "hash",     "id",      "issuer",   "length", "lifetime",
		"limit",    "max",        "min",      "name",    "path",     "policy", "prefix",
		"public",   "reset",      "rotation", "store",   "timeout",  "ttl",    "type",
		"uri",      "url",        "version",  NULL};
	NameKind k = {0};
	size_t from = 0;
	for (size_t i = 0; i <= name.n; i++) {
		if (i < name.n && strchr("_-.", name.p[i]) == NULL)
			continue;
		k.secret = k.secret || is_any(name, from, i, secret);
		k.harmless = k.harmless || is_any(name, from, i, harmless);
		k.key = i == name.n && from > 0 && is_part(name, from, i, "key");
		from = i + 1;
	}
	return k;
}

static bool is_number_or_switch(Str s)
{
	static const char *const words[] = {"true", "false", "yes",  "no",   "on",
					    "off",  "none",  "null", "auto", "random"};
	uint64_t number;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_eq_nocase(s, str_of(words[i])))
			return true;
	return str_u64(s, &number) && s.n < 4;
}

/* Something that only points at where the secret is, or asks for it. */
static bool is_elsewhere(Str s)
{
	return s.n == 0 || s.p[0] == '/' || s.p[0] == '<' || str_starts(s, S("./")) ||
	       str_starts(s, S("file:")) || str_starts(s, S("{{")) || str_starts(s, S("vault:")) ||
	       str_starts(s, S("$"));
}

static bool looks_like_key(Str value)
{
	size_t digits = 0;
	for (size_t i = 0; i < value.n; i++)
		digits += value.p[i] >= '0' && value.p[i] <= '9';
	return value.n >= 16 && digits > 0 && !str_has(value, ' ') && !str_has(value, '/');
}

static bool holds_secret(Str name, Str value)
{
	NameKind k = kind_of(name);
	if (k.harmless || is_elsewhere(value) || is_number_or_switch(value))
		return false;
	return k.secret || (k.key && looks_like_key(value));
}

/* ---- C115 in an address: scheme://user:password@host ---- */

static bool has_password(Str url)
{
	size_t at, from, colon, end;
	if (!str_find(url, S("://"), &at) || at == 0 || at > 30)
		return false;
	Str rest = str_skip(url, at + 3);
	for (from = 0; from < rest.n && strchr("/?# ", rest.p[from]) == NULL;)
		from++;
	Str authority = str_first(rest, from);
	if (!str_find(authority, S("@"), &end))
		return false;
	Str user = str_first(authority, end);
	if (!str_find(user, S(":"), &colon))
		return false;
	Str password = str_skip(user, colon + 1);
	return !is_elsewhere(password) && !str_starts(password, S("***"));
}

/* ---- saying it ---- */

/* A value of .env or of the caller is not written here; a default is. */
static bool is_literal(const Node *n)
{
	return n->type == NODE_TEXT && !(n->vars & (VARS_ENV | VARS_UNSET));
}

static void check_pair(const NodeEntry *e, LintSink *to)
{
	Str name = e->key->text, value = node_text(e->value);
	const Node *at = e->value->span.end > e->value->span.at ? e->value : e->key;
	if (!is_literal(e->value) || node_is_null(e->value))
		return;
	if (holds_secret(name, value))
		compose_say(to, at, "the %s of '" STR_FMT "' stands here for all to read",
			    e->value->vars & VARS_DEFAULT ? "default" : "value", STR_ARG(name));
	else if (has_password(value))
		compose_say(to, at, "the password in '" STR_FMT "' stands here for all to read",
			    STR_ARG(name));
	else
		return;
	lint_hide(to);
}

static void check_secrets(const Compose *c, const NodeEntry *service, LintSink *to)
{
	NodeEntries pairs = {0};
	const Node *build = node_get(service->value, S("build"));
	compose_pairs(node_get(service->value, S("environment")), c->a, &pairs);
	compose_pairs(node_get(build, S("args")), c->a, &pairs);
	for (size_t i = 0; i < pairs.n; i++)
		check_pair(&pairs.at[i], to);
}

static void check_commands(const Compose *c, const NodeEntry *service, LintSink *to)
{
	static const char *const keys[] = {"command", "entrypoint"};
	(void)c;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const Node *list = node_get(service->value, str_of(keys[i]));
		for (size_t k = 0; k < node_count(list); k++) {
			const Node *item = node_item(list, k);
			if (!is_literal(item) || !has_password(node_text(item)))
				continue;
			compose_say(to, item, "a password in an address stands in the %s", keys[i]);
			lint_hide(to);
		}
	}
}

static void check_all_secrets(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_secrets);
	compose_each(c, to, check_commands);
}

const LintRule lint_C115 = {
	.id = "C115",
	.name = "secret-in-compose",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "The file is in the repository, and the environment in 'docker inspect', in crash "
	       "reports and in every child process.",
	.help = "use secrets: and the image's ..._FILE variable, or ${NAME:?} with the value in "
		".env",
	.aliases = LIST("CL-0020", "CL-0021"),
	.good = LIST(WEB "      DB_PASSWORD: ${DB_PASSWORD:?}\n",
		     WEB "      DB_PASSWORD_FILE: /run/secrets/db\n      TOKEN_TTL: 3600\n",
		     WEB "    - DB_PASSWORD\n    - SECRETS_ENABLED=true\n    - KEYBOARD=us\n",
		     WEB "      URL: postgres://app:${PW}@db/app\n      MONKEY: banana12345\n"),
	.bad = LIST(
		WEB "      POSTGRES_PASSWORD: hunter2\n", WEB "    - API_TOKEN=abc\n",
		WEB "      DB_PASSWORD: ${DB_PASSWORD:-postgres}\n",
		WEB "      DATABASE_URL: postgres://app:hunter2@db/app\n",
		WEB "      STRIPE_KEY: abcdef0123456789abcdef\n",
		"services:\n  web:\n    build:\n      context: .\n      args: [NPM_TOKEN=abc]\n"),
	.check_compose = check_all_secrets,
};

/* ---- C128 doors without a lock ---- */

static const struct {
	const char *name, *value; /* NULL: anything that is true */
	const char *what;
} doors[] = {
	{"ALLOW_ANONYMOUS_LOGIN", NULL, "anybody may log in"},
	{"ALLOW_EMPTY_PASSWORD", NULL, "no password is needed"},
	{"ALLOW_PLAINTEXT_LISTENER", NULL, "anybody on the network may speak to it"},
	{"MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", NULL, "root needs no password"},
	{"MYSQL_ALLOW_EMPTY_PASSWORD", NULL, "root needs no password"},
	{"POSTGRES_HOST_AUTH_METHOD", "trust", "no password is needed"},
	{"xpack.security.enabled", "false", "anybody may read and write"},
};

static void check_doors(const Compose *c, const NodeEntry *service, LintSink *to)
{
	NodeEntries pairs = {0};
	compose_pairs(node_get(service->value, S("environment")), c->a, &pairs);
	for (size_t i = 0; i < pairs.n; i++)
		for (size_t k = 0; k < sizeof doors / sizeof doors[0]; k++) {
			const Node *value = pairs.at[i].value;
			bool open = doors[k].value != NULL
					    ? str_eq(node_text(value), str_of(doors[k].value))
					    : node_is_true(value);
			if (open && str_eq(pairs.at[i].key->text, str_of(doors[k].name)))
				compose_say(to, value, "%s at '" STR_FMT "'", doors[k].what,
					    STR_ARG(service->key->text));
		}
}

static void check_all_doors(const Compose *c, LintSink *to) { compose_each(c, to, check_doors); }

const LintRule lint_C128 = {
	.id = "C128",
	.name = "no-password",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Every container of its networks can read and change all data, and so can everybody "
	       "when the port is published.",
	.help = "set a password by a secret, also for tests: what is started once stays",
	.good = LIST(WEB "      MYSQL_ALLOW_EMPTY_PASSWORD: \"no\"\n"),
	.bad = LIST(WEB "      MYSQL_ALLOW_EMPTY_PASSWORD: \"yes\"\n",
		    WEB "    - POSTGRES_HOST_AUTH_METHOD=trust\n",
		    WEB "    - xpack.security.enabled=false\n"),
	.check_compose = check_all_doors,
};

/* ---- C129 by value ---- */

static void tell_secret(const LintSecret *s, const Node *at, LintSink *to)
{
	compose_say(to, at, "a secret stands in this file: " STR_FMT " (" STR_FMT ")",
		    STR_ARG(s->name), STR_ARG(s->masked));
	lint_hide(to);
}

static void check_values(const Compose *c, LintSink *to)
{
	compose_each_secret(c, to, tell_secret);
}

const LintRule lint_C129 = {
	.id = "C129",
	.name = "secret-value-in-compose",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "Whoever has the file has the secret; removing it later does not take it back.",
	.help = "revoke it, then hand it in with secrets: or from .env, which is not committed",
	.good = LIST(WEB "      GH_TOKEN: ${GH_TOKEN:?}\n"),
	.bad = LIST(WEB "      GH_TOKEN: <value of a secret>\n"),
	.check_compose = check_values,
};
