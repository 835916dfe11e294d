/* wanted_wire.c - the rules that a worker made, as bytes through its pipe and back. */
#include "audit/wanted.h"
#include "model/walk.h"

static void rule(Walk *w, AuditWanted *item)
{
	Str bytes = {0};
	if (w->to != NULL) {
		Buf b = buf_in(w->to->arena,
			       sizeof(struct audit_rule_data) + LIMIT_AUDIT_RULE_TEXT);
		Err *e = audit_rule_encode(&item->rule, &b);
		w->to->full = w->to->full || e != OK;
		err_free(e);
		bytes = buf_str(&b);
	}
	walk_text(w, &bytes);
	walk_text(w, &item->cis);
	if (w->to == NULL && !w->bad) {
		Err *e = audit_rule_decode(bytes, w->arena, &item->rule);
		w->bad = e != OK;
		err_free(e);
	}
}

static void all(Walk *w, AuditPlan *plan)
{
	walk_text(w, &plan->engine);
	WALK_ITEMS(w, &plan->rules, rule);
}

void audit_plan_write(Buf *to, const AuditPlan *plan)
{
	AuditPlan copy = *plan;
	all(&(Walk){.to = to}, &copy);
}

Result audit_plan_read(Str from, Arena *a, AuditPlan *out)
{
	Walk w = {.from = from, .arena = a};
	AuditPlan plan = {0};
	all(&w, &plan);
	if (w.bad || w.from.n != 0)
		FAIL(ERR_BUG, "the worker's answer is garbled after %zu of %zu bytes",
		     from.n - w.from.n, from.n);
	*out = plan;
	return OK;
}
