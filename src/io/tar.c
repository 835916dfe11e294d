/* tar.c - header after header; long names and pax records gathered on the way. */
#include "io/tar.h"

#include <stdlib.h>

#include "base/limits.h"
#include "io/tar_header.h"

struct Tar {
	Source *from;
	Arena arena;   /* of the current entry */
	Arena lasting; /* of global pax records */
	TarPax global;
	uint64_t stored;  /* bytes of the current body not yet given */
	uint64_t padding; /* after it */
	TarRunVec runs;   /* sparse: what is stored, in order; else empty */
	bool sparse;
	size_t run;  /* sparse: the current one */
	uint64_t at; /* offset in the unpacked file */
	uint64_t entries, bytes;
	bool ended;
	char block[TAR_BLOCK];
};

Tar *tar_open(Source *from)
{
	Tar *t = calloc(1, sizeof *t);
	if (t == NULL)
		die_oom();
	t->from = from;
	return t;
}

void tar_close(Tar *t)
{
	if (t == NULL)
		return;
	arena_finish(&t->arena);
	arena_finish(&t->lasting);
	free(t);
}

/* ---- bytes ---- */

/* What the source has next, at most `max`; empty at its end. */
static Result take(Tar *t, uint64_t max, Str *out)
{
	Source *s = t->from;
	if (s->pos == s->end && !s->eof)
		TRY(s->ops->fill(s));
	size_t have = (size_t)(s->end - s->pos);
	size_t n = have < max ? have : (size_t)max;
	*out = (Str){(const char *)s->pos, n};
	s->pos += n;
	t->bytes += n;
	if (t->bytes > LIMIT_LAYER_BYTES)
		FAIL(ERR_LIMIT, "tar: more than %llu bytes", LIMIT_LAYER_BYTES);
	return OK;
}

static Result take_exactly(Tar *t, char *to, size_t n, size_t *got)
{
	for (*got = 0; *got < n;) {
		Str w;
		TRY(take(t, n - *got, &w));
		if (w.n == 0)
			break;
		memcpy(to + *got, w.p, w.n);
		*got += w.n;
	}
	return OK;
}

static Result cut_short(const Tar *t)
{
	FAIL(ERR_INPUT, "tar: archive is cut short after %llu bytes", (unsigned long long)t->bytes);
}

static Result skip(Tar *t, uint64_t n)
{
	while (n != 0) {
		Str w;
		TRY(take(t, n, &w));
		if (w.n == 0)
			return cut_short(t);
		n -= w.n;
	}
	return OK;
}

/* A whole block; *end when the archive ends here, on a block's edge. */
static Result next_block(Tar *t, bool *end)
{
	size_t got;
	TRY(take_exactly(t, t->block, TAR_BLOCK, &got));
	*end = got == 0;
	return got == 0 || got == TAR_BLOCK ? OK : cut_short(t);
}

/* The body of a long name or a pax header, without its padding. */
static Result small_body(Tar *t, Arena *a, uint64_t size, Str *out)
{
	if (size > LIMIT_TAR_EXTENSION_BYTES)
		FAIL(ERR_LIMIT, "tar: an extended header of %llu bytes, at most %u are read",
		     (unsigned long long)size, LIMIT_TAR_EXTENSION_BYTES);
	char *p = arena_array(a, char, size + 1);
	size_t got;
	TRY(take_exactly(t, p, size, &got));
	if (got != size)
		return cut_short(t);
	TRY(skip(t, -size & (TAR_BLOCK - 1)));
	*out = (Str){p, size};
	return OK;
}

/* ---- entries ---- */

typedef struct Pending { /* what came before the entry's own header */
	Str long_path, long_link;
	TarPax pax;
} Pending;

static Str up_to_nul(Str s)
{
	const char *end = s.n != 0 ? memchr(s.p, '\0', s.n) : NULL;
	return end != NULL ? (Str){s.p, (size_t)(end - s.p)} : s;
}

