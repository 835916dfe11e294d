/* manifest.h - the documents of an image, checked: OCI image-spec 1.1 (image-index.md, manifest.md,
 * config.md), Docker's schema 2 of the same, and the manifest.json of docker save.
 *
 * Strings are borrowed from the text or live in the arena. Every digest that comes out is
 * "sha256:" and 64 hex digits. ERR_INPUT says what is wrong; no message names the file. */
#pragma once
#include "base/vec.h"
#include "image/platform.h"
#include "model/settings.h"

typedef struct Descriptor {
	Str media_type, digest;
	uint64_t size;
	Platform platform;       /* empty: not said */
	Str ref;                 /* the name it was stored under; empty: none */
	bool attestation;        /* says something about another manifest; is no image */
	Str about;               /* BuildKit's: the digest of that one */
	Str artifact_type, kind; /* kind: cosign's */
} Descriptor;

typedef VEC(Descriptor) DescriptorVec;

typedef struct Manifest { /* either an index or one image */
	bool is_index;
	DescriptorVec manifests; /* of an index */
	Descriptor config;       /* of an image */
	DescriptorVec layers;    /* bottom first */
} Manifest;

typedef struct ConfigLayer {
	Str diff_id, created_by;
} ConfigLayer;

typedef struct ImageConfig {
	Platform platform;
	VEC(ConfigLayer) layers; /* bottom first */
	ImageSettings settings;
} ImageConfig;

typedef struct SavedImage { /* one element of manifest.json */
	Str config;         /* names of members of the archive */
	VEC(Str) layers;
	VEC(Str) tags;
} SavedImage;

typedef VEC(SavedImage) SavedImageVec;

Result manifest_read(Str text, Arena *a, Manifest *out);
Result image_config_read(Str text, Arena *a, ImageConfig *out);
Result saved_read(Str text, Arena *a, SavedImageVec *out);
