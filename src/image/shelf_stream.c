/* shelf_stream.c - an image in a tar that comes by once: layers are read before it is known
 * which of them count, because docker save names them last. */
#include <stdlib.h>

#include "base/limits.h"
#include "image/archive.h"
#include "image/shelf.h"

enum { HEAD_BYTES = 512 };

/* ---- a member's body as a source ---- */

typedef struct Body {
	Source base;
	Tar *tar;
	uint64_t given;
	uint8_t head[HEAD_BYTES]; /* the first bytes, gathered to be looked at */
	size_t head_n;
	Str rest; /* of the run in which the head ended */
} Body;

static Result next_run(Body *b, Str *run)
{
	uint64_t at;
	TRY(tar_body(b->tar, &at, run));
	if (run->n != 0 && at != b->given)
		FAIL(ERR_INPUT, "is a sparse file, which no engine makes");
	b->given += run->n;
	return OK;
}

static Result body_fill(Source *s)
{
	Body *b = (Body *)(void *)s;
	Str run = b->rest;
	b->rest = (Str){0};
	if (run.n == 0)
		TRY(next_run(b, &run));
	s->pos = (const uint8_t *)run.p;
	s->end = run.n != 0 ? s->pos + run.n : s->pos;
	s->eof = run.n == 0;
	return OK;
}

static const SourceOps body_ops = {.fill = body_fill}; /* on the stack: nothing to free */

/* Gives the whole body, of which the head can be looked at first. */
static Result body_open(Body *b, Tar *t)
{
	*b = (Body){.base = {.ops = &body_ops}, .tar = t};
	while (b->head_n < HEAD_BYTES && b->rest.n == 0) {
		Str run;
		TRY(next_run(b, &run));
		if (run.n == 0)
			break;
		Str part = str_first(run, HEAD_BYTES - b->head_n);
		memcpy(b->head + b->head_n, part.p, part.n);
		b->head_n += part.n;
		b->rest = str_skip(run, part.n);
	}
	b->base.pos = b->head;
	b->base.end = b->head + b->head_n;
	return OK;
}

static bool has_magic(const Body *b, size_t at, Str magic)
{
	Str head = {(const char *)b->head, b->head_n};
	return str_starts(str_skip(head, at), magic);
}

static bool is_layer(const Body *b)
{
	static const uint8_t zeros[HEAD_BYTES]; /* a tar without entries */
	if (has_magic(b, 0, S("\x1f\x8b")) || has_magic(b, 0, S("\x28\xb5\x2f\xfd")))
		return true;
	return b->head_n == HEAD_BYTES &&
	       (has_magic(b, 257, S("ustar")) || memcmp(b->head, zeros, HEAD_BYTES) == 0);
}

static bool is_text(const Body *b)
{
	size_t i = 0;
	while (i < b->head_n && strchr(" \t\r\n", b->head[i]) != NULL && b->head[i] != '\0')
		i++;
	return i < b->head_n && (b->head[i] == '{' || b->head[i] == '[');
}

/* ---- the shelf ---- */

typedef struct Kept { /* Member.extra */
	Str text;
	bool is_layer;
	LayerIndex index;
	Arena arena;
	Err *err; /* why the layer could not be read: told when somebody asks for it */
} Kept;

typedef struct StreamShelf {
	Shelf base;
	ShelfStream from;
	Archive archive;
	uint64_t text_bytes;
} StreamShelf;

static Result keep_text(StreamShelf *s, Body *b, const Member *m, Kept *k)
{
	if (m->size > LIMIT_MANIFEST_BYTES)
		return OK; /* an error when somebody asks for it */
	s->text_bytes += m->size;
	if (s->text_bytes > LIMIT_ARCHIVE_TEXT_BYTES)
		FAIL(ERR_LIMIT, "more than %u bytes of manifests", LIMIT_ARCHIVE_TEXT_BYTES);
	return source_all(&b->base, &s->archive.arena, LIMIT_MANIFEST_BYTES, &k->text);
}

