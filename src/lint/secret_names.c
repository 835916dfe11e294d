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
	bool secret = false;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		secret = secret || has_part(name, parts[i]);
	for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
		secret = secret && !has_part(name, harmless[i]);
	return secret;
}

static void say(LintSink *to, const Instruction *in, const DockerWord *w, Str name)
{
	if (sounds_secret(name))
		lint_say(to, w->span,
			 "'" STR_FMT "' sounds like a secret, and %s stays in the image",
			 STR_ARG(name), in->op == OP_ENV ? "ENV" : "the history of ARG");
}

static void check_names(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_ENV && k + 1 < in->args.n; k += 2)
			say(to, in, &in->args.at[k], in->args.at[k].text);
		for (size_t k = 0; in->op == OP_ARG && k < in->args.n; k++) {
			Str rest = in->args.at[k].text, name;
			str_cut(&rest, '=', &name);
			say(to, in, &in->args.at[k], name);
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
	.good = LIST("FROM a:1\nENV KEYBOARD=us MONKEY=1\nARG TOKEN_FILE\nENV PUBLIC_KEY=x\n"),
	.bad = LIST("FROM a:1\nENV API_TOKEN=x\n", "FROM a:1\nARG password\n",
		    "FROM a:1\nENV a=1 DB_PASSWORD=x\n"),
	.check = check_names,
};
