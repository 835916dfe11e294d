/* decompress.c - what a source holds, by its first bytes, and the right filter over it. */
#include <stdlib.h>
#include <string.h>

#include "io/source.h"

enum { MAGIC_MAX = 4 };

/* The first bytes, gathered from a source that gave them one by one, then the rest. */
typedef struct PrefixSource {
	Source base;
	Source *below;
	uint8_t bytes[MAGIC_MAX];
} PrefixSource;

static Result prefix_fill(Source *s)
{
	PrefixSource *p = (PrefixSource *)(void *)s;
	Str w;
	TRY(source_next(p->below, &w));
	s->pos = (const uint8_t *)w.p;
	s->end = s->pos + w.n;
	s->eof = w.n == 0;
	return OK;
}

static void prefix_close(Source *s)
{
	PrefixSource *p = (PrefixSource *)(void *)s;
	source_close(p->below);
	free(p);
}

static const SourceOps prefix_ops = {.fill = prefix_fill, .close = prefix_close};

/* Makes the first MAGIC_MAX bytes visible in the window, or all there are. */
static Result peek_magic(Source **s)
{
	if ((*s)->pos == (*s)->end && !(*s)->eof)
		TRY((*s)->ops->fill(*s));
	if ((*s)->eof || (*s)->end - (*s)->pos >= MAGIC_MAX)
		return OK;
	uint8_t bytes[MAGIC_MAX];
	size_t n = 0;
	while (n < MAGIC_MAX) {
		if ((*s)->pos == (*s)->end && !(*s)->eof)
			TRY((*s)->ops->fill(*s));
		if ((*s)->pos == (*s)->end)
			break;
		bytes[n++] = *(*s)->pos++;
	}
	PrefixSource *p = malloc(sizeof *p);
	if (p == NULL)
		die_oom();
	memcpy(p->bytes, bytes, n);
	p->base = (Source){.ops = &prefix_ops, .pos = p->bytes, .end = p->bytes + n};
	p->below = *s;
	*s = &p->base;
	return OK;
}

Result source_decompress(Source **s, const char **name)
{
	static const uint8_t zstd_magic[] = {0x28, 0xb5, 0x2f, 0xfd};
	TRY(peek_magic(s));
	size_t have = (size_t)((*s)->end - (*s)->pos);
	const uint8_t *p = (*s)->pos;
	const char *kind = "plain";
	if (have >= 2 && p[0] == 0x1f && p[1] == 0x8b)
		kind = "gzip";
	else if (have >= 4 && (memcmp(p, zstd_magic, 4) == 0 ||
			       ((p[0] & 0xf0) == 0x50 && memcmp(p + 1, "\x2a\x4d\x18", 3) == 0)))
		kind = "zstd";
	if (name != NULL)
		*name = kind;
	if (kind[0] == 'g')
		return source_gunzip(s);
	return kind[0] == 'z' ? source_unzstd(s) : OK;
}
