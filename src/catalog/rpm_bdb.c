/* rpm_bdb.c - Berkeley DB's hash pages: keys and values in pairs, long values on overflow pages.
 *
 * Only pairs that a hash page lists are read: what lies in free space and on free pages is of
 * packages since removed. */
#include "base/limits.h"
#include "catalog/rpm_db.h"

enum {
	META_MAGIC = 0x061561,
	PAGE_HEADER = 26,
	PAGE_HASH_UNSORTED = 2,
	PAGE_OVERFLOW = 7,
	PAGE_HASH = 13,
	ITEM_INLINE = 1,
	ITEM_OFFPAGE = 3,
	OFFPAGE_BYTES = 12,
	HEADER_LEAST = 16, /* shorter values are rpm's own counters */
};

typedef struct Bdb {
	Str file;
	bool swapped; /* big-endian */
	uint32_t page_size, last;
	Arena *arena;
	uint64_t pages_followed;
} Bdb;

static uint32_t word(const Bdb *b, Str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	if (b->swapped)
		return p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[0] << 24;
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t half(const Bdb *b, Str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	return b->swapped ? p[1] | (uint32_t)p[0] << 8 : p[0] | (uint32_t)p[1] << 8;
}

static bool open_bdb(Str file, Bdb *out)
{
	Bdb b = {.file = file};
	if (file.n < 512)
		return false;
	if (word(&b, file, 12) != META_MAGIC) {
		b.swapped = true;
		if (word(&b, file, 12) != META_MAGIC)
			return false;
	}
	b.page_size = word(&b, file, 20);
	b.last = word(&b, file, 32);
	*out = b;
	return true;
}

bool rpm_is_bdb(Str file)
{
	Bdb b;
	return open_bdb(file, &b);
}

static Result page(const Bdb *b, uint32_t number, Str *out)
{
	uint64_t at = (uint64_t)number * b->page_size;
	if (number > b->last || at > b->file.n || b->page_size > b->file.n - at)
		FAIL(ERR_INPUT, "bdb: page %u is not in the file", number);
	*out = str_first(str_skip(b->file, at), b->page_size);
	return OK;
}

static Result read_overflow(Bdb *b, uint32_t number, uint32_t length, Str *out)
{
	if (length > b->file.n)
		FAIL(ERR_INPUT, "bdb: a value of %u bytes in a file of %zu", length, b->file.n);
	char *p = arena_array(b->arena, char, length);
	size_t n = 0;
	while (n < length) {
		Str from;
		TRY(page(b, number, &from));
		uint32_t has = half(b, from, 22);
		if (from.p[25] != PAGE_OVERFLOW || has > b->page_size - PAGE_HEADER || has == 0)
			FAIL(ERR_INPUT, "bdb: page %u is no overflow page", number);
		if (++b->pages_followed > (uint64_t)b->last + 1)
			FAIL(ERR_INPUT, "bdb: overflow pages go in a circle at page %u", number);
		size_t take = has < length - n ? has : length - n;
		memcpy(p + n, from.p + PAGE_HEADER, take);
		n += take;
		number = word(b, from, 16);
	}
	*out = (Str){p, length};
	return OK;
}

static Result read_item(Bdb *b, Str from, uint32_t at, uint32_t end, const RpmSink *to)
{
	Str value;
	if (at < PAGE_HEADER || at >= from.n || end > from.n || end <= at)
		FAIL(ERR_INPUT, "bdb: an item outside its page");
	if (from.p[at] == ITEM_OFFPAGE) {
		if (from.n - at < OFFPAGE_BYTES)
			FAIL(ERR_INPUT, "bdb: an item cut by its page's end");
		TRY(read_overflow(b, word(b, from, at + 4), word(b, from, at + 8), &value));
	} else if (from.p[at] == ITEM_INLINE) {
		value = (Str){from.p + at + 1, end - at - 1};
	} else {
		FAIL(ERR_INPUT, "bdb: an item of unknown type %d", from.p[at]);
	}
	return value.n < HEADER_LEAST ? OK : to->header(to->ctx, value);
}

static Result read_hash_page(Bdb *b, Str from, const RpmSink *to)
{
	uint32_t items = half(b, from, 20);
	if (items % 2 != 0 || (uint64_t)items * 2 > from.n - PAGE_HEADER)
		FAIL(ERR_INPUT, "bdb: a hash page of %u items", items);
	for (uint32_t i = 1; i < items; i += 2) {
		uint32_t at = half(b, from, PAGE_HEADER + (size_t)i * 2);
		uint32_t end = half(b, from,
				    PAGE_HEADER + (size_t)(i - 1) * 2); /* items grow down */
		TRY(read_item(b, from, at, end, to));
	}
	return OK;
}

Result rpm_bdb_read(Str file, Arena *a, const RpmSink *to)
{
	Bdb b;
	if (!open_bdb(file, &b) || b.page_size < 512 || b.page_size > 65536 ||
	    (b.page_size & (b.page_size - 1)) != 0)
		FAIL(ERR_INPUT, "bdb: not a hash database");
	b.arena = a;
	for (uint32_t n = 1; n <= b.last; n++) {
		Str from;
		TRY(page(&b, n, &from));
		if (from.p[25] == PAGE_HASH || from.p[25] == PAGE_HASH_UNSORTED)
			TRY_IN(read_hash_page(&b, from, to), "page %u", n);
	}
	return OK;
}
