/* road.h - in the parent: opens what a target names, and has a worker read it. */
#pragma once
#include "engine/listen.h"
#include "image/reader.h"
#include "image/target.h"

typedef struct Road {
	const ImageRequest *request;
	Arena *arena;
	PlanWant want;
} Road;

/* Runs `work` with `r`; grant->fds and read_dirs are set by the caller, the rest here. `how` is
 * what ImageAnswer.road says, before what the worker remarks. */
Result road_run(const Road *road, Reader *r, WorkerGrant *grant, Err *(*work)(void *, Reply *),
		const char *how, ImageAnswer *out);

/* `path` may carry a ":TAG" or "@DIGEST" behind the file's name. */
Result road_archive(const Road *road, Str path, ImageAnswer *out);
Result road_layout(const Road *road, Str path, ImageAnswer *out);
Result road_rootfs(const Road *road, Str path, ImageAnswer *out);

/* *found false: nobody listens there, or it has no such image; *why says which. Only for a
 * name that could be an image's. */
Result road_engine(const Road *road, EngineKind engine, Str name, ImageAnswer *out, bool *found,
		   Str *why);
