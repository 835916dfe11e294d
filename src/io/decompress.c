/* decompress.c - what a source holds, by its first bytes, and the right filter over it. */
#include <stdlib.h>
#include <string.h>

#include "io/source.h"

enum { MAGIC_MAX = 4 };

/* The first bytes, gathered from a source that gave them one by one, then the rest. */
typedef struct PrefixSource {
	Source base;
	Source *below;
	uint8_t bytes[SOURCE_PEEK_MAX];
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

/* Takes up to `n` bytes from a source that gives fewer at once. */
static Result gather(Source *s, size_t n, PrefixSource *p)
{
	size_t have = 0;
	while (have < n) {
		if (s->pos == s->end && !s->eof)
			TRY(s->ops->fill(s));
		if (s->pos == s->end)
			break;
		p->bytes[have++] = *s->pos++;
	}
	p->base = (Source){.ops = &prefix_ops, .pos = p->bytes, .end = p->bytes + have};
	p->below = s;
	return OK;
}

Result source_peek(Source **s, size_t n, Str *out)
{
	Source *below = *s;
	if (below->pos == below->end && !below->eof)
		TRY(below->ops->fill(below));
	if (!below->eof && (size_t)(below->end - below->pos) < n) {
		PrefixSource *p = malloc(sizeof *p);
		if (p == NULL)
			die_oom();
		Err *e = gather(below, n < SOURCE_PEEK_MAX ? n : SOURCE_PEEK_MAX, p);
		if (e != OK) {
			free(p);
			return e;
		}
		*s = &p->base;
	}
	*out = (Str){(const char *)(*s)->pos, (size_t)((*s)->end - (*s)->pos)};
	return OK;
}

Result source_decompress(Source **s, const char **name)
{
	static const uint8_t zstd_magic[] = {0x28, 0xb5, 0x2f, 0xfd};
	Str head;
	TRY(source_peek(s, MAGIC_MAX, &head));
	size_t have = head.n;
	const uint8_t *p = (const uint8_t *)head.p;
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
