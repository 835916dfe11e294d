/* rebuild.h - the Dockerfile that an image's history tells of.
 *
 * Understands what writes histories: Docker's classic builder ("#(nop)", "|2 a=b c=d /bin/sh -c"),
 * BuildKit, Buildah with its trailing flags, Kaniko. What is none of their lines (a commit, an
 * import, another builder's words) becomes a comment. Flags of RUN, names of stages and comments
 * are lost; so is where the base image ends, so that all of it follows a FROM scratch. */
#pragma once
#include "base/err.h"
#include "dockerfile/dockerfile.h"
#include "model/image.h"

typedef struct RebuiltStep { /* an entry of the history */
	const HistoryStep *from;
	DockerOp op;         /* OP_UNKNOWN: it is a comment */
	Str args;            /* of a RUN: "a=b c=d", the values it was built with */
	uint32_t line, last; /* of the text, from 1 */
} RebuiltStep;

typedef struct Rebuilt {
	Str text;
	VEC(RebuiltStep) steps; /* as the history has them */
} Rebuilt;

/* ERR_LIMIT when the text is over LIMIT_DOCKERFILE_BYTES. */
Result dockerfile_rebuild(const Image *image, Arena *a, Rebuilt *out);
/* The step that made this layer, or NULL. */
const RebuiltStep *rebuilt_layer(const Rebuilt *r, uint32_t layer);
/* The instruction, or the comment, as it stands in the text; without comments above it. */
Str rebuilt_text(const Rebuilt *r, const RebuiltStep *step);
/* The last step of this instruction, or NULL. */
const RebuiltStep *rebuilt_last(const Rebuilt *r, DockerOp op);
