/* oci.c - from index.json through indexes, a manifest and a config to the layers of one image. */
#include "base/buf.h"
#include "base/limits.h"
#include "image/papers.h"
#include "image/plan.h"
#include "io/digest.h"

/* ---- blobs ---- */

Str blob_name(Arena *a, Str digest)
{
	Str hex = str_skip(digest, sizeof "sha256:" - 1);
	Buf b = buf_in(a, 256);
	buf_add(&b, S("blobs/sha256/"));
	buf_add(&b, hex);
	return buf_str(&b);
}

static Result fetch(Shelf *s, const Descriptor *d, Arena *a, Str *out)
{
	bool found;
	uint8_t sha[SHA256_BYTES];
	Str text;
	TRY(s->ops->text(s, blob_name(a, d->digest), LIMIT_MANIFEST_BYTES, a, &text, &found));
	if (!found)
		FAIL(ERR_INPUT, "its blob is missing");
	sha256_of(text, sha);
	Str measured = digest_text(a, sha);
	if (!str_eq(measured, d->digest))
		FAIL(ERR_TRUST,
		     "digest differs: " STR_FMT " is expected, " STR_FMT
		     " is there; pull or save it again",
		     STR_ARG(d->digest), STR_ARG(measured));
	if (text.n != d->size)
		FAIL(ERR_INPUT, "is %zu bytes, its descriptor says %llu", text.n,
		     (unsigned long long)d->size);
	*out = text;
	return OK;
}

static bool is_one_of(Str type, const char *const *types)
{
	for (; *types != NULL; types++)
		if (str_eq(type, str_of(*types)))
			return true;
	return false;
}

static bool is_index_type(Str type)
{
	static const char *const types[] = {
		"application/vnd.oci.image.index.v1+json",
		"application/vnd.docker.distribution.manifest.list.v2+json", NULL};
	return is_one_of(type, types);
}

static bool is_image_type(Str type)
{
	static const char *const types[] = {"application/vnd.oci.image.manifest.v1+json",
					    "application/vnd.docker.distribution.manifest.v2+json",
					    NULL};
	return type.n == 0 || is_one_of(type, types);
}

/* ---- the images of all indexes ---- */

typedef struct Leaf {
	Descriptor d;
	Str ref;
	bool named; /* it, or an index it is in, is what was asked for */
	size_t in;  /* the index that lists it */
} Leaf;

typedef struct Pending { /* an index still to be read */
	Str text, ref, digest;
	size_t in; /* the index that lists it; of the first: itself */
	unsigned depth;
	bool named;
} Pending;

typedef struct Leaves {
	Shelf *shelf;
	const PlanWant *want;
	Arena *arena;
	VEC(Leaf) all;
	VEC(Pending) indexes; /* the first one is index.json */
	Papers papers;
	Str other_type; /* of something that is no image */
} Leaves;

static bool is_named(const PlanWant *want, const Descriptor *d, Str ref)
{
	Str name = want->ref;
	if (name.n == 0)
		return true;
	if (name.p[0] == '@')
		return str_eq(str_skip(name, 1), d->digest);
	if (!str_ends(ref, name))
		return false;
	char before = ref.n > name.n ? ref.p[ref.n - name.n - 1] : ':';
	return before == ':' || before == '/';
}

static Result add_descriptor(Leaves *l, size_t at, const Descriptor *d)
{
	const Pending *in = &l->indexes.at[at];
	Str ref = d->ref.n != 0 ? d->ref : in->ref;
	bool named = in->named || is_named(l->want, d, ref);
	if (!is_index_type(d->media_type) && paper_is(d, ref)) {
		paper_add(&l->papers, d, ref);
		return OK;
	}
	if (is_image_type(d->media_type)) {
		if (l->all.n == LIMIT_MANIFESTS)
			FAIL(ERR_LIMIT, "more than %u images", LIMIT_MANIFESTS);
		vec_push(l->arena, &l->all, (Leaf){*d, ref, named, at});
		return OK;
	}
	if (!is_index_type(d->media_type)) {
		l->other_type = d->media_type;
		return OK;
	}
	if (in->depth == LIMIT_INDEX_DEPTH || l->indexes.n > LIMIT_MANIFESTS)
		FAIL(ERR_LIMIT, "more than %u indexes inside each other", LIMIT_INDEX_DEPTH);
	Pending inner = {
		.ref = ref, .digest = d->digest, .in = at, .depth = in->depth + 1, .named = named};
	TRY_IN(fetch(l->shelf, d, l->arena, &inner.text), "index " STR_FMT, STR_ARG(d->digest));
	vec_push(l->arena, &l->indexes, inner);
	return OK;
}

