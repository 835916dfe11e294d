/* contents.h - the merged file system as a Contents. */
#pragma once
#include "image/hidden.h"
#include "model/contents.h"

typedef struct TreeContents {
	Contents base;
	Tree *tree;
	const bool *reachable;
	Hidden *hidden;
} TreeContents;

/* All must outlive it. */
TreeContents contents_of_tree(Tree *t, const bool *reachable, Hidden *hidden);
