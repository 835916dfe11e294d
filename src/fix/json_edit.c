/* json_edit.c - finds the place of a key, and writes there. */
#include "fix/json_edit.h"

#include "fix/plan.h"
#include "io/json.h"

typedef struct Place {
	size_t value, value_end; /* of the key, when found */
	bool found;
	size_t last_end; /* behind the last member's value; 0: there is none */
	size_t close;    /* of the closing brace */
	Str lead;        /* what stands between "," or "{" and the last member's key */
} Place;

static size_t offset(Str text, const Json *j) { return text.n - j->rest.n; }

static size_t skip_blanks(Str text, size_t at)
{
	while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t' || text.p[at] == '\n' ||
			       text.p[at] == '\r'))
		at++;
	return at;
}

/* The document is checked whole first, so the walk meets nothing that surprises. */
static Result check(Str text, Arena *a)
{
	Value *v;
	TRY(value_from_json(text, a, &v));
	if (v->type != JSON_OBJECT)
		FAIL(ERR_INPUT, "is not a JSON object");
	return OK;
}

static Result find(Str text, Str key, Arena *a, Place *out)
{
	Place p = {0};
	Json j = json_over(text, a);
	Str name;
	TRY(check(text, a));
	TRY(json_enter(&j, JSON_OBJECT));
	size_t from = offset(text, &j); /* behind "{" or a value */
	while (json_key(&j, &name)) {
		size_t lead = from;
		if (p.last_end != 0) /* behind its comma */
			lead = skip_blanks(text, from) + 1;
		size_t quote = skip_blanks(text, lead);
		p.lead = str_first(str_skip(text, lead), quote - lead);
		size_t value = skip_blanks(text, offset(text, &j));
		TRY(json_skip(&j));
		from = p.last_end = offset(text, &j);
		if (!str_eq(name, key))
			continue;
		p.found = true;
		p.value = value;
		p.value_end = from;
	}
	TRY(json_leave(&j));
	p.close = offset(text, &j) - 1;
	*out = p;
	return OK;
}

static Str start_of(Str text, size_t n) { return str_first(text, n); }

static void insert(Str text, const Place *p, Str key, Str value, Buf *b)
{
	if (p->last_end != 0) {
		buf_add(b, start_of(text, p->last_end));
		buf_char(b, ',');
		buf_add(b, p->lead.n != 0 ? p->lead : S(" "));
	} else {
		buf_add(b, start_of(text, p->close));
		buf_add(b, str_ends(start_of(text, p->close), S("\n")) ? S("  ") : S("\n  "));
	}
	json_quote(b, key);
	buf_add(b, S(": "));
	buf_add(b, value);
	if (p->last_end == 0)
		buf_char(b, '\n');
	buf_add(b, str_skip(text, p->last_end != 0 ? p->last_end : p->close));
}

Result json_edit_set(Str text, Str key, Str value, Arena *a, Str *out)
{
	Place p;
	Str made;
	Buf b = buf_in(a, 2ul * LIMIT_FIX_FILE_BYTES);
	bool blank = str_trim(text).n == 0;
	if (blank)
		text = S("{}\n");
	TRY(find(text, key, a, &p));
	if (p.found) {
		buf_add(&b, start_of(text, p.value));
		buf_add(&b, value);
		buf_add(&b, str_skip(text, p.value_end));
	} else {
		insert(text, &p, key, value, &b);
	}
	TRY(buf_done(&b, "the changed file", &made));
	Str again;
	bool found;
	TRY(json_edit_get(made, key, a, &again, &found));
	if (!found || !str_eq(again, value))
		FAIL(ERR_BUG, "the changed file does not say what it should");
	*out = made;
	return OK;
}

Result json_edit_get(Str text, Str key, Arena *a, Str *out, bool *found)
{
	Place p;
	*out = (Str){0};
	*found = false;
	if (str_trim(text).n == 0)
		return OK;
	TRY(find(text, key, a, &p));
	*found = p.found;
	if (p.found)
		*out = str_first(str_skip(text, p.value), p.value_end - p.value);
	return OK;
}
