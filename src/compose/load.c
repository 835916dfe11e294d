/* load.c - the files of a project: read, expanded, extended, merged, included. */
#include "compose/limits.h"
#include "compose/private.h"

typedef struct Loading {
	Compose *c;
	Arena *a;
	const ComposeSource *from;
	size_t nodes, bytes; /* that may still be made */
	Map files;           /* name: ComposeFile * */
	unsigned chain;      /* extends around this one */
	unsigned includes;   /* in all */
	const struct Including *around;
} Loading;

typedef struct Including { /* a file whose includes are being followed */
	const ComposeFile *file;
	const struct Including *around;
} Including;

/* A file as extends sees it. */
typedef struct Extending {
	Loading *l;
	const ComposeFile *file;
	const Variables *variables;
	const Node *services;
	Map done;    /* name: the extended service; &in_work while it is made */
	Map *others; /* name of a file: its Extending */
} Extending;

static const Node in_work = {.type = NODE_TEXT};

static Result load_project(Loading *l, const StrVec *names, Str dir, const Variables *v,
			   const Node **out);

/* ---- files ---- */

static Str in_dir(Loading *l, Str dir, Str path)
{
	if (dir.n == 0 || str_starts(path, S("/")))
		return compose_clean_path(path, l->a);
	char *joined = arena_array(l->a, char, dir.n + path.n + 2);
	memcpy(joined, dir.p, dir.n);
	joined[dir.n] = '/';
	if (path.n != 0)
		memcpy(joined + dir.n + 1, path.p, path.n);
	return compose_clean_path((Str){joined, dir.n + 1 + path.n}, l->a);
}

static void not_followed(Loading *l, const Node *at, Str path, const char *why)
{
	node_problem(&l->c->unread, l->a, at->file, at->span, STR_FMT ": %s", STR_ARG(path), why);
}

/* NULL: there is none. */
static Result open_file(Loading *l, Str name, ComposeFile **out)
{
	void **kept = map_at(&l->files, l->a, name);
	Str text = {NULL, 0};
	*out = *kept;
	if (*kept != NULL)
		return OK;
	if (l->c->files.n == LIMIT_COMPOSE_FILES)
		FAIL(ERR_LIMIT, "a project of more than %u files", LIMIT_COMPOSE_FILES);
	TRY(l->from->read(l->from->ctx, name, l->a, &text));
	if (text.p == NULL)
		return OK;
	ComposeFile *f = arena_new(l->a, ComposeFile);
	*f = (ComposeFile){.name = name, .dir = str_dir(name)};
	f->document.file = (uint16_t)l->c->files.n;
	f->document.places = places_of(text, l->a);
	vec_push(l->a, &l->c->files, f);
	*map_at(&l->files, l->a, name) = f;
	*out = f;
	return OK;
}

/* One that another names, at `at`, which tells when it cannot be read; NULL: nobody asked for it.
 */
static Result follow_file(Loading *l, Str name, const Node *at, ComposeFile **out)
{
	Err *e = open_file(l, name, out);
	if (e == OK || (e->kind != ERR_INPUT && e->kind != ERR_LIMIT))
		return e;
	if (at != NULL)
		node_problem(&l->c->unread, l->a, at->file, at->span, "%s", e->text);
	err_free(e);
	*out = NULL;
	return OK;
}

static void take_problems(Loading *l, const NodeProblems *from)
{
	for (size_t i = 0; i < from->n && l->c->problems.n < LIMIT_COMPOSE_PROBLEMS; i++)
		vec_push(l->a, &l->c->problems, from->at[i]);
}

static Result expand_root(Loading *l, const ComposeFile *f, const Variables *v, const Node *root,
			  NodeVec *out)
{
	Expansion x = {l->a, v, &l->c->problems, &l->c->unset, &l->bytes};
	const Node *expanded;
	if (root->type != NODE_MAP) {
		if (!node_is_null(root))
			node_problem(&l->c->problems, l->a, f->document.file, root->span,
				     "no mapping, so that it is no Compose file");
		return OK;
	}
	if (root->weight > l->nodes)
		FAIL(ERR_LIMIT, "a project of more than %u values", LIMIT_COMPOSE_MERGED);
	l->nodes -= root->weight;
	TRY(expand_node(&x, root, &expanded));
	vec_push(l->a, out, expanded);
	return OK;
}

/* The file's documents with their variables put in; there are several only where "---" parts
 * them, and then each is merged onto those before. */
