/* capture.c - which files are wanted under their final names, and where their bytes come from. */
#include "image/capture.h"

#include <stdlib.h>

#include "image/contents.h"

typedef struct Wanted {
	Str path;
	uint32_t node;
	uint32_t layer, entry;
	uint32_t first; /* index of the newest copy of this file; its own when it is that */
	bool again;     /* its layer has to be read once more */
	Str body, error;
} Wanted;

typedef struct Capture {
	Tree *tree;
	const Selector *want;
	Arena *arena;
	Arena scratch;      /* of sieves that are only looked at */
	bool **taken;       /* [layer][entry] */
	VEC(Wanted) wanted; /* older copies right behind the newest */
} Capture;

/* ---- what the first reading gives ---- */

static Sieve *ask(const Capture *c, Arena *a, const LayerEntry *e, Str as)
{
	FileInfo info = e->info;
	info.path = as;
	info.type = FILE_REGULAR;
	return c->want->pick(c->want->ctx, a, &info);
}

typedef enum Verdict { UNWANTED, KEPT, READ_AGAIN } Verdict;

/* Wanted as `as`: did the first reading, under the entry's own name, keep the same thing? */
static Verdict judge(Capture *c, const LayerEntry *e, Str as)
{
	bool kept = e->body.p != NULL || e->error.n != 0;
	if (str_eq(e->info.path, as))
		return kept ? KEPT : UNWANTED;
	Sieve *now = ask(c, &c->scratch, e, as);
	Sieve *then = now != NULL ? ask(c, &c->scratch, e, e->info.path) : NULL;
	Verdict v = UNWANTED;
	if (now != NULL && (then == NULL || !sieve_same(now, then)))
		v = READ_AGAIN;
	else if (now != NULL && kept)
		v = KEPT;
	arena_reset(&c->scratch);
	return v;
}

static bool add_copy(Capture *c, Wanted w)
{
	const LayerEntry *e = tree_entry(c->tree, w.layer, w.entry);
	Verdict v = judge(c, e, w.path);
	if (v == UNWANTED)
		return false;
	w.again = v == READ_AGAIN;
	if (v == KEPT) {
		w.body = e->body;
		w.error = e->error;
	}
	vec_push(c->arena, &c->wanted, w);
	return true;
}

/* The file and its older copies under the name `path`, unless it is there already. */
static void add_file(Capture *c, uint32_t node, Str path)
{
	const TreeNode *n = &c->tree->nodes.at[node];
	bool *taken = &c->taken[n->layer][n->entry];
	Wanted w = {.path = path,
		    .node = node,
		    .layer = n->layer,
		    .entry = n->entry,
		    .first = (uint32_t)c->wanted.n};
	if (*taken || !add_copy(c, w))
		return;
	*taken = true;
	for (uint32_t v = n->below; v != 0; v = c->tree->versions.at[v - 1].below) {
		w.layer = c->tree->versions.at[v - 1].layer;
		w.entry = c->tree->versions.at[v - 1].entry;
		add_copy(c, w);
	}
}

/* ---- which files ---- */

static Result add_if_file(Capture *c, Str path)
{
	uint32_t at;
	TRY(tree_find(c->tree, path, true, &at));
	if (at != NODE_NONE && c->tree->nodes.at[at].kind == NODE_FILE)
		add_file(c, at, path);
	return OK;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const Str *)a, *(const Str *)b);
}

/* Every file of the directory `prefix` ("a/b/"), links followed, by name. */
static Result add_children(Capture *c, Str prefix)
{
	uint32_t dir;
	TRY(tree_find(c->tree, prefix, true, &dir));
	if (dir == NODE_NONE)
		return OK;
	VEC(Str) paths = {0};
	for (size_t i = 0; i < c->tree->nodes.n; i++) {
		const TreeNode *n = &c->tree->nodes.at[i];
		bool child = n->parent == dir && i != c->tree->root;
		if (!child || (n->kind != NODE_FILE && n->kind != NODE_SYMLINK))
			continue;
		char *p = arena_array(c->arena, char, prefix.n + n->name_bytes);
		memcpy(p, prefix.p, prefix.n);
		memcpy(p + prefix.n, n->name, n->name_bytes);
		vec_push(c->arena, &paths, (Str){p, prefix.n + n->name_bytes});
	}
	if (paths.n > 1)
		qsort(paths.at, paths.n, sizeof *paths.at, by_text);
	for (size_t i = 0; i < paths.n; i++)
		TRY(add_if_file(c, paths.at[i]));
	return OK;
}

