/* zip.c - the directory at the end says where the entries are; each is inflated in one go. */
#include "io/zip.h"

#include <errno.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/limits.h"

enum {
	END_BYTES = 22, /* end of central directory record, without its comment */
	END64_BYTES = 56,
	LOCATOR64_BYTES = 20,
	CENTRAL_BYTES = 46,
	LOCAL_BYTES = 30,
	COMMENT_MAX = 65535,
	FLAG_ENCRYPTED = 1,
	METHOD_STORED = 0,
	METHOD_DEFLATED = 8,
	EXTRA_ZIP64 = 1,
	DEFLATE_RATIO_MAX = 1040, /* it reaches 1032 */
};

typedef struct Place { /* where the archive is */
	int fd;        /* -1: in memory */
	Str memory;
} Place;

struct Zip {
	Place from;
	Arena arena;
	Str directory; /* what is left of it */
	uint64_t directory_at;
	uint64_t entries; /* not yet given */
	uint64_t claimed; /* bytes of the file that entries read so far took */
	struct inflate_state inflate;
};

/* Little-endian; the caller has checked that the bytes are there. */
static uint64_t number(const char *p, unsigned bytes)
{
	uint64_t v = 0;
	for (unsigned i = bytes; i-- > 0;)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

static uint16_t u16(const char *p) { return (uint16_t)number(p, 2); }
static uint32_t u32(const char *p) { return (uint32_t)number(p, 4); }
static uint64_t u64(const char *p) { return number(p, 8); }

static Result read_at(const Place *from, uint64_t at, char *to, size_t n)
{
	if (from->fd < 0) {
		if (at > from->memory.n || n > from->memory.n - at)
			FAIL(ERR_INPUT, "zip: the file is cut short");
		if (n != 0)
			memcpy(to, from->memory.p + at, n);
		return OK;
	}
	for (size_t got = 0; got < n;) {
		ssize_t r = pread(from->fd, to + got, n - got, (off_t)(at + got));
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			FAIL_SYS("zip: read: %s", strerror(errno));
		if (r == 0)
			FAIL(ERR_INPUT, "zip: the file is cut short");
		got += (size_t)r;
	}
	return OK;
}

/* ---- the end of the archive ---- */

typedef struct End {
	uint64_t entries, directory_bytes, directory_at;
} End;

/* The end record: its comment reaches exactly the end of the file. */
static Result find_end(Str tail, size_t *at)
{
	for (size_t i = tail.n < END_BYTES ? 0 : tail.n - END_BYTES + 1; i-- > 0;) {
		const char *p = tail.p + i;
		if (memcmp(p, "PK\5\6", 4) == 0 && u16(p + 20) == tail.n - i - END_BYTES) {
			*at = i;
			return OK;
		}
	}
	FAIL(ERR_INPUT, "zip: no end of central directory: not a zip, or cut short");
}

static Result read_end64(const Place *from, uint64_t end_at, End *out)
{
	char locator[LOCATOR64_BYTES], end[END64_BYTES];
	if (end_at < LOCATOR64_BYTES + END64_BYTES)
		FAIL(ERR_INPUT, "zip: no zip64 end record");
	TRY(read_at(from, end_at - LOCATOR64_BYTES, locator, sizeof locator));
	uint64_t at = u64(locator + 8);
	if (memcmp(locator, "PK\6\7", 4) != 0 || at > end_at - LOCATOR64_BYTES - END64_BYTES)
		FAIL(ERR_INPUT, "zip: no zip64 end record");
	TRY(read_at(from, at, end, sizeof end));
	if (memcmp(end, "PK\6\6", 4) != 0)
		FAIL(ERR_INPUT, "zip: no zip64 end record where it should be");
	if (u32(end + 16) != 0 || u32(end + 20) != 0)
		FAIL(ERR_INPUT, "zip: archives of several disks are not read");
	*out = (End){.entries = u64(end + 32),
		     .directory_bytes = u64(end + 40),
		     .directory_at = u64(end + 48)};
	return OK;
}

static Result read_end(const Place *from, uint64_t size, Arena *a, End *out)
{
	size_t n = size < END_BYTES + COMMENT_MAX ? (size_t)size : END_BYTES + COMMENT_MAX, at;
	char *tail = arena_array(a, char, n);
	TRY(read_at(from, size - n, tail, n));
	TRY(find_end((Str){tail, n}, &at));
	const char *p = tail + at;
	uint64_t end_at = size - n + at;
	*out = (End){.entries = u16(p + 10),
		     .directory_bytes = u32(p + 12),
		     .directory_at = u32(p + 16)};
	if (out->entries == UINT16_MAX || out->directory_bytes == UINT32_MAX ||
	    out->directory_at == UINT32_MAX)
		TRY(read_end64(from, end_at, out));
	else if (u16(p + 4) != 0 || u16(p + 6) != 0)
		FAIL(ERR_INPUT, "zip: archives of several disks are not read");
	if (out->directory_bytes > end_at || out->directory_at > end_at - out->directory_bytes)
		FAIL(ERR_INPUT, "zip: the central directory lies outside the file");
	return OK;
}

static Result size_of(const Place *from, uint64_t *out)
{
	struct stat st;
	*out = from->memory.n;
	if (from->fd < 0)
		return OK;
	if (fstat(from->fd, &st) != 0)
		FAIL_SYS("zip: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		FAIL(ERR_INPUT, "zip: not a regular file");
	*out = (uint64_t)st.st_size;
	return OK;
}

static Result read_directory(Zip *z)
{
	uint64_t size;
	End end;
	TRY(size_of(&z->from, &size));
	TRY(read_end(&z->from, size, &z->arena, &end));
	if (end.entries > LIMIT_ZIP_ENTRIES)
		FAIL(ERR_LIMIT, "zip: more than %u entries", LIMIT_ZIP_ENTRIES);
	if (end.directory_bytes > LIMIT_ZIP_DIRECTORY_BYTES)
		FAIL(ERR_LIMIT, "zip: a central directory larger than %u bytes",
		     LIMIT_ZIP_DIRECTORY_BYTES);
	char *p = arena_array(&z->arena, char, end.directory_bytes);
	TRY(read_at(&z->from, end.directory_at, p, end.directory_bytes));
	z->directory = (Str){p, end.directory_bytes};
	z->directory_at = end.directory_at;
	z->entries = end.entries;
	return OK;
}

static Result open_place(Place from, Zip **out)
{
	Zip *z = calloc(1, sizeof *z);
	if (z == NULL)
		die_oom();
	z->from = from;
	Err *e = read_directory(z);
	if (e != OK) {
		zip_close(z);
		return e;
	}
	*out = z;
	return OK;
}

Result zip_open(int fd, Zip **out) { return open_place((Place){.fd = fd}, out); }

Result zip_open_memory(Str bytes, Zip **out)
{
	return open_place((Place){.fd = -1, .memory = bytes}, out);
}

void zip_close(Zip *z)
{
	if (z == NULL)
		return;
	arena_finish(&z->arena);
	free(z);
}

/* ---- entries ---- */

/* The zip64 extra field holds, in this order, those numbers whose 32 bits are all ones. */
static Result apply_zip64(Str extra, ZipEntry *e)
{
	while (extra.n >= 4) {
		size_t n = u16(extra.p + 2);
		Str field = str_first(str_skip(extra, 4), n);
		if (field.n != n)
			FAIL(ERR_INPUT, "zip: an extra field is cut short");
		if (u16(extra.p) == EXTRA_ZIP64) {
			uint64_t *wanted[] = {&e->size, &e->stored, &e->at};
			for (size_t i = 0; i < 3; i++) {
				if (*wanted[i] != UINT32_MAX || field.n < 8)
					continue;
				*wanted[i] = u64(field.p);
				field = str_skip(field, 8);
			}
			return OK;
		}
		extra = str_skip(extra, 4 + n);
	}
	return OK;
}

Result zip_next(Zip *z, ZipEntry *out, bool *more)
{
	*more = z->entries != 0;
	if (!*more)
		return OK;
	const char *p = z->directory.p;
	if (z->directory.n < CENTRAL_BYTES || memcmp(p, "PK\1\2", 4) != 0)
		FAIL(ERR_INPUT, "zip: the central directory is damaged");
	size_t name = u16(p + 28), extra = u16(p + 30), comment = u16(p + 32);
	if (z->directory.n - CENTRAL_BYTES < name + extra + comment)
		FAIL(ERR_INPUT, "zip: the central directory is cut short");
	ZipEntry e = {.name = {p + CENTRAL_BYTES, name},
		      .flags = u16(p + 8),
		      .method = u16(p + 10),
		      .crc = u32(p + 16),
		      .stored = u32(p + 20),
		      .size = u32(p + 24),
		      .at = u32(p + 42)};
	TRY(apply_zip64((Str){p + CENTRAL_BYTES + name, extra}, &e));
	z->directory = str_skip(z->directory, CENTRAL_BYTES + name + extra + comment);
	z->entries--;
	*out = e;
	return OK;
}

/* Where the data of `e` starts. Data of all entries together must fit before the directory. */
static Result locate(Zip *z, const ZipEntry *e, uint64_t *at)
{
	char head[LOCAL_BYTES];
	if (e->at > z->directory_at || z->directory_at - e->at < LOCAL_BYTES)
		FAIL(ERR_INPUT, "zip: an entry lies outside the file");
	TRY(read_at(&z->from, e->at, head, sizeof head));
	if (memcmp(head, "PK\3\4", 4) != 0)
		FAIL(ERR_INPUT, "zip: an entry is not where the directory says");
	uint64_t before = LOCAL_BYTES + (uint64_t)u16(head + 26) + u16(head + 28), whole;
	if (__builtin_add_overflow(before, e->stored, &whole) || whole > z->directory_at - e->at)
		FAIL(ERR_INPUT, "zip: an entry reaches into the directory");
	if (whole > z->directory_at - z->claimed)
		FAIL(ERR_INPUT, "zip: entries share their bytes");
	z->claimed += whole;
	*at = e->at + before;
	return OK;
}

static Result unpack(Zip *z, const ZipEntry *e, Str packed, Str *out)
{
	char *to = (char *)(uintptr_t)out->p;
	if (e->method == METHOD_STORED) {
		if (e->stored != e->size)
			FAIL(ERR_INPUT, "zip: a stored entry of two sizes");
		if (packed.n != 0)
			memcpy(to, packed.p, packed.n);
	} else {
		isal_inflate_init(&z->inflate);
		z->inflate.next_in = (uint8_t *)(uintptr_t)packed.p;
		z->inflate.avail_in = (uint32_t)packed.n;
		z->inflate.next_out = (uint8_t *)to;
		z->inflate.avail_out = (uint32_t)out->n;
		int r = isal_inflate_stateless(&z->inflate);
		if (r != ISAL_DECOMP_OK || z->inflate.total_out != out->n)
			FAIL(ERR_INPUT, "zip: damaged data, or not of the size the directory says");
	}
	if (crc32_z(0, (const Bytef *)to, out->n) != e->crc)
		FAIL(ERR_INPUT, "zip: wrong CRC");
	return OK;
}

Result zip_read(Zip *z, const ZipEntry *e, Arena *a, uint64_t max, Str *out)
{
	uint64_t at;
	if (e->flags & FLAG_ENCRYPTED)
		FAIL(ERR_INPUT, "zip: the entry is encrypted");
	if (e->method != METHOD_STORED && e->method != METHOD_DEFLATED)
		FAIL(ERR_INPUT, "zip: compression method %u is not read (stored and deflate are)",
		     e->method);
	max = max < INT32_MAX ? max : INT32_MAX; /* ISA-L counts in 32 bits */
	if (e->size > max || e->stored > max)
		FAIL(ERR_LIMIT, "zip: an entry larger than %llu bytes", (unsigned long long)max);
	if (e->size / DEFLATE_RATIO_MAX > e->stored)
		FAIL(ERR_INPUT, "zip: an entry that claims to unpack to more than it can");
	TRY(locate(z, e, &at));
	char *packed = arena_array(a, char, e->stored);
	TRY(read_at(&z->from, at, packed, e->stored));
	Str body = {arena_array(a, char, e->size), e->size};
	TRY(unpack(z, e, (Str){packed, e->stored}, &body));
	*out = body;
	return OK;
}