static Result parse_file(Loading *l, ComposeFile *f, const Variables *v, NodeVec *out)
{
	if (!f->parsed) {
		f->parsed = true;
		TRY(document_read(f->document.places.text, f->document.file, l->a, &f->document));
		take_problems(l, &f->document.problems);
	}
	for (size_t i = 0; i < f->document.roots.n; i++)
		TRY(expand_root(l, f, v, f->document.roots.at[i], out));
	return OK;
}

static Result read_env(Loading *l, Str name, const Node *at, Variables *v, bool *found)
{
	ComposeFile *f;
	TRY(follow_file(l, name, at, &f));
	*found = f != NULL;
	if (f == NULL)
		return OK;
	f->env = true;
	f->pairs = (NodeEntries){0};
	env_read(f->document.places.text, f->document.file, l->a, &l->c->problems, &f->pairs, v);
	return OK;
}

/* ---- extends ---- */

static Result extend_service(Extending *x, Str name, const Node **out);

static bool is_remote(Str path)
{
	size_t at;
	return str_find(path, S("://"), &at) || str_starts(path, S("git@")) ||
	       str_starts(path, S("oci:"));
}

static Result extending_of(Extending *x, Str path, const Node *at, Extending **out)
{
	Loading *l = x->l;
	ComposeFile *f;
	NodeVec roots = {0};
	const Node *root = NULL;
	Merging m = {l->a, &l->c->problems, &l->nodes};
	*out = NULL;
	if (is_remote(path)) {
		not_followed(l, at, path, "is not of this machine, and was not judged");
		return OK;
	}
	Str name = in_dir(l, x->file->dir, path);
	void **kept = map_at(x->others, l->a, name);
	*out = *kept;
	if (*kept != NULL)
		return OK;
	size_t before = l->c->unread.n;
	TRY(follow_file(l, name, at, &f));
	if (f == NULL) {
		if (l->c->unread.n == before)
			not_followed(l, at, name,
				     "there is no such file, so that what it extends "
				     "was not judged");
		return OK;
	}
	TRY(parse_file(l, f, x->variables, &roots));
	for (size_t i = 0; i < roots.n; i++) {
		TRY(merge_nodes(&m, S(""), root, roots.at[i], &root));
		TRY(settle_nodes(&m, S(""), root, &root));
	}
	Extending *other = arena_new(l->a, Extending);
	*other = (Extending){.l = l, .file = f, .variables = x->variables, .others = x->others};
	other->services = node_get(root, S("services"));
	*map_at(x->others, l->a, name) = other;
	*out = other;
	return OK;
}

static Result base_of(Extending *x, const Node *extends, const Node **out)
{
	Str name = extends->type == NODE_MAP ? node_str(extends, S("service")) : extends->text;
	const Node *file = node_get(extends, S("file"));
	Extending *in = x;
	*out = NULL;
	if (!node_is_null(file))
		TRY(extending_of(x, file->text, file, &in));
	if (in == NULL)
		return OK;
	if (node_get(in->services, name) == NULL) {
		node_problem(&x->l->c->problems, x->l->a, extends->file, extends->span,
			     "there is no service '" STR_FMT "' to extend", STR_ARG(name));
		return OK;
	}
	return extend_service(in, name, out);
}

/* Without the entry that has been carried out. */
static const Node *without(Arena *a, const Node *map, Str key)
{
	Node *kept = arena_new(a, Node);
	*kept = *map;
	kept->entries = arena_array(a, NodeEntry, map->n + 1);
	kept->n = 0;
	for (size_t i = 0; i < map->n; i++)
		if (!str_eq(map->entries[i].key->text, key))
			kept->entries[kept->n++] = map->entries[i];
	return kept;
}

static Result extend_service(Extending *x, Str name, const Node **out)
{
	Loading *l = x->l;
	const Node *own = node_get(x->services, name), *base = NULL;
	const Node *extends = node_get(own, S("extends"));
	const Node *kept = map_get(&x->done, name);
	Merging m = {l->a, &l->c->problems, &l->nodes};
	*out = kept != NULL ? kept : own;
	if (kept == &in_work || l->chain == LIMIT_COMPOSE_CHAIN) {
		node_problem(&l->c->problems, l->a, own->file, own->span,
			     "service '" STR_FMT "' extends itself in the end", STR_ARG(name));
		*out = own;
		return OK;
	}
	if (kept != NULL || node_is_null(extends) || str_eq(extends->tag, S("!reset")))
		return OK;
	*map_at(&x->done, l->a, name) = (void *)(uintptr_t)&in_work;
	l->chain++;
	TRY(base_of(x, extends, &base));
	l->chain--;
	TRY(merge_nodes(&m, S("services.*"), base, without(l->a, own, S("extends")), out));
	*map_at(&x->done, l->a, name) = (void *)(uintptr_t)*out;
	return OK;
}

