/* image_gather.c - the walk, and whose files they are. */
#include "lint/image_gather.h"

enum { SET_ID = 06000, STICKY = 01000, OTHERS_WRITE = 02, GROUP_WRITE = 020, EXECUTE = 0111 };
enum { WASTE_LEAST = 64 << 10 };

typedef struct Gathering {
	Arena *a;
	const FileSet *files;
	ImageGather *out;
	Map set_ids; /* path -> 1 + index into files */
	Map wastes;  /* path -> 1 + index into wastes */
	Map caches;  /* directory -> 1 + index into caches */
} Gathering;

/* ---- visible entries ---- */

bool in_program_dir(Str path)
{
	static const char *const dirs[] = {"bin", "sbin", "usr/bin", "usr/sbin"};
	Str dir = str_dir(path);
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		if (str_eq(dir, str_of(dirs[i])))
			return true;
	return false;
}

static bool is_account_file(Str path)
{
	static const char *const paths[] = {"etc/passwd", "etc/group", "etc/shadow", "etc/gshadow",
					    "etc/sudoers"};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		if (str_eq(path, str_of(paths[i])))
			return true;
	return false;
}

static bool leads_out(Str path, Str link)
{
	size_t depth = 0;
	Str part, dir = str_dir(path);
	while (dir.n != 0 && str_cut(&dir, '/', &part))
		depth++;
	return !str_starts(link, S("/")) && path_climbs(link, depth);
}

/* "/proc/self/fd/7/../..", "/proc/1/root": what a process has open, which may be the host's. Its
 * output is where many images have their logs. */
bool leads_to_process(Str link)
{
	Str part, rest = link;
	if (!str_starts(link, S("/proc/")))
		return false;
	rest = str_skip(rest, strlen("/proc/"));
	if (!str_cut(&rest, '/', &part) || rest.n == 0)
		return false;
	if (!str_cut(&rest, '/', &part) || str_eq(part, S("root")) || str_eq(part, S("cwd")))
		return str_eq(part, S("root")) || str_eq(part, S("cwd"));
	return str_eq(part, S("fd")) && rest.n != 0 && !word_in("0 1 2", rest);
}

static unsigned traits_of(const Entry *e)
{
	const FileInfo *f = &e->info;
	bool file = f->type == FILE_REGULAR;
	unsigned t = 0;
	if (file && ((f->mode & SET_ID) != 0 || f->caps != 0) && (f->mode & EXECUTE) != 0)
		t |= TRAIT_SETID;
	bool open = (f->mode & OTHERS_WRITE) != 0 && (f->mode & STICKY) == 0;
	if ((open && (file || f->type == FILE_DIR)) ||
	    (file && (f->mode & (GROUP_WRITE | 04)) != 0 && is_account_file(f->path)))
		t |= TRAIT_WRITABLE;
	if (file && (f->mode & EXECUTE) != 0 && in_program_dir(f->path))
		t |= TRAIT_PROGRAM;
	if (names_leftover(f->path, f->type))
		t |= TRAIT_LEFTOVER;
	if ((f->device && !str_starts(f->path, S("dev/"))) || f->climbs ||
	    (f->type == FILE_SYMLINK && (leads_out(f->path, e->link) || leads_to_process(e->link))))
		t |= TRAIT_STRANGE;
	if (file && names_key(f->path))
		t |= TRAIT_KEY;
	return t;
}

static void add_cache(Gathering *g, const Entry *e)
{
	Str dir = names_cache(e->info.path);
	if (dir.n == 0 || e->info.size == 0)
		return;
	void **at = map_at(&g->caches, g->a, dir);
	if (*at == NULL) {
		Cache c = {.dir = arena_str(g->a, dir), .layer = e->layer};
		vec_push(g->a, &g->out->caches, c);
		*map_at(&g->caches, g->a, c.dir) = (void *)(uintptr_t)g->out->caches.n;
		at = map_at(&g->caches, g->a, c.dir);
	}
	Cache *c = &g->out->caches.at[(uintptr_t)*at - 1];
	c->bytes += e->info.size;
	c->files++;
	if (e->info.size > c->most) {
		c->most = e->info.size;
		c->layer = e->layer;
	}
}

