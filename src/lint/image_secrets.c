/* image_secrets.c - I104: secrets that an image's settings and history show to everybody. */
#include "lint/image_rule.h"

/* Keys to check others' signatures with, and their like. */
static bool is_public(Str name)
{
	static const char *const harmless[] = {"GPG_KEY", "GPG_KEYS", "SSH_AUTH_SOCK"};
	for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
		if (str_eq_nocase(name, str_of(harmless[i])))
			return true;
	return false;
}

/* A switch, a place where the secret is, a reference to it: no secret. */
static bool is_harmless(Str value)
{
	static const char *const words[] = {"true", "false", "yes",  "no",       "on",
					    "off",  "none",  "null", "disabled", "enabled"};
	uint64_t number;
	if (value.n > 1 && (value.p[0] == '"' || value.p[0] == '\''))
		value = str_first(str_skip(value, 1), value.n - 2);
	if (value.n == 0 || value.p[0] == '/' || value.p[0] == '$' || value.p[0] == '<' ||
	    (str_u64(value, &number) && number < 1000))
		return true;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_eq_nocase(value, str_of(words[i])))
			return true;
	return false;
}

static bool gives_secret(Str pair, Str *name)
{
	Str value = pair;
	str_cut(&value, '=', name);
	return sounds_secret(*name) && !is_public(*name) && !is_harmless(value);
}

static ImagePlace hushed(ImagePlace at)
{
	at.hushed = true;
	return at;
}

/* The instruction that speaks of the name, or the last of its kind. */
static ImagePlace place_of(const LintImage *i, DockerOp op, Str name)
{
	for (size_t k = i->history->steps.n; k != 0; k--) {
		const RebuiltStep *s = &i->history->steps.at[k - 1];
		size_t at;
		if (s->op == op && str_find(s->from->created_by, name, &at))
			return in_step(s);
	}
	return (ImagePlace){.layer = LAYER_NONE};
}

static void check_pairs(const LintImage *i, LintSink *to)
{
	const ImageSettings *s = i->settings;
	Str name;
	for (size_t k = 0; k < s->env.n; k++)
		if (gives_secret(s->env.at[k], &name))
			image_say(i, to, hushed(place_of(i, OP_ENV, name)),
				  "ENV '" STR_FMT "' sounds like a secret and has a value",
				  STR_ARG(name));
	for (size_t k = 0; k < s->labels.n; k++)
		if (sounds_secret(s->labels.at[k].key) && !is_harmless(s->labels.at[k].value))
			image_say(i, to, hushed(place_of(i, OP_LABEL, s->labels.at[k].key)),
				  "LABEL '" STR_FMT "' sounds like a secret and has a value",
				  STR_ARG(s->labels.at[k].key));
}

/* --password=x, -Dtoken=x */
static void check_words(const LintImage *i, LintSink *to, const StrVec *words, DockerOp op)
{
	for (size_t k = 0; k < words->n; k++) {
		Str name, word = words->at[k];
		bool option = word.n > 2 && word.p[0] == '-';
		while (option && word.n != 0 && word.p[0] == '-')
			word = str_skip(word, 1);
		if (option && str_has(word, '=') && gives_secret(word, &name))
			image_say(i, to, hushed(in_settings(i, op)),
				  "the option '" STR_FMT "' sounds like a secret and has a value",
				  STR_ARG(name));
	}
}

/* Build arguments: the value is in the history of each RUN after it. Told once a name. */
static void check_arguments(const LintImage *i, LintSink *to)
{
	Map told = {0};
	for (size_t k = 0; k < i->history->steps.n; k++) {
		const RebuiltStep *s = &i->history->steps.at[k];
		Str rest = s->op == OP_RUN   ? s->args
			   : s->op == OP_ARG ? s->from->created_by
					     : S("");
		Str word, name;
		while (rest.n != 0 && str_cut(&rest, ' ', &word)) {
			if (!str_has(word, '=') || !gives_secret(word, &name) ||
			    map_get(&told, name) != NULL)
				continue;
			*map_at(&told, i->a, name) = &told;
			image_say(i, to, s->op == OP_RUN ? in_step(s) : hushed(in_step(s)),
				  "the history shows the value of the build argument '" STR_FMT "'",
				  STR_ARG(name));
		}
	}
}

static void check_secrets(const LintImage *i, LintSink *to)
{
	check_pairs(i, to);
	check_words(i, to, &i->settings->entrypoint, OP_ENTRYPOINT);
	check_words(i, to, &i->settings->cmd, OP_CMD);
	check_arguments(i, to);
}

const LintRule lint_I104 = {
	.id = "I104",
	.name = "image-secret-settings",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "docker inspect and docker history show settings and build arguments to everybody "
	       "who "
	       "has the image, and every process of the container inherits its ENV.",
	.help = "take it out and change the secret; hand it over at run time, at build time with "
		"RUN "
		"--mount=type=secret",
	.aliases = LIST("CIS-DI-0010"),
	.good = LIST(
		"config {\"Env\":[\"PATH=/bin\",\"DB_PASSWORD_FILE=/run/secrets/x\","
		"\"TOKEN=\",\"USE_TOKEN=true\",\"GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D"
		"\"]}",
		"history RUN |1 VERSION=1 /bin/sh -c make # buildkit"),
	.bad = LIST("config {\"Env\":[\"DB_PASSWORD=hunter2\"]}",
		    "config {\"Labels\":{\"api_token\":\"abcdef\"}}",
		    "config {\"Cmd\":[\"x\",\"--password=hunter2\"]}",
		    "history RUN |2 A=1 API_TOKEN=abc /bin/sh -c make # buildkit",
		    "history |1 password=abc /bin/sh -c make", "history ARG token=abc"),
	.check_image = check_secrets,
};
