/* tree.c - nodes found by (directory, name), and paths walked over them. */
#include "image/tree.h"

#include "base/buf.h"
#include "base/limits.h"
#include "image/tree_edit.h"

enum { REFUSED_KEPT = 20 };

static Str node_name(const TreeNode *n) { return (Str){n->name, n->name_bytes}; }

/* ---- the table of names ---- */

static uint32_t slot_hash(uint32_t dir, Str name)
{
	uint64_t h = str_hash(name) ^ ((uint64_t)dir + 1) * 0x9E3779B97F4A7C15u;
	h = (h ^ h >> 29) * 0xBF58476D1CE4E5B9u;
	return (uint32_t)(h >> 32);
}

static TreeSlot *slot_at(const Tree *t, uint32_t hash, uint32_t dir, Str name)
{
	for (size_t i = hash & (t->cap - 1);; i = (i + 1) & (t->cap - 1)) {
		TreeSlot *s = &t->slots[i];
		if (s->node == NODE_NONE)
			return s;
		const TreeNode *n = &t->nodes.at[s->node];
		if (s->hash == hash && n->parent == dir && str_eq(node_name(n), name))
			return s;
	}
}

static void make_slots(Tree *t, size_t cap)
{
	TreeSlot *old = t->slots;
	size_t old_cap = t->cap;
	t->slots = arena_array(t->arena, TreeSlot, cap);
	t->cap = cap;
	for (size_t i = 0; i < cap; i++)
		t->slots[i].node = NODE_NONE;
	for (size_t i = 0; i < old_cap; i++) {
		if (old[i].node == NODE_NONE)
			continue;
		size_t to = old[i].hash & (cap - 1);
		while (t->slots[to].node != NODE_NONE)
			to = (to + 1) & (cap - 1);
		t->slots[to] = old[i];
	}
}

void tree_init(Tree *t, const LayerIndex *const *layers, Arena *a, size_t entries)
{
	*t = (Tree){.arena = a, .layers = layers};
	t->nodes.cap = entries + entries / 8 + 64;
	t->nodes.at = arena_array(a, TreeNode, t->nodes.cap);
	size_t cap = 128;
	while (cap / 4 * 3 < t->nodes.cap)
		cap *= 2;
	make_slots(t, cap);
	vec_push(a, &t->nodes, (TreeNode){.name = "", .kind = NODE_DIR, .entry = NODE_NONE});
}

uint32_t tree_child(const Tree *t, uint32_t dir, Str name)
{
	uint32_t n = slot_at(t, slot_hash(dir, name), dir, name)->node;
	return n != NODE_NONE && t->nodes.at[n].kind != NODE_GONE ? n : NODE_NONE;
}

uint32_t tree_put(Tree *t, uint32_t dir, TreeNode as, bool fresh)
{
	if (t->used >= t->cap / 4 * 3)
		make_slots(t, t->cap * 2);
	as.parent = dir;
	Str name = node_name(&as);
	uint32_t hash = slot_hash(dir, name);
	TreeSlot *s = slot_at(t, hash, dir, name);
	bool had = s->node != NODE_NONE;
	TreeNode *was = had ? &t->nodes.at[s->node] : NULL;
	bool in_place = had && !fresh && was->kind != NODE_GONE;
	if (in_place && (was->kind != NODE_DIR || as.kind == NODE_DIR)) {
		*was = as;
		return s->node;
	}
	if (had)
		was->kind = NODE_GONE;
	else
		t->used++;
	*s = (TreeSlot){.hash = hash, .node = (uint32_t)t->nodes.n};
	vec_push(t->arena, &t->nodes, as);
	return s->node;
}

void tree_refuse(Tree *t, Str path, const char *why)
{
	if (t->refused_n++ < REFUSED_KEPT)
		vec_push(t->arena, &t->refused, (Undecided){path, str_of(why)});
}

/* ---- walking ---- */

typedef struct Walk {
	Str rest[LIMIT_LINK_HOPS + 1]; /* still to go; of the link met last on top */
	unsigned depth;                /* of rest */
	unsigned hops;
	uint32_t at;
} Walk;