/* True when the header was one that describes the next entry. */
static Result extension(Tar *t, const TarHeader *h, Pending *p, bool *was)
{
	Str body;
	*was = true;
	switch (h->type) {
	case 'L':
		TRY(small_body(t, &t->arena, h->size, &body));
		p->long_path = up_to_nul(body);
		return OK;
	case 'K':
		TRY(small_body(t, &t->arena, h->size, &body));
		p->long_link = up_to_nul(body);
		return OK;
	case 'x':
	case 'X': /* Solaris */
		TRY(small_body(t, &t->arena, h->size, &body));
		return tar_pax_read(body, &t->arena, &p->pax);
	case 'g':
		TRY(small_body(t, &t->lasting, h->size, &body));
		TRY(tar_pax_read(body, &t->lasting, &t->global));
		if (t->global.sparse)
			FAIL(ERR_INPUT, "tar: sparse records in a global header");
		p->pax = t->global;
		return OK;
	default: *was = false; return OK;
	}
}

static FileType type_of(const TarHeader *h, Str path)
{
	switch (h->type) {
	case '1': return FILE_HARDLINK;
	case '2': return FILE_SYMLINK;
	case '5':
	case 'D': return FILE_DIR;
	case '3':
	case '4':
	case '6':
	case 'V': return FILE_OTHER;
	default: /* '0', '7', 'S', and per POSIX whatever is not known */
		return str_ends(path, S("/")) && h->type == '\0' ? FILE_DIR : FILE_REGULAR;
	}
}

static Result read_old_sparse(Tar *t, const TarHeader *h, TarEntry *out)
{
	t->sparse = true;
	TRY(tar_number(h->block + 483, 12, "real size", &out->info.size));
	bool more = h->block[482] != '\0';
	TRY(tar_old_sparse(h->block + 386, 4, &t->arena, &t->runs));
	while (more) {
		bool end;
		TRY(next_block(t, &end));
		if (end)
			return cut_short(t);
		TRY(tar_old_sparse(t->block, 21, &t->arena, &t->runs));
		more = t->block[504] != '\0';
	}
	return OK;
}

/* pax 1.0: decimal lines at the start of the body, padded to a block. */
static Result read_sparse_lines(Tar *t)
{
	uint64_t want = 0, v = 0, offset = 0, read = 0;
	bool counted = false, first = true;
	for (;;) {
		Str w;
		TRY(take(t, 1, &w));
		if (w.n == 0 || ++read > t->stored)
			return cut_short(t);
		char c = w.p[0];
		if (c >= '0' && c <= '9' && v < UINT64_MAX / 16) {
			v = v * 10 + (uint64_t)(c - '0');
			continue;
		}
		if (c != '\n')
			FAIL(ERR_INPUT, "tar: a sparse map that is not numbers");
		if (!counted) {
			counted = true;
			want = v;
			if (want > LIMIT_TAR_SPARSE_RUNS)
				FAIL(ERR_LIMIT, "tar: sparse file of more than %u pieces",
				     LIMIT_TAR_SPARSE_RUNS);
		} else if (first) {
			offset = v;
			first = false;
		} else {
			vec_push(&t->arena, &t->runs, (TarRun){offset, v});
			first = true;
		}
		v = 0;
		if (counted && t->runs.n == want)
			break;
	}
	uint64_t pad = -read & (TAR_BLOCK - 1);
	if (read + pad > t->stored)
		return cut_short(t);
	t->stored -= read + pad;
	return skip(t, pad);
}

static Result check_sparse(const Tar *t, uint64_t size)
{
	uint64_t after = 0, sum = 0;
	for (size_t i = 0; i < t->runs.n; i++) {
		TarRun r = t->runs.at[i];
		if (r.at < after || r.at > size || r.bytes > size - r.at)
			FAIL(ERR_INPUT, "tar: a sparse map that runs backwards or past the end");
		after = r.at + r.bytes;
		sum += r.bytes;
	}
	if (sum != t->stored)
		FAIL(ERR_INPUT, "tar: a sparse map of %llu bytes for a body of %llu",
		     (unsigned long long)sum, (unsigned long long)t->stored);
	return OK;
}

static Result set_sparse(Tar *t, const TarHeader *h, const TarPax *pax, TarEntry *out)
{
	if (h->type == 'S') {
		TRY(read_old_sparse(t, h, out));
	} else {
		t->sparse = true;
		if (pax->has_real_size)
			out->info.size = pax->real_size;
		if (pax->sparse_major == 1)
			TRY(read_sparse_lines(t));
		else
			t->runs = pax->runs;
	}
	return check_sparse(t, out->info.size);
}

