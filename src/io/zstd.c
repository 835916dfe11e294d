/* zstd.c - zstd frames, one after another, as one Source (RFC 8878). */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/limits.h"
#include "io/source.h"

enum { WINDOW = 512 * 1024, HEADER_MAX = 18 /* RFC 8878, 3.1.1.1 and the magic number */ };

typedef struct ZstdSource {
	Source base;
	Source *below;
	ZSTD_DStream *z;
	Str in;
	size_t hint;   /* 0: at the end of a frame */
	uint64_t made; /* of this frame */
	uint8_t header[HEADER_MAX];
	size_t header_n;
	uint8_t buf[WINDOW];
} ZstdSource;

/* The library looks at this or not, as the bytes come in one piece or in many. */
static Result frame_ends(ZstdSource *g)
{
	unsigned long long says = ZSTD_getFrameContentSize(g->header, g->header_n);
	uint64_t made = g->made;
	g->made = g->header_n = 0;
	if (says < ZSTD_CONTENTSIZE_ERROR && says != made)
		FAIL(ERR_INPUT, "zstd: a frame says that it holds %llu bytes, and holds %llu", says,
		     (unsigned long long)made);
	return OK;
}

/* As much as one step of the library takes; it never goes past the end of a frame. */
static Result zstd_step(ZstdSource *g, ZSTD_outBuffer *out)
{
	ZSTD_inBuffer in = {g->in.p, g->in.n, 0};
	size_t r = ZSTD_decompressStream(g->z, out, &in);
	if (ZSTD_isError(r))
		FAIL(ERR_INPUT, "zstd: %s", ZSTD_getErrorName(r));
	size_t room = HEADER_MAX - g->header_n, n = in.pos < room ? in.pos : room;
	memcpy(g->header + g->header_n, g->in.p, n);
	g->header_n += n;
	g->made += out->pos;
	g->hint = r;
	g->in = str_skip(g->in, in.pos);
	return r == 0 ? frame_ends(g) : OK;
}

static Result zstd_into(Source *s, uint8_t *p, size_t n, size_t *made)
{
	ZstdSource *g = (ZstdSource *)(void *)s;
	ZSTD_outBuffer out = {p, n, 0};
	while (out.pos == 0) {
		if (g->in.n == 0) {
			TRY(source_next(g->below, &g->in));
			if (g->in.n == 0) {
				if (g->hint != 0)
					FAIL(ERR_INPUT, "zstd: stream is cut short");
				s->eof = true;
				break;
			}
		}
		TRY(zstd_step(g, &out));
	}
	*made = out.pos;
	return OK;
}

static Result zstd_fill(Source *s)
{
	ZstdSource *g = (ZstdSource *)(void *)s;
	size_t made;
	TRY(zstd_into(s, g->buf, WINDOW, &made));
	s->pos = g->buf;
	s->end = g->buf + made;
	return OK;
}

static void zstd_close(Source *s)
{
	ZstdSource *g = (ZstdSource *)(void *)s;
	ZSTD_freeDStream(g->z);
	source_close(g->below);
	free(g);
}

static const SourceOps zstd_ops = {.fill = zstd_fill, .into = zstd_into, .close = zstd_close};

Result source_unzstd(Source **s)
{
	ZstdSource *g = malloc(sizeof *g);
	ZSTD_DStream *z = ZSTD_createDStream();
	if (g == NULL || z == NULL)
		die_oom();
	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, LIMIT_ZSTD_WINDOW_LOG);
	g->base = (Source){.ops = &zstd_ops};
	g->below = *s;
	g->z = z;
	g->in = (Str){0};
	g->made = g->header_n = 0;
	g->hint = 1; /* an empty stream is no zstd stream */
	*s = &g->base;
	return OK;
}
