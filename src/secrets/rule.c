/* rule.c - reads secret rules: blocks of "key value" lines, one block a rule. */
#include "secrets/rule.h"

#include "secrets/limits.h"

extern const char asset_secret_rules_text[], asset_secret_rules_text_end[];

enum { SPAN_DEFAULT = 512 };

Str secret_rules_text(void)
{
	return (Str){asset_secret_rules_text,
		     (size_t)(asset_secret_rules_text_end - asset_secret_rules_text)};
}

typedef struct Reading {
	Arena *arena;
	SecretRule *rule;
	Str value; /* of the line */
} Reading;

static Result add_words(Reading *r, StrVec *to)
{
	Str rest = r->value, word;
	while (str_cut(&rest, ' ', &word))
		if (word.n != 0)
			vec_push(r->arena, to, word);
	return OK;
}

static Result read_confidence(Reading *r)
{
	for (Confidence c = CONFIDENCE_LOW; c <= CONFIDENCE_HIGH; c++)
		if (str_eq(r->value, str_of(confidence_name(c)))) {
			r->rule->confidence = c;
			return OK;
		}
	FAIL(ERR_INPUT, "confidence is low, medium or high");
}

static Result read_severity(Reading *r)
{
	if (!severity_parse(r->value, &r->rule->severity))
		FAIL(ERR_INPUT, "'" STR_FMT "' is no severity", STR_ARG(r->value));
	return OK;
}

static Result read_check(Reading *r)
{
	static const char *const names[] = {
		[SECRET_CHECK_CRC32] = "crc32",
		[SECRET_CHECK_JWT] = "jwt",
		[SECRET_CHECK_PEM] = "pem",
	};
	for (SecretCheck c = SECRET_CHECK_CRC32; c <= SECRET_CHECK_PEM; c++)
		if (str_eq(r->value, str_of(names[c]))) {
			r->rule->check = c;
			return OK;
		}
	FAIL(ERR_INPUT, "check is crc32, jwt or pem");
}

static Result read_number(Str text, unsigned max, unsigned *out)
{
	uint64_t n;
	if (!str_u64(text, &n) || n > max)
		FAIL(ERR_INPUT, "a number up to %u is expected", max);
	*out = (unsigned)n;
	return OK;
}

/* "3", "3.5" or "2.75" */
static Result read_entropy(Reading *r)
{
	Str rest = r->value, whole;
	unsigned n = 0, part = 0;
	if (!str_cut(&rest, '.', &whole))
		FAIL(ERR_INPUT, "entropy is a number of bits");
	TRY(read_number(whole, 8, &n));
	if (rest.n != 0)
		TRY(read_number(rest, 99, &part));
	r->rule->entropy = n + (rest.n == 1 ? part / 10.0 : part / 100.0);
	return OK;
}

static Result read_about(Reading *r)
{
	SecretRule *u = r->rule;
	u->about = r->value;
	return OK;
}

static Result read_allow(Reading *r)
{
	static const char *const names[] = {"value", "name", "line"};
	Str rest = r->value, word;
	if (!str_cut(&rest, ' ', &word))
		FAIL(ERR_INPUT, "allow what? value, name or line, and a pattern");
	for (size_t i = 0; i < SECRET_PLACES; i++)
		if (str_eq(word, str_of(names[i]))) {
			vec_push(r->arena, &r->rule->allow[i], str_trim(rest));
			return OK;
		}
	FAIL(ERR_INPUT, "allow value, allow name or allow line is expected");
}

static Result read_flags(Reading *r)
{
	Str rest = r->value, word;
	SecretRule *u = r->rule;
	while (str_cut(&rest, ' ', &word)) {
		if (str_eq(word, S("exact")))
			u->exact = true;
		else if (str_eq(word, S("loose")))
			u->loose = true;
		else if (str_eq(word, S("binary")))
			u->binary = true;
		else if (str_eq(word, S("text")))
			u->binary = false;
		else if (str_eq(word, S("vague")))
			u->vague = true;
		else if (str_eq(word, S("plain")))
			u->plain = true;
		else if (str_eq(word, S("weak")))
			u->weak = true;
		else
			FAIL(ERR_INPUT, "no flag '" STR_FMT "'", STR_ARG(word));
	}
	return OK;
}

static Result read_near(Reading *r)
{
	r->rule->near = true;
	return add_words(r, &r->rule->keywords);
}

static Result read_prefix(Reading *r)
{
	r->rule->binary = true; /* a literal of its own is enough among any bytes */
	return add_words(r, &r->rule->prefixes);
}

static Result read_keyword(Reading *r) { return add_words(r, &r->rule->keywords); }

static Result read_back(Reading *r)
{
	return read_number(r->value, LIMIT_SECRET_BACK_BYTES, &r->rule->back);
}

static Result read_span(Reading *r)
{
	return read_number(r->value, LIMIT_SECRET_SPAN_BYTES, &r->rule->span);
}

