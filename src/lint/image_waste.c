/* image_waste.c - I301, I302: bytes that everybody pulls and nobody uses. */
#include "lint/image_gather.h"

#include <stdlib.h>

#include "base/buf.h"

enum { CACHE_LEAST = 1000000, WASTE_LEAST = 5000000, WASTE_TOP = 10 };

static Str size_text(uint64_t bytes, Arena *a)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	Buf b = buf_in(a, 64);
	double v = (double)bytes;
	size_t unit = 0;
	for (; v >= 1000 && unit + 1 < sizeof units / sizeof units[0]; unit++)
		v /= 1000;
	buf_fmt(&b, "%.*f %s", unit == 0 || v >= 100 ? 0 : 1, v, units[unit]);
	return buf_str(&b);
}

/* ---- I301 caches ---- */

typedef struct CacheDir {
	const char *dir; /* with a '/' at its end; "~/" is any home */
	const char *clean;
} CacheDir;

static const CacheDir cache_dirs[] = {
	{"var/lib/apt/lists/", "rm -rf /var/lib/apt/lists/*"},
	{"var/cache/apt/", "apt-get clean"},
	{"var/cache/apk/", "apk add --no-cache"},
	{"etc/apk/cache/", "apk add --no-cache"},
	{"var/cache/dnf/", "dnf clean all"},
	{"var/cache/yum/", "yum clean all"},
	{"var/cache/libdnf5/", "dnf clean all"},
	{"var/cache/zypp/", "zypper clean -a"},
	{"var/cache/pacman/pkg/", "pacman -Scc"},
	{"usr/local/share/.cache/yarn/", "yarn cache clean"},
	{"opt/conda/pkgs/", "conda clean -a"},
	{"~/.cache/pip/", "pip install --no-cache-dir"},
	{"~/.cache/uv/", "uv --no-cache"},
	{"~/.cache/yarn/", "yarn cache clean"},
	{"~/.cache/go-build/", "go clean -cache"},
	{"~/.cache/composer/", "composer clear-cache"},
	{"~/.npm/", "npm cache clean --force"},
	{"~/.cargo/registry/", "rm -rf ~/.cargo/registry"},
	{"~/.gem/", "gem install --no-document"},
	{"go/pkg/mod/cache/", "go clean -modcache"},
	{"~/go/pkg/mod/cache/", "go clean -modcache"},
};

/* "root/" or "home/NAME/" in front. */
static size_t home_bytes(Str path)
{
	Str rest = path, part;
	if (str_starts(path, S("root/")))
		return strlen("root/");
	if (!str_starts(path, S("home/")))
		return 0;
	rest = str_skip(path, strlen("home/"));
	str_cut(&rest, '/', &part);
	return strlen("home/") + part.n + 1;
}

static const CacheDir *cache_of(Str path, size_t *bytes)
{
	size_t home = home_bytes(path);
	for (size_t i = 0; i < sizeof cache_dirs / sizeof cache_dirs[0]; i++) {
		Str dir = str_of(cache_dirs[i].dir);
		bool of_home = str_starts(dir, S("~/"));
		if (of_home)
			dir = str_skip(dir, 2);
		size_t from = of_home ? home : 0;
		if ((of_home && home == 0) || !str_starts(str_skip(path, from), dir))
			continue;
		*bytes = from + dir.n;
		return &cache_dirs[i];
	}
	return NULL;
}

Str names_cache(Str path)
{
	size_t bytes;
	return cache_of(path, &bytes) != NULL ? str_first(path, bytes) : S("");
}

static void check_caches(const LintImage *i, LintSink *to)
{
	for (size_t k = 0; k < i->gather->caches.n; k++) {
		const Cache *c = &i->gather->caches.at[k];
		size_t bytes;
		if (c->bytes < CACHE_LEAST)
			continue;
		image_say(i, to, in_file(str_first(c->dir, c->dir.n - 1), c->layer),
			  STR_FMT " of a package manager's cache (%s)",
			  STR_ARG(size_text(c->bytes, i->a)), cache_of(c->dir, &bytes)->clean);
	}
}

const LintRule lint_I301 = {
	.id = "I301",
	.name = "image-caches",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "Everybody who pulls the image pulls them, and no container uses them.",
	.help = "empty it in the RUN that fills it, or keep it out with RUN --mount=type=cache",
	.aliases = LIST("DKL-DI-0005", "DKL-DI-0004"),
	.good = LIST("f var/lib/apt/lists/lock", "f root/.cache/pip/x small"),
	.bad = LIST("f var/cache/apt/x.deb @2000000", "f home/me/.cache/pip/x @2000000"),
	.check_image = check_caches,
};

/* ---- I302 waste ---- */

static int by_bytes(const void *a, const void *b)
{
	const Waste *x = a, *y = b;
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return str_cmp(x->path, y->path);
}

static void check_waste(const LintImage *i, LintSink *to)
{
	const ImageGather *g = i->gather;
	if (g->hidden_bytes < WASTE_LEAST)
		return;
	Waste *all = arena_array(i->a, Waste, g->wastes.n);
	if (g->wastes.n != 0)
		memcpy(all, g->wastes.at, g->wastes.n * sizeof *all);
	if (g->wastes.n > 1)
		qsort(all, g->wastes.n, sizeof *all, by_bytes);
	uint64_t whole = g->hidden_bytes + g->visible_bytes;
	image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
		  STR_FMT " of " STR_FMT " are in files that a higher layer removed or replaced",
		  STR_ARG(size_text(g->hidden_bytes, i->a)), STR_ARG(size_text(whole, i->a)));
	for (size_t k = 0; k < g->wastes.n && k < WASTE_TOP; k++) {
		const Waste *w = &all[k];
		if (w->bytes < CACHE_LEAST)
			break;
		image_say(i, to, in_file(w->path, w->layer),
			  STR_FMT " in %u cop%s, until layer %u removed or replaced it",
			  STR_ARG(size_text(w->bytes, i->a)), w->copies,
			  w->copies == 1 ? "y" : "ies", w->by + 1);
	}
}

const LintRule lint_I302 = {
	.id = "I302",
	.name = "image-waste",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "A layer only hides what a lower one brought: all of it is stored and pulled.",
	.help = "remove it in the RUN that makes it, change mode and owner where it is copied "
		"(COPY "
		"--chmod, --chown), or build in another stage",
	.good = LIST("f a @9000000", "f a small\n--\nw a"),
	.bad = LIST("f a @9000000\n--\nw a", "f x/a @9000000\n--\nf x/a @9000000"),
	.check_image = check_waste,
};