/* The file's services with what they extend. */
static Result apply_extends(Loading *l, const ComposeFile *f, const Variables *v, const Node *root,
			    const Node **out)
{
	Map others = {0};
	Extending x = {.l = l, .file = f, .variables = v, .others = &others};
	const Node *services = node_get(root, S("services"));
	*out = root;
	if (services == NULL || services->type != NODE_MAP)
		return OK;
	if (services->n > LIMIT_COMPOSE_SERVICES)
		FAIL(ERR_LIMIT, "more than %u services", LIMIT_COMPOSE_SERVICES);
	x.services = services;
	Node *extended = arena_new(l->a, Node), *made = arena_new(l->a, Node);
	*extended = *services;
	extended->entries = arena_array(l->a, NodeEntry, services->n + 1);
	for (size_t i = 0; i < services->n; i++) {
		extended->entries[i] = services->entries[i];
		if (services->entries[i].key->type != NODE_TEXT)
			continue;
		TRY(extend_service(&x, services->entries[i].key->text,
				   &extended->entries[i].value));
	}
	*made = *root;
	made->entries = arena_array(l->a, NodeEntry, root->n + 1);
	for (size_t i = 0; i < root->n; i++) {
		made->entries[i] = root->entries[i];
		if (made->entries[i].value == services)
			made->entries[i].value = extended;
	}
	*out = made;
	return OK;
}

/* ---- include ---- */

static Result include_env(Loading *l, const Node *entry, Str dir, Variables *v)
{
	const Node *files = node_get(entry, S("env_file"));
	bool found;
	if (files == NULL)
		return read_env(l, in_dir(l, dir, S(".env")), NULL, v, &found);
	for (size_t i = 0; i < node_count(files); i++) {
		const Node *file = node_item(files, i);
		Str name = in_dir(l, dir, node_text(file));
		TRY(read_env(l, name, file, v, &found));
		if (!found)
			not_followed(l, file, name, "there is no such env file");
	}
	return OK;
}

static Result include_one(Loading *l, const Node *entry, const ComposeFile *f, const Variables *v,
			  const Node **out)
{
	const Node *paths = entry->type == NODE_MAP ? node_get(entry, S("path")) : entry;
	Str told = node_str(entry, S("project_directory"));
	StrVec names = {0};
	*out = NULL;
	for (size_t i = 0; i < node_count(paths); i++) {
		const Node *path = node_item(paths, i);
		ComposeFile *file = NULL;
		Str name = in_dir(l, f->dir, node_text(path));
		size_t before = l->c->unread.n;
		bool remote = is_remote(node_text(path));
		if (!remote)
			TRY(follow_file(l, name, path, &file));
		if (file != NULL)
			vec_push(l->a, &names, name);
		else if (l->c->unread.n == before)
			not_followed(l, path, remote ? node_text(path) : name,
				     remote ? "is not of this machine, and was not judged"
					    : "there is no such file, so that it was not judged");
	}
	if (names.n == 0)
		return OK;
	Variables *inner = arena_new(l->a, Variables);
	*inner = (Variables){.outer = v};
	Str dir = told.n != 0 ? in_dir(l, f->dir, told) : str_dir(names.at[0]);
	TRY(include_env(l, entry, dir, inner));
	return load_project(l, &names, dir, inner, out);
}

static Result apply_includes(Loading *l, const ComposeFile *f, const Variables *v, const Node *root,
			     const Node **out)
{
	const Node *list = node_get(root, S("include"));
	Merging m = {l->a, &l->c->problems, &l->nodes};
	*out = root;
	if (list == NULL || list->type != NODE_LIST)
		return OK;
	for (const Including *in = l->around; in != NULL; in = in->around)
		if (in->file == f) {
			node_problem(&l->c->problems, l->a, list->file, list->span,
				     "includes itself in the end");
			return OK;
		}
	const Node *all = NULL;
	Including *here = arena_new(l->a, Including);
	*here = (Including){f, l->around};
	l->around = here;
	for (size_t i = 0; i < list->n; i++) {
		const Node *one;
		if (++l->includes > LIMIT_COMPOSE_INCLUDES)
			FAIL(ERR_LIMIT, "more than %u includes", LIMIT_COMPOSE_INCLUDES);
		TRY(include_one(l, list->items[i], f, v, &one));
		if (one != NULL)
			TRY(merge_nodes(&m, S(""), all, one, &all));
	}
	l->around = here->around;
	return merge_nodes(&m, S(""), all, root, out);
}

