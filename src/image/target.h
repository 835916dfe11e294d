/* target.h - what the user named, and reading it whole.
 *
 * Forms: docker:NAME podman:NAME archive:FILE oci:DIR[:TAG|@DIGEST] oci-archive:FILE
 * rootfs:DIR, or a bare word, tried in this order: an existing directory (an OCI layout if
 * it holds one, else a root file system), an existing file (an archive, docker's or OCI's),
 * an image of the Docker engine, one of Podman's. A registry's place is kept: registry:NAME
 * answers that pulling is not there yet. */
#pragma once
#include "model/image.h"

typedef enum TargetKind {
	TARGET_DOCKER = 1,
	TARGET_PODMAN,
	TARGET_ARCHIVE,
	TARGET_OCI_DIR,
	TARGET_OCI_ARCHIVE,
	TARGET_ROOTFS,
} TargetKind;

typedef struct ImageRequest {
	Str target;   /* as typed */
	Str platform; /* os/arch[/variant]; empty: this host's */
	bool allow_unsandboxed;
	bool in_place; /* may read an engine's layers where they lie; true by default */
	int also_fd;   /* one that the worker keeps; 0: none */
	const Selector *selector;
	/* In the worker, after the image was read: turns it into the answer. */
	Result (*then)(void *ctx, const Image *image, Arena *a, Str *answer);
	void *then_ctx;
	void (*progress)(void *ctx, Str layer, uint64_t done,
			 uint64_t total); /* parent; may be NULL */
	void *progress_ctx;
} ImageRequest;

typedef struct ImageAnswer {
	Str answer;  /* what then() made */
	Str missing; /* sandbox layers that the kernel lacks; empty: none */
	Str road;    /* how it was read and why, one line, for --verbose */
} ImageAnswer;

/* It starts with the prefix of a form. */
bool target_is_named(Str target);
/* Finds the target, opens what it needs in this process, reads it in a worker. Errors do not name
 * the target: the caller does. */
Result image_read(const ImageRequest *r, Arena *a, ImageAnswer *out);
