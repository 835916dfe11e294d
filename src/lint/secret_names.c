/* secret_names.c - D402: secrets handed to a build where they stay. */
#include "lint/rule.h"

/* `word` as a part of an upper- or lower-case name that '_' parts. */
static bool has_part(Str name, const char *word)
{
	Str rest = name, part;
	while (str_cut(&rest, '_', &part))
		if (str_eq_nocase(part, str_of(word)))
			return true;
	return false;
}

bool sounds_secret(Str name)
{
	static const char *const parts[] = {"apikey", "auth",     "credential", "credentials",
					    "key",    "password", "pword",      "passwd",
					    "secret", "token"};
	static const char *const harmless[] = {"public", "file", "version"};
	/* What is said of a secret, at the end: SSH_AUTH_SOCK, TOKEN_URL. */
	static const char *const about[] = {
		"sock", "mode", "type",   "url",     "uri",      "host",   "port", "endpoint",
		"path", "dir",  "length", "enabled", "provider", "method", "ttl",  "alias"};
	bool secret = false;
	Str rest = name, last = {0};
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		secret = secret || has_part(name, parts[i]);
	for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
		secret = secret && !has_part(name, harmless[i]);
	while (str_cut(&rest, '_', &last))
		;
	for (size_t i = 0; i < sizeof about / sizeof about[0]; i++)
		secret = secret && !str_eq_nocase(last, str_of(about[i]));
	return secret;
}

/* GPG_KEY=7169...: whose key it is, for everybody to know. */
static bool is_fingerprint(Str name, Str value)
{
	size_t digits = 0;
	if (!has_part(name, "gpg") && !has_part(name, "pgp"))
		return false;
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];
		bool hex = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
		if (!hex && strchr("xX\"' ", c) == NULL)
			return false;
		digits += hex;
	}
	return digits >= 8;
}

static void say(LintSink *to, const Instruction *in, const DockerWord *w, Str name, Str value)
{
	if (sounds_secret(name) && !is_fingerprint(name, value))
		lint_say(to, w->span,
			 "'" STR_FMT "' sounds like a secret, and %s stays in the image",
			 STR_ARG(name), in->op == OP_ENV ? "ENV" : "the history of ARG");
}

static void check_names(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_ENV && k + 1 < in->args.n; k += 2)
			say(to, in, &in->args.at[k], in->args.at[k].text, in->args.at[k + 1].text);
		for (size_t k = 0; in->op == OP_ARG && k < in->args.n; k++) {
			Str rest = in->args.at[k].text, name;
			str_cut(&rest, '=', &name);
			say(to, in, &in->args.at[k], name, rest);
		}
	}
}

const LintRule lint_D402 = {
	.id = "D402",
	.name = "secret-in-build",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "ENV is in the image's configuration and ARG in its history: docker inspect and "
	       "docker "
	       "history show both to everybody.",
	.help = "use RUN --mount=type=secret at build time, and give it at run time otherwise",
	.aliases = LIST("DL3064", "DS-0031", "CIS-DI-0010", "SecretsUsedInArgOrEnv"),
	.good = LIST("FROM a:1\nENV KEYBOARD=us MONKEY=1\nARG TOKEN_FILE\nENV PUBLIC_KEY=x\n",
		     "FROM a:1\nENV GPG_KEY 7169605F62C751356D054A26A821E680E5FA6305\n",
		     "FROM a:1\nENV SSH_AUTH_SOCK=/x\nARG TOKEN_URL\n"),
	.bad = LIST("FROM a:1\nENV API_TOKEN=x\n", "FROM a:1\nARG password\n",
		    "FROM a:1\nENV a=1 DB_PASSWORD=x\n", "FROM a:1\nENV GPG_KEY=hunter2\n"),
	.check = check_names,
};
