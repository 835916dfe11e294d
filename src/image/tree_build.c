/* tree_build.c - puts a layer's entries down as tar does, and layers over each other as overlayfs
 * does. */
#include "base/limits.h"
#include "image/tree_edit.h"

/* ---- one layer ---- */

typedef struct Extract {
	Tree *tree;
	uint32_t layer;
	Str dir; /* the parent of the last entry, and where it led: neighbours share it */
	uint32_t dir_node;
} Extract;

static Result find_parent(Extract *x, Str path, uint32_t *out)
{
	Str dir = str_dir(path);
	if (x->dir_node == NODE_NONE || !str_eq(dir, x->dir)) {
		x->dir = dir;
		TRY(tree_walk(x->tree, dir, WALK_MAKE, &x->dir_node));
	}
	*out = x->dir_node;
	return OK;
}

static NodeKind kind_of(FileType type)
{
	switch (type) {
	case FILE_REGULAR: return NODE_FILE;
	case FILE_DIR: return NODE_DIR;
	case FILE_SYMLINK: return NODE_SYMLINK;
	case FILE_HARDLINK: return NODE_LINK;
	case FILE_OTHER: break;
	}
	return NODE_OTHER;
}

static Result extract_opaque(Extract *x, const LayerEntry *e)
{
	uint32_t dir;
	TRY(tree_walk(x->tree, e->info.path, WALK_MAKE, &dir));
	if (dir == NODE_NONE)
		tree_refuse(x->tree, e->info.path, "a loop of symbolic links leads here");
	else
		x->tree->nodes.at[dir].hides = true;
	return OK;
}

/* Takes what a hard link points to in its own layer; NODE_LINK stays when it is not there. */
static Result take_target(Tree *t, Str target, TreeNode *link)
{
	uint32_t at;
	TRY(tree_walk(t, target, WALK_NOFOLLOW, &at));
	const TreeNode *n = at != NODE_NONE ? &t->nodes.at[at] : NULL;
	if (n == NULL || n->kind == NODE_DIR || n->kind == NODE_WHITEOUT)
		return OK;
	link->kind = n->kind;
	link->layer = n->layer;
	link->entry = n->entry;
	return OK;
}

static Result extract_entry(Extract *x, uint32_t i)
{
	Tree *t = x->tree;
	const LayerEntry *e = tree_entry(t, x->layer, i);
	if (e->whiteout == WHITEOUT_OPAQUE)
		return extract_opaque(x, e);
	if (e->info.path.n == 0) { /* the root itself: only a directory can be it */
		t->nodes.at[t->root].layer = x->layer;
		t->nodes.at[t->root].entry = e->info.type == FILE_DIR ? i : NODE_NONE;
		return OK;
	}
	uint32_t dir;
	TRY(find_parent(x, e->info.path, &dir));
	if (dir == NODE_NONE) {
		tree_refuse(t, e->info.path, "a loop of symbolic links leads here");
		return OK;
	}
	Str name = str_base(e->info.path);
	uint32_t was = tree_child(t, dir, name);
	if (e->whiteout == WHITEOUT_FILE && was != NODE_NONE) {
		t->nodes.at[was].hides = true;
		return OK;
	}
	TreeNode n = {.name = name.p,
		      .name_bytes = (uint32_t)name.n,
		      .layer = x->layer,
		      .entry = i,
		      .kind = (uint8_t)kind_of(e->info.type),
		      .hides = was != NODE_NONE && t->nodes.at[was].hides};
	if (e->whiteout == WHITEOUT_FILE) {
		n.kind = NODE_WHITEOUT;
		n.hides = true;
	}
	if (n.kind == NODE_LINK)
		TRY(take_target(t, e->link, &n));
	if (was != NODE_NONE && (t->nodes.at[was].kind != n.kind || n.kind == NODE_SYMLINK))
		x->dir_node = NODE_NONE; /* the neighbour's way may have led through it */
	tree_put(t, dir, n, false);
	return OK;
}

static Result extract(Tree *t, uint32_t layer)
{
	Extract x = {.tree = t, .layer = layer, .dir_node = NODE_NONE};
	for (size_t i = 0; i < t->layers[layer]->entries.n; i++)
		TRY(extract_entry(&x, (uint32_t)i));
	return OK;
}

/* ---- layer over layers ---- */

/* Hard links that their own layer could not answer. */
static Result take_lower_targets(Tree *lower, Tree *upper)
{
	for (size_t i = 0; i < upper->nodes.n; i++) {
		TreeNode *n = &upper->nodes.at[i];
		if (n->kind != NODE_LINK)
			continue;
		const LayerEntry *e = tree_entry(upper, n->layer, n->entry);
		if (lower != NULL)
			TRY(take_target(lower, e->link, n));
		if (n->kind == NODE_LINK) {
			tree_refuse(upper, e->info.path, "a hard link to a file that is not there");
			n->kind = NODE_GONE;
		}
	}
	return OK;
}