static Result read_provider(Reading *r)
{
	r->rule->provider = r->value;
	return OK;
}

static Result read_pattern(Reading *r)
{
	r->rule->pattern = r->value;
	return OK;
}

static Result read_path(Reading *r)
{
	r->rule->path = r->value;
	return OK;
}

static Result read_published(Reading *r)
{
	enum { DIGITS = 16 };
	if (r->value.n != DIGITS)
		FAIL(ERR_INPUT, "published takes the first %d digits of a value's SHA-256", DIGITS);
	vec_push(r->arena, &r->rule->published, r->value);
	return OK;
}

static Result read_good(Reading *r)
{
	vec_push(r->arena, &r->rule->good, r->value);
	return OK;
}

static Result read_bad(Reading *r)
{
	vec_push(r->arena, &r->rule->bad, r->value);
	return OK;
}

static const struct {
	const char *key;
	Result (*read)(Reading *r);
} keys[] = {
	{"provider", read_provider},
	{"about", read_about},
	{"keyword", read_keyword},
	{"prefix", read_prefix},
	{"near", read_near},
	{"pattern", read_pattern},
	{"value", read_pattern},
	{"path", read_path},
	{"back", read_back},
	{"span", read_span},
	{"entropy", read_entropy},
	{"severity", read_severity},
	{"confidence", read_confidence},
	{"check", read_check},
	{"allow", read_allow},
	{"flags", read_flags},
	{"published", read_published},
	{"good", read_good},
	{"bad", read_bad},
};

static Result read_line(Reading *r, Str key)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (str_eq(key, str_of(keys[i].key))) {
			if (r->value.n == 0)
				FAIL(ERR_INPUT, "%s has no value", keys[i].key);
			return keys[i].read(r);
		}
	FAIL(ERR_INPUT, "a rule has no '" STR_FMT "'", STR_ARG(str_first(key, 40)));
}

static Result rule_complete(const SecretRule *u)
{
	if (u->provider.n == 0 || u->about.n == 0)
		FAIL(ERR_INPUT, "it needs a provider and an about");
	if (u->path.n != 0 && u->pattern.n == 0)
		return OK;
	if (u->pattern.n == 0)
		FAIL(ERR_INPUT, "it needs a pattern, or a path");
	if (u->keywords.n == 0 && u->prefixes.n == 0)
		FAIL(ERR_INPUT, "it needs a keyword or a prefix; without one it would be tried "
				"everywhere");
	for (size_t i = 0; i < u->keywords.n + u->prefixes.n; i++) {
		Str s = i < u->keywords.n ? u->keywords.at[i] : u->prefixes.at[i - u->keywords.n];
		if (s.n < 3 || s.n > LIMIT_SECRET_LITERAL_BYTES)
			FAIL(ERR_INPUT, "'" STR_FMT "': a keyword or prefix has 3 to %u bytes",
			     STR_ARG(str_first(s, 80)), LIMIT_SECRET_LITERAL_BYTES);
	}
	return OK;
}

static Result finish_rule(SecretRule *u)
{
	if (u->confidence == 0)
		u->confidence = u->near ? CONFIDENCE_MEDIUM : CONFIDENCE_HIGH;
	if (u->near)
		u->binary = false;
	TRY_IN(rule_complete(u), "rule " STR_FMT, STR_ARG(str_first(u->id, 80)));
	return OK;
}

static Result start_rule(Reading *r, SecretRuleVec *out)
{
	if (out->n != 0)
		TRY(finish_rule(&out->at[out->n - 1]));
	if (out->n >= LIMIT_SECRET_RULES)
		FAIL(ERR_LIMIT, "more than %u rules", LIMIT_SECRET_RULES);
	if (r->value.n == 0)
		FAIL(ERR_INPUT, "a rule needs an id");
	vec_push(r->arena, out,
		 (SecretRule){.id = r->value, .span = SPAN_DEFAULT, .severity = SEV_HIGH});
	r->rule = &out->at[out->n - 1];
	return OK;
}

Result secret_rules_parse(Str text, Arena *a, SecretRuleVec *out)
{
	Reading r = {.arena = a};
	SecretRuleVec all = *out;
	Str line;
	for (unsigned n = 1; str_cut(&text, '\n', &line); n++) {
		Str rest = str_trim(line), key;
		if (rest.n == 0 || rest.p[0] == '#')
			continue;
		str_cut(&rest, ' ', &key);
		r.value = rest.n != 0 ? str_trim(rest) : (Str){"", 0};
		if (str_eq(key, S("rule"))) {
			TRY_IN(start_rule(&r, &all), "line %u", n);
			continue;
		}
		if (r.rule == NULL)
			FAIL(ERR_INPUT, "line %u: a file of rules starts with 'rule ID'", n);
		TRY_IN(read_line(&r, key), "line %u", n);
	}
	if (r.rule != NULL)
		TRY(finish_rule(&all.at[all.n - 1]));
	*out = all;
	return OK;
}
