/* shelf.h - where the files of an image lie: a layout directory, a tar of one, or a stream of it.
 *
 * A name is a path inside: "index.json", "blobs/sha256/...". Inside a worker only: what is
 * on a shelf is foreign. */
#pragma once
#include "image/layer.h"

typedef struct Shelf Shelf;

typedef struct LayerTask {
	Str name; /* on the shelf */
	LayerExpect expect;
	const Selector *want;
	LayerIndex *out;
} LayerTask;

typedef struct ShelfOps {
	/* *found false: no such file. ERR_LIMIT past `max`. The text lives in `a`. */
	Result (*text)(Shelf *s, Str name, uint64_t max, Arena *a, Str *out, bool *found);
	/* *size: stored bytes. Called side by side for different names. */
	Result (*size)(Shelf *s, Str name, uint64_t *out, bool *found);
	/* As layer_read_stream(); side by side. The first time, with the shelf's own selector. */
	Result (*layer)(Shelf *s, const LayerTask *t);
	/* Layers once more, with other selectors; NULL: layer() can do that too. */
	Result (*again)(Shelf *s, const LayerTask *t, size_t n);
	void (*close)(Shelf *s);
} ShelfOps;

struct Shelf {
	const ShelfOps *ops;
};

static inline void shelf_closep(Shelf **s)
{
	if (*s != NULL)
		(*s)->ops->close(*s);
}
#define AUTO_SHELF __attribute__((cleanup(shelf_closep)))

/* A layout in a directory; `fd` is borrowed. Links in it are not followed. */
Shelf *shelf_of_layout(int fd);
/* Layers that are directories on disk: `names` are those of the layers, for messages too.
 * Holds no documents. All is borrowed. */
Shelf *shelf_of_dirs(const int *fds, const char *const *names, size_t n, bool overlay);
/* An uncompressed tar file of `bytes`; `fd` is borrowed. ERR_INPUT when it is no tar or has a
 * name twice. */
Result shelf_of_tar(int fd, uint64_t bytes, Shelf **out);

/* A stream that can be had more than once: a compressed archive, an engine's export. All
 * layers are read as they come by, before anybody asks for them. */
typedef struct ShelfStream {
	Result (*open)(void *ctx, Source **out); /* from the start; closed by the shelf */
	void *ctx;
	const Selector *want;
	void (*progress)(void *ctx, uint64_t stored_bytes); /* may be NULL */
	void *progress_ctx;
} ShelfStream;
Result shelf_of_stream(const ShelfStream *from, Shelf **out);
