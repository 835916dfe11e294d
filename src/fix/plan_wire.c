/* plan_wire.c - a plan through a worker's pipe. */
#include "fix/plan.h"
#include "model/walk.h"

static void step(Walk *w, FixStep *s)
{
	uint32_t kind = (uint32_t)s->kind, absent = s->absent;
	Str *const texts[] = {&s->path, &s->key, &s->before, &s->after, &s->risk, &s->restart};
	walk_number32(w, &kind);
	walk_number32(w, &absent);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		walk_text(w, texts[i]);
	WALK_ITEMS(w, &s->checks, walk_text);
	w->bad = w->bad || kind < FIX_MODE || kind > FIX_AUDIT || absent > 1;
	s->kind = (FixKind)kind;
	s->absent = absent != 0;
}

static void manual(Walk *w, FixManual *m)
{
	walk_text(w, &m->check);
	walk_text(w, &m->title);
	walk_text(w, &m->why);
	walk_text(w, &m->remedy);
}

static void all(Walk *w, FixPlan *p)
{
	walk_text(w, &p->host);
	WALK_ITEMS(w, &p->steps, step);
	WALK_ITEMS(w, &p->manual, manual);
}

void fix_plan_write(Buf *to, const FixPlan *plan)
{
	FixPlan copy = *plan;
	all(&(Walk){.to = to}, &copy);
}

Result fix_plan_read(Str from, Arena *a, FixPlan *out)
{
	Walk w = {.from = from, .arena = a};
	FixPlan p = {0};
	all(&w, &p);
	if (w.bad || w.from.n != 0)
		FAIL(ERR_BUG, "the worker's answer is garbled after %zu of %zu bytes",
		     from.n - w.from.n, from.n);
	*out = p;
	return OK;
}
