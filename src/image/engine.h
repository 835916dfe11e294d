/* engine.h - what an engine says of an image, over its Unix socket (Docker Engine API 1.24 and
 * later; Podman answers the same).
 *
 * The engine is root on its host: its answers are parsed here in the parent, strictly and
 * within limits, but as those of a peer. The layers' bytes are not: they go to a worker. */
#pragma once
#include "image/road.h"

typedef struct EngineImage {
	Str id, reference, digest;
	Platform platform;
	VEC(ConfigLayer) layers; /* bottom first; created_by where the history tells */
	ImageSettings settings;
	Str driver;             /* "overlay2"; empty: not said */
	VEC(const char *) dirs; /* of overlay2: each layer's directory, bottom first */
} EngineImage;

/* *found false: the engine has no image of this name. `socket` is its path. */
Result engine_inspect(const char *socket, Str name, Arena *a, EngineImage *out, bool *found);

/* Reads the layers where they lie. *why not empty: it could not be done, use another way. */
Result overlay2_read(const Road *road, const char *socket, const EngineImage *image, Str name,
		     ImageAnswer *out, Str *why);
