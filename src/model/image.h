/* image.h - an image, or a root file system, as the rooms after acquisition see it. */
#pragma once
#include "model/contents.h"
#include "model/pkg.h"
#include "model/settings.h"
#include "model/vouched.h"

typedef struct Layer {
	Str digest;     /* of the blob as stored, "sha256:..."; empty when read in place */
	Str diff_id;    /* of the uncompressed tar, "sha256:..."; empty for a bare directory */
	uint64_t size;  /* bytes of the uncompressed tar; 0 when not known */
	Str created_by; /* history: the instruction; may be empty */
} Layer;

typedef struct Image {
	Str target;    /* as asked for */
	Str reference; /* repository:tag, when the target knows one */
	Str id;        /* digest of the config, "sha256:..."; empty for a root file system */
	Str digest;    /* digest of the manifest, when there is one */
	Str os, arch, variant;
	Str road; /* how it was read: archive, oci, overlay2, export, rootfs: for --verbose */
	VEC(Layer) layers; /* bottom first */
	/* In the worker only: */
	ImageSettings settings;
	Vouched vouched;
	const Contents *contents;
	FileSet files;
	/* What was kept of files that a higher layer removed or replaced, also of those that are
	 * `below` another. By layer, in its order; under the path they have there. */
	CapturedVec hidden;
	VEC(Undecided) undecided; /* e.g. a file over a limit */
} Image;