static Result add_exact(Capture *c)
{
	for (const char *const *p = c->want->exact; p != NULL && *p != NULL; p++) {
		Str path = str_of(*p);
		if (str_ends(path, S("/*")))
			TRY(add_children(c, str_first(path, path.n - 1)));
		else
			TRY(add_if_file(c, path));
	}
	return OK;
}

/* Is this where the entry itself was put, not a hard link or behind a symlink? */
static bool is_natural(const Tree *t, uint32_t node, Str path)
{
	for (uint32_t i = node; i != t->root; i = t->nodes.at[i].parent) {
		const TreeNode *n = &t->nodes.at[i];
		if (!str_ends(path, (Str){n->name, n->name_bytes}))
			return false;
		path.n -= n->name_bytes;
		if (path.n != 0 && path.p[--path.n] != '/')
			return false;
	}
	return path.n == 0;
}

/* Files under their own names first: they need no second look. */
static void add_picked(Capture *c, const bool *seen, bool natural)
{
	for (uint32_t i = 0; i < c->tree->nodes.n; i++) {
		const TreeNode *n = &c->tree->nodes.at[i];
		if (!seen[i] || n->kind != NODE_FILE || c->taken[n->layer][n->entry])
			continue;
		const LayerEntry *e = tree_entry(c->tree, n->layer, n->entry);
		if (is_natural(c->tree, i, e->info.path) != natural)
			continue;
		if (natural && e->body.p == NULL && e->error.n == 0)
			continue;
		add_file(c, i, natural ? e->info.path : tree_path(c->tree, i, c->arena));
	}
}

/* ---- the second reading ---- */

typedef struct Recall {
	const Capture *c;
	Map by_path; /* the entry's own path -> Wanted */
} Recall;

static Sieve *recall_pick(void *ctx, Arena *a, const FileInfo *f)
{
	const Recall *r = ctx;
	const Wanted *w = map_get(&r->by_path, f->path);
	if (w == NULL)
		return NULL;
	FileInfo as = *f;
	as.path = w->path;
	return r->c->want->pick(r->c->want->ctx, a, &as);
}

static Result take_again(Capture *c, Wanted *w, const LayerIndex *second)
{
	const LayerEntry *was = tree_entry(c->tree, w->layer, w->entry);
	const LayerEntry *now = w->entry < second->entries.n ? &second->entries.at[w->entry] : NULL;
	if (now == NULL || !str_eq(now->info.path, was->info.path))
		FAIL(ERR_INPUT, "layer %u changed while it was read", w->layer + 1);
	w->error = arena_str(c->arena, now->error);
	if (now->body.p != NULL)
		w->body = selector_copy(c->want, c->arena, now->body);
	return OK;
}

typedef struct Second {
	Recall *recall;    /* of each layer */
	LayerAgain *again; /* of those that have to be read again */
	size_t n;
} Second;

static void list_again(Capture *c, Arena *own, size_t layers, Second *out)
{
	*out = (Second){.recall = arena_array(own, Recall, layers),
			.again = arena_array(own, LayerAgain, layers)};
	for (size_t i = 0; i < c->wanted.n; i++) {
		Wanted *w = &c->wanted.at[i];
		if (!w->again)
			continue;
		Recall *r = &out->recall[w->layer];
		r->c = c;
		if (r->by_path.n == 0)
			out->again[out->n++] = (LayerAgain){
				.layer = w->layer,
				.want = {.ctx = r, .pick = recall_pick},
				.out = {.arena = arena_new(own, Arena)}};
		*map_at(&r->by_path, own, tree_entry(c->tree, w->layer, w->entry)->info.path) = w;
	}
}

static Result take_all_again(Capture *c, const Second *s)
{
	for (size_t i = 0; i < c->wanted.n; i++) {
		Wanted *w = &c->wanted.at[i];
		for (size_t k = 0; w->again && k < s->n; k++)
			if (s->again[k].layer == w->layer)
				TRY(take_again(c, w, &s->again[k].out));
	}
	return OK;
}

static Result read_again(Capture *c, size_t layers, const Reread *again)
{
	AUTO_ARENA Arena own = {0};
	Second s;
	list_again(c, &own, layers, &s);
	Err *e = s.n != 0 ? again->read(again->ctx, s.again, s.n) : OK;
	if (e == OK)
		e = take_all_again(c, &s);
	for (size_t i = 0; i < s.n; i++)
		arena_finish(s.again[i].out.arena);
	return e;
}

/* ---- the set ---- */

