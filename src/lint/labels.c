/* labels.c - D701 to D703: names and values of labels, and what this house asks of them. */
#include "base/time.h"
#include "lint/rule.h"

/* ---- D701 names ---- */

static bool is_lower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/* Why a key is none, or NULL. */
static const char *fault_of(Str key)
{
	static const char *const reserved[] = {"com.docker.", "io.docker.", "org.dockerproject."};
	if (key.n == 0 || !is_lower(key.p[0]) || !is_lower(key.p[key.n - 1]))
		return "does not begin and end with a lower-case letter or a digit";
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (str_starts(key, str_of(reserved[i])))
			return "is in a name space that belongs to Docker";
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		if (!is_lower(c) && c != '.' && c != '-' && c != '_' && c != '/')
			return "has other characters than a-z, 0-9, '.', '-'";
		if ((c == '.' || c == '-') && i + 1 < key.n && key.p[i + 1] == c)
			return "has '.' or '-' twice";
	}
	return NULL;
}

static Str bare(Str s)
{
	bool quoted = s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0];
	return quoted ? (Str){s.p + 1, s.n - 2} : s;
}

static void check_keys(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_LABEL && k + 1 < in->args.n; k += 2) {
			Str key = bare(in->args.at[k].text);
			const char *fault = str_has(key, '$') ? NULL : fault_of(key);
			if (fault != NULL)
				lint_say(to, in->args.at[k].span, "'" STR_FMT "' %s", STR_ARG(key),
					 fault);
		}
	}
}

const LintRule lint_D701 = {
	.id = "D701",
	.name = "label-name",
	.level = LEVEL_STYLE,
	.confidence = CONFIDENCE_HIGH,
	.why = "Labels are looked for by name; one that is written otherwise is not found, and one "
	       "of "
	       "Docker's own may be changed by it.",
	.help = "write reverse.domain.name in lower case, or one of org.opencontainers.image.*",
	.aliases = LIST("DL3048"),
	.good = LIST("FROM a:1\nLABEL org.opencontainers.image.source=x com.example.a-b=y c=z\n",
		     "FROM a:1\nLABEL \"com.example.a\"=x $K=y\n"),
	.bad = LIST("FROM a:1\nLABEL Vendor=x\n", "FROM a:1\nLABEL com.docker.x=y\n",
		    "FROM a:1\nLABEL a..b=y\n", "FROM a:1\nLABEL a@b=y\n"),
	.check = check_keys,
};

/* ---- all labels of the image ---- */

static bool has_label(const LintFile *f, Str name)
{
	for (const LintStage *s = lint_last(f); s != NULL; s = lint_parent(f, s))
		for (size_t i = s->first; i < s->end; i++) {
			const Instruction *in = lint_at(f, i);
			for (size_t k = 0; in->op == OP_LABEL && k + 1 < in->args.n; k += 2)
				if (str_eq(bare(in->args.at[k].text), name))
					return true;
		}
	return false;
}

static const LabelRule *rule_of(const LintOptions *o, Str name)
{
	for (size_t i = 0; i < o->labels.n; i++)
		if (str_eq(o->labels.at[i].name, name))
			return &o->labels.at[i];
	return NULL;
}

/* ---- D702 which there are ---- */

static void check_set(const LintFile *f, LintSink *to)
{
	const LintOptions *o = f->options;
	const LintStage *last = lint_last(f);
	for (size_t i = 0; last->from != NULL && i < o->labels.n; i++)
		if (!has_label(f, o->labels.at[i].name))
			lint_say(to, last->from->span, "label '" STR_FMT "' is missing",
				 STR_ARG(o->labels.at[i].name));
	for (size_t i = last->first; i < last->end; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_LABEL && k + 1 < in->args.n; k += 2) {
			Str name = bare(in->args.at[k].text);
			if (bare(in->args.at[k + 1].text).n == 0)
				lint_say(to, in->args.at[k].span, "label '" STR_FMT "' is empty",
					 STR_ARG(name));
			else if (o->strict_labels && rule_of(o, name) == NULL)
				lint_say(to, in->args.at[k].span,
					 "label '" STR_FMT "' is not one of those asked for",
					 STR_ARG(name));
		}
	}
}

const LintRule lint_D702 = {
	.id = "D702",
	.name = "label-set",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Who finds the image running has to know whose it is and where it comes from.",
	.help = "set the labels that the configuration names, and no empty ones",
	.aliases = LIST("DL3049", "DL3050", "DL3051"),
	.good = LIST("FROM a:1\nLABEL team=x version=1.2.3\n",
		     "FROM a:1 AS b\nLABEL team=x version=1.2.3\nFROM b\n"),
	.bad = LIST("FROM a:1\nLABEL team=\"\" version=1.2.3\n", "FROM a:1\nLABEL team=x\n"),
	.check = check_set,
};

