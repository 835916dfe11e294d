/* zstd.c - zstd frames, one after another, as one Source (RFC 8878). */
#include <stdlib.h>
#include <zstd.h>

#include "base/limits.h"
#include "io/source.h"

enum { WINDOW = 512 * 1024 };

typedef struct ZstdSource {
	Source base;
	Source *below;
	ZSTD_DStream *z;
	Str in;
	size_t hint; /* 0: at the end of a frame */
	uint8_t buf[WINDOW];
} ZstdSource;

static Result zstd_fill(Source *s)
{
	ZstdSource *g = (ZstdSource *)(void *)s;
	ZSTD_outBuffer out = {g->buf, WINDOW, 0};
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
		ZSTD_inBuffer in = {g->in.p, g->in.n, 0};
		size_t r = ZSTD_decompressStream(g->z, &out, &in);
		if (ZSTD_isError(r))
			FAIL(ERR_INPUT, "zstd: %s", ZSTD_getErrorName(r));
		g->hint = r;
		g->in = str_skip(g->in, in.pos);
	}
	s->pos = g->buf;
	s->end = g->buf + out.pos;
	return OK;
}

static void zstd_close(Source *s)
{
	ZstdSource *g = (ZstdSource *)(void *)s;
	ZSTD_freeDStream(g->z);
	source_close(g->below);
	free(g);
}

static const SourceOps zstd_ops = {.fill = zstd_fill, .close = zstd_close};

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
	g->hint = 1; /* an empty stream is no zstd stream */
	*s = &g->base;
	return OK;
}
