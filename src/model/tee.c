/* tee.c - one sieve in front of several; what each kept lies side by side in the body. */
#include "model/tee.h"

typedef struct Tee {
	Selector selector;
	const Selector *const *of;
	size_t n;
} Tee;

typedef struct TeeSieve {
	Sieve base;
	Arena *arena;
	const Tee *tee;
	Sieve **of;   /* of each room; NULL: it does not want the file */
	Err **failed; /* what its sieve said against the file */
} TeeSieve;

typedef struct TeeBody {
	Str body, error; /* as in Captured */
} TeeBody;

static TeeSieve *tee_of(Sieve *s) { return (TeeSieve *)(void *)s; }

/* ---- feeding ---- */

static bool is_over(const TeeSieve *t, size_t i)
{
	return t->of[i] == NULL || t->failed[i] != OK || t->of[i]->next == SIEVE_DONE;
}

static void set_next(TeeSieve *t)
{
	t->base.next = SIEVE_DONE;
	for (size_t i = 0; i < t->tee->n; i++)
		if (!is_over(t, i) && t->of[i]->next < t->base.next)
			t->base.next = t->of[i]->next;
}

static Result tee_feed(Sieve *s, uint64_t at, Str bytes)
{
	TeeSieve *t = tee_of(s);
	for (size_t i = 0; i < t->tee->n; i++)
		if (!is_over(t, i) && t->of[i]->next < at + bytes.n)
			t->failed[i] = t->of[i]->feed(t->of[i], at, bytes);
	set_next(t);
	return OK;
}

static Result tee_finish(Sieve *s, Str *out)
{
	TeeSieve *t = tee_of(s);
	TeeBody *all = arena_array(t->arena, TeeBody, t->tee->n);
	bool kept = false;
	for (size_t i = 0; i < t->tee->n; i++) {
		if (t->of[i] == NULL)
			continue;
		Err *finished = t->of[i]->finish(t->of[i], &all[i].body);
		Err *e = t->failed[i] != OK ? t->failed[i] : finished;
		if (e != OK)
			all[i] = (TeeBody){.error = arena_str(t->arena, str_of(e->text))};
		if (e != finished)
			err_free(finished);
		err_free(e);
		t->failed[i] = OK;
		kept = kept || all[i].body.p != NULL || all[i].error.n != 0;
	}
	if (kept)
		*out = (Str){(const char *)all, sizeof *all * t->tee->n};
	return OK;
}

static bool tee_same(const Sieve *a, const Sieve *b)
{
	const TeeSieve *x = (const void *)a, *y = (const void *)b;
	for (size_t i = 0; i < x->tee->n; i++)
		if (x->of[i] != NULL && (y->of[i] == NULL || !sieve_same(x->of[i], y->of[i])))
			return false;
	return true;
}

static Sieve *tee_pick(void *ctx, Arena *a, const FileInfo *f)
{
	const Tee *tee = ctx;
	TeeSieve *t = NULL;
	for (size_t i = 0; i < tee->n; i++) {
		Sieve *s = tee->of[i]->pick(tee->of[i]->ctx, a, f);
		if (s == NULL)
			continue;
		if (t == NULL) {
			t = arena_new(a, TeeSieve);
			t->arena = a;
			t->tee = tee;
			t->base = (Sieve){.feed = tee_feed, .finish = tee_finish, .same = tee_same};
			t->of = arena_array(a, Sieve *, tee->n);
			t->failed = arena_array(a, Err *, tee->n);
		}
		t->of[i] = s;
	}
	if (t == NULL)
		return NULL;
	set_next(t);
	return &t->base;
}

/* ---- the selector ---- */

static Str tee_copy(void *ctx, Arena *a, Str body)
{
	const Tee *tee = ctx;
	const TeeBody *from = (const void *)body.p;
	TeeBody *to = arena_array(a, TeeBody, tee->n);
	for (size_t i = 0; i < tee->n; i++) {
		if (from[i].body.p != NULL)
			to[i].body = selector_copy(tee->of[i], a, from[i].body);
		to[i].error = arena_str(a, from[i].error);
	}
	return (Str){(const char *)to, body.n};
}

const Selector *tee_selectors(const Selector *const *of, Arena *a)
{
	Tee *t = arena_new(a, Tee);
	VEC(const char *) exact = {0};
	for (t->of = of; of[t->n] != NULL; t->n++)
		for (const char *const *p = of[t->n]->exact; p != NULL && *p != NULL; p++)
			vec_push(a, &exact, *p);
	vec_push(a, &exact, NULL);
	t->selector = (Selector){
		.ctx = t, .exact = exact.at, .pick = tee_pick, .copy_body = tee_copy};
	return &t->selector;
}

/* ---- taking it apart ---- */

/* False: the room kept nothing of it. */
static bool part_of(const Captured *f, size_t i, Captured *out)
{
	*out = *f;
	out->body = out->error = (Str){0};
	if (f->body.p != NULL) {
		out->body = ((const TeeBody *)(const void *)f->body.p)[i].body;
		out->error = ((const TeeBody *)(const void *)f->body.p)[i].error;
	}
	if (f->error.n != 0) /* nobody could read it */
		out->error = f->error;
	return out->body.p != NULL || out->error.n != 0;
}

/* Older copies that the room kept. */
static Captured *parts_below(const Captured *f, size_t i, Arena *a)
{
	Captured *first = NULL, **tail = &first, part;
	for (; f != NULL; f = f->below) {
		if (!part_of(f, i, &part))
			continue;
		part.below = NULL;
		*tail = arena_new(a, Captured);
		**tail = part;
		tail = &(*tail)->below;
	}
	return first;
}

void tee_part(const Image *image, size_t i, Arena *a, Image *out)
{
	Captured part;
	*out = *image;
	out->files = (FileSet){0};
	out->hidden = (CapturedVec){0};
	out->undecided.cap = out->undecided.n; /* a push makes a copy */
	for (size_t k = 0; k < image->files.files.n; k++) {
		const Captured *f = &image->files.files.at[k];
		if (!part_of(f, i, &part))
			continue;
		part.below = parts_below(f->below, i, a);
		vec_push(a, &out->files.files, part);
		if (part.error.n != 0 && f->error.n == 0)
			vec_push(a, &out->undecided, (Undecided){part.path, part.error});
	}
	for (size_t k = 0; k < image->hidden.n; k++)
		if (part_of(&image->hidden.at[k], i, &part))
			vec_push(a, &out->hidden, part);
	fileset_index(&out->files, a);
}
