/* catalog.c - every analyzer over the merged image; then whose layer, whose file, what purl. */
#include "catalog/catalog.h"

#include <stdlib.h>

#include "base/limits.h"
#include "catalog/select.h"

static Sieve *pick(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	bool companion;
	const Analyzer *an = analyzer_for(f, &companion);
	if (an == NULL)
		return NULL;
	if (companion)
		return sieve_whole(a, f->size, LIMIT_COMPANION_BYTES);
	return an->sieve != NULL ? an->sieve(a, f) : sieve_whole(a, f->size, an->max_bytes);
}

const Selector *catalog_selector(void)
{
	static Selector s = {.pick = pick}; /* exact: the same pointer every time */
	s.exact = analyzer_exact_paths();
	return &s;
}

Result analyzer_add(Facts *out, Pkg p)
{
	if (out->pkgs.n >= LIMIT_PACKAGES)
		FAIL(ERR_LIMIT, "more than %u packages", LIMIT_PACKAGES);
	facts_add_pkg(out, p);
	return OK;
}

/* ---- which layer brought a package ---- */

static Str identity(Arena *a, const Pkg *p)
{
	const Str parts[] = {p->name, p->version, p->arch};
	char *text = arena_array(a, char, p->name.n + p->version.n + p->arch.n + 3);
	size_t n = 0;
	for (size_t i = 0; i < 3; i++) {
		if (parts[i].n != 0)
			memcpy(text + n, parts[i].p, parts[i].n);
		n += parts[i].n;
		text[n++] = '\0';
	}
	return (Str){text, n};
}

/* What one lower copy of the file names. A copy that cannot be read names nothing. */
static void names_of(const Analyzer *an, const Captured *copy, Arena *a, Map *names)
{
	Facts facts = {.arena = a};
	FileSet none = {0};
	if (copy->body.p == NULL)
		return;
	err_free(an->read(&none, copy, &facts));
	for (size_t i = 0; i < facts.pkgs.n; i++)
		*map_at(names, a, identity(a, &facts.pkgs.at[i])) = names;
}

/* A package is its lowest layer's from which on, upward, every copy names it. */
static void attribute(const Analyzer *an, const Captured *f, Pkg *pkgs, size_t n)
{
	Arena a = {0}, own = {0}; /* own: of one copy */
	Str *ids = arena_array(&a, Str, n);
	size_t open = n;
	for (size_t i = 0; i < n; i++) {
		pkgs[i].layer = f->layer;
		ids[i] = identity(&a, &pkgs[i]);
	}
	for (const Captured *copy = f->below; open != 0 && copy != NULL; copy = copy->below) {
		Map names = {0};
		names_of(an, copy, &own, &names);
		for (size_t i = 0; i < n; i++) {
			if (ids[i].p == NULL)
				continue;
			if (map_get(&names, ids[i]) != NULL) {
				pkgs[i].layer = copy->layer;
				continue;
			}
			ids[i] = (Str){0}; /* settled */
			open--;
		}
		arena_reset(&own);
	}
	arena_finish(&own);
	arena_finish(&a);
}

static void read_file(const FileSet *set, const Captured *f, Facts *out)
{
	bool companion;
	FileInfo named = f->info;
	named.path = f->path;
	const Analyzer *an = analyzer_for(&named, &companion);
	if (an == NULL || companion || f->body.p == NULL)
		return;
	size_t before = out->pkgs.n;
	Err *e = an->read(set, f, out);
	if (e != OK) {
		out->pkgs.n = before;
		facts_undecided(out, f->path, "%s: %s", an->name, e->text);
		err_free(e);
		return;
	}
	if (out->pkgs.n > before)
		attribute(an, f, out->pkgs.at + before, out->pkgs.n - before);
}

/* ---- whose file ---- */

static bool is_language(const Pkg *p) { return p->type == PKG_PYPI || p->type == PKG_GOLANG; }

/* With merged /usr, "lib/x" and "usr/lib/x" are one file. */
static Str without_usr(Str path)
{
	static const Str merged[] = {{"usr/bin/", 8}, {"usr/sbin/", 9}, {"usr/lib", 7}};
	for (size_t i = 0; i < sizeof merged / sizeof merged[0]; i++)
		if (str_starts(path, merged[i]))
			return str_skip(path, 4);
	return path;
}

static void find_owners(Facts *f)
{
	Arena a = {0};
	Map wanted = {0}; /* path -> 1 + the index of the package that owns it */
	for (size_t i = 0; i < f->pkgs.n; i++)
		if (is_language(&f->pkgs.at[i]))
			*map_at(&wanted, &a, without_usr(f->pkgs.at[i].path)) = f;
	for (size_t i = 0; wanted.n != 0 && i < f->pkgs.n; i++) {
		const Pkg *p = &f->pkgs.at[i];
		for (size_t k = 0; k < p->files.n; k++) {
			Str path = without_usr(p->files.at[k]);
			if (map_get(&wanted, path) != NULL)
				*map_at(&wanted, &a, path) = (void *)(uintptr_t)(i + 1);
		}
	}
	for (size_t i = 0; i < f->pkgs.n; i++) {
		Pkg *p = &f->pkgs.at[i];
		void *owner = is_language(p) ? map_get(&wanted, without_usr(p->path)) : NULL;
		p->owner = owner != NULL && owner != f ? (uint32_t)(uintptr_t)owner : 0;
	}
	arena_finish(&a);
}

static int by_identity(const void *a, const void *b)
{
	const Pkg *x = a, *y = b;
	int order = (int)x->type - (int)y->type;
	if (order == 0)
		order = str_cmp(x->name, y->name);
	if (order == 0)
		order = str_cmp(x->version, y->version);
	if (order == 0)
		order = str_cmp(x->arch, y->arch);
	return order != 0 ? order : str_cmp(x->path, y->path);
}

Result catalog_read(const Image *image, Facts *out)
{
	for (size_t i = 0; i < image->files.files.n; i++)
		read_file(&image->files, &image->files.files.at[i], out);
	if (out->pkgs.n > 1)
		qsort(out->pkgs.at, out->pkgs.n, sizeof *out->pkgs.at, by_identity);
	find_owners(out);
	for (size_t i = 0; i < out->pkgs.n; i++)
		out->pkgs.at[i].purl = pkg_purl(out->arena, &out->pkgs.at[i], &out->os);
	return OK;
}
