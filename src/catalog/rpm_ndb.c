/* rpm_ndb.c - rpm's own database: slots that point at blobs, all little-endian. */
#include "base/limits.h"
#include "catalog/rpm_db.h"

enum {
	PAGE = 4096,
	SLOT_BYTES = 16,
	BLOCK = 16,
	MAGIC_PAGE = 0x506d7052, /* "RpmP" */
	MAGIC_SLOT = 0x746f6c53, /* "Slot" */
	MAGIC_BLOB = 0x53626c42, /* "BlbS" */
	FIRST_SLOT = 2,          /* the header takes the place of two */
	SLOT_PAGES_MAX = 2048,
};

static uint32_t little(Str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

bool rpm_is_ndb(Str file) { return file.n >= 32 && little(file, 0) == MAGIC_PAGE; }

static Result read_blob(Str file, uint32_t package, uint64_t at, uint64_t blocks, const RpmSink *to)
{
	if (at > file.n || file.n - at < BLOCK || blocks * BLOCK > file.n - at)
		FAIL(ERR_INPUT, "ndb: package %u lies outside the file", package);
	Str head = str_skip(file, at);
	uint32_t length = little(head, 12);
	if (little(head, 0) != MAGIC_BLOB || little(head, 4) != package)
		FAIL(ERR_INPUT, "ndb: package %u has no blob where its slot says", package);
	if (length > head.n - BLOCK)
		FAIL(ERR_INPUT, "ndb: package %u is cut short", package);
	return to->header(to->ctx, str_first(str_skip(head, BLOCK), length));
}

Result rpm_ndb_read(Str file, Arena *a, const RpmSink *to)
{
	(void)a;
	uint32_t pages = little(file, 12);
	if (pages == 0 || pages > SLOT_PAGES_MAX || (uint64_t)pages * PAGE > file.n)
		FAIL(ERR_INPUT, "ndb: %u pages of slots in a file of %zu bytes", pages, file.n);
	for (size_t i = FIRST_SLOT; i < (size_t)pages * (PAGE / SLOT_BYTES); i++) {
		size_t at = i * SLOT_BYTES;
		if (little(file, at) != MAGIC_SLOT)
			FAIL(ERR_INPUT, "ndb: slot %zu is damaged", i);
		uint32_t package = little(file, at + 4);
		if (package == 0)
			continue; /* free */
		TRY(read_blob(file, package, (uint64_t)little(file, at + 8) * BLOCK,
			      little(file, at + 12), to));
	}
	return OK;
}
