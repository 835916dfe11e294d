/* layers.h - all layers of an image, side by side, the largest first. */
#pragma once
#include "image/capture.h"
#include "image/plan.h"

typedef struct LayersJob {
	Shelf *shelf;
	const ImagePlan *plan;
	const Selector *want;
	/* From any thread, one at a time; `done` and `total` are stored bytes. May be NULL. */
	void (*progress)(void *ctx, unsigned layers_done, uint64_t done, uint64_t total);
	void *progress_ctx;
} LayersJob;

/* out[i] is layer i, in `a` with an arena of its own. When several fail, the lowest is told. */
Result layers_read(const LayersJob *job, Arena *a, LayerIndex **out);
/* Some layers again, each with its own selector; for capture.h. */
Result layers_reread(const LayersJob *job, LayerAgain *again, size_t n);
void layers_finish(LayerIndex **layers, size_t n); /* frees what they hold */