static Result collect(Leaves *l, Str index_json)
{
	vec_push(l->arena, &l->indexes,
		 (Pending){.text = index_json, .named = l->want->ref.n == 0});
	for (size_t i = 0; i < l->indexes.n; i++) {
		Manifest index;
		TRY_IN(manifest_read(l->indexes.at[i].text, l->arena, &index),
		       "index.json or an index in it");
		if (!index.is_index)
			FAIL(ERR_INPUT, "index.json: lists no manifests");
		for (size_t k = 0; k < index.manifests.n; k++)
			TRY(add_descriptor(l, i, &index.manifests.at[k]));
	}
	return OK;
}

/* Tools list signatures and the like beside images, and not all say which is which. */
static void set_papers_apart(Leaves *l)
{
	size_t kept = 0, n = l->all.n;
	for (size_t i = 0; n > 1 && i < n; i++) {
		const Leaf *f = &l->all.at[i];
		bool sure = f->d.platform.os.n != 0 || (l->want->ref.n != 0 && f->named);
		if (sure || !paper_found(&l->papers, &f->d, f->ref))
			l->all.at[kept++] = *f;
	}
	l->all.n = n > 1 ? kept : n;
}

/* A signature may be of the image, or of an index that lists it. */
static Vouched vouched_for(const Leaves *l, const Leaf *leaf)
{
	StrVec digests = {0};
	vec_push(l->arena, &digests, leaf->d.digest);
	for (size_t at = leaf->in; at != 0; at = l->indexes.at[at].in)
		vec_push(l->arena, &digests, l->indexes.at[at].digest);
	return papers_about(&l->papers, &digests);
}

/* ---- which of them ---- */

static void list_leaf(Buf *b, const Leaf *f, bool names, Arena *a)
{
	if (b->n > 600)
		return; /* enough to see what is there */
	if (b->n != 0)
		buf_add(b, S(", "));
	Str name = f->ref.n != 0 ? f->ref : f->d.digest;
	buf_add(b, names ? str_first(name, 200) : platform_text(&f->d.platform, a));
}

static Result none_fits(const Leaves *l, bool named)
{
	Buf have = buf_in(l->arena, 4096);
	for (size_t i = 0; i < l->all.n; i++)
		if (!named || l->all.at[i].named)
			list_leaf(&have, &l->all.at[i], !named, l->arena);
	Str what = buf_str(&have);
	if (l->all.n == 0 && l->other_type.n != 0)
		FAIL(ERR_INPUT, "holds no container image, but '" STR_FMT "'",
		     STR_ARG(str_first(l->other_type, 100)));
	if (l->all.n == 0)
		FAIL(ERR_INPUT, "holds no image");
	if (!named)
		FAIL(ERR_USAGE, "holds no image " STR_FMT "; it has: " STR_FMT,
		     STR_ARG(str_first(l->want->ref, 200)), STR_ARG(what));
	FAIL(ERR_USAGE, "no image for " STR_FMT "; it has: " STR_FMT "; choose one by --platform",
	     STR_ARG(platform_text(&l->want->platform, l->arena)), STR_ARG(what));
}

static Result several_fit(const Leaves *l, unsigned rank)
{
	Buf have = buf_in(l->arena, 4096);
	for (size_t i = 0; i < l->all.n; i++) {
		const Leaf *f = &l->all.at[i];
		if (f->named && platform_rank(&l->want->platform, &f->d.platform) == rank)
			list_leaf(&have, f, true, l->arena);
	}
	FAIL(ERR_USAGE, "holds several images: " STR_FMT "; name one: append :TAG or @sha256:...",
	     STR_ARG(buf_str(&have)));
}

static Result choose(const Leaves *l, const Leaf **out, bool *only)
{
	const Leaf *best = NULL;
	unsigned best_rank = 0;
	size_t named = 0;
	bool tie = false;
	for (size_t i = 0; i < l->all.n; i++) {
		const Leaf *f = &l->all.at[i];
		if (!f->named)
			continue;
		named++;
		unsigned rank = platform_rank(&l->want->platform, &f->d.platform);
		bool same = best != NULL && str_eq(f->d.digest, best->d.digest);
		if (rank > best_rank || best == NULL) {
			best = f;
			best_rank = rank;
			tie = false;
		} else if (rank == best_rank && !same) {
			tie = true;
		}
	}
	if (best == NULL || (best_rank == 0 && (named != 1 || l->want->platform_asked)))
		ERR_RETURN(none_fits(l, named != 0));
	if (tie)
		ERR_RETURN(several_fit(l, best_rank));
	*out = best;
	*only = named == 1;
	return OK;
}

/* ---- the image ---- */