static Result keep(StreamShelf *s, Tar *t, Member *m)
{
	Body b;
	TRY(body_open(&b, t));
	Kept *k = arena_new(&s->archive.arena, Kept);
	m->extra = k;
	if (is_layer(&b)) {
		LayerExpect expect = {.name = m->name, .measure = true};
		k->is_layer = true;
		k->index.arena = &k->arena;
		k->err = layer_read_stream(&b.base, &expect, s->from.want, &k->index);
	} else if (is_text(&b)) {
		TRY(keep_text(s, &b, m, k));
	}
	return OK;
}

typedef struct Counter { /* counts the stored bytes below everything */
	Source base;
	Source *below;
	const ShelfStream *tell;
	uint64_t bytes;
} Counter;

static Result counter_fill(Source *s)
{
	Counter *c = (Counter *)(void *)s;
	Str w;
	TRY(source_next(c->below, &w));
	c->bytes += w.n;
	if (c->tell->progress != NULL)
		c->tell->progress(c->tell->progress_ctx, c->bytes);
	s->pos = (const uint8_t *)w.p;
	s->end = w.n != 0 ? s->pos + w.n : s->pos;
	s->eof = w.n == 0;
	return OK;
}

static void counter_close(Source *s)
{
	source_close(((Counter *)(void *)s)->below);
	free(s);
}

static const SourceOps counter_ops = {.fill = counter_fill, .close = counter_close};

static Result open_stream(const ShelfStream *from, Source **out)
{
	Counter *c = calloc(1, sizeof *c);
	if (c == NULL)
		die_oom();
	*c = (Counter){.base = {.ops = &counter_ops}, .tell = from};
	Err *e = from->open(from->ctx, &c->below);
	if (e != OK) {
		free(c);
		return e;
	}
	*out = &c->base;
	e = source_decompress(out, NULL);
	if (e != OK)
		source_close(*out);
	return e;
}

static Result read_all(StreamShelf *s)
{
	Source *raw;
	TRY(open_stream(&s->from, &raw));
	AUTO_SOURCE Source *from = raw;
	AUTO_TAR Tar *t = tar_open(from);
	for (;;) {
		TarEntry e;
		Member *m;
		bool more;
		TRY(tar_next(t, &e, &more));
		if (!more)
			return OK;
		TRY(archive_add(&s->archive, &e, &m));
		if (m != NULL && m->type == FILE_REGULAR)
			TRY_IN(keep(s, t, m), STR_FMT, STR_ARG(str_first(m->name, 200)));
	}
}

static Result stream_text(Shelf *base, Str name, uint64_t max, Arena *a, Str *out, bool *found)
{
	(void)a;
	const Member *m = archive_find(&((StreamShelf *)(void *)base)->archive, name);
	*found = m != NULL;
	if (m == NULL)
		return OK;
	const Kept *k = m->extra;
	if (m->size > max)
		FAIL(ERR_LIMIT, "larger than %llu bytes", (unsigned long long)max);
	if (k->text.p == NULL)
		FAIL(ERR_INPUT, "is not JSON");
	*out = k->text;
	return OK;
}

static Result stream_size(Shelf *base, Str name, uint64_t *out, bool *found)
{
	const Member *m = archive_find(&((StreamShelf *)(void *)base)->archive, name);
	*found = m != NULL;
	if (m != NULL)
		*out = m->size;
	return OK;
}

/* ---- layers ---- */

static Result check(const char *what, Str expected, Str measured)
{
	if (expected.n != 0 && !str_eq(expected, measured))
		FAIL(ERR_TRUST,
		     "%s differs: " STR_FMT " is expected, " STR_FMT
		     " is there; pull or save it again",
		     what, STR_ARG(expected), STR_ARG(measured));
	return OK;
}

