/* tree_edit.h - how tree_build.c puts nodes into a tree; nobody else changes one. */
#pragma once
#include "image/tree.h"

typedef enum WalkMode {
	WALK_FOLLOW,
	WALK_NOFOLLOW, /* the last component is taken as it is */
	WALK_MAKE,     /* follow, and make directories of what is missing or in the way */
} WalkMode;

/* A root directory and room for about `entries` nodes. */
void tree_init(Tree *t, const LayerIndex *const *layers, Arena *a, size_t entries);
/* As tree_find(). WALK_MAKE answers NODE_NONE for a loop of links only. */
Result tree_walk(Tree *t, Str path, WalkMode mode, uint32_t *out);
/* Makes or changes the node `name` of `dir`. What it was before keeps its number unless
 * `fresh` or a directory became something else: then its children are left behind. */
uint32_t tree_put(Tree *t, uint32_t dir, TreeNode as, bool fresh);
/* The first few refusals are kept, all are counted. `path` is borrowed, `why` is static. */
void tree_refuse(Tree *t, Str path, const char *why);
