/* reader.c - a file, as the documents in it, each read by its feed. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advisory/feed.h"
#include "base/limits.h"
#include "io/tar.h"
#include "io/zip.h"

enum { TAR_BLOCK = 512, TAR_MAGIC_AT = 257 };

typedef struct Heap { /* not an arena: realloc moves pages, not bytes */
	char *p;
	size_t n, cap;
} Heap;

typedef struct Reading {
	const Feed *feed;
	const FeedSink *to;
	uint64_t packed, unpacked; /* bytes of the file; of all documents so far */
	uint64_t entries, mine;
	Heap body; /* of the document at hand; the room is used again */
} Reading;

/* ---- bytes of one document ---- */

static Result heap_add(Heap *h, Str more)
{
	if (more.n > LIMIT_FEED_DOCUMENT_BYTES - h->n)
		FAIL(ERR_LIMIT, "a document larger than %llu bytes", LIMIT_FEED_DOCUMENT_BYTES);
	if (h->n + more.n > h->cap) {
		h->cap = h->cap + h->cap / 2 + more.n + 4096;
		h->p = realloc(h->p, h->cap);
		if (h->p == NULL)
			die_oom();
	}
	memcpy(h->p + h->n, more.p, more.n);
	h->n += more.n;
	return OK;
}

static Str body_of(const Reading *r)
{
	return r->body.n != 0 ? (Str){r->body.p, r->body.n} : S("");
}

static Result take_document(Reading *r, Str name, Str body)
{
	Arena arena = {0};
	bool mine = false;
	FeedDocument doc = {.name = name, .body = body};
	Err *e = r->feed->read(&doc, &arena, r->to, &mine);
	arena_finish(&arena);
	if (e == OK)
		r->mine += mine;
	return e;
}

/* ---- archives ---- */

static Result count_entry(Reading *r)
{
	if (++r->entries > LIMIT_FEED_ENTRIES)
		FAIL(ERR_LIMIT, "an archive of more than %u entries", LIMIT_FEED_ENTRIES);
	return OK;
}

static Result count_bytes(Reading *r, uint64_t n)
{
	r->unpacked += n;
	if (r->unpacked > LIMIT_FEED_ARCHIVE_BYTES)
		FAIL(ERR_LIMIT, "an archive that unpacks to more than %llu bytes",
		     LIMIT_FEED_ARCHIVE_BYTES);
	if (r->unpacked > LIMIT_FEED_RATIO_FREE_BYTES && r->unpacked / LIMIT_FEED_RATIO > r->packed)
		FAIL(ERR_LIMIT, "an archive that unpacks to more than %u times its size",
		     LIMIT_FEED_RATIO);
	return OK;
}

static Result take_zip_entry(Reading *r, Zip *z, const ZipEntry *e)
{
	Arena arena = {0};
	Str body;
	TRY(count_entry(r));
	TRY(count_bytes(r, e->size));
	Err *err = zip_read(z, e, &arena, LIMIT_FEED_DOCUMENT_BYTES, &body);
	if (err == OK)
		err = take_document(r, e->name, body);
	arena_finish(&arena);
	return err;
}

static Result read_zip(Reading *r, int fd)
{
	AUTO_ZIP Zip *z = NULL;
	ZipEntry e;
	bool more;
	TRY(zip_open(fd, &z));
	for (;;) {
		TRY(zip_next(z, &e, &more));
		if (!more)
			return OK;
		if (!str_ends(e.name, S("/")))
			TRY_IN(take_zip_entry(r, z, &e), STR_FMT, STR_ARG(e.name));
	}
}

static Result take_tar_entry(Reading *r, Tar *t, const TarEntry *e)
{
	r->body.n = 0;
	uint64_t at = 0;
	Str run;
	TRY(count_entry(r));
	TRY(count_bytes(r, e->info.size));
	for (;;) {
		TRY(tar_body(t, &at, &run));
		if (run.n == 0)
			break;
		if (at != r->body.n)
			FAIL(ERR_INPUT, "a sparse file is not a document");
		TRY(heap_add(&r->body, run));
	}
	return take_document(r, e->info.path, body_of(r));
}

static Result read_tar(Reading *r, Source *s)
{
	AUTO_TAR Tar *t = tar_open(s);
	TarEntry e;
	bool more;
	for (;;) {
		TRY(tar_next(t, &e, &more));
		if (!more)
			return OK;
		if (e.info.type == FILE_REGULAR)
			TRY_IN(take_tar_entry(r, t, &e), STR_FMT, STR_ARG(e.info.path));
	}
}

/* ---- what is it? ---- */

/* "kev.json.gz" is the document "kev.json". */
static Str without_packing(Str name)
{
	static const char *const endings[] = {".gz", ".zst", ".tgz"};
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (str_ends(name, str_of(endings[i])))
			return str_first(name, name.n - strlen(endings[i]));
	return name;
}

static Result read_single(Reading *r, Source *s, Str name)
{
	r->body.n = 0;
	for (;;) {
		Str w;
		TRY(source_next(s, &w));
		if (w.n == 0)
			break;
		TRY(heap_add(&r->body, w));
	}
	return take_document(r, without_packing(name), body_of(r));
}

/* The first bytes of what `fd` holds, unpacked: is it a tar? */
static Result is_tar(int fd, uint64_t size, bool *out)
{
	AUTO_SOURCE Source *s = source_from_region(fd, 0, size);
	char block[TAR_BLOCK];
	size_t n = 0;
	TRY(source_decompress(&s, NULL));
	while (n < sizeof block) {
		Str w;
		TRY(source_next(s, &w));
		if (w.n == 0)
			break;
		w = str_first(w, sizeof block - n);
		memcpy(block + n, w.p, w.n);
		n += w.n;
	}
	*out = n == sizeof block && memcmp(block + TAR_MAGIC_AT, "ustar", 5) == 0;
	return OK;
}

static Result refuse_other_packing(Str magic)
{
	if (str_starts(magic, S("\xfd"
				"7zXZ")))
		FAIL(ERR_INPUT, "xz is not read here; unpack it first (xz -d)");
	if (str_starts(magic, S("BZh")))
		FAIL(ERR_INPUT, "bzip2 is not read here; unpack it first (bzip2 -d)");
	return OK;
}

static Result read_by_magic(Reading *r, int fd, Str name)
{
	char magic[6];
	ssize_t n = pread(fd, magic, sizeof magic, 0);
	if (n < 0)
		FAIL_SYS("read: %s", strerror(errno));
	Str start = {magic, (size_t)n};
	TRY(refuse_other_packing(start));
	if (str_starts(start, S("PK\3\4")) || str_starts(start, S("PK\5\6")))
		return read_zip(r, fd);

	bool tar;
	TRY(is_tar(fd, r->packed, &tar));
	AUTO_SOURCE Source *s = source_from_region(fd, 0, r->packed);
	TRY(source_decompress(&s, NULL));
	return tar ? read_tar(r, s) : read_single(r, s, name);
}

Result feed_read_fd(const Feed *f, int fd, Str name, const FeedSink *to)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		FAIL_SYS("%s", strerror(errno));
	Reading r = {.feed = f, .to = to, .packed = (uint64_t)st.st_size};
	Err *e = read_by_magic(&r, fd, name);
	free(r.body.p);
	TRY(e);
	if (r.mine == 0)
		FAIL(ERR_INPUT, "no document of the feed %s; it is published at %s", f->name,
		     f->home);
	return OK;
}