/* The chain of the file that `over` replaces, with that file in front. */
static uint32_t versions_below(Tree *t, uint32_t was, const TreeNode *over)
{
	if (was == NODE_NONE || over->kind != NODE_FILE || over->hides)
		return 0;
	const TreeNode *n = &t->nodes.at[was];
	if (n->kind != NODE_FILE)
		return 0;
	vec_push(t->arena, &t->versions, (Version){n->layer, n->entry, n->below});
	return (uint32_t)t->versions.n;
}

static uint32_t lay_node(Tree *t, uint32_t dir, const TreeNode *n)
{
	uint32_t was = tree_child(t, dir, (Str){n->name, n->name_bytes});
	if (n->kind == NODE_WHITEOUT) {
		if (was != NODE_NONE)
			t->nodes.at[was].kind = NODE_GONE;
		return NODE_NONE;
	}
	bool both_dirs = was != NODE_NONE && n->kind == NODE_DIR &&
			 t->nodes.at[was].kind == NODE_DIR;
	bool merges = both_dirs && !n->hides;
	if (merges && n->entry == NODE_NONE)
		return was;
	TreeNode as = *n;
	as.below = versions_below(t, was, n);
	as.hides = false;
	return tree_put(t, dir, as, both_dirs && !merges);
}

static void lay_root(Tree *t, const TreeNode *n)
{
	TreeNode *root = &t->nodes.at[t->root];
	if (n->hides) {
		TreeNode as = *root;
		root->kind = NODE_GONE;
		t->root = as.parent = (uint32_t)t->nodes.n;
		vec_push(t->arena, &t->nodes, as);
		root = &t->nodes.at[t->root];
	}
	if (n->entry != NODE_NONE) {
		root->layer = n->layer;
		root->entry = n->entry;
	}
}

static void lay_tree(Tree *t, const Tree *upper, Arena *scratch)
{
	/* Where each node of `upper` went; parents come before their children. */
	uint32_t *to = arena_array(scratch, uint32_t, upper->nodes.n);
	lay_root(t, &upper->nodes.at[upper->root]);
	for (size_t i = 0; i < upper->nodes.n; i++) {
		const TreeNode *n = &upper->nodes.at[i];
		to[i] = t->root;
		if (i == upper->root)
			continue;
		uint32_t dir = to[n->parent];
		bool dead = n->kind == NODE_GONE || dir == NODE_NONE;
		to[i] = dead ? NODE_NONE : lay_node(t, dir, n);
	}
}

static void take_refused(Tree *t, const Tree *upper)
{
	for (size_t i = 0; i < upper->refused.n; i++)
		tree_refuse(t, upper->refused.at[i].subject, upper->refused.at[i].reason.p);
	t->refused_n += upper->refused_n - upper->refused.n;
}

static Result add_layer(Tree *t, uint32_t layer)
{
	AUTO_ARENA Arena own = {0};
	Tree upper;
	tree_init(&upper, t->layers, &own, t->layers[layer]->entries.n);
	upper.steps = t->steps;
	TRY(extract(&upper, layer));
	t->steps = upper.steps;
	TRY(take_lower_targets(t, &upper));
	lay_tree(t, &upper, &own);
	take_refused(t, &upper);
	return OK;
}

static Result first_layer(Tree *t)
{
	TRY(extract(t, 0));
	TRY(take_lower_targets(NULL, t));
	for (size_t i = 0; i < t->nodes.n; i++) {
		TreeNode *n = &t->nodes.at[i];
		if (n->kind == NODE_WHITEOUT)
			n->kind = NODE_GONE;
		n->hides = false;
	}
	return OK;
}

Result tree_build(const LayerIndex *const *layers, size_t n, Arena *a, Tree *out)
{
	uint64_t entries = 0;
	for (size_t i = 0; i < n; i++)
		entries += layers[i]->entries.n;
	if (entries > LIMIT_IMAGE_ENTRIES)
		FAIL(ERR_LIMIT, "file system: %llu entries in all layers, at most %u are read",
		     (unsigned long long)entries, LIMIT_IMAGE_ENTRIES);
	Tree t;
	tree_init(&t, layers, a, n != 0 ? layers[0]->entries.n : 0);
	if (n != 0)
		TRY(first_layer(&t));
	for (size_t i = 1; i < n; i++)
		TRY_IN(add_layer(&t, (uint32_t)i), "layer %zu", i + 1);
	*out = t;
	return OK;
}
