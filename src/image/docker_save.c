/* docker_save.c - from the manifest.json of docker save to the layers of one image. */
#include "base/buf.h"
#include "base/limits.h"
#include "image/plan.h"
#include "io/digest.h"

static bool has_tag(const SavedImage *m, Str name)
{
	for (size_t i = 0; i < m->tags.n; i++) {
		Str tag = m->tags.at[i];
		char before = tag.n > name.n ? tag.p[tag.n - name.n - 1] : ':';
		if (str_ends(tag, name) && (before == ':' || before == '/'))
			return true;
	}
	return false;
}

static Str image_name(const SavedImage *m)
{
	return str_first(m->tags.n != 0 ? m->tags.at[0] : m->config, 200);
}

static Result choose(const SavedImageVec *all, Str ref, Arena *a, const SavedImage **out)
{
	Buf have = buf_in(a, 4096);
	const SavedImage *found = NULL;
	size_t fits = 0;
	for (size_t i = 0; i < all->n; i++) {
		const SavedImage *m = &all->at[i];
		if (have.n < 600)
			buf_fmt(&have, "%s" STR_FMT, i != 0 ? ", " : "", STR_ARG(image_name(m)));
		if (ref.n == 0 || has_tag(m, ref)) {
			found = m;
			fits++;
		}
	}
	if (fits == 0)
		FAIL(ERR_USAGE, "holds no image " STR_FMT "; it has: " STR_FMT,
		     STR_ARG(str_first(ref, 200)), STR_ARG(buf_str(&have)));
	if (fits > 1)
		FAIL(ERR_USAGE, "holds several images: " STR_FMT "; name one: append :TAG",
		     STR_ARG(buf_str(&have)));
	*out = found;
	return OK;
}

/* The digest that a blob's name promises; empty when it promises none. */
static Str promised(Str name, Arena *a)
{
	Str base = str_base(name);
	bool blob = str_starts(name, S("blobs/sha256/")), json = str_ends(base, S(".json"));
	if (json)
		base.n -= sizeof ".json" - 1;
	else if (!blob && !str_starts(base, S("sha256:")))
		return S("");
	Buf b = buf_in(a, 256);
	if (!str_starts(base, S("sha256:")))
		buf_add(&b, S("sha256:"));
	buf_add(&b, str_first(base, 100));
	uint8_t sha[SHA256_BYTES];
	return digest_parse(buf_str(&b), sha) ? buf_str(&b) : S("");
}

static Result read_config(Shelf *s, const SavedImage *m, Arena *a, ImagePlan *plan,
			  ImageConfig *config)
{
	Str text, want = promised(m->config, a);
	bool found;
	uint8_t sha[SHA256_BYTES];
	TRY(s->ops->text(s, m->config, LIMIT_MANIFEST_BYTES, a, &text, &found));
	if (!found)
		FAIL(ERR_INPUT, "is missing");
	sha256_of(text, sha);
	plan->id = digest_text(a, sha);
	if (want.n != 0 && !str_eq(want, plan->id))
		FAIL(ERR_TRUST,
		     "digest differs: " STR_FMT " is expected, " STR_FMT " is there; save it again",
		     STR_ARG(want), STR_ARG(plan->id));
	TRY(image_config_read(text, a, config));
	plan->platform = config->platform;
	plan->settings = config->settings;
	return OK;
}

