/* ignore.c - reads an ignore file: lines, as many tools write them, or YAML. */
#include "base/limits.h"
#include "base/time.h"
#include "io/json.h"
#include "policy/policy.h"

enum { ID_BYTES = 128 };

static bool is_id(Str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      (c != '\0' && strchr("-_.:", c) != NULL)))
			return false;
	}
	return s.n != 0 && s.n <= ID_BYTES;
}

static Result check_id(Str id)
{
	if (!is_id(id))
		FAIL(ERR_USAGE, "an entry starts with the id of an advisory, like CVE-2024-3094");
	return OK;
}

/* False for the 30th of February, which is another day to time_parse(), and for the first day of
 * all, which would mean never. */
static bool is_day(Str text, int64_t when)
{
	Arena a = {0};
	bool same = str_eq(date_format(&a, when), text);
	arena_finish(&a);
	return same && when > 0;
}

static Result read_day(Str text, int64_t *out)
{
	if (text.n != 10 || !time_parse(text, out) || !is_day(text, *out))
		FAIL(ERR_USAGE, "a last day is written as 2026-12-31, not '" STR_FMT "'",
		     STR_ARG(text));
	return OK;
}

/* ---- lines: ID [exp:YYYY-MM-DD] [# reason] ---- */

static Str cut_comment(Str *line)
{
	for (size_t i = 0; i < line->n; i++)
		if (line->p[i] == '#' &&
		    (i == 0 || line->p[i - 1] == ' ' || line->p[i - 1] == '\t')) {
			Str reason = str_trim(str_skip(*line, i + 1));
			*line = str_first(*line, i);
			return reason;
		}
	return S("");
}

static Str next_word(Str *line)
{
	*line = str_trim(*line);
	size_t n = 0;
	while (n < line->n && line->p[n] != ' ' && line->p[n] != '\t')
		n++;
	Str word = str_first(*line, n);
	*line = str_skip(*line, n);
	return word;
}

static Result read_line(Str line, unsigned number, Arena *a, Policy *out)
{
	IgnoreEntry e = {.line = number, .reason = cut_comment(&line)};
	e.id = next_word(&line);
	if (e.id.n == 0)
		return OK;
	TRY(check_id(e.id));
	Str word = next_word(&line), exp = S("exp:");
	if (str_starts(word, exp)) {
		TRY(read_day(str_skip(word, exp.n), &e.expires));
		word = next_word(&line);
	}
	if (word.n != 0)
		FAIL(ERR_USAGE,
		     "'" STR_FMT "' is not understood; a line is ID [exp:YYYY-MM-DD] [# reason]",
		     STR_ARG(word));
	vec_push(a, &out->ignore, e);
	return OK;
}

static Result read_lines(Str name, Str text, Arena *a, Policy *out)
{
	Str line;
	for (unsigned number = 1; str_cut(&text, '\n', &line); number++)
		TRY_IN(read_line(line, number, a, out), STR_FMT ":%u", STR_ARG(name), number);
	return OK;
}

/* ---- YAML: ignore: [{id, package, reason, expires}] ---- */

static Result read_member(const Member *m, IgnoreEntry *e)
{
	Str *const into = str_eq(m->key, S("id"))        ? &e->id
			  : str_eq(m->key, S("package")) ? &e->package
			  : str_eq(m->key, S("item"))    ? &e->package
			  : str_eq(m->key, S("reason"))  ? &e->reason
							 : NULL;
	if (m->value->type != JSON_STRING)
		FAIL(ERR_USAGE, "'" STR_FMT "' wants a text", STR_ARG(m->key));
	if (into != NULL) {
		*into = m->value->text;
		return OK;
	}
	if (str_eq(m->key, S("expires")))
		return read_day(m->value->text, &e->expires);
	FAIL(ERR_USAGE,
	     "unknown key '" STR_FMT "'; an entry has id, package or item, reason, expires",
	     STR_ARG(m->key));
}

static Result read_entry(const Value *v, IgnoreEntry *e)
{
	if (v->type != JSON_OBJECT)
		FAIL(ERR_USAGE, "an entry is a mapping, like {id: CVE-2024-3094}");
	for (size_t i = 0; i < v->n; i++)
		TRY(read_member(&v->members[i], e));
	return check_id(e->id);
}

static Result read_yaml(Str text, Arena *a, Policy *out)
{
	Value *top = NULL;
	TRY(value_from_yaml(text, a, &top));
	const Value *list = value_items(top, S("ignore"));
	if (list == NULL || top->n != 1)
		FAIL(ERR_USAGE, "wants one key, ignore, with a list of entries");
	for (size_t i = 0; i < list->n; i++) {
		IgnoreEntry e = {.line = (unsigned)i + 1};
		TRY_IN(read_entry(list->items[i], &e), "entry %zu", i + 1);
		vec_push(a, &out->ignore, e);
	}
	return OK;
}

/* By its first line that says something: no id is spelled "ignore:". */
static bool is_yaml(Str text)
{
	Str line;
	while (str_cut(&text, '\n', &line)) {
		cut_comment(&line);
		line = str_trim(line);
		if (line.n != 0)
			return str_eq(line, S("---")) || str_starts(line, S("ignore:")) ||
			       str_starts(line, S("{"));
	}
	return false;
}

Result policy_read_ignore(Str name, Str text, Arena *a, Policy *out)
{
	if (text.n > LIMIT_IGNORE_BYTES)
		FAIL(ERR_LIMIT, STR_FMT ": ignore file is %zu bytes, at most %u are read",
		     STR_ARG(name), text.n, LIMIT_IGNORE_BYTES);
	out->ignore_name = name;
	if (!is_yaml(text))
		return read_lines(name, text, a, out);
	TRY_IN(read_yaml(text, a, out), STR_FMT, STR_ARG(name));
	return OK;
}
