/* wire.c - an image and its packages, member by member. */
#include "model/wire.h"

#include "model/walk.h"

static void undecided(Walk *w, Undecided *u)
{
	walk_text(w, &u->subject);
	walk_text(w, &u->reason);
}

static void layer(Walk *w, Layer *l)
{
	walk_text(w, &l->digest);
	walk_text(w, &l->diff_id);
	walk_number(w, &l->size);
	walk_text(w, &l->created_by);
}

static void package(Walk *w, Pkg *p)
{
	uint32_t type = (uint32_t)p->type;
	walk_number32(w, &type);
	w->bad = w->bad || type < PKG_DEB || type > PKG_GOLANG;
	p->type = (PkgType)type;
	Str *const texts[] = {&p->name,           &p->version, &p->arch,    &p->source_name,
			      &p->source_version, &p->module,  &p->license, &p->vendor,
			      &p->path,           &p->purl};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		walk_text(w, texts[i]);
	walk_number32(w, &p->layer);
	walk_number32(w, &p->owner);
	walk_number(w, &p->size);
	WALK_ITEMS(w, &p->files, walk_text);
}

static void os(Walk *w, OsRelease *o)
{
	Str *const texts[] = {&o->id,     &o->id_like,    &o->version_id, &o->codename,
			      &o->pretty, &o->variant_id, &o->path};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		walk_text(w, texts[i]);
}

static void both(Walk *w, Image *image, Facts *facts)
{
	Str *const texts[] = {&image->target, &image->reference, &image->id,      &image->digest,
			      &image->os,     &image->arch,      &image->variant, &image->road};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		walk_text(w, texts[i]);
	WALK_ITEMS(w, &image->layers, layer);
	WALK_ITEMS(w, &image->undecided, undecided);
	os(w, &facts->os);
	WALK_ITEMS(w, &facts->pkgs, package);
	WALK_ITEMS(w, &facts->undecided, undecided);
}

void wire_write(Buf *to, const Image *image, const Facts *facts)
{
	Image i = *image; /* the walk takes them by pointer, and only reads when writing */
	Facts f = *facts;
	both(&(Walk){.to = to}, &i, &f);
}

static bool indices_hold(const Image *image, const Facts *facts)
{
	for (size_t i = 0; i < facts->pkgs.n; i++) {
		const Pkg *p = &facts->pkgs.at[i];
		if (p->layer != LAYER_NONE && p->layer >= image->layers.n)
			return false;
		if (p->owner > facts->pkgs.n)
			return false;
	}
	return true;
}

Result wire_read(Str from, Arena *a, Image *image, Facts *facts)
{
	Walk w = {.from = from, .arena = a};
	Image i = {0};
	Facts f = {.arena = a};
	both(&w, &i, &f);
	if (w.bad || w.from.n != 0 || !indices_hold(&i, &f))
		FAIL(ERR_BUG, "the worker's answer is garbled after %zu of %zu bytes",
		     from.n - w.from.n, from.n);
	*image = i;
	*facts = f;
	return OK;
}
