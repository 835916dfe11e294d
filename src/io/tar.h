/* tar.h - a tar archive, entry by entry, from a Source (POSIX.1-2001 pax, ustar, GNU tar 1.34).
 *
 * Header checksums are verified; pax path, linkpath, size, uid, gid, star's SCHILY.xattr of file
 * capabilities and GNU L, K, base-256
 * numbers and sparse files (old GNU, pax 0.0, 0.1, 1.0) are understood. An archive that
 * ends without its two zero blocks at a header boundary is accepted, elsewhere it is cut short. */
#pragma once
#include "io/source.h"
#include "model/file.h"

typedef struct TarEntry {
	FileInfo info; /* size: of the file as unpacked; path normalised, ".." and absolute included
			*/
	Str link;      /* symlink: as written; hard link: normalised */
	Str raw_path;  /* as written, for messages */
} TarEntry;

typedef struct Tar Tar;

/* Borrows `from`. Strings of an entry live until the next tar_next(). */
Tar *tar_open(Source *from);
void tar_close(Tar *t);
static inline void tar_closep(Tar **t) { tar_close(*t); }
#define AUTO_TAR __attribute__((cleanup(tar_closep), unused))

Result tar_next(Tar *t, TarEntry *out, bool *more); /* skips what is left of the last body */
/* The next run of the current body, at offset *at of the unpacked file; empty at its end.
 * Holes of a sparse file are not given: *at jumps over them. */
Result tar_body(Tar *t, uint64_t *at, Str *out);
/* The number of entries and bytes so far, for limits and progress. */
void tar_count(const Tar *t, uint64_t *entries, uint64_t *bytes);