static Captured captured(const Capture *c, const Wanted *w)
{
	const LayerEntry *e = tree_entry(c->tree, w->layer, w->entry);
	Captured f = {.path = w->path,
		      .info = e->info,
		      .body = w->body,
		      .layer = w->layer,
		      .error = w->error};
	f.info.path = tree_path(c->tree, w->node, c->arena);
	f.info.type = FILE_REGULAR;
	return f;
}

static bool is_kept(const Wanted *w) { return w->body.p != NULL || w->error.n != 0; }

static void collect(Capture *c, Image *image)
{
	FileSet *set = &image->files;
	Captured **tail = NULL;
	for (size_t i = 0; i < c->wanted.n; i++) {
		const Wanted *w = &c->wanted.at[i];
		bool newest = w->first == i;
		if (newest && !is_kept(w))
			tail = NULL;
		if (!is_kept(w) || (!newest && tail == NULL))
			continue;
		Captured f = captured(c, w);
		if (!newest) {
			*tail = arena_new(c->arena, Captured);
			**tail = f;
			tail = &(*tail)->below;
			continue;
		}
		vec_push(c->arena, &set->files, f);
		tail = &set->files.at[set->files.n - 1].below;
		if (f.error.n != 0)
			vec_push(c->arena, &image->undecided, (Undecided){f.path, f.error});
	}
	fileset_index(set, c->arena);
}

/* What was kept of files that no name leads to any more. */
static void collect_hidden(Capture *c, Hidden *h, Image *image)
{
	for (uint32_t l = 0; h->places.n != 0 && l < image->layers.n; l++)
		for (uint32_t i = 0; i < c->tree->layers[l]->entries.n; i++) {
			const LayerEntry *e = tree_entry(c->tree, l, i);
			if (!hidden_is(h, l, i) || (e->body.p == NULL && e->error.n == 0))
				continue;
			vec_push(c->arena, &image->hidden,
				 (Captured){.path = e->info.path,
					    .info = e->info,
					    .body = e->body,
					    .layer = l,
					    .error = e->error,
					    .hidden_by = hidden_by(h, l, i)});
		}
}

static void tell_refused(const Tree *t, Arena *a, Image *image)
{
	for (size_t i = 0; i < t->refused.n; i++)
		vec_push(a, &image->undecided, t->refused.at[i]);
	if (t->refused_n > t->refused.n)
		vec_push(a, &image->undecided,
			 (Undecided){S("file system"),
				     S("more entries that no engine could extract")});
}

/* Directories that could not be opened: nobody knows what is in them. */
static void tell_unseen(const Capture *c, const bool *seen, Image *image)
{
	enum { TOLD = 20 };
	size_t unseen = 0;
	for (uint32_t i = 0; i < c->tree->nodes.n; i++) {
		const TreeNode *n = &c->tree->nodes.at[i];
		if (!seen[i] || n->kind == NODE_FILE || n->entry == NODE_NONE)
			continue;
		const LayerEntry *e = tree_entry(c->tree, n->layer, n->entry);
		if (e->error.n != 0 && unseen++ < TOLD)
			vec_push(c->arena, &image->undecided,
				 (Undecided){tree_path(c->tree, i, c->arena), e->error});
	}
	if (unseen > TOLD)
		vec_push(
			c->arena, &image->undecided,
			(Undecided){S("file system"), S("more directories that cannot be opened")});
}

static Result fill(Capture *c, const Reread *again, Image *image)
{
	bool *seen = tree_reachable(c->tree, c->arena);
	TRY(add_exact(c));
	add_picked(c, seen, true);
	add_picked(c, seen, false);
	TRY(read_again(c, image->layers.n, again));
	collect(c, image);
	Hidden *hidden = arena_new(c->arena, Hidden);
	hidden_find(c->tree, image->layers.n, seen, c->arena, hidden);
	collect_hidden(c, hidden, image);
	TreeContents *contents = arena_new(c->arena, TreeContents);
	*contents = contents_of_tree(c->tree, seen, hidden);
	image->contents = &contents->base;
	tell_unseen(c, seen, image);
	tell_refused(c->tree, c->arena, image);
	return OK;
}

Result capture_files(Tree *t, const Selector *want, const Reread *again, Arena *a, Image *image)
{
	Capture c = {.tree = t, .want = want, .arena = a};
	c.taken = arena_array(a, bool *, image->layers.n);
	for (size_t i = 0; i < image->layers.n; i++)
		c.taken[i] = arena_array(a, bool, t->layers[i]->entries.n);
	Err *e = fill(&c, again, image);
	arena_finish(&c.scratch);
	return e;
}
