/* layer_stream.c - a layer's bytes, once: read and inflated here, hashed and walked on a second
 * thread.
 *
 *     raw -> [count, digest] -> inflate -> ring of slots -> [diffID] -> tar walk -> sieves */
#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "image/layer.h"
#include "io/digest.h"
#include "io/tar.h"

enum { SLOTS = 8, SLOT_BYTES = 512 * 1024 };

/* ---- a filter that hashes and counts what passes ---- */

typedef struct Meter {
	Source base;
	Source *below;
	Sha256 sha;
	bool hashing;
	uint64_t bytes;
	const LayerExpect *tell; /* its progress, or NULL */
} Meter;

static void meter_add(Meter *m, Str bytes)
{
	if (m->hashing)
		sha256_add(&m->sha, bytes);
	m->bytes += bytes.n;
	if (m->tell != NULL && m->tell->progress != NULL)
		m->tell->progress(m->tell->progress_ctx, m->bytes);
	m->base.eof = bytes.n == 0;
}

static Result meter_fill(Source *s)
{
	Meter *m = (Meter *)(void *)s;
	Str w;
	TRY(source_next(m->below, &w));
	meter_add(m, w);
	s->pos = (const uint8_t *)w.p;
	s->end = w.n != 0 ? s->pos + w.n : s->pos;
	return OK;
}

static Result meter_into(Source *s, uint8_t *p, size_t n, size_t *made)
{
	Meter *m = (Meter *)(void *)s;
	TRY(source_read(m->below, p, n, made));
	meter_add(m, (Str){(const char *)p, *made});
	return OK;
}

/* On the stack: there is nothing to close. */
static const SourceOps meter_ops = {.fill = meter_fill, .into = meter_into};

static Meter meter_over(Source *below, bool hashing)
{
	Meter m = {.base = {.ops = &meter_ops}, .below = below, .hashing = hashing};
	if (hashing)
		m.sha = sha256_start();
	return m;
}

/* Leaves "sha256:..." in out[80], or "" when nothing was hashed. */
static void meter_finish(Meter *m, char out[static 80])
{
	out[0] = '\0';
	if (!m->hashing)
		return;
	uint8_t sha[SHA256_BYTES];
	Arena a = {0};
	sha256_finish(&m->sha, sha);
	Str text = digest_text(&a, sha);
	memcpy(out, text.p, text.n);
	out[text.n] = '\0';
	arena_finish(&a);
}

/* ---- the ring between the two threads ---- */

typedef struct Ring {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	size_t head, tail; /* filled, emptied: slots ever */
	bool ended;        /* the writer has no more */
	bool broken;       /* the writer failed, or the reader gave up */
	size_t n[SLOTS];
	uint8_t (*slot)[SLOT_BYTES];
} Ring;

/* A free slot, or NULL when the reader gave up. */
static uint8_t *ring_slot(Ring *r)
{
	pthread_mutex_lock(&r->lock);
	while (r->head - r->tail == SLOTS && !r->broken)
		pthread_cond_wait(&r->moved, &r->lock);
	uint8_t *p = r->broken ? NULL : r->slot[r->head % SLOTS];
	pthread_mutex_unlock(&r->lock);
	return p;
}

static void ring_filled(Ring *r, size_t n)
{
	pthread_mutex_lock(&r->lock);
	r->n[r->head++ % SLOTS] = n;
	pthread_cond_signal(&r->moved);
	pthread_mutex_unlock(&r->lock);
}

static void ring_close(Ring *r, bool broken)
{
	pthread_mutex_lock(&r->lock);
	r->ended = true;
	r->broken = r->broken || broken;
	pthread_cond_broadcast(&r->moved);
	pthread_mutex_unlock(&r->lock);
}

typedef struct RingSource {
	Source base;
	Ring *ring;
	bool holding; /* the window is the oldest slot */
} RingSource;

