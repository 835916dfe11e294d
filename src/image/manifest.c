/* manifest.c - from JSON to checked descriptors. */
#include "image/manifest.h"

#include "base/limits.h"
#include "image/settings.h"
#include "io/digest.h"
#include "io/json.h"

/* ---- descriptors ---- */

static Result check_digest(Str digest)
{
	uint8_t sha[SHA256_BYTES];
	if (!digest_parse(digest, sha))
		FAIL(ERR_INPUT, "a digest that is not sha256 and 64 hex digits: '" STR_FMT "'",
		     STR_ARG(str_first(digest, 80)));
	return OK;
}

static Platform read_platform(const Value *v)
{
	return (Platform){.os = value_str(v, S("os")),
			  .arch = value_str(v, S("architecture")),
			  .variant = value_str(v, S("variant"))};
}

static Result read_descriptor(const Value *v, Descriptor *out)
{
	const Value *notes = value_get(v, S("annotations"));
	*out = (Descriptor){.media_type = value_str(v, S("mediaType")),
			    .digest = value_str(v, S("digest")),
			    .platform = read_platform(value_get(v, S("platform"))),
			    .ref = value_str(notes, S("org.opencontainers.image.ref.name"))};
	out->about = value_str(notes, S("vnd.docker.reference.digest"));
	out->artifact_type = value_str(v, S("artifactType"));
	out->kind = value_str(notes, S("kind"));
	Str full = value_str(notes, S("io.containerd.image.name"));
	if (full.n != 0)
		out->ref = full;
	Str about = value_str(notes, S("vnd.docker.reference.type"));
	out->attestation = str_eq(about, S("attestation-manifest")) ||
			   str_eq(out->platform.os, S("unknown"));
	TRY(check_digest(out->digest));
	if (!str_u64(value_str(v, S("size")), &out->size))
		FAIL(ERR_INPUT, "a descriptor without a size");
	return OK;
}

static Result read_descriptors(const Value *list, const char *what, Arena *a, DescriptorVec *out)
{
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		Descriptor d;
		TRY_IN(read_descriptor(list->items[i], &d), "%s %zu", what, i + 1);
		vec_push(a, out, d);
	}
	return OK;
}

static Result check_count(const Value *list, const char *what, unsigned max)
{
	if (list == NULL)
		FAIL(ERR_INPUT, "no list of %s", what);
	if (list->n > max)
		FAIL(ERR_LIMIT, "%zu %s, at most %u are read", list->n, what, max);
	return OK;
}

Result manifest_read(Str text, Arena *a, Manifest *out)
{
	Value *v;
	Manifest m = {0};
	TRY(value_from_json(text, a, &v));
	if (v->type != JSON_OBJECT)
		FAIL(ERR_INPUT, "not a JSON object");
	Str version = value_str(v, S("schemaVersion"));
	if (str_eq(version, S("1")))
		FAIL(ERR_INPUT, "Docker's schema 1, which engines no longer read; push the image "
				"again with a current tool");
	m.is_index = value_get(v, S("manifests")) != NULL;
	if (m.is_index) {
		const Value *list = value_items(v, S("manifests"));
		TRY(check_count(list, "manifests", LIMIT_MANIFESTS));
		TRY(read_descriptors(list, "manifest", a, &m.manifests));
	} else {
		const Value *list = value_items(v, S("layers"));
		TRY(check_count(list, "layers", LIMIT_LAYERS));
		TRY(read_descriptors(list, "layer", a, &m.layers));
		TRY_IN(read_descriptor(value_get(v, S("config")), &m.config), "config");
	}
	*out = m;
	return OK;
}

/* ---- config ---- */

/* The history has a line for every instruction; those that made a layer go to the layers. */
static void read_history(const Value *history, Arena *a, ImageConfig *c)
{
	settings_read_history(history, c->layers.n, a, &c->settings);
	for (size_t i = 0; i < c->settings.history.n; i++) {
		const HistoryStep *step = &c->settings.history.at[i];
		if (step->layer < c->layers.n)
			c->layers.at[step->layer].created_by = step->created_by;
	}
}

Result image_config_read(Str text, Arena *a, ImageConfig *out)
{
	Value *v;
	ImageConfig c = {0};
	TRY(value_from_json(text, a, &v));
	c.platform = read_platform(v);
	const Value *ids = value_items(value_get(v, S("rootfs")), S("diff_ids"));
	TRY(check_count(ids, "diff_ids", LIMIT_LAYERS));
	for (size_t i = 0; i < ids->n; i++) {
		Str id = ids->items[i]->type == JSON_STRING ? ids->items[i]->text : S("");
		TRY_IN(check_digest(id), "diffID %zu", i + 1);
		vec_push(a, &c.layers, (ConfigLayer){.diff_id = id, .created_by = S("")});
	}
	settings_read(value_get(v, S("config")), a, &c.settings);
	c.settings.created = value_str(v, S("created"));
	c.settings.author = value_str(v, S("author"));
	read_history(value_items(v, S("history")), a, &c);
	*out = c;
	return OK;
}

/* ---- docker save ---- */

static Result read_saved(const Value *v, Arena *a, SavedImage *out)
{
	*out = (SavedImage){.config = value_str(v, S("Config"))};
	if (out->config.n == 0)
		FAIL(ERR_INPUT, "no Config");
	const Value *layers = value_items(v, S("Layers")), *tags = value_items(v, S("RepoTags"));
	TRY(check_count(layers, "Layers", LIMIT_LAYERS));
	for (size_t i = 0; i < layers->n; i++) {
		if (layers->items[i]->type != JSON_STRING || layers->items[i]->text.n == 0)
			FAIL(ERR_INPUT, "a layer without a name");
		vec_push(a, &out->layers, layers->items[i]->text);
	}
	for (size_t i = 0; tags != NULL && i < tags->n; i++)
		if (tags->items[i]->type == JSON_STRING)
			vec_push(a, &out->tags, tags->items[i]->text);
	return OK;
}

Result saved_read(Str text, Arena *a, SavedImageVec *out)
{
	Value *v;
	SavedImageVec all = {0};
	TRY(value_from_json(text, a, &v));
	if (v->type != JSON_ARRAY || v->n == 0)
		FAIL(ERR_INPUT, "names no image");
	if (v->n > LIMIT_MANIFESTS)
		FAIL(ERR_LIMIT, "%zu images, at most %u are read", v->n, LIMIT_MANIFESTS);
	for (size_t i = 0; i < v->n; i++) {
		SavedImage one;
		TRY_IN(read_saved(v->items[i], a, &one), "image %zu", i + 1);
		vec_push(a, &all, one);
	}
	*out = all;
	return OK;
}
