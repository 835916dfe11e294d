/* snapshot.c - gathers facts from feeds' readers, sorts and compresses them; reads them back. */
#include "flow/snapshot.h"

#include <stdlib.h>
#include <zstd.h>

#include "base/limits.h"
#include "base/map.h"
#include "flow/snapshot_line.h"
#include "io/fd.h"

#define MAGIC "bulwark-snapshot 1"

enum { LEVEL = 19, CHUNK = 128 * 1024 };

/* ---- gathering ---- */

typedef struct EpssLine {
	Str cve, line;
} EpssLine;

typedef struct Gathered {
	Arena arena;
	VEC(Str) lines;
	VEC(EpssLine) epss; /* kept when another fact has the id */
	Map ids;
	uint64_t feed_rows;
	int64_t feed_as_of;
} Gathered;

static void add_id(Gathered *g, Str id)
{
	if (map_get(&g->ids, id) == NULL)
		*map_at(&g->ids, &g->arena, arena_str(&g->arena, id)) = g;
}

static Result add_line(Gathered *g, const Buf *b)
{
	Str line;
	TRY(buf_done(b, "a fact", &line));
	vec_push(&g->arena, &g->lines, line);
	g->feed_rows++;
	return OK;
}

static Result gather_advisory(void *ctx, const Advisory *row)
{
	Gathered *g = ctx;
	Buf b = buf_in(&g->arena, LIMIT_LINE_BYTES);
	add_id(g, row->id);
	for (size_t i = 0; i < row->aliases.n; i++)
		add_id(g, row->aliases.at[i]);
	snapshot_put_advisory(&b, row);
	return add_line(g, &b);
}

static Result gather_detail(void *ctx, const AdvisoryDetail *d)
{
	(void)ctx; /* prose, not facts */
	(void)d;
	return OK;
}

static Result gather_exploited(void *ctx, const Exploited *e)
{
	Gathered *g = ctx;
	Buf b = buf_in(&g->arena, LIMIT_LINE_BYTES);
	add_id(g, e->cve);
	snapshot_put_exploited(&b, e);
	return add_line(g, &b);
}

static Result gather_epss(void *ctx, const Epss *e)
{
	Gathered *g = ctx;
	Buf b = buf_in(&g->arena, LIMIT_LINE_BYTES);
	snapshot_put_epss(&b, e);
	Str line;
	TRY(buf_done(&b, "a fact", &line));
	vec_push(&g->arena, &g->epss, (EpssLine){arena_str(&g->arena, e->cve), line});
	return OK;
}

static Result gather_lifecycle(void *ctx, const Lifecycle *l)
{
	Gathered *g = ctx;
	Buf b = buf_in(&g->arena, LIMIT_LINE_BYTES);
	snapshot_put_lifecycle(&b, l);
	return add_line(g, &b);
}

static void gather_skipped(void *ctx, Str record, const char *why)
{
	(void)ctx;
	(void)record;
	(void)why;
}

static void gather_date(void *ctx, int64_t when)
{
	Gathered *g = ctx;
	if (when > g->feed_as_of)
		g->feed_as_of = when;
}

static FeedSink gather_into(Gathered *g)
{
	return (FeedSink){.ctx = g,
			  .advisory = gather_advisory,
			  .detail = gather_detail,
			  .exploited = gather_exploited,
			  .epss = gather_epss,
			  .lifecycle = gather_lifecycle,
			  .skipped = gather_skipped,
			  .as_of = gather_date};
}

static void keep_epss_of_known_ids(Gathered *g)
{
	for (size_t i = 0; i < g->epss.n; i++)
		if (map_get(&g->ids, g->epss.at[i].cve) != NULL) {
			vec_push(&g->arena, &g->lines, g->epss.at[i].line);
			g->feed_rows++;
		}
	g->epss.n = 0;
}

static Result gather_feed(const FeedInput *in, Gathered *g)
{
	FeedSink sink = gather_into(g);
	g->feed_rows = 0;
	g->feed_as_of = 0;
	TRY(feed_input_read(in, &sink));
	keep_epss_of_known_ids(g);
	const Feed *f = in->feed;
	Buf b = buf_in(&g->arena, LIMIT_LINE_BYTES);
	snapshot_put_feed(&b, &(FeedInfo){.name = str_of(f->name),
					  .url = str_of(f->home),
					  .license = str_of(f->license),
					  .as_of = in->dated != 0 ? in->dated : g->feed_as_of,
					  .rows = g->feed_rows});
	return add_line(g, &b);
}