static Result ring_fill(Source *s)
{
	RingSource *rs = (RingSource *)(void *)s;
	Ring *r = rs->ring;
	pthread_mutex_lock(&r->lock);
	if (rs->holding) {
		r->tail++;
		pthread_cond_signal(&r->moved);
	}
	while (r->head == r->tail && !r->ended)
		pthread_cond_wait(&r->moved, &r->lock);
	rs->holding = r->head != r->tail;
	size_t at = r->tail % SLOTS, n = rs->holding ? r->n[at] : 0;
	bool broken = r->broken && !rs->holding;
	pthread_mutex_unlock(&r->lock);
	if (broken)
		FAIL(ERR_INPUT,
		     "the layer's stream broke off"); /* the writer's own error is told */
	s->pos = r->slot[at];
	s->end = s->pos + n;
	s->eof = n == 0;
	return OK;
}

static const SourceOps ring_ops = {.fill = ring_fill};

/* ---- the walk ---- */

static Result feed_hole(Sieve *s, uint64_t at, uint64_t to)
{
	enum { HOLE_MAX = 1 << 20 };
	static const char zeros[4096];
	if (s->next >= to)
		return OK;
	if (to - at > HOLE_MAX)
		FAIL(ERR_LIMIT, "sparse file with a hole of %llu bytes",
		     (unsigned long long)(to - at));
	for (; at < to; at += sizeof zeros) {
		Str part = {zeros, to - at < sizeof zeros ? (size_t)(to - at) : sizeof zeros};
		if (s->next < at + part.n)
			TRY(s->feed(s, at, part));
	}
	return OK;
}

/* Only the tar's own errors come back; what the sieve says against the file goes to *refused. */
static Result sift(Tar *t, Sieve *s, uint64_t size, Err **refused)
{
	uint64_t at, done = 0;
	Str run;
	while (*refused == OK && s->next != SIEVE_DONE) {
		TRY(tar_body(t, &at, &run));
		if (run.n == 0)
			break;
		if (at > done)
			*refused = feed_hole(s, done, at);
		if (*refused == OK && s->next < at + run.n)
			*refused = s->feed(s, at, run);
		done = at + run.n;
	}
	if (*refused == OK && s->next != SIEVE_DONE && done < size)
		*refused = feed_hole(s, done, size);
	return OK;
}

static Result keep_body(Tar *t, const Selector *want, Arena *a, LayerEntry *e)
{
	Sieve *s = want->pick(want->ctx, a, &e->info);
	if (s == NULL)
		return OK;
	Str body = {0};
	Err *refused = OK;
	Err *broken = sift(t, s, e->info.size, &refused);
	Err *finished = s->finish(s, &body);
	if (broken != OK || refused != OK) {
		err_free(finished);
		finished = OK;
	}
	if (broken != OK) {
		err_free(refused);
		return broken;
	}
	refused = refused != OK ? refused : finished;
	if (refused == OK)
		e->body = body;
	else
		e->error = arena_str(a, str_of(refused->text));
	err_free(refused);
	return OK;
}

/* False: an entry of aufs' own book-keeping, which is no file of the image. */
static bool read_whiteout(LayerEntry *e)
{
	static const Str mark = {".wh.", 4};
	Str base = str_base(e->info.path), dir = str_dir(e->info.path);
	if (!str_starts(base, mark))
		return true;
	if (str_eq(base, S(".wh..wh..opq"))) {
		e->whiteout = WHITEOUT_OPAQUE;
		e->info.path = dir;
		return true;
	}
	Str hidden = str_skip(base, mark.n);
	if (hidden.n == 0 || str_starts(hidden, mark))
		return false;
	e->whiteout = WHITEOUT_FILE;
	char *p = (char *)(uintptr_t)e->info.path.p; /* our own copy */
	memmove(p + (base.p - e->info.path.p), base.p + mark.n, hidden.n);
	e->info.path.n -= mark.n;
	return true;
}

static Result walk(Source *from, const Selector *want, LayerIndex *out)
{
	AUTO_TAR Tar *t = tar_open(from);
	TarEntry entry;
	bool more;
	for (;;) {
		TRY(tar_next(t, &entry, &more));
		if (!more)
			return OK;
		LayerEntry e = {.info = entry.info};
		e.info.path = arena_str(out->arena, entry.info.path);
		e.link = arena_str(out->arena, entry.link);
		if (e.info.path.n == 0 || !read_whiteout(&e))
			continue; /* the root itself */
		if (e.whiteout == WHITEOUT_NONE && e.info.type == FILE_REGULAR)
			TRY_IN(keep_body(t, want, out->arena, &e), STR_FMT, STR_ARG(e.info.path));
		vec_push(out->arena, &out->entries, e);
	}
}

