/* zip.h - a zip archive, entry by entry, from a descriptor that is read at any offset
 * (PKWARE APPNOTE 6.3.10: stored and deflated entries, zip64; one disk, no encryption).
 *
 * Only what the central directory lists is there. Sizes and CRC-32 are checked. Entries whose
 * data share bytes of the file (a bomb) are refused, and so is whatever follows the archive.
 * ERR_INPUT: not a zip, or a damaged one; ERR_LIMIT: LIMIT_ZIP_*. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct ZipEntry {
	Str name;              /* as written; ends with '/' when it is a directory */
	uint64_t size, stored; /* unpacked, packed */
	uint64_t at;           /* of its local header */
	uint32_t crc;
	unsigned method, flags;
} ZipEntry;

typedef struct Zip Zip;

/* `fd` stays the caller's and must outlive it. */
Result zip_open(int fd, Zip **out);
Result zip_open_memory(Str bytes, Zip **out); /* the bytes must outlive it */
void zip_close(Zip *z);                       /* NULL is fine */
static inline void zip_closep(Zip **z) { zip_close(*z); }
#define AUTO_ZIP __attribute__((cleanup(zip_closep)))

/* In the directory's order; out->name lives as long as the archive. */
Result zip_next(Zip *z, ZipEntry *out, bool *more);
/* The whole entry, unpacked, in `a`; ERR_LIMIT past `max`. Each entry is read at most once. */
Result zip_read(Zip *z, const ZipEntry *e, Arena *a, uint64_t max, Str *out);