/* ---- a project ---- */

static Result load_file(Loading *l, ComposeFile *f, const Variables *v, const Node **all)
{
	Merging m = {l->a, &l->c->problems, &l->nodes};
	NodeVec roots = {0};
	TRY(parse_file(l, f, v, &roots));
	for (size_t i = 0; i < roots.n; i++) {
		const Node *whole, *extended;
		TRY(apply_includes(l, f, v, roots.at[i], &whole));
		TRY(apply_extends(l, f, v, whole, &extended));
		TRY(merge_nodes(&m, S(""), *all, extended, all));
		TRY(settle_nodes(&m, S(""), *all, all));
	}
	return OK;
}

static Result load_project(Loading *l, const StrVec *names, Str dir, const Variables *v,
			   const Node **out)
{
	const Node *all = NULL;
	for (size_t i = 0; i < names->n; i++) {
		ComposeFile *f;
		TRY(open_file(l, names->at[i], &f));
		if (f == NULL)
			FAIL(ERR_INPUT, STR_FMT ": there is no such file", STR_ARG(names->at[i]));
		f->dir = dir;
		TRY_IN(load_file(l, f, v, &all), STR_FMT, STR_ARG(f->name));
	}
	*out = all;
	return OK;
}

static void set_builtin(Loading *l, Variables *v, const char *name, Str text)
{
	Node *key = arena_new(l->a, Node), *value = arena_new(l->a, Node);
	*key = (Node){.type = NODE_TEXT, .text = str_of(name)};
	*value = (Node){.type = NODE_TEXT, .text = text};
	set_variable(v, l->a, key, value);
}

static Result read_env_files(Loading *l)
{
	const Node *services = l->c->services;
	for (size_t i = 0; services != NULL && i < services->n; i++) {
		const Node *files = node_get(services->entries[i].value, S("env_file"));
		for (size_t k = 0; k < node_count(files); k++) {
			const Node *item = node_item(files, k);
			const Node *path = item->type == NODE_MAP ? node_get(item, S("path"))
								  : item;
			Variables unused = {0};
			bool found;
			if (node_is_null(path) || (path->vars & VARS_UNSET))
				continue;
			Str name = in_dir(l, l->c->files.at[path->file]->dir, node_text(path));
			TRY(read_env(l, name, path, &unused, &found));
		}
	}
	return OK;
}

/* A Dockerfile within the file is another language. */
static void tell_inline(Loading *l)
{
	const Node *services = l->c->services;
	for (size_t i = 0; services != NULL && i < services->n; i++) {
		const Node *build = node_get(services->entries[i].value, S("build"));
		const Node *text = node_get(build, S("dockerfile_inline"));
		if (!node_is_null(text))
			not_followed(l, text, S("dockerfile_inline"),
				     "what is written in it was not judged; put it into a file");
	}
}

Result compose_read(const StrVec *names, const ComposeSource *from, Arena *a, Compose *out)
{
	*out = (Compose){.a = a};
	Loading l = {.c = out,
		     .a = a,
		     .from = from,
		     .nodes = LIMIT_COMPOSE_MERGED,
		     .bytes = LIMIT_COMPOSE_EXPANDED_BYTES};
	Variables v = {0};
	bool found;
	if (names->n == 0)
		FAIL(ERR_BUG, "a project without files");
	Str dir = str_dir(names->at[0]);
	ComposeFile *first; /* number 0, whatever else is read */
	TRY(open_file(&l, names->at[0], &first));
	set_builtin(&l, &v, "HOME", S("~"));
	set_builtin(&l, &v, "PWD", S("."));
	set_builtin(&l, &v, "COMPOSE_PROJECT_NAME", str_base(dir));
	TRY(read_env(&l, in_dir(&l, dir, S(".env")), NULL, &v, &found));
	TRY(load_project(&l, names, dir, &v, &out->root));
	const Node *services = node_get(out->root, S("services"));
	out->services = services != NULL && services->type == NODE_MAP ? services : NULL;
	tell_inline(&l);
	return read_env_files(&l);
}
