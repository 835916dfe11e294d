/* undo.c - the record of changes as JSON, and back. */
#include "fix/prepare.h"
#include "io/json.h"

static const char *const kinds[] = {"",       "mode",       "owner",        "content",
				    "sysctl", "audit-rule", "audit-enabled"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void member(Buf *b, const char *key, Str value)
{
	buf_fmt(b, ", \"%s\": ", key);
	json_quote(b, value);
}

void undo_json(const ActionVec *actions, Buf *to)
{
	buf_add(to, S("{\"bulwark_undo\": 1, \"changes\": ["));
	for (size_t i = 0; i < actions->n; i++) {
		const Action *act = &actions->at[i];
		buf_fmt(to, "%s{\"kind\": \"%s\"", i != 0 ? ",\n" : "\n", kinds[act->kind]);
		if (act->path.n != 0)
			member(to, "path", act->path);
		if (!act->absent)
			member(to, "before", act->before);
		member(to, "after", act->after);
		if (act->kind == ACT_CONTENT && !act->absent)
			member(to, "saved", act->bytes);
		buf_char(to, '}');
	}
	buf_add(to, S("\n]}\n"));
}

static Result one(const Value *v, Action *out)
{
	Str kind = value_str(v, S("kind"));
	Action act = {.path = value_str(v, S("path")),
		      .before = value_str(v, S("before")),
		      .after = value_str(v, S("after")),
		      .bytes = value_str(v, S("saved")),
		      .absent = value_get(v, S("before")) == NULL};
	for (int i = ACT_MODE; i < KINDS; i++)
		if (str_eq(kind, str_of(kinds[i])))
			act.kind = (ActKind)i;
	if (act.kind == 0 || act.after.n == 0)
		FAIL(ERR_INPUT, "a change of an unknown kind, or without \"after\"");
	if (act.kind != ACT_RULE && act.kind != ACT_ENABLED && !str_starts(act.path, S("/")))
		FAIL(ERR_INPUT, "a change without a path");
	if (act.kind == ACT_CONTENT && !act.absent && (act.bytes.n == 0 || str_has(act.bytes, '/')))
		FAIL(ERR_INPUT, "a file whose copy has no name");
	*out = act;
	return OK;
}

Result undo_parse(Str text, Arena *a, ActionVec *out)
{
	Value *v;
	ActionVec all = {0};
	TRY(value_from_json(text, a, &v));
	const Value *changes = value_items(v, S("changes"));
	if (!str_eq(value_str(v, S("bulwark_undo")), S("1")) || changes == NULL)
		FAIL(ERR_INPUT, "is not a record of changes");
	for (size_t i = 0; i < changes->n; i++) {
		Action act;
		TRY_IN(one(changes->items[i], &act), "change %zu", i + 1);
		vec_push(a, &all, act);
	}
	*out = all;
	return OK;
}
