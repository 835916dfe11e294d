/* archive.h - the members of an image's outer tar, by name. */
#pragma once
#include "io/tar.h"

typedef struct Member {
	Str name;
	FileType type;
	Str link;      /* a link's target: the name of a member */
	uint64_t size; /* of a regular file */
	void *extra;   /* the shelf's own */
} Member;

typedef struct Archive {
	Arena arena;
	Map by_name; /* -> Member */
} Archive;

/* Directories and special files are left out, *out is then NULL. ERR_INPUT for a name that is
 * there twice: readers would disagree on which one counts. */
Result archive_add(Archive *t, const TarEntry *e, Member **out);
/* The regular file that `name` is or leads to, or NULL. */
Member *archive_find(const Archive *t, Str name);