/* ---- both threads together ---- */

typedef struct Walker {
	Ring *ring;
	const Selector *want;
	LayerIndex *out;
	bool hashing, plain;
	Err *err;
} Walker;

static void *run_walker(void *from)
{
	Walker *w = from;
	RingSource rs = {.base = {.ops = &ring_ops}, .ring = w->ring};
	Meter m = meter_over(&rs.base, w->hashing);
	w->err = walk(&m.base, w->want, w->out);
	ring_close(w->ring, w->err != OK);
	meter_finish(&m, w->out->diff_id);
	w->out->bytes = m.bytes;
	return NULL;
}

static Result check_ratio(uint64_t stored, uint64_t inflated)
{
	if (inflated > LIMIT_BOMB_BYTES && inflated / LIMIT_BOMB_RATIO > stored)
		FAIL(ERR_LIMIT,
		     "inflates to more than %u times its %llu bytes: a decompression bomb",
		     LIMIT_BOMB_RATIO, (unsigned long long)stored);
	return OK;
}

static Result pour(Source *s, const Meter *stored, Ring *ring)
{
	uint64_t total = 0;
	for (uint8_t *slot; (slot = ring_slot(ring)) != NULL;) {
		size_t n;
		TRY(source_read(s, slot, SLOT_BYTES, &n));
		if (n == 0)
			return OK;
		total += n;
		TRY(check_ratio(stored->bytes, total));
		ring_filled(ring, n);
	}
	return OK; /* the walker's error is told */
}

static Result read_overlapped(Source *s, const Meter *stored, Walker *w)
{
	Ring ring = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
	ring.slot = malloc(SLOTS * sizeof *ring.slot);
	if (ring.slot == NULL)
		die_oom();
	w->ring = &ring;
	pthread_t thread;
	if (pthread_create(&thread, NULL, run_walker, w) != 0)
		die_oom();
	Err *e = pour(s, stored, &ring);
	ring_close(&ring, e != OK);
	pthread_join(thread, NULL);
	free(ring.slot);
	if (e != OK) {
		err_free(w->err);
		return e;
	}
	return w->err;
}

static Result check_digest(const char *what, Str expected, const char *measured)
{
	if (expected.n != 0 && !str_eq(expected, str_of(measured)))
		FAIL(ERR_TRUST,
		     "%s differs: " STR_FMT " is expected, %s is there; pull or save it again",
		     what, STR_ARG(expected), measured);
	return OK;
}

static Result read_layer(Source **s, Meter *stored, const LayerExpect *expect, Walker *w)
{
	const char *kind;
	TRY(source_decompress(s, &kind));
	bool plain = str_eq(str_of(kind), S("plain"));
	bool wanted = expect->diff_id.n != 0 || expect->measure;
	w->hashing = wanted && !(plain && stored->hashing); /* one serves as both */
	w->plain = plain;
	TRY(read_overlapped(*s, stored, w));
	Str rest; /* a decoder may stop before the last stored byte */
	do
		TRY(source_next(&stored->base, &rest));
	while (rest.n != 0);
	return OK;
}

Result layer_read_stream(Source *raw, const LayerExpect *expect, const Selector *want,
			 LayerIndex *out)
{
	AUTO_SOURCE Source *own = raw;
	Meter stored = meter_over(own, expect->digest.n != 0 || expect->measure);
	stored.tell = expect;
	AUTO_SOURCE Source *s = &stored.base;
	Walker w = {.want = want, .out = out};
	Err *e = read_layer(&s, &stored, expect, &w);
	meter_finish(&stored, out->digest);
	if (w.plain && !w.hashing)
		memcpy(out->diff_id, out->digest, sizeof out->diff_id);
	if (e == OK)
		e = check_digest("digest", expect->digest, out->digest);
	if (e == OK)
		e = check_digest("diffID", expect->diff_id, out->diff_id);
	return e != OK ? err_in(e, "layer " STR_FMT, STR_ARG(expect->name)) : OK;
}
