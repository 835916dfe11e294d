/* plan.h - which layers make up the image that was asked for, and what they have to be. */
#pragma once
#include "image/manifest.h"
#include "image/shelf.h"
#include "model/vouched.h"

typedef struct PlanLayer {
	Str name;   /* on the shelf */
	Str digest; /* of the stored bytes; empty: not known */
	Str diff_id;
	Str created_by;
} PlanLayer;

typedef struct ImagePlan {
	Str reference, id, digest; /* as in Image */
	Platform platform;
	ImageSettings settings;
	Vouched vouched;
	VEC(PlanLayer) layers; /* bottom first */
	bool only;             /* no other image has the name that was asked for */
} ImagePlan;

typedef struct PlanWant {
	Str ref; /* a tag, a name with a tag, or "@sha256:..."; empty: the only image there is */
	Platform platform;
	bool platform_asked; /* else it is the host's: only a choice, not a demand */
} PlanWant;

/* Where a layout has the blob of a digest. */
Str blob_name(Arena *a, Str digest);

/* From index.json of an OCI layout (image-spec 1.1, image-layout.md): through nested indexes
 * to the image for the platform. Every document is checked against its digest and size. */
Result plan_from_layout(Shelf *s, const PlanWant *want, Arena *a, ImagePlan *out);
/* From manifest.json of docker save. */
Result plan_from_saved(Shelf *s, const PlanWant *want, Arena *a, ImagePlan *out);
/* From the one of both that is there; a layout comes first. With both, tools differ in which one
 * they load by: ERR_TRUST when the name leads to another image in manifest.json. */
Result plan_from_archive(Shelf *s, const PlanWant *want, Arena *a, ImagePlan *out);
