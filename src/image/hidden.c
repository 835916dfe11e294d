/* hidden.c - a file is hidden when no name leads to it; what hid it stands at its path or above. */
#include "image/hidden.h"

#include "base/limits.h"
#include "base/map.h"

typedef struct Event { /* something that a layer has at a path */
	uint32_t layer;
	bool dir; /* a directory, which hides nothing below itself */
} Event;

typedef struct Place {
	VEC(Event) events; /* lower layers first */
} Place;

bool hidden_is(const Hidden *h, uint32_t layer, uint32_t entry)
{
	const LayerEntry *e = tree_entry(h->tree, layer, entry);
	return e->info.type == FILE_REGULAR && e->whiteout == WHITEOUT_NONE &&
	       !h->shown[layer][entry];
}

/* The path and every directory above it, as far as they are not there yet. */
static void add_places(Hidden *h, Arena *a, Str path)
{
	for (;;) {
		void **at = map_at(&h->places, a, path);
		if (*at != NULL)
			return;
		*at = arena_new(a, Place);
		if (path.n == 0)
			return;
		path = str_dir(path);
	}
}

static void add_events(Hidden *h, Arena *a, uint32_t layer)
{
	const LayerIndex *l = h->tree->layers[layer];
	for (size_t i = 0; i < l->entries.n; i++) {
		const LayerEntry *e = &l->entries.at[i];
		Place *p = map_get(&h->places, e->info.path);
		bool dir = e->info.type == FILE_DIR && e->whiteout == WHITEOUT_NONE;
		if (p != NULL)
			vec_push(a, &p->events, (Event){layer, dir});
	}
}

void hidden_find(const Tree *t, size_t layers, const bool *reachable, Arena *a, Hidden *out)
{
	Hidden h = {.tree = t, .layers = layers, .shown = arena_array(a, bool *, layers)};
	for (size_t i = 0; i < layers; i++)
		h.shown[i] = arena_array(a, bool, t->layers[i]->entries.n);
	for (size_t i = 0; i < t->nodes.n; i++) {
		const TreeNode *n = &t->nodes.at[i];
		if (reachable[i] && n->entry != NODE_NONE)
			h.shown[n->layer][n->entry] = true;
	}
	for (uint32_t l = 0; l < layers; l++)
		for (uint32_t i = 0; i < t->layers[l]->entries.n; i++)
			if (hidden_is(&h, l, i))
				add_places(&h, a, tree_entry(t, l, i)->info.path);
	for (uint32_t l = 0; h.places.n != 0 && l < layers; l++)
		add_events(&h, a, l);
	*out = h;
}

uint32_t hidden_by(Hidden *h, uint32_t layer, uint32_t entry)
{
	Str path = tree_entry(h->tree, layer, entry)->info.path;
	uint32_t by = LAYER_NONE;
	for (Str at = path; h->steps < LIMIT_TREE_STEPS; at = str_dir(at)) {
		const Place *p = map_get(&h->places, at);
		h->steps += at.n / 64 + 1;
		for (size_t i = 0; p != NULL && i < p->events.n; i++) {
			const Event *e = &p->events.at[i];
			h->steps++;
			if (e->layer <= layer || (e->dir && at.n != path.n))
				continue;
			by = e->layer < by ? e->layer : by;
			break;
		}
		if (at.n == 0)
			return by != LAYER_NONE ? by : layer;
	}
	return LAYER_NONE;
}
