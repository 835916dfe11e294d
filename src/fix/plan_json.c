/* plan_json.c - a plan as JSON (doc/formats/plan.md), and back. */
#include "fix/plan.h"

static const char *const kinds[] = {"", "mode", "owner", "json", "file", "sysctl", "audit"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

const char *fix_kind_name(FixKind k) { return kinds[k]; }

/* ---- writing ---- */

static void member(Buf *b, const char *key, Str value)
{
	if (value.n == 0)
		return;
	buf_fmt(b, ", \"%s\": ", key);
	json_quote(b, value);
}

static void step_json(Buf *b, const FixStep *s)
{
	buf_fmt(b, "    {\"kind\": \"%s\"", kinds[s->kind]);
	member(b, "path", s->path);
	member(b, "key", s->key);
	if (!s->absent) {
		buf_add(b, S(", \"before\": "));
		json_quote(b, s->before);
	}
	buf_add(b, S(", \"after\": "));
	json_quote(b, s->after);
	buf_add(b, S(",\n     \"checks\": ["));
	for (size_t i = 0; i < s->checks.n; i++) {
		buf_add(b, i != 0 ? S(", ") : S(""));
		json_quote(b, s->checks.at[i]);
	}
	buf_char(b, ']');
	member(b, "risk", s->risk);
	member(b, "restart", s->restart);
	buf_char(b, '}');
}

void fix_plan_json(const FixPlan *plan, Buf *to)
{
	buf_add(to, S("{\n  \"bulwark_plan\": 1,\n  \"host\": "));
	json_quote(to, plan->host);
	buf_add(to, S(",\n  \"steps\": ["));
	for (size_t i = 0; i < plan->steps.n; i++) {
		buf_add(to, i != 0 ? S(",\n") : S("\n"));
		step_json(to, &plan->steps.at[i]);
	}
	buf_add(to, S("\n  ],\n  \"manual\": ["));
	for (size_t i = 0; i < plan->manual.n; i++) {
		const FixManual *m = &plan->manual.at[i];
		buf_add(to, i != 0 ? S(",\n    {\"check\": ") : S("\n    {\"check\": "));
		json_quote(to, m->check);
		member(to, "title", m->title);
		member(to, "why", m->why);
		member(to, "remedy", m->remedy);
		buf_char(to, '}');
	}
	buf_add(to, S("\n  ]\n}\n"));
}

/* ---- reading ---- */

static Result text_of(const Value *v, const char *key, bool wanted, Str *out)
{
	const Value *m = value_get(v, str_of(key));
	if (m == NULL && !wanted)
		return OK;
	if (m == NULL)
		FAIL(ERR_INPUT, "\"%s\" is missing", key);
	if (m->type != JSON_STRING)
		FAIL(ERR_INPUT, "\"%s\" is not a string", key);
	*out = m->text;
	return OK;
}

static Result kind_of(Str name, FixKind *out)
{
	for (int i = FIX_MODE; i < KINDS; i++)
		if (str_eq(name, str_of(kinds[i]))) {
			*out = (FixKind)i;
			return OK;
		}
	FAIL(ERR_INPUT, "\"kind\": \"" STR_FMT "\" is not known", STR_ARG(name));
}

/* Absolute, without "..", "." or "//". */
static bool is_plain_path(Str path)
{
	Str part;
	if (path.n < 2 || path.p[0] != '/' || path.n > 4095 || memchr(path.p, '\0', path.n) != NULL)
		return false;
	for (Str rest = str_skip(path, 1); str_cut(&rest, '/', &part);) {
		if (part.n == 0 || str_eq(part, S(".")) || str_eq(part, S("..")))
			return false;
		if (rest.n == 0)
			break;
	}
	return !str_ends(path, S("/"));
}

/* "kernel.kptr_restrict", with no way out of /proc/sys. */
static bool is_plain_key(Str key)
{
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_' || c == '-';
		if (!word && (c != '.' || i == 0 || i + 1 == key.n || key.p[i - 1] == '.'))
			return false;
	}
	return key.n != 0;
}

static Result check_step(const FixStep *s)
{
	if (s->kind != FIX_AUDIT && !is_plain_path(s->path))
		FAIL(ERR_INPUT, "\"path\": not absolute and plain");
	if (s->kind == FIX_JSON && s->key.n == 0)
		FAIL(ERR_INPUT, "\"key\" is missing");
	if (s->kind == FIX_SYSCTL && !is_plain_key(s->key))
		FAIL(ERR_INPUT, "\"key\": not the name of a switch");
	if (s->kind == FIX_SYSCTL && (str_has(s->after, '\n') || s->after.n == 0))
		FAIL(ERR_INPUT, "\"after\": not one line");
	if ((s->kind == FIX_MODE || s->kind == FIX_OWNER) && s->absent)
		FAIL(ERR_INPUT, "\"before\" is missing");
	return OK;
}

static Result read_step(const Value *v, Arena *a, FixStep *out)
{
	FixStep s = {0};
	Str kind = {0};
	TRY(text_of(v, "kind", true, &kind));
	TRY(kind_of(kind, &s.kind));
	TRY(text_of(v, "path", s.kind != FIX_AUDIT, &s.path));
	TRY(text_of(v, "key", false, &s.key));
	TRY(text_of(v, "before", false, &s.before));
	s.absent = value_get(v, S("before")) == NULL;
	TRY(text_of(v, "after", true, &s.after));
	TRY(text_of(v, "risk", false, &s.risk));
	TRY(text_of(v, "restart", false, &s.restart));
	const Value *checks = value_items(v, S("checks"));
	for (size_t i = 0; checks != NULL && i < checks->n; i++)
		vec_push(a, &s.checks, checks->items[i]->text);
	TRY(check_step(&s));
	*out = s;
	return OK;
}

Result fix_plan_parse(Str text, Arena *a, FixPlan *out)
{
	FixPlan p = {0};
	Value *v;
	if (text.n > LIMIT_PLAN_BYTES)
		FAIL(ERR_LIMIT, "a plan of more than %u bytes", LIMIT_PLAN_BYTES);
	TRY(value_from_json(text, a, &v));
	if (!str_eq(value_str(v, S("bulwark_plan")), S("1")))
		FAIL(ERR_INPUT, "is not a plan of 'bulwark bench --plan' (no \"bulwark_plan\": 1)");
	const Value *steps = value_items(v, S("steps"));
	if (steps == NULL || steps->n > LIMIT_PLAN_STEPS)
		FAIL(ERR_INPUT, "has no \"steps\", or more than %u", LIMIT_PLAN_STEPS);
	p.host = value_str(v, S("host"));
	for (size_t i = 0; i < steps->n; i++) {
		FixStep s;
		TRY_IN(read_step(steps->items[i], a, &s), "step %zu", i + 1);
		vec_push(a, &p.steps, s);
	}
	*out = p;
	return OK;
}