static Result plan_saved(Shelf *s, const SavedImage *m, const PlanWant *want, Arena *a,
			 ImagePlan *plan)
{
	ImageConfig config;
	TRY_IN(read_config(s, m, a, plan, &config), "config " STR_FMT,
	       STR_ARG(str_first(m->config, 200)));
	if (want->platform_asked && platform_rank(&want->platform, &plan->platform) == 0)
		FAIL(ERR_USAGE, "is for " STR_FMT ", not for " STR_FMT,
		     STR_ARG(platform_text(&plan->platform, a)),
		     STR_ARG(platform_text(&want->platform, a)));
	if (m->layers.n != config.layers.n)
		FAIL(ERR_INPUT, "manifest.json: %zu layers, but %zu diffIDs in the config",
		     m->layers.n, config.layers.n);
	for (size_t i = 0; i < m->layers.n; i++) {
		PlanLayer l = {.name = m->layers.at[i],
			       .diff_id = config.layers.at[i].diff_id,
			       .created_by = config.layers.at[i].created_by};
		uint64_t size;
		bool found;
		l.digest = promised(l.name, a);
		TRY(s->ops->size(s, l.name, &size, &found));
		if (!found)
			FAIL(ERR_INPUT, "layer " STR_FMT ": is missing",
			     STR_ARG(str_first(l.name, 200)));
		vec_push(a, &plan->layers, l);
	}
	return OK;
}

Result plan_from_saved(Shelf *s, const PlanWant *want, Arena *a, ImagePlan *out)
{
	Str text;
	bool found;
	SavedImageVec all;
	TRY_IN(s->ops->text(s, S("manifest.json"), LIMIT_MANIFEST_BYTES, a, &text, &found),
	       "manifest.json");
	if (!found)
		FAIL(ERR_INPUT,
		     "neither manifest.json nor index.json: not the archive of an image");
	TRY_IN(saved_read(text, a, &all), "manifest.json");
	const SavedImage *m;
	TRY(choose(&all, want->ref, a, &m));
	ImagePlan plan = {.reference = m->tags.n != 0 ? m->tags.at[0] : S("")};
	TRY(plan_saved(s, m, want, a, &plan));
	*out = plan;
	return OK;
}

static Result check_config(Shelf *s, const SavedImage *m, const ImagePlan *plan)
{
	AUTO_ARENA Arena a = {0};
	Str text;
	bool found;
	uint8_t sha[SHA256_BYTES];
	TRY(s->ops->text(s, m->config, LIMIT_MANIFEST_BYTES, &a, &text, &found));
	if (!found)
		return OK; /* nothing that could be loaded */
	sha256_of(text, sha);
	if (!str_eq(digest_text(&a, sha), plan->id))
		FAIL(ERR_TRUST,
		     "names " STR_FMT ", but index.json leads to the image " STR_FMT
		     ": which one is loaded depends on the tool; save it again",
		     STR_ARG(image_name(m)), STR_ARG(plan->id));
	return OK;
}

static Result check_saved(Shelf *s, const PlanWant *want, Arena *a, const ImagePlan *plan)
{
	Str text, ref = want->ref;
	bool found;
	SavedImageVec all;
	if (!plan->only || str_starts(ref, S("@")))
		return OK;
	TRY(s->ops->text(s, S("manifest.json"), LIMIT_MANIFEST_BYTES, a, &text, &found));
	if (!found)
		return OK;
	Err *e = saved_read(text, a, &all);
	if (e != OK && e->kind == ERR_INPUT) { /* nothing could be loaded by it */
		err_free(e);
		return OK;
	}
	TRY(e);
	for (size_t i = 0; i < all.n; i++)
		if (ref.n == 0 || has_tag(&all.at[i], ref))
			TRY(check_config(s, &all.at[i], plan));
	return OK;
}

Result plan_from_archive(Shelf *s, const PlanWant *want, Arena *a, ImagePlan *out)
{
	Str text;
	bool layout, saved;
	uint64_t size;
	ImagePlan plan;
	TRY_IN(s->ops->text(s, S("index.json"), LIMIT_MANIFEST_BYTES, a, &text, &layout),
	       "index.json");
	if (!layout)
		return plan_from_saved(s, want, a, out);
	TRY(plan_from_layout(s, want, a, &plan));
	TRY_IN(check_saved(s, want, a, &plan), "manifest.json");
	TRY(s->ops->size(s, S("manifest.json"), &size, &saved));
	if (saved) /* engines leave behind what vouches for the image */
		plan.vouched = (Vouched){0};
	*out = plan;
	return OK;
}