static Result find_layer(const StreamShelf *s, const LayerTask *t, const Member **out)
{
	const Member *m = archive_find(&s->archive, t->name);
	const Kept *k = m != NULL ? m->extra : NULL;
	if (k == NULL || !k->is_layer)
		FAIL(ERR_INPUT, "layer " STR_FMT ": is not a tar, plain, gzip or zstd",
		     STR_ARG(t->expect.name));
	*out = m;
	return OK;
}

static Result stream_layer(Shelf *base, const LayerTask *t)
{
	const Member *m;
	TRY(find_layer((StreamShelf *)(void *)base, t, &m));
	const Kept *k = m->extra;
	const LayerExpect *e = &t->expect;
	if (k->err != OK)
		return err_make(k->err->kind, k->err->sys, k->err->where, "%s", k->err->text);
	TRY_IN(check("digest", e->digest, str_of(k->index.digest)), "layer " STR_FMT,
	       STR_ARG(e->name));
	TRY_IN(check("diffID", e->diff_id, str_of(k->index.diff_id)), "layer " STR_FMT,
	       STR_ARG(e->name));
	*t->out = k->index;
	return OK;
}

static Result read_if_asked(Tar *tar, Str name, const LayerTask *t, size_t n, size_t *left)
{
	for (size_t i = 0; i < n; i++) {
		if (t[i].out->bytes != 0 || !str_eq(t[i].name, name))
			continue;
		Body b;
		TRY(body_open(&b, tar));
		--*left;
		return layer_read_stream(&b.base, &t[i].expect, t[i].want, t[i].out);
	}
	return OK;
}

/* The whole stream once more, for those of the layers that are left. */
static Result one_more_pass(StreamShelf *s, const LayerTask *t, size_t n, size_t *left)
{
	Source *raw;
	TRY(open_stream(&s->from, &raw));
	AUTO_SOURCE Source *from = raw;
	AUTO_TAR Tar *tar = tar_open(from);
	for (;;) {
		TarEntry e;
		bool more;
		TRY(tar_next(tar, &e, &more));
		if (!more)
			return OK;
		if (e.info.type == FILE_REGULAR)
			TRY(read_if_asked(tar, e.info.path, t, n, left));
	}
}

static Result stream_again(Shelf *base, const LayerTask *tasks, size_t n)
{
	StreamShelf *s = (StreamShelf *)(void *)base;
	LayerTask *t = arena_array(&s->archive.arena, LayerTask, n);
	for (size_t i = 0; i < n; i++) {
		const Member *m;
		t[i] = tasks[i];
		TRY(find_layer(s, &t[i], &m));
		t[i].name = m->name;
	}
	for (size_t left = n, before = n + 1; left != 0;) { /* twice when a layer comes twice */
		if (left == before)
			FAIL(ERR_INPUT, "changed while it was read");
		before = left;
		TRY(one_more_pass(s, t, n, &left));
	}
	return OK;
}

static void stream_close(Shelf *base)
{
	StreamShelf *s = (StreamShelf *)(void *)base;
	for (size_t i = 0; i < s->archive.by_name.cap; i++) {
		const Member *m = s->archive.by_name.slots[i].value;
		Kept *k = m != NULL ? m->extra : NULL;
		if (k == NULL)
			continue;
		arena_finish(&k->arena);
		err_free(k->err);
	}
	arena_finish(&s->archive.arena);
	free(s);
}

static const ShelfOps stream_ops = {stream_text, stream_size, stream_layer, stream_again,
				    stream_close};

Result shelf_of_stream(const ShelfStream *from, Shelf **out)
{
	StreamShelf *s = calloc(1, sizeof *s);
	if (s == NULL)
		die_oom();
	*s = (StreamShelf){.base = {&stream_ops}, .from = *from};
	Err *e = read_all(s);
	if (e == OK)
		*out = &s->base;
	else
		stream_close(&s->base);
	return e;
}
