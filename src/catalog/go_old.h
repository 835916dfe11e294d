/* go_old.h - the data of a Go program built before go1.18, kept until its two strings are found.
 *
 * Such a program (debug/buildinfo up to go1.17) has, behind the magic, the address of two
 * string headers, each an address and a length: version and module list. The strings lie in
 * its read-only data, which comes first in the file, so that is kept as it streams by:
 * LIMIT_GO_DATA_BYTES at most, and only of what can be such a program. */
#pragma once
#include "base/err.h"
#include "io/elf.h"

enum { GO_OLD_PARTS = 8 };

typedef struct GoOldPart { /* what of a segment is kept: its first bytes */
	uint64_t at, address;
	size_t size, n;
	char *bytes;
} GoOldPart;

typedef struct GoOld {
	GoOldPart part[GO_OLD_PARTS]; /* ascending, not overlapping */
	unsigned n, filling;
	struct {
		uint64_t from, bytes;
	} blank[GO_OLD_PARTS]; /* addresses that are zero in no file */
	unsigned n_blank;
} GoOld;

/* Says what is to be kept of a file of `file_bytes`: nothing when it cannot be an old program.
 * `head` is all that was read so far. `o` is zero, and to be closed. */
void go_old_open(GoOld *o, const Elf *elf, Str head, uint64_t file_bytes);
void go_old_close(GoOld *o);

/* As Sieve.next, and as Sieve.feed for a run that goes past it. */
uint64_t go_old_next(const GoOld *o);
void go_old_feed(GoOld *o, uint64_t at, Str run);

/* Follows the pointers of the magic at this offset of the file. Both strings point into `o`. */
Result go_old_strings(const GoOld *o, uint64_t magic_at, Str *version, Str *modules);