static Result describe(Tar *t, const TarHeader *h, const Pending *p, TarEntry *out)
{
	const TarPax *pax = &p->pax;
	Str path = h->path, link = h->link;
	if (p->long_path.p != NULL)
		path = p->long_path;
	if (pax->path.p != NULL)
		path = pax->path;
	if (pax->sparse_name.p != NULL)
		path = pax->sparse_name;
	if (p->long_link.p != NULL)
		link = p->long_link;
	if (pax->link.p != NULL)
		link = pax->link;
	if (path.n > LIMIT_TAR_PATH_BYTES || link.n > LIMIT_TAR_PATH_BYTES)
		FAIL(ERR_LIMIT, "tar: a path of more than %u bytes", LIMIT_TAR_PATH_BYTES);
	FileType type = type_of(h, path);
	uint64_t size = pax->has_size ? pax->size : h->size;
	if (h->type >= '1' && h->type <= '6')
		size = 0; /* headers only, whatever they say */
	t->stored = size;
	t->padding = -size & (TAR_BLOCK - 1);
	out->raw_path = arena_str(&t->arena, path);
	out->link = type == FILE_HARDLINK
			    ? tar_normal_path(&t->arena, link)
			    : arena_str(&t->arena, type == FILE_SYMLINK ? link : S(""));
	out->info = (FileInfo){.path = tar_normal_path(&t->arena, path),
			       .type = type,
			       .size = type == FILE_REGULAR ? size : 0,
			       .mode = h->mode,
			       .uid = pax->has_uid ? (uint32_t)pax->uid : h->uid,
			       .gid = pax->has_gid ? (uint32_t)pax->gid : h->gid,
			       .caps = type == FILE_REGULAR ? pax->caps : 0,
			       .device = h->type == '3' || h->type == '4',
			       .climbs = path_climbs(path, 0)};
	if (h->type == 'S' || (pax->sparse && type == FILE_REGULAR))
		return set_sparse(t, h, pax, out);
	return OK;
}

/* After the end mark the stream still has to be read to its end: digests cover it. */
static Result drain(Tar *t)
{
	Str w;
	t->ended = true;
	do
		TRY(take(t, UINT64_MAX, &w));
	while (w.n != 0);
	return OK;
}

static Result finish_body(Tar *t)
{
	TRY(skip(t, t->stored));
	TRY(skip(t, t->padding));
	arena_reset(&t->arena);
	t->stored = t->padding = t->at = 0;
	t->run = 0;
	t->sparse = false;
	t->runs = (TarRunVec){0};
	return OK;
}

Result tar_next(Tar *t, TarEntry *out, bool *more)
{
	*more = false;
	if (t->ended)
		return OK;
	TRY(finish_body(t));
	Pending p = {.pax = t->global};
	for (unsigned extensions = 0;; extensions++) {
		bool end, was;
		TarHeader h;
		TRY(next_block(t, &end));
		if (end || tar_is_zero(t->block)) {
			if (extensions != 0)
				return cut_short(t);
			return end ? OK : drain(t);
		}
		TRY(tar_header_read(t->block, &t->arena, &h));
		if (extensions > LIMIT_TAR_EXTENSIONS)
			FAIL(ERR_LIMIT, "tar: more than %u headers for one entry",
			     LIMIT_TAR_EXTENSIONS);
		TRY(extension(t, &h, &p, &was));
		if (was)
			continue;
		if (++t->entries > LIMIT_LAYER_ENTRIES)
			FAIL(ERR_LIMIT, "tar: more than %u entries", LIMIT_LAYER_ENTRIES);
		TRY(describe(t, &h, &p, out));
		*more = true;
		return OK;
	}
}

Result tar_body(Tar *t, uint64_t *at, Str *out)
{
	uint64_t max = t->stored;
	while (t->sparse && t->run < t->runs.n) {
		TarRun r = t->runs.at[t->run];
		if (t->at < r.at)
			t->at = r.at;
		max = r.at + r.bytes - t->at;
		if (max != 0)
			break;
		t->run++;
	}
	*out = (Str){0};
	*at = t->at;
	if (t->stored == 0)
		return OK;
	TRY(take(t, max, out));
	if (out->n == 0)
		return cut_short(t);
	t->stored -= out->n;
	t->at += out->n;
	return OK;
}

void tar_count(const Tar *t, uint64_t *entries, uint64_t *bytes)
{
	*entries = t->entries;
	*bytes = t->bytes;
}
