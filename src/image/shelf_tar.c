/* shelf_tar.c - an image in an uncompressed tar: indexed once, then read where its members lie. */
#include <stdlib.h>

#include "image/archive.h"
#include "image/shelf.h"

/* Smaller bodies are read over, larger ones are jumped over. */
enum { JUMP_BYTES = 1 << 20, TAR_BLOCK_BYTES = 512 };

typedef struct TarShelf {
	Shelf base;
	int fd;
	Archive archive; /* Member.extra: uint64_t, where its body starts */
} TarShelf;

/* Members from offset *at on, until one was jumped over (*at is then behind it) or the end. */
static Result index_run(TarShelf *t, uint64_t *at, uint64_t size, bool *more)
{
	AUTO_SOURCE Source *from = source_from_region(t->fd, *at, size - *at);
	AUTO_TAR Tar *tar = tar_open(from);
	for (;;) {
		TarEntry e;
		Member *m;
		uint64_t entries, bytes;
		TRY(tar_next(tar, &e, more));
		if (!*more)
			return OK;
		TRY(archive_add(&t->archive, &e, &m));
		if (m == NULL)
			continue;
		tar_count(tar, &entries, &bytes);
		uint64_t body = *at + bytes;
		m->extra = arena_new(&t->archive.arena, uint64_t);
		*(uint64_t *)m->extra = body;
		if (m->size > size - body)
			FAIL(ERR_INPUT, "is cut short in " STR_FMT,
			     STR_ARG(str_first(m->name, 200)));
		if (m->size < JUMP_BYTES)
			continue;
		*at = body + m->size + (-m->size & (TAR_BLOCK_BYTES - 1));
		if (*at > size)
			*at = size; /* without its last padding: nothing is missing */
		return OK;
	}
}

static Result index_members(TarShelf *t, uint64_t bytes)
{
	uint64_t at = 0;
	bool more = true;
	while (more)
		TRY(index_run(t, &at, bytes, &more));
	return OK;
}

static Source *open_member(const TarShelf *t, const Member *m)
{
	return source_from_region(t->fd, *(const uint64_t *)m->extra, m->size);
}

static Result tar_text(Shelf *s, Str name, uint64_t max, Arena *a, Str *out, bool *found)
{
	const TarShelf *t = (TarShelf *)(void *)s;
	const Member *m = archive_find(&t->archive, name);
	*found = m != NULL;
	if (m == NULL)
		return OK;
	AUTO_SOURCE Source *from = open_member(t, m);
	return source_all(from, a, max, out);
}

static Result tar_size(Shelf *s, Str name, uint64_t *out, bool *found)
{
	const Member *m = archive_find(&((TarShelf *)(void *)s)->archive, name);
	*found = m != NULL;
	if (m != NULL)
		*out = m->size;
	return OK;
}

static Result tar_layer(Shelf *s, const LayerTask *l)
{
	const TarShelf *t = (TarShelf *)(void *)s;
	const Member *m = archive_find(&t->archive, l->name);
	if (m == NULL)
		FAIL(ERR_BUG, "layer " STR_FMT ": was there, and is not", STR_ARG(l->name));
	return layer_read_stream(open_member(t, m), &l->expect, l->want, l->out);
}

static void tar_shelf_close(Shelf *s)
{
	TarShelf *t = (TarShelf *)(void *)s;
	arena_finish(&t->archive.arena);
	free(t);
}

static const ShelfOps tar_ops = {
	.text = tar_text, .size = tar_size, .layer = tar_layer, .close = tar_shelf_close};

Result shelf_of_tar(int fd, uint64_t bytes, Shelf **out)
{
	TarShelf *t = calloc(1, sizeof *t);
	if (t == NULL)
		die_oom();
	*t = (TarShelf){.base = {&tar_ops}, .fd = fd};
	Err *e = index_members(t, bytes);
	if (e == OK)
		*out = &t->base;
	else
		tar_shelf_close(&t->base);
	return e;
}