static void take_visible(Gathering *g, const Entry *e)
{
	unsigned traits = traits_of(e);
	if ((e->info.mode & EXECUTE) != 0 && is_packed(fileset_get(g->files, e->info.path)))
		traits |= TRAIT_PACKED;
	if (e->info.type == FILE_REGULAR) {
		g->out->visible_bytes += e->info.size;
		add_cache(g, e);
	}
	if (traits == 0)
		return;
	ImageFile f = {.info = e->info,
		       .link = arena_str(g->a, e->link),
		       .traits = traits,
		       .layer = e->layer,
		       .made_by = e->layer};
	f.info.path = arena_str(g->a, e->info.path);
	vec_push(g->a, &g->out->files, f);
	if ((traits & TRAIT_SETID) != 0)
		*map_at(&g->set_ids, g->a, f.info.path) = (void *)(uintptr_t)g->out->files.n;
}

/* ---- hidden files ---- */

static void add_waste(Gathering *g, const Entry *e)
{
	g->out->hidden_bytes += e->info.size;
	g->out->hidden_files++;
	if (e->info.size < WASTE_LEAST)
		return;
	void **at = map_at(&g->wastes, g->a, e->info.path); /* the layer's: lives long enough */
	if (*at == NULL) {
		vec_push(g->a, &g->out->wastes, (Waste){.path = e->info.path});
		*at = (void *)(uintptr_t)g->out->wastes.n;
	}
	Waste *w = &g->out->wastes.at[(uintptr_t)*at - 1];
	w->bytes += e->info.size;
	w->copies++;
	if (e->info.size >= w->most) {
		w->most = e->info.size;
		w->layer = e->layer;
		w->by = e->hidden_by;
	}
}

static void take_hidden(Gathering *g, const Entry *e)
{
	uintptr_t at = (uintptr_t)map_get(&g->set_ids, e->info.path);
	add_waste(g, e);
	if (at == 0)
		return;
	ImageFile *f = &g->out->files.at[at - 1];
	if ((f->info.mode & SET_ID & ~e->info.mode) != 0) {
		f->was_plain = true;
		f->made_by = e->hidden_by;
	}
}

static void take(void *ctx, const Entry *e)
{
	if (e->hidden)
		take_hidden(ctx, e);
	else
		take_visible(ctx, e);
}

/* ---- owners ---- */

/* With merged /usr, "lib/x" and "usr/lib/x" are one file. */
static Str without_usr(Str path)
{
	static const char *const merged[] = {"usr/bin/", "usr/sbin/", "usr/lib"};
	for (size_t i = 0; i < sizeof merged / sizeof merged[0]; i++)
		if (str_starts(path, str_of(merged[i])))
			return str_skip(path, strlen("usr/"));
	return path;
}

static void find_owners(const Facts *facts, Arena *a, ImageGather *g)
{
	Map wanted = {0}; /* path -> 1 + index into files */
	for (size_t i = 0; i < g->files.n; i++)
		*map_at(&wanted, a,
			without_usr(g->files.at[i].info.path)) = (void *)(uintptr_t)(i + 1);
	for (size_t i = 0; facts != NULL && i < facts->pkgs.n; i++) {
		const Pkg *p = &facts->pkgs.at[i];
		g->owners_known = g->owners_known || p->files.n != 0;
		for (size_t k = 0; k < p->files.n; k++) {
			uintptr_t at = (uintptr_t)map_get(&wanted, without_usr(p->files.at[k]));
			if (at != 0)
				g->files.at[at - 1].owner = p;
		}
	}
}

void image_gather(const Image *image, const Facts *facts, Arena *a, ImageGather *out)
{
	Gathering g = {.a = a, .files = &image->files, .out = out};
	*out = (ImageGather){0};
	if (image->contents != NULL)
		image->contents->each(image->contents, take, &g);
	find_owners(facts, a, out);
}
