/* capture.h - from the merged file system to the files somebody wants, with their bytes.
 *
 * First come the selector's exact paths, in its order, with links followed; then every file
 * that pick() took under the name it has in the end. A real file comes once. What a sieve
 * kept while the layers were read is used where it is the sieve that the final name asks
 * for; else the layer is read once more, for those files only. */
#pragma once
#include "image/tree.h"
#include "model/image.h"

typedef struct LayerAgain { /* a layer that has to be read once more */
	uint32_t layer;
	Selector want;
	LayerIndex out; /* its arena is set */
} LayerAgain;

typedef struct Reread {
	/* Reads all of them; entries come in the same order as the first time. */
	Result (*read)(void *ctx, LayerAgain *layers, size_t n);
	void *ctx;
} Reread;

/* Fills image->files (indexed), image->hidden, image->contents (good while the tree is), and
 * image->undecided with files that could not be kept, directories that could not be opened and
 * entries the tree refused. `a` holds what the tree's layers do not. */
Result capture_files(Tree *t, const Selector *want, const Reread *again, Arena *a, Image *image);
