/* layer.h - one layer, read once: every entry's name, and the bytes somebody wants.
 *
 * A layer tar follows OCI image-spec 1.1, layer.md: whiteouts are ".wh.NAME", an opaque
 * directory holds ".wh..wh..opq". A directory on disk is either a plain root file system
 * or an overlay2 diff, where a whiteout is a character device 0:0 and an opaque directory
 * carries trusted.overlay.opaque=y. */
#pragma once
#include "io/source.h"
#include "model/file.h"

typedef enum Whiteout { WHITEOUT_NONE, WHITEOUT_FILE, WHITEOUT_OPAQUE } Whiteout;

typedef struct LayerEntry {
	FileInfo info; /* a whiteout's path is that of what it hides */
	Str link;      /* symlink: the target as written; hard link: a normalised path */
	Whiteout whiteout;
	Str body, error; /* as in Captured; body.p is NULL when nobody wanted it */
} LayerEntry;

typedef struct LayerIndex {
	Arena *arena;                 /* this layer's own: layers are read side by side */
	VEC(LayerEntry) entries;      /* in the order of the tar; of a directory: sorted by path */
	uint64_t bytes;               /* of the uncompressed tar */
	char digest[80], diff_id[80]; /* as measured; empty when not */
} LayerIndex;

typedef struct LayerExpect {
	Str name;     /* for messages: the blob's digest or path */
	Str digest;   /* of the stored bytes; empty: not checked */
	Str diff_id;  /* of the uncompressed tar; empty: not checked */
	bool measure; /* measure both even so: what they have to be is known later */
	void (*progress)(void *ctx,
			 uint64_t stored_bytes); /* from the reading thread; may be NULL */
	void *progress_ctx;
} LayerExpect;

/* Takes the stored bytes (plain, gzip or zstd tar) from `raw`, to their end; closes it.
 * Inflates on this thread, hashes and walks on a second one. A digest that differs is
 * ERR_TRUST and names both. */
Result layer_read_stream(Source *raw, const LayerExpect *expect, const Selector *want,
			 LayerIndex *out);
/* Walks the directory `fd` without following any link. */
Result layer_read_dir(int fd, const char *name, bool overlay, const Selector *want,
		      LayerIndex *out);
