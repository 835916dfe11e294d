/* hidden.h - regular files of layers that the merged file system no longer shows, and since when.
 */
#pragma once
#include "image/tree.h"

typedef struct Hidden {
	const Tree *tree;
	size_t layers;
	bool **shown;   /* [layer][entry]: some name leads to it */
	Map places;     /* path -> what layers put there; hidden files and the directories above */
	uint64_t steps; /* of hidden_by() so far */
} Hidden;

/* `reachable`: tree_reachable(). */
void hidden_find(const Tree *t, size_t layers, const bool *reachable, Arena *a, Hidden *out);
bool hidden_is(const Hidden *h, uint32_t layer, uint32_t entry);
/* The lowest layer above that removed or replaced the file or a directory above it; its own when it
 * is there twice; LAYER_NONE: not known. */
uint32_t hidden_by(Hidden *h, uint32_t layer, uint32_t entry);
