/* tree.h - layers laid over each other: the file system a container would see.
 *
 * Inside a layer, entries are put down in the order of the tar as an engine extracts them:
 * a later entry replaces an earlier one, missing parents become directories, a parent that
 * is a symlink of the same layer is followed, never out of the root. Between layers the
 * rules are those of overlayfs (kernel, Documentation/filesystems/overlayfs.rst): a
 * directory over a directory merges unless it is opaque, everything else hides what is
 * below. Whiteouts act on lower layers only, wherever they stand in their own (OCI
 * image-spec 1.1, layer.md). A hard link means the file of its own layer, else of those below. */
#pragma once
#include "base/vec.h"
#include "image/layer.h"
#include "model/pkg.h"

#define NODE_NONE UINT32_MAX

typedef enum NodeKind {
	NODE_GONE, /* removed or replaced; nothing leads here */
	NODE_DIR,
	NODE_FILE,
	NODE_SYMLINK,
	NODE_OTHER,
	NODE_WHITEOUT, /* in one layer's own tree: only hides */
	NODE_LINK,     /* in one layer's own tree: a hard link to a lower layer */
} NodeKind;

typedef struct TreeNode {
	const char *name; /* of the last component; borrowed from a LayerIndex */
	uint32_t name_bytes;
	uint32_t parent; /* always a smaller number; the root's is its own */
	/* The entry that made it what it is; a hard link's is that of its file. NODE_NONE: a
	 * directory that nobody wrote down. */
	uint32_t layer, entry;
	uint32_t below; /* 1 + index into versions; 0: none */
	uint8_t kind;   /* NodeKind */
	bool hides;     /* nothing of lower layers shows through */
} TreeNode;

typedef struct Version { /* a file that a higher layer's file replaced */
	uint32_t layer, entry, below;
} Version;

typedef struct TreeSlot {
	uint32_t hash, node;
} TreeSlot;

typedef struct Tree {
	Arena *arena;
	const LayerIndex *const *layers;
	VEC(TreeNode) nodes;
	VEC(Version) versions;
	VEC(Undecided) refused; /* entries no engine could have extracted; the first few */
	size_t refused_n;       /* all of them */
	TreeSlot *slots;
	size_t used, cap; /* of slots; cap is a power of two */
	uint32_t root;
	uint64_t steps; /* components walked so far: bounded by LIMIT_TREE_STEPS */
} Tree;

/* Bottom layer first. `layers` and what they hold must outlive the tree. */
Result tree_build(const LayerIndex *const *layers, size_t n, Arena *a, Tree *out);

/* The node `path` leads to, or NODE_NONE: not there, too many links, or not a directory on
 * the way. Symlinks on the way are followed inside the root; the last one if `follow`. */
Result tree_find(Tree *t, Str path, bool follow, uint32_t *out);
/* One component of a directory; NODE_NONE when it has none such. */
uint32_t tree_child(const Tree *t, uint32_t dir, Str name);
/* Sets [i] for every node that can be reached from the root by names. */
bool *tree_reachable(const Tree *t, Arena *a);
Str tree_path(const Tree *t, uint32_t node, Arena *a);

static inline const LayerEntry *tree_entry(const Tree *t, uint32_t layer, uint32_t entry)
{
	return &t->layers[layer]->entries.at[entry];
}
