/* manifest_fuzz.c - any bytes as each document of an image: what comes out is checked, or refused.
 */
#include <stdlib.h>

#include "image/papers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
	if (!holds)
		abort();
}

static bool is_digest(Str s) { return s.n == 71 && str_starts(s, S("sha256:")); }

static void check_manifest(Str text, Arena *a)
{
	Manifest m = {0};
	Err *e = manifest_read(text, a, &m);
	for (size_t i = 0; e == OK && i < m.manifests.n; i++)
		need(is_digest(m.manifests.at[i].digest));
	for (size_t i = 0; e == OK && i < m.layers.n; i++)
		need(is_digest(m.layers.at[i].digest));
	need(e != OK || m.is_index || is_digest(m.config.digest));
	err_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Str text = {(const char *)data, size};
	ImageConfig config = {0};
	SavedImageVec saved = {0};
	check_manifest(text, &a);
	Err *e = image_config_read(text, &a, &config);
	for (size_t i = 0; e == OK && i < config.layers.n; i++)
		need(is_digest(config.layers.at[i].diff_id));
	err_free(e);
	Paper paper;
	bool is;
	err_free(paper_read(text, &a, &paper, &is));
	err_free(saved_read(text, &a, &saved));
	arena_finish(&a);
	return 0;
}
