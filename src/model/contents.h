/* contents.h - every entry of an image's file system, for those who ask about names and modes.
 *
 * Read from what the image room has of it; good while the image is. */
#pragma once
#include "model/file.h"

typedef struct Entry {
	FileInfo info;  /* under its path in the merged file system; a hidden file's in its layer */
	Str link;       /* symlink: the target as written */
	uint32_t layer; /* that brought it */
	bool hidden;    /* a regular file of a layer that another removed or replaced: */
	uint32_t hidden_by;
} Entry;

typedef struct Contents Contents;
struct Contents {
	/* Visible entries parents first, a file once for each of its names; then hidden ones,
	 * lower layers first. What is visited lives until visit() returns. */
	void (*each)(const Contents *c, void (*visit)(void *ctx, const Entry *e), void *ctx);
	/* Does the path lead somewhere, links followed? */
	bool (*leads)(const Contents *c, Str path);
};