/* ---- D703 what they say ---- */

static bool is_url(Str s)
{
	size_t at;
	bool web = str_starts(s, S("http://")) || str_starts(s, S("https://")) ||
		   str_starts(s, S("git@")) || str_starts(s, S("ssh://")) ||
		   str_starts(s, S("git://"));
	return web && !str_find(s, S(" "), &at) && s.n > 8;
}

static bool is_hash(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
		      ((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'f')))
			return false;
	return s.n >= 7 && s.n <= 64;
}

static bool is_semver(Str s)
{
	Str rest = s, core, part;
	uint64_t number;
	size_t n = 0, cut = 0;
	while (cut < s.n && s.p[cut] != '-' && s.p[cut] != '+')
		cut++;
	core = str_first(s, cut);
	rest = core;
	while (rest.n != 0 && str_cut(&rest, '.', &part)) {
		if (!str_u64(part, &number) || (part.n > 1 && part.p[0] == '0'))
			return false;
		n++;
	}
	return n == 3 && cut + 1 != s.n;
}

static bool is_email(Str s)
{
	Str rest = s, user;
	return str_cut(&rest, '@', &user) && user.n != 0 && rest.n > 2 && str_has(rest, '.') &&
	       !str_has(rest, '@') && !str_has(s, ' ');
}

/* An expression of license ids: no blanks but around AND, OR and WITH. */
static bool is_spdx(Str s)
{
	Str word;
	bool operand = false, good = s.n != 0;
	while (good && s.n != 0 && str_cut(&s, ' ', &word)) {
		bool joins = str_eq(word, S("AND")) || str_eq(word, S("OR")) ||
			     str_eq(word, S("WITH"));
		good = word.n != 0 && joins == operand;
		operand = !joins;
		for (size_t i = 0; good && i < word.n; i++)
			good = is_lower(word.p[i]) || (word.p[i] >= 'A' && word.p[i] <= 'Z') ||
			       strchr(".-+()", word.p[i]) != NULL;
	}
	return good && operand;
}

static bool fits(LabelType type, Str value)
{
	int64_t when;
	switch (type) {
	case LABEL_URL: return is_url(value);
	case LABEL_SEMVER: return is_semver(value);
	case LABEL_HASH: return is_hash(value);
	case LABEL_RFC3339: return value.n > 10 && time_parse(value, &when);
	case LABEL_SPDX: return is_spdx(value);
	case LABEL_EMAIL: return is_email(value);
	case LABEL_TEXT: break;
	}
	return true;
}

/* What the OCI image specification says of its own; its license field is free in practice. */
#define KEY(lit)                     \
	{                            \
		lit, sizeof(lit) - 1 \
	}
static const LabelRule own[] = {
	{KEY("org.opencontainers.image.created"), LABEL_RFC3339},
	{KEY("org.opencontainers.image.url"), LABEL_URL},
	{KEY("org.opencontainers.image.source"), LABEL_URL},
	{KEY("org.opencontainers.image.documentation"), LABEL_URL},
};

static void check_value(const LintFile *f, const DockerWord *name, const DockerWord *value,
			LintSink *to)
{
	Str key = bare(name->text), text = bare(value->text);
	const LabelRule *r = rule_of(f->options, key);
	for (size_t i = 0; r == NULL && i < sizeof own / sizeof own[0]; i++)
		if (str_eq(own[i].name, key))
			r = &own[i];
	if (r != NULL && text.n != 0 && !str_has(text, '$') && !fits(r->type, text))
		lint_say(to, value->span, "'" STR_FMT "' is no %s, which '" STR_FMT "' is to be",
			 STR_ARG(text), label_type_name(r->type), STR_ARG(key));
}

static void check_types(const LintFile *f, LintSink *to)
{
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; in->op == OP_LABEL && k + 1 < in->args.n; k += 2)
			check_value(f, &in->args.at[k], &in->args.at[k + 1], to);
	}
}

const LintRule lint_D703 = {
	.id = "D703",
	.name = "label-value",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Programs read these labels: a date that is none is no date to them.",
	.help = "write the value in the form that is asked for",
	.aliases = LIST("DL3052", "DL3053", "DL3054", "DL3055", "DL3056", "DL3058"),
	.good = LIST("FROM a:1\nLABEL org.opencontainers.image.created=2024-01-02T03:04:05Z\n",
		     "FROM a:1\nLABEL org.opencontainers.image.source=https://e.example/x\n",
		     "FROM a:1\nLABEL org.opencontainers.image.created=$D version=1.2.3-rc.1\n"),
	.bad = LIST("FROM a:1\nLABEL org.opencontainers.image.created=today\n",
		    "FROM a:1\nLABEL org.opencontainers.image.url=e.example\n",
		    "FROM a:1\nLABEL version=1.2\n"),
	.check = check_types,
};
