/* select.c - a million paths are classified for an image: one look in a map, then a few endings. */
#include "catalog/select.h"

#include <pthread.h>

enum { EXECUTABLE_LEAST = 4096 };

typedef struct Place { /* what an exact path or directory stands for */
	const Analyzer *analyzer;
	bool companion;
} Place;

typedef struct Ending { /* of a pattern that starts with two stars */
	Str dir, base;  /* dir: what the parent's name ends in, "" for any */
	bool star_dir, star_base;
	Place place;
} Ending;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static Arena arena; /* for the process */
static Map exact, dirs;
static VEC(Ending) endings;
static VEC(const char *) exact_paths;
static const Analyzer *of_executables;

static Str without_star(Str s, bool *star)
{
	*star = s.n != 0 && s.p[0] == '*';
	return *star ? str_skip(s, 1) : s;
}

static void add_pattern(const char *text, Place place)
{
	Str p = str_of(text);
	if (str_starts(p, S("**/"))) {
		Str suffix = str_skip(p, 3);
		Ending e = {.place = place};
		e.dir = without_star(str_dir(suffix), &e.star_dir);
		e.base = without_star(str_base(suffix), &e.star_base);
		vec_push(&arena, &endings, e);
		return;
	}
	Place *own = arena_new(&arena, Place);
	*own = place;
	if (str_ends(p, S("/*")))
		*map_at(&dirs, &arena, str_first(p, p.n - 2)) = own;
	else
		*map_at(&exact, &arena, p) = own;
	vec_push(&arena, &exact_paths, text);
}

static void compile(void)
{
	for (const Analyzer *const *a = analyzers; *a != NULL; a++) {
		for (const char *const *p = (*a)->paths; p != NULL && *p != NULL; p++)
			add_pattern(*p, (Place){*a, false});
		for (const char *const *p = (*a)->companions; p != NULL && *p != NULL; p++)
			add_pattern(*p, (Place){*a, true});
		if ((*a)->executables)
			of_executables = *a;
	}
	vec_push(&arena, &exact_paths, NULL);
}

static bool fits(const Ending *e, Str path)
{
	Str base = str_base(path);
	if (e->star_base ? !str_ends(base, e->base) : !str_eq(base, e->base))
		return false;
	if (e->dir.n == 0)
		return true;
	Str parent = str_dir(path);
	Str name = str_base(parent);
	return e->star_dir ? str_ends(name, e->dir) : str_eq(name, e->dir);
}

static const Place *place_of(Str path)
{
	const Place *p = map_get(&exact, path);
	if (p == NULL)
		p = map_get(&dirs, str_dir(path));
	for (size_t i = 0; p == NULL && endings.at != NULL && i < endings.n; i++)
		if (fits(&endings.at[i], path))
			p = &endings.at[i].place;
	return p;
}

const Analyzer *analyzer_for(const FileInfo *f, bool *companion)
{
	pthread_once(&once, compile);
	const Place *p = place_of(f->path);
	*companion = p != NULL && p->companion;
	if (p != NULL)
		return p->analyzer;
	if ((f->mode & 0111) != 0 && f->size >= EXECUTABLE_LEAST)
		return of_executables;
	return NULL;
}

const char *const *analyzer_exact_paths(void)
{
	pthread_once(&once, compile);
	return exact_paths.at;
}
