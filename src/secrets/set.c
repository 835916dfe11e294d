/* set.c - compiles patterns and gathers the literals that set them off. */
#include "secrets/set.h"

#include "base/buf.h"
#include "secrets/limits.h"

/* What ends a value: a quote, a blank, a bracket, an escaped line end, or the end of the text. */
#define VALUE_END "(?=[`'\"\\s;,<>)}\\]&|]|\\\\[nrt\"']|\\z)"

static Result compile(Str pattern, uint32_t options, pcre2_code **out)
{
	int code;
	PCRE2_SIZE at;
	PCRE2_UCHAR text[128];
	options |= PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C;
	pcre2_code *c = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, &code, &at, NULL);
	if (c == NULL) {
		pcre2_get_error_message(code, text, sizeof text);
		FAIL(ERR_INPUT, "'" STR_FMT "' at character %zu: %s",
		     STR_ARG(str_first(pattern, 200)), (size_t)at, (const char *)text);
	}
	/* Without executable memory the interpreter gives the same answers. */
	(void)pcre2_jit_compile(c, PCRE2_JIT_COMPLETE);
	*out = c;
	return OK;
}

static Str whole_pattern(const SecretRule *r, Arena *a)
{
	if (!r->near)
		return r->pattern;
	Buf b = buf_in(a, LIMIT_SECRET_PATTERN_BYTES + sizeof VALUE_END + 8);
	buf_add(&b, r->exact ? S("(?:") : S("(?i:"));
	buf_add(&b, r->pattern);
	buf_add(&b, S(")" VALUE_END));
	return buf_str(&b);
}

static Result ready(const SecretRule *r, Arena *a, ReadyRule *out)
{
	uint32_t anchored = r->back == 0 ? PCRE2_ANCHORED : 0;
	out->rule = r;
	if (r->pattern.n > LIMIT_SECRET_PATTERN_BYTES)
		FAIL(ERR_LIMIT, "a pattern of %zu bytes, at most %u", r->pattern.n,
		     LIMIT_SECRET_PATTERN_BYTES);
	if (r->pattern.n != 0)
		TRY(compile(whole_pattern(r, a), anchored, &out->pattern));
	if (r->path.n != 0)
		TRY(compile(r->path, 0, &out->path));
	for (size_t p = 0; p < SECRET_PLACES; p++)
		for (size_t i = 0; i < r->allow[p].n; i++) {
			pcre2_code *c;
			TRY(compile(r->allow[p].at[i], 0, &c));
			vec_push(a, &out->allow[p], c);
		}
	return OK;
}

static void add_anchor(SecretSet *s, Arena *a, Str text, bool any_case, uint32_t rule)
{
	for (size_t i = 0; i < s->anchors.n; i++) {
		Anchor *k = &s->anchors.at[i];
		if (k->any_case == any_case &&
		    (any_case ? str_eq_nocase(k->text, text) : str_eq(k->text, text))) {
			vec_push(a, &k->rules, rule);
			return;
		}
	}
	vec_push(a, &s->anchors, (Anchor){.text = text, .any_case = any_case});
	vec_push(a, &s->anchors.at[s->anchors.n - 1].rules, rule);
}

static void gather(SecretSet *s, Arena *a)
{
	for (uint32_t i = 0; i < s->n; i++) {
		const SecretRule *r = s->rules[i].rule;
		for (size_t k = 0; k < r->keywords.n; k++)
			add_anchor(s, a, r->keywords.at[k], true, i);
		for (size_t k = 0; k < r->prefixes.n; k++)
			add_anchor(s, a, r->prefixes.at[k], false, i);
	}
	Literal *literals = arena_array(a, Literal, s->anchors.n);
	for (uint32_t i = 0; i < s->anchors.n; i++)
		literals[i] = (Literal){s->anchors.at[i].text, s->anchors.at[i].any_case, i};
	s->prefilter = prefilter_make(a, literals, s->anchors.n);
}

Result secret_set_make(const SecretRuleVec *rules, Arena *a, SecretSet **out)
{
	AUTO_SECRET_SET SecretSet *s = arena_new(a, SecretSet);
	s->rules = arena_array(a, ReadyRule, rules->n);
	for (size_t i = 0; i < rules->n; i++) {
		s->n = i + 1;
		TRY_IN(ready(&rules->at[i], a, &s->rules[i]), "rule " STR_FMT,
		       STR_ARG(rules->at[i].id));
	}
	gather(s, a);
	*out = s;
	s = NULL;
	return OK;
}

void secret_set_close(SecretSet *s)
{
	if (s != NULL)
		prefilter_close(s->prefilter);
	for (size_t i = 0; s != NULL && i < s->n; i++) {
		pcre2_code_free(s->rules[i].pattern);
		pcre2_code_free(s->rules[i].path);
		for (size_t p = 0; p < SECRET_PLACES; p++)
			for (size_t k = 0; k < s->rules[i].allow[p].n; k++)
				pcre2_code_free(s->rules[i].allow[p].at[k]);
	}
}

bool secret_code_matches(const pcre2_code *code, pcre2_match_data *m, pcre2_match_context *limits,
			 Str text)
{
	return pcre2_match(code, (PCRE2_SPTR)(text.p != NULL ? text.p : ""), text.n, 0, 0, m,
			   limits) > 0;
}