/* ---- writing ---- */

typedef struct Packer {
	ZSTD_CCtx *z;
	int fd;
	char out[CHUNK];
} Packer;

static Result pack(Packer *p, Str bytes, ZSTD_EndDirective mode)
{
	ZSTD_inBuffer in = {bytes.p, bytes.n, 0};
	for (size_t left = 1; left != 0 && (mode == ZSTD_e_end || in.pos < in.size);) {
		ZSTD_outBuffer out = {p->out, sizeof p->out, 0};
		left = ZSTD_compressStream2(p->z, &out, &in, mode);
		if (ZSTD_isError(left))
			FAIL(ERR_BUG, "zstd: %s", ZSTD_getErrorName(left));
		TRY(fd_write(p->fd, (Str){p->out, out.pos}));
		if (mode != ZSTD_e_end)
			left = 1; /* a hint there, not a remainder */
	}
	return OK;
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const Str *)a, *(const Str *)b);
}

static Result pack_lines(const Gathered *g, Packer *p)
{
	TRY(pack(p, S(MAGIC "\n"), ZSTD_e_continue));
	for (size_t i = 0; i < g->lines.n; i++) {
		if (i != 0 && str_eq(g->lines.at[i], g->lines.at[i - 1]))
			continue;
		TRY(pack(p, g->lines.at[i], ZSTD_e_continue));
		TRY(pack(p, S("\n"), ZSTD_e_continue));
	}
	return pack(p, (Str){"", 0}, ZSTD_e_end);
}

static Result write_facts(Gathered *g, int fd)
{
	Packer *p = malloc(sizeof *p);
	if (p == NULL || (p->z = ZSTD_createCCtx()) == NULL)
		die_oom();
	p->fd = fd;
	ZSTD_CCtx_setParameter(p->z, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(p->z, ZSTD_c_checksumFlag, 1);
	if (g->lines.n != 0)
		qsort(g->lines.at, g->lines.n, sizeof g->lines.at[0], by_bytes);
	Err *e = pack_lines(g, p);
	ZSTD_freeCCtx(p->z);
	free(p);
	return e;
}

static Err *write_in_worker(void *ctx, Reply *reply)
{
	const FeedJob *j = ctx;
	Gathered g = {0};
	for (size_t i = 0; i < j->n; i++) {
		TRY(feed_job_begin(j, i, reply));
		TRY_IN(gather_feed(&j->in[i], &g), "feed %s", j->in[i].feed->name);
	}
	return write_facts(&g, j->out);
}

Result snapshot_write(const FeedInput *in, size_t n, const char *path, const MakeOptions *o)
{
	for (size_t i = 0; i < n; i++)
		if (!in[i].feed->redistributable)
			FAIL(ERR_USAGE, "feed %s may not be handed on (%s)", in[i].feed->name,
			     in[i].feed->license);
	FeedJob j = {.in = in, .n = n, .from = -1, .out = -1, .options = o};
	return feed_job_publish(&j, write_in_worker, path);
}

/* ---- reading ---- */

Result snapshot_read(int fd, DbWriter *w)
{
	Arena a = {0};
	Str line;
	bool got;
	uint64_t number = 1;
	AUTO_SOURCE Source *s = source_from_fd(fd, false);
	TRY(source_decompress(&s, NULL));
	TRY(source_limit(&s, LIMIT_SNAPSHOT_BYTES));
	Err *e = source_line(s, &a, LIMIT_LINE_BYTES, &line, &got);
	if (e == OK && (!got || !str_eq(line, S(MAGIC))))
		e = err_make(ERR_INPUT, 0, ERR_HERE, "not a snapshot of this version");
	while (e == OK && got) {
		arena_reset(&a);
		number++;
		e = source_line(s, &a, LIMIT_LINE_BYTES, &line, &got);
		if (e == OK && got)
			e = snapshot_take_line(line, &a, w);
	}
	arena_finish(&a);
	return e != OK ? err_in(e, "snapshot: line %llu", (unsigned long long)number) : OK;
}
