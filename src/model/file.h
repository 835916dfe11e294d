/* file.h - files of an image: what is asked of them, and what was kept.
 *
 * The image room walks every file once. For each it asks a Selector whether
 * somebody wants bytes of it; a wanted file gets a Sieve, which is fed the
 * file's bytes in order and keeps what it needs. The kept bytes come back, by
 * final path in the merged file system, as a FileSet. Neither room knows the
 * other. */
#pragma once
#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"

typedef enum FileType {
	FILE_REGULAR = 1,
	FILE_DIR,
	FILE_SYMLINK,
	FILE_HARDLINK,
	FILE_OTHER
} FileType;

typedef struct FileInfo {
	Str path; /* normalised: no leading '/', no empty, '.' or '..' component */
	FileType type;
	uint64_t size;
	uint32_t mode; /* permission bits, with setuid, setgid, sticky */
	uint32_t uid, gid;
	uint64_t caps; /* capabilities(7) that the file gives; 0: none, or not asked for */
	bool device;   /* FILE_OTHER: a device node */
	bool climbs;   /* an archive's name for it leads out of the archive */
} FileInfo;

/* Does a path, followed from `depth` directories below a root, lead out of that at some point? By
 * its words alone. */
bool path_climbs(Str path, size_t depth);
/* The permitted set of a security.capability attribute (struct vfs_cap_data); 0: it is none. */
uint64_t file_caps(Str attribute);

#define SIEVE_DONE UINT64_MAX

typedef struct Sieve Sieve;
struct Sieve {
	/* The first offset it still wants to see. Bytes before it may be left out: a stream
	 * skips them, a file on disk seeks. SIEVE_DONE: no more. */
	uint64_t next;
	/* The next run of bytes, at offset `at` <= next. Must move `next` past the run's end
	 * (at + bytes.n), further, or to SIEVE_DONE. */
	Result (*feed)(Sieve *s, uint64_t at, Str bytes);
	/* What it kept, in the arena it was made in; NULL p: nothing, the file is of no interest.
	 * Called once for every sieve that was fed, even when a feed failed: it may free here.
	 */
	Result (*finish)(Sieve *s, Str *out);
	/* Does `b`, of the same selector, keep all that `a` would? NULL: when they feed alike. */
	bool (*same)(const Sieve *a, const Sieve *b);
};

bool sieve_same(const Sieve *a, const Sieve *b);

/* Keeps the whole file. ERR_LIMIT from the first feed on when `size` is over `max_bytes`. */
Sieve *sieve_whole(Arena *a, uint64_t size, uint64_t max_bytes);

typedef struct Selector {
	void *ctx;
	/* Paths looked up in the merged file system, links followed, NULL-terminated:
	 * "var/lib/dpkg/status", or "var/lib/dpkg/status.d/" followed by a '*' for every file
	 * of a directory. All other wants are by pick() alone. */
	const char *const *exact;
	/* A sieve for this regular file, or NULL. Threads call it side by side: ctx is read-only.
	 * Some are only looked at, neither fed nor finished: what is not of the arena comes with
	 * the first feed. */
	Sieve *(*pick)(void *ctx, Arena *a, const FileInfo *f);
	/* A copy of what one of its sieves kept; NULL: of the bytes. */
	Str (*copy_body)(void *ctx, Arena *a, Str body);
} Selector;

Str selector_copy(const Selector *s, Arena *a, Str body);

typedef struct Captured {
	Str path; /* where the merged file system has it; an exact path keeps its asked-for spelling
		   */
	FileInfo info;  /* of the file itself, after links */
	Str body;       /* what the sieve kept */
	uint32_t layer; /* the layer this body came from, or LAYER_NONE */
	Str error;      /* not empty: why the body could not be kept (limit); body is then empty */
	/* The same path in lower layers, next lower first, or NULL; ends at a layer that removed
	 * it. */
	struct Captured *below;
	/* Of a hidden file: the layer that removed or replaced it. */
	uint32_t hidden_by;
} Captured;

typedef VEC(Captured) CapturedVec;

typedef struct FileSet {
	CapturedVec files; /* sorted by path, no path twice */
	Map by_path;       /* path -> Captured *; made by fileset_index() */
} FileSet;

void fileset_index(FileSet *set, Arena *a); /* sorts; call once when the set is complete */
const Captured *fileset_get(const FileSet *set, Str path); /* NULL when absent */