/* *last: nothing of the path that was asked for is left behind it. */
static bool next_component(Walk *w, Str *name, bool *last)
{
	for (;;) {
		Str *top = &w->rest[w->depth - 1];
		while (top->n != 0 && top->p[0] == '/')
			*top = str_skip(*top, 1);
		if (top->n == 0) {
			if (--w->depth == 0)
				return false;
			continue;
		}
		size_t n = 0;
		while (n < top->n && top->p[n] != '/')
			n++;
		*name = str_first(*top, n);
		*top = str_skip(*top, n);
		*last = w->depth == 1 && top->n == 0;
		if (!str_eq(*name, S(".")))
			return true;
	}
}

static bool follow_link(const Tree *t, Walk *w, const TreeNode *link)
{
	if (w->hops++ == LIMIT_LINK_HOPS)
		return false;
	Str to = tree_entry(t, link->layer, link->entry)->link;
	if (to.n != 0 && to.p[0] == '/')
		w->at = t->root;
	if (w->rest[w->depth - 1].n == 0) /* a chain of links needs no deeper stack */
		w->depth--;
	w->rest[w->depth++] = to;
	return true;
}

static uint32_t make_dir(Tree *t, uint32_t dir, Str name, uint32_t was)
{
	TreeNode n = {.name = name.p,
		      .name_bytes = (uint32_t)name.n,
		      .entry = NODE_NONE,
		      .kind = NODE_DIR,
		      .hides = was != NODE_NONE && t->nodes.at[was].hides};
	return tree_put(t, dir, n, false);
}

static Result check_room(const Tree *t)
{
	if (t->nodes.n >= LIMIT_TREE_NODES)
		FAIL(ERR_LIMIT, "file system: over %u files and directories", LIMIT_TREE_NODES);
	return OK;
}

Result tree_walk(Tree *t, Str path, WalkMode mode, uint32_t *out)
{
	Walk w = {.rest = {path}, .depth = 1, .at = t->root};
	Str name;
	bool last;
	while (next_component(&w, &name, &last)) {
		if (t->steps++ == LIMIT_TREE_STEPS)
			FAIL(ERR_LIMIT, "file system: over %u path components, links counted",
			     LIMIT_TREE_STEPS);
		if (t->nodes.at[w.at].kind != NODE_DIR) { /* "file/.." leads nowhere */
			*out = NODE_NONE;
			return OK;
		}
		if (str_eq(name, S(".."))) {
			w.at = t->nodes.at[w.at].parent;
			continue;
		}
		uint32_t child = tree_child(t, w.at, name);
		NodeKind kind = child != NODE_NONE ? t->nodes.at[child].kind : NODE_GONE;
		bool follow = kind == NODE_SYMLINK && (mode != WALK_NOFOLLOW || !last);
		bool missing = child == NODE_NONE && mode != WALK_MAKE;
		if (missing || (follow && !follow_link(t, &w, &t->nodes.at[child]))) {
			*out = NODE_NONE;
			return OK;
		}
		if (follow)
			continue;
		if (mode == WALK_MAKE && kind != NODE_DIR) {
			TRY(check_room(t));
			child = make_dir(t, w.at, name, child);
		}
		w.at = child;
	}
	*out = w.at;
	return OK;
}

Result tree_find(Tree *t, Str path, bool follow, uint32_t *out)
{
	return tree_walk(t, path, follow ? WALK_FOLLOW : WALK_NOFOLLOW, out);
}

/* ---- the whole of it ---- */

bool *tree_reachable(const Tree *t, Arena *a)
{
	bool *seen = arena_array(a, bool, t->nodes.n);
	for (size_t i = 0; i < t->nodes.n; i++) {
		const TreeNode *n = &t->nodes.at[i];
		seen[i] = i == t->root || (n->kind != NODE_GONE && seen[n->parent]);
	}
	return seen;
}

Str tree_path(const Tree *t, uint32_t node, Arena *a)
{
	size_t bytes = 0;
	for (uint32_t i = node; i != t->root; i = t->nodes.at[i].parent)
		bytes += t->nodes.at[i].name_bytes + 1u;
	if (bytes == 0)
		return S("");
	char *p = arena_array(a, char, bytes), *end = p + bytes;
	for (uint32_t i = node; i != t->root; i = t->nodes.at[i].parent) {
		const TreeNode *n = &t->nodes.at[i];
		end -= n->name_bytes;
		memcpy(end, n->name, n->name_bytes);
		*--end = '/';
	}
	return (Str){p + 1, bytes - 1};
}
