/* known.c - prefixes of images, patterns of paths, and a map of fingerprints. */
#include "flow/known.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/map.h"

bool target_names_image(Str target)
{
	static const char *const prefixes[] = {
		"docker:", "podman:", "archive:", "oci:", "oci-archive:", "rootfs:"};
	struct stat st;
	Arena a = {0};
	bool found = !str_eq(target, S("-")) && stat(arena_cstr(&a, target), &st) != 0;
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		found = found || str_starts(target, str_of(prefixes[i]));
	arena_finish(&a);
	return found;
}

bool is_excluded(const StrVec *patterns, Str path)
{
	if (patterns == NULL || patterns->n == 0)
		return false;
	char *text = strndup(path.p != NULL ? path.p : "", path.n);
	if (text == NULL)
		die_oom();
	const char *base = text + (path.n - str_base(path).n);
	bool found = false;
	for (size_t i = 0; i < patterns->n && !found; i++)
		found = fnmatch(patterns->at[i].p, text, 0) == 0 ||
			fnmatch(patterns->at[i].p, base, 0) == 0;
	free(text);
	return found;
}

void known_drop(const StrVec *known, Arena *a, RemarkReport *r)
{
	Map all = {0};
	size_t kept = 0;
	for (size_t i = 0; i < known->n; i++)
		*map_at(&all, a, known->at[i]) = &known->at[i];
	for (size_t i = 0; i < r->remarks.n; i++) {
		if (map_get(&all, r->remarks.at[i].fingerprint) != NULL)
			remark_accept(r, a, &r->remarks.at[i], false, S("in the baseline"));
		else
			r->remarks.at[kept++] = r->remarks.at[i];
	}
	r->remarks.n = kept;
}
