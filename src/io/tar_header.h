/* tar_header.h - one 512-byte tar header and one pax record list, decoded. For tar.c. */
#pragma once
#include "base/vec.h"
#include "io/tar.h"

enum { TAR_BLOCK = 512 };

typedef struct TarRun { /* of a sparse file: bytes that are stored */
	uint64_t at, bytes;
} TarRun;

typedef VEC(TarRun) TarRunVec;

typedef struct TarPax { /* what pax records override; a NULL or false member: nothing */
	Str path, link;
	bool has_size, has_uid, has_gid;
	uint64_t size, uid, gid;
	uint64_t caps;
	bool sparse;
	uint64_t sparse_major, sparse_minor, real_size;
	bool has_real_size;
	Str sparse_name;
	TarRunVec runs;       /* 0.0 and 0.1 */
	uint64_t next_offset; /* 0.0: GNU.sparse.offset waits for its numbytes */
} TarPax;

typedef struct TarHeader {
	char type;
	Str path, link; /* as written; borrowed from the block, or joined in the arena */
	uint64_t size;
	uint32_t mode, uid, gid;
	bool gnu;
	const char *block;
} TarHeader;

bool tar_is_zero(const char *block);
/* Checks the sum and decodes the fields. */
Result tar_header_read(const char *block, Arena *a, TarHeader *out);
/* Octal, or base-256 when the first bit is set (GNU). */
Result tar_number(const char *field, size_t n, const char *name, uint64_t *out);
/* Adds the records of a pax body to *into. Strings are borrowed from `body`. */
Result tar_pax_read(Str body, Arena *a, TarPax *into);
/* Old GNU: the map in the header, or in an extension block. False at its end mark. */
Result tar_old_sparse(const char *field, unsigned entries, Arena *a, TarRunVec *runs);
/* '.', '..' and empty components gone, clamped at the root. In `a`. */
Str tar_normal_path(Arena *a, Str raw);
