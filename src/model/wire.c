/* wire.c - one walk over the nouns serves both directions. */
#include "model/wire.h"

typedef struct Wire {
	Buf *to; /* writing, or NULL */
	Str from;
	Arena *arena;
	bool bad;
} Wire;

static void number(Wire *w, uint64_t *v)
{
	uint8_t b[8];
	if (w->to != NULL) {
		memcpy(b, v, sizeof b);
		buf_add(w->to, (Str){(const char *)b, sizeof b});
		return;
	}
	if (w->from.n < sizeof b) {
		w->bad = true;
		*v = 0;
		return;
	}
	memcpy(v, w->from.p, sizeof b);
	w->from = str_skip(w->from, sizeof b);
}

static void number32(Wire *w, uint32_t *v)
{
	uint64_t wide = *v;
	number(w, &wide);
	w->bad = w->bad || wide > UINT32_MAX;
	*v = (uint32_t)wide;
}

static void text(Wire *w, Str *s)
{
	uint64_t n = s->n;
	number(w, &n);
	if (w->to != NULL) {
		buf_add(w->to, *s);
		return;
	}
	if (n > w->from.n) {
		w->bad = true;
		n = 0;
	}
	*s = str_first(w->from, n);
	w->from = str_skip(w->from, n);
}

/* How many items follow; each takes at least 8 bytes, which bounds a lie. */
static size_t count(Wire *w, size_t n)
{
	uint64_t wide = n;
	number(w, &wide);
	if (w->to == NULL && wide > w->from.n / 8) {
		w->bad = true;
		wide = 0;
	}
	return (size_t)wide;
}

#define ITEMS(w, v, each)                                                             \
	do {                                                                          \
		size_t n_ = count((w), (v)->n);                                       \
		for (size_t i_ = 0; i_ < n_ && !(w)->bad; i_++) {                     \
			if ((w)->to == NULL)                                          \
				vec_push((w)->arena, (v), (__typeof__(*(v)->at)){0}); \
			each((w), &(v)->at[i_]);                                      \
		}                                                                     \
	} while (0)

static void undecided(Wire *w, Undecided *u)
{
	text(w, &u->subject);
	text(w, &u->reason);
}

static void layer(Wire *w, Layer *l)
{
	text(w, &l->digest);
	text(w, &l->diff_id);
	number(w, &l->size);
	text(w, &l->created_by);
}

static void package(Wire *w, Pkg *p)
{
	uint32_t type = (uint32_t)p->type;
	number32(w, &type);
	w->bad = w->bad || type < PKG_DEB || type > PKG_GOLANG;
	p->type = (PkgType)type;
	Str *const texts[] = {&p->name,           &p->version, &p->arch,    &p->source_name,
			      &p->source_version, &p->module,  &p->license, &p->vendor,
			      &p->path,           &p->purl};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		text(w, texts[i]);
	number32(w, &p->layer);
	number32(w, &p->owner);
	number(w, &p->size);
	ITEMS(w, &p->files, text);
}

static void os(Wire *w, OsRelease *o)
{
	Str *const texts[] = {&o->id,     &o->id_like,    &o->version_id, &o->codename,
			      &o->pretty, &o->variant_id, &o->path};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		text(w, texts[i]);
}

static void both(Wire *w, Image *image, Facts *facts)
{
	Str *const texts[] = {&image->target, &image->reference, &image->id,      &image->digest,
			      &image->os,     &image->arch,      &image->variant, &image->road};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		text(w, texts[i]);
	ITEMS(w, &image->layers, layer);
	ITEMS(w, &image->undecided, undecided);
	os(w, &facts->os);
	ITEMS(w, &facts->pkgs, package);
	ITEMS(w, &facts->undecided, undecided);
}

void wire_write(Buf *to, const Image *image, const Facts *facts)
{
	Image i = *image; /* the walk takes them by pointer, and only reads when writing */
	Facts f = *facts;
	both(&(Wire){.to = to}, &i, &f);
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
	Wire w = {.from = from, .arena = a};
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
