/* remark_wire.c - a report of remarks, member by member. */
#include "model/remark.h"
#include "model/walk.h"

static void edit(Walk *w, Edit *e)
{
	walk_number32(w, &e->at);
	walk_number32(w, &e->end);
	walk_text(w, &e->text);
	w->bad = w->bad || e->at > e->end;
}

static void remark(Walk *w, Remark *r)
{
	uint32_t level = (uint32_t)r->level, confidence = (uint32_t)r->confidence;
	uint32_t safe = r->fix_is_safe, in_source = r->in_source;
	Str *const texts[] = {&r->rule,    &r->name, &r->file,    &r->layer,   &r->origin,
			      &r->message, &r->help, &r->masked,  &r->excerpt, &r->fingerprint,
			      &r->commit,  &r->date, &r->accepted};
	uint32_t *const numbers[] = {&r->line,    &r->column, &r->end_line, &r->end_column, &level,
				     &confidence, &safe,      &r->above,    &in_source};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		walk_text(w, texts[i]);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		walk_number32(w, numbers[i]);
	w->bad = w->bad || level < LEVEL_STYLE || level > LEVEL_ERROR ||
		 confidence < CONFIDENCE_LOW || confidence > CONFIDENCE_HIGH;
	r->level = (Level)level;
	r->confidence = (Confidence)confidence;
	r->fix_is_safe = safe != 0;
	r->in_source = in_source != 0;
	WALK_ITEMS(w, &r->aliases, walk_text);
	WALK_ITEMS(w, &r->fix, edit);
}

static void unread(Walk *w, Unread *u)
{
	walk_text(w, &u->what);
	walk_text(w, &u->why);
}

static void all(Walk *w, RemarkReport *r)
{
	uint64_t suppressed = r->suppressed, read = r->read, images = r->images;
	walk_number(w, &suppressed);
	walk_number(w, &read);
	walk_number(w, &images);
	r->suppressed = (size_t)suppressed;
	r->read = (size_t)read;
	r->images = (size_t)images;
	WALK_ITEMS(w, &r->files, walk_text);
	WALK_ITEMS(w, &r->not_evaluated, unread);
	WALK_ITEMS(w, &r->remarks, remark);
	WALK_ITEMS(w, &r->accepted, remark);
}

void remarks_write(Buf *to, const RemarkReport *r)
{
	RemarkReport copy = *r; /* the walk takes it by pointer, and only reads when writing */
	all(&(Walk){.to = to}, &copy);
}

Result remarks_read(Str from, Arena *a, RemarkReport *out)
{
	Walk w = {.from = from, .arena = a};
	RemarkReport r = {0};
	all(&w, &r);
	if (w.bad || w.from.n != 0)
		FAIL(ERR_BUG, "the worker's answer is garbled after %zu of %zu bytes",
		     from.n - w.from.n, from.n);
	*out = r;
	return OK;
}