static Result check_layer_type(Str type)
{
	static const char *const types[] = {
		"application/vnd.oci.image.layer.v1.tar",
		"application/vnd.oci.image.layer.v1.tar+gzip",
		"application/vnd.oci.image.layer.v1.tar+zstd",
		"application/vnd.oci.image.layer.nondistributable.v1.tar",
		"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
		"application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
		"application/vnd.docker.image.rootfs.diff.tar",
		"application/vnd.docker.image.rootfs.diff.tar.gzip",
		"application/vnd.docker.image.rootfs.diff.tar.zstd",
		"application/vnd.docker.image.rootfs.foreign.diff.tar",
		"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
		NULL};
	if (is_one_of(type, types))
		return OK;
	if (str_ends(type, S("+encrypted")))
		FAIL(ERR_INPUT, "is encrypted (" STR_FMT "); decrypt the image first",
		     STR_ARG(str_first(type, 100)));
	FAIL(ERR_INPUT, "is of type '" STR_FMT "'; tar layers are read, plain, gzip or zstd",
	     STR_ARG(str_first(type, 100)));
}

static Result add_layer(Shelf *s, const Descriptor *d, const ConfigLayer *c, Arena *a,
			ImagePlan *plan)
{
	PlanLayer l = {.name = blob_name(a, d->digest),
		       .digest = d->digest,
		       .diff_id = c->diff_id,
		       .created_by = c->created_by};
	uint64_t size;
	bool found, elsewhere;
	size_t at;
	TRY(check_layer_type(d->media_type));
	TRY(s->ops->size(s, l.name, &size, &found));
	elsewhere = str_find(d->media_type, S("foreign"), &at) ||
		    str_find(d->media_type, S("nondistributable"), &at);
	if (!found && elsewhere)
		FAIL(ERR_INPUT, "is foreign: its vendor hands it out, and it is not here");
	if (!found)
		FAIL(ERR_INPUT, "its blob is missing");
	if (size != d->size)
		FAIL(ERR_INPUT, "is %llu bytes, its descriptor says %llu", (unsigned long long)size,
		     (unsigned long long)d->size);
	vec_push(a, &plan->layers, l);
	return OK;
}

static Result check_config_type(Str type)
{
	static const char *const types[] = {"application/vnd.oci.image.config.v1+json",
					    "application/vnd.docker.container.image.v1+json", NULL};
	if (!is_one_of(type, types))
		FAIL(ERR_INPUT, "holds no container image, but '" STR_FMT "'",
		     STR_ARG(str_first(type, 100)));
	return OK;
}

static Result plan_manifest(Shelf *s, const Manifest *m, const PlanWant *want, Arena *a,
			    ImagePlan *plan)
{
	Str text;
	ImageConfig config;
	TRY(check_config_type(m->config.media_type));
	TRY_IN(fetch(s, &m->config, a, &text), "config " STR_FMT, STR_ARG(m->config.digest));
	TRY_IN(image_config_read(text, a, &config), "config " STR_FMT, STR_ARG(m->config.digest));
	plan->id = m->config.digest;
	plan->platform = config.platform;
	plan->settings = config.settings;
	if (want->platform_asked && platform_rank(&want->platform, &config.platform) == 0)
		FAIL(ERR_USAGE, "is for " STR_FMT ", not for " STR_FMT,
		     STR_ARG(platform_text(&config.platform, a)),
		     STR_ARG(platform_text(&want->platform, a)));
	if (m->layers.n != config.layers.n)
		FAIL(ERR_INPUT, "%zu layers, but %zu diffIDs in its config", m->layers.n,
		     config.layers.n);
	for (size_t i = 0; i < m->layers.n; i++)
		TRY_IN(add_layer(s, &m->layers.at[i], &config.layers.at[i], a, plan),
		       "layer " STR_FMT, STR_ARG(m->layers.at[i].digest));
	return OK;
}

Result plan_from_layout(Shelf *s, const PlanWant *want, Arena *a, ImagePlan *out)
{
	Str text;
	bool found;
	Leaves l = {.shelf = s, .want = want, .arena = a, .papers = {.shelf = s, .arena = a}};
	TRY_IN(s->ops->text(s, S("index.json"), LIMIT_MANIFEST_BYTES, a, &text, &found),
	       "index.json");
	if (!found)
		FAIL(ERR_INPUT, "no index.json: not an OCI image layout");
	TRY(collect(&l, text));
	set_papers_apart(&l);
	const Leaf *leaf;
	bool only;
	TRY(choose(&l, &leaf, &only));
	ImagePlan plan = {.reference = leaf->ref,
			  .digest = leaf->d.digest,
			  .vouched = vouched_for(&l, leaf),
			  .only = only};
	Manifest m;
	TRY_IN(fetch(s, &leaf->d, a, &text), "manifest " STR_FMT, STR_ARG(leaf->d.digest));
	TRY_IN(manifest_read(text, a, &m), "manifest " STR_FMT, STR_ARG(leaf->d.digest));
	if (m.is_index)
		FAIL(ERR_INPUT, "manifest " STR_FMT ": is an index, its descriptor says otherwise",
		     STR_ARG(leaf->d.digest));
	TRY_IN(plan_manifest(s, &m, want, a, &plan), "manifest " STR_FMT, STR_ARG(plan.digest));
	*out = plan;
	return OK;
}
