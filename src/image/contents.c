/* contents.c - from nodes and hidden files to entries with paths. */
#include "image/contents.h"

static const TreeContents *tree_of(const Contents *c) { return (const void *)c; }

static void visit_node(const TreeContents *c, uint32_t i, Arena *a,
		       void (*visit)(void *ctx, const Entry *e), void *ctx)
{
	const TreeNode *n = &c->tree->nodes.at[i];
	if (!c->reachable[i] || n->entry == NODE_NONE)
		return;
	const LayerEntry *from = tree_entry(c->tree, n->layer, n->entry);
	Entry e = {.info = from->info, .link = from->link, .layer = n->layer};
	e.info.path = tree_path(c->tree, i, a);
	visit(ctx, &e);
	arena_reset(a);
}

static void each(const Contents *base, void (*visit)(void *ctx, const Entry *e), void *ctx)
{
	const TreeContents *c = tree_of(base);
	Arena a = {0};
	for (uint32_t i = 0; i < c->tree->nodes.n; i++)
		visit_node(c, i, &a, visit, ctx);
	arena_finish(&a);
	for (uint32_t l = 0; c->hidden->places.n != 0 && l < c->hidden->layers; l++)
		for (uint32_t i = 0; i < c->tree->layers[l]->entries.n; i++) {
			if (!hidden_is(c->hidden, l, i))
				continue;
			Entry e = {.info = tree_entry(c->tree, l, i)->info,
				   .layer = l,
				   .hidden = true,
				   .hidden_by = hidden_by(c->hidden, l, i)};
			visit(ctx, &e);
		}
}

static bool leads(const Contents *base, Str path)
{
	const TreeContents *c = tree_of(base);
	uint32_t at = NODE_NONE;
	Err *e = tree_find(c->tree, path, true, &at);
	bool unknown = e != OK; /* out of steps */
	err_free(e);
	return unknown || at != NODE_NONE;
}

TreeContents contents_of_tree(Tree *t, const bool *reachable, Hidden *hidden)
{
	return (TreeContents){.base = {.each = each, .leads = leads},
			      .tree = t,
			      .reachable = reachable,
			      .hidden = hidden};
}
