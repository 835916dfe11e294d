/* papers.c - which manifests of a layout vouch for which, and by what. */
#include "image/papers.h"

#include "base/limits.h"
#include "image/plan.h"
#include "io/digest.h"
#include "io/json.h"

static const char prefix[] = "sha256:";
enum { PREFIX = sizeof prefix - 1, DIGEST = PREFIX + 64 };

/* ---- by the descriptor ---- */

/* "r/n:sha256-<64 hex digits>.sig" as cosign has it, or without the end: the tag of an index where
 * a registry cannot be asked for referrers. */
static bool tag_about(Str ref, Arena *a, Str *digest)
{
	Str tag = ref;
	for (size_t i = 0; i < ref.n; i++)
		if (ref.p[i] == ':' || ref.p[i] == '/')
			tag = str_skip(ref, i + 1);
	Str end = str_skip(tag, DIGEST);
	uint8_t sha[SHA256_BYTES];
	if (tag.n < DIGEST || !str_starts(tag, S("sha256-")) ||
	    !(end.n == 0 || str_eq(end, S(".sig")) || str_eq(end, S(".att")) ||
	      str_eq(end, S(".sbom"))))
		return false;
	char *p = arena_array(a, char, DIGEST);
	memcpy(p, prefix, PREFIX);
	memcpy(p + PREFIX, tag.p + PREFIX, DIGEST - PREFIX);
	*digest = (Str){p, DIGEST};
	return digest_parse(*digest, sha);
}

static bool is_image_config(Str type)
{
	return str_eq(type, S("application/vnd.oci.image.config.v1+json")) ||
	       str_eq(type, S("application/vnd.docker.container.image.v1+json"));
}

/* cosign save: the layout holds one image, and what belongs to it. */
static bool is_cosigns(Str kind)
{
	return str_eq(kind, S("dev.cosignproject.cosign/sigs")) ||
	       str_eq(kind, S("dev.cosignproject.cosign/atts")) ||
	       str_eq(kind, S("dev.cosignproject.cosign/sboms"));
}

bool paper_is(const Descriptor *d, Str ref)
{
	AUTO_ARENA Arena a = {0};
	Str digest;
	bool artifact = d->artifact_type.n != 0 && !is_image_config(d->artifact_type);
	return d->attestation || artifact || is_cosigns(d->kind) || tag_about(ref, &a, &digest) ||
	       str_eq(d->media_type, S("application/vnd.oci.artifact.manifest.v1+json"));
}

/* ---- by the document ---- */

typedef enum Says { SIGNATURE = 1, SBOM, PROVENANCE } Says;

/* Of the types of a document and of what it holds: BuildKit's, cosign's of all ages, Notation's,
 * and those under which SBOMs are attached. */
static const struct {
	const char *part;
	Says says;
} types[] = {
	{"dev.cosign.simplesigning.", SIGNATURE},
	{"dev.cosign.artifact.sig.", SIGNATURE},
	{"sigstore.dev/cosign/sign/", SIGNATURE},
	{"cncf.notary.signature", SIGNATURE},
	{"cncf.notary.v2.signature", SIGNATURE},
	{"spdx", SBOM},
	{"cyclonedx", SBOM},
	{"vnd.syft+json", SBOM},
	{"dev.cosign.artifact.sbom.", SBOM},
	{"slsa.dev/provenance/", PROVENANCE},
};

static void hear(Vouched *v, Str type)
{
	size_t at;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (!str_find(type, str_of(types[i].part), &at))
			continue;
		v->signature = v->signature || types[i].says == SIGNATURE;
		v->sbom = v->sbom || types[i].says == SBOM;
		v->provenance = v->provenance || types[i].says == PROVENANCE;
	}
}

static void hear_layers(Vouched *v, const Value *layers)
{
	for (size_t i = 0; layers != NULL && i < layers->n; i++) {
		const Value *notes = value_get(layers->items[i], S("annotations"));
		hear(v, value_str(layers->items[i], S("mediaType")));
		hear(v, value_str(notes, S("in-toto.io/predicate-type")));
		hear(v, value_str(notes, S("predicateType")));
	}
}

Result paper_read(Str text, Arena *a, Paper *out, bool *is)
{
	Value *v;
	size_t at;
	Paper p = {0};
	TRY(value_from_json(text, a, &v));
	Str config = value_str(value_get(v, S("config")), S("mediaType"));
	Str type = value_str(v, S("artifactType"));
	Str predicate = value_str(value_get(v, S("annotations")),
				  S("dev.sigstore.bundle.predicateType"));
	p.about = value_str(value_get(v, S("subject")), S("digest"));
	hear(&p.says, type.n != 0 ? type : config);
	hear(&p.says, predicate);
	hear_layers(&p.says, value_items(v, S("layers")));
	hear_layers(&p.says, value_items(v, S("blobs")));
	if (predicate.n == 0 && str_find(type, S("dev.sigstore.bundle"), &at))
		p.says.signature = true; /* what else it holds is in the bundle */
	*is = p.about.n != 0 || (type.n != 0 && !is_image_config(type)) || p.says.signature ||
	      p.says.sbom || p.says.provenance;
	*out = p;
	return OK;
}

/* ---- the documents ---- */

static bool fetch(Papers *p, const Descriptor *d, Arena *a, Str *text)
{
	bool found = false;
	uint8_t sha[SHA256_BYTES];
	if (p->read == LIMIT_PAPERS) {
		p->cut = true;
		return false;
	}
	p->read++;
	if (d->size > LIMIT_PAPER_BYTES)
		return false;
	Err *e = p->shelf->ops->text(p->shelf, blob_name(a, d->digest), LIMIT_PAPER_BYTES, a, text,
				     &found);
	bool failed = e != OK;
	err_free(e);
	if (failed || !found)
		return false;
	sha256_of(*text, sha);
	return str_eq(digest_text(a, sha), d->digest);
}

/* False: it cannot be read. */
static bool read_document(Papers *p, const Descriptor *d, Paper *out, bool *is)
{
	AUTO_ARENA Arena a = {0};
	Str text;
	if (!fetch(p, d, &a, &text))
		return false;
	Err *e = paper_read(text, &a, out, is);
	bool failed = e != OK;
	err_free(e);
	if (!failed)
		out->about = arena_str(p->arena, str_first(out->about, DIGEST));
	return !failed;
}

static void add(Papers *p, const Descriptor *d, Str ref, Paper one)
{
	Str tagged;
	if (d->about.n != 0)
		one.about = d->about;
	else if (one.about.n == 0 && tag_about(ref, p->arena, &tagged))
		one.about = tagged;
	if (one.about.n != 0 || is_cosigns(d->kind))
		vec_push(p->arena, &p->all, one);
}

void paper_add(Papers *p, const Descriptor *d, Str ref)
{
	Paper one = {0};
	bool is;
	one.unread = !read_document(p, d, &one, &is);
	add(p, d, ref, one);
}

bool paper_found(Papers *p, const Descriptor *d, Str ref)
{
	Paper one = {0};
	bool is = false;
	if (!read_document(p, d, &one, &is) || !is)
		return false;
	add(p, d, ref, one);
	return true;
}

static bool is_about(const Paper *p, const StrVec *digests)
{
	for (size_t i = 0; i < digests->n; i++)
		if (str_eq(p->about, digests->at[i]))
			return true;
	return p->about.n == 0;
}

Vouched papers_about(const Papers *p, const StrVec *digests)
{
	Vouched v = {.known = true, .unread = S("")};
	if (p->cut)
		v.unread = S("there are more documents beside it than are read");
	for (size_t i = 0; i < p->all.n; i++) {
		const Paper *one = &p->all.at[i];
		if (!is_about(one, digests))
			continue;
		if (one->unread)
			v.unread = S("a document beside it is missing or cannot be read");
		v.signature = v.signature || one->says.signature;
		v.sbom = v.sbom || one->says.sbom;
		v.provenance = v.provenance || one->says.provenance;
	}
	return v;
}
