/* image_rule.h - what a rule about images has at hand, and how it says where.
 *
 * Its good and bad snippets are images as texts: see test/unit/image_text.h. */
#pragma once
#include "dockerfile/rebuild.h"
#include "lint/image.h"

typedef struct ImageGather ImageGather;

struct LintImage {
	const Image *image;
	const ImageSettings *settings; /* of the image; known only where there is a config */
	const Facts *facts;
	const LintOptions *options;
	Arena *a;
	const Rebuilt *history;
	const Places *places; /* of the history's text */
	const ImageGather *gather;
};

typedef struct ImagePlace {
	Str file;                /* of the image, without '/' in front; empty: its settings */
	uint32_t layer;          /* LAYER_NONE: none */
	const RebuiltStep *step; /* of the history; NULL: not told */
	bool hushed;             /* the line holds what should not be shown */
} ImagePlace;

void image_say(const LintImage *i, LintSink *to, ImagePlace at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* What rules about Dockerfiles say of the history. */
Result lint_history(const LintImage *i, LintSink *sink);

static inline ImagePlace in_file(Str path, uint32_t layer)
{
	return (ImagePlace){.file = path, .layer = layer};
}
/* The instruction that made the layer, on one line; may be empty. Build arguments, which may be
 * secrets, are not in it. */
Str instruction_of(const LintImage *i, uint32_t layer);
/* The settings, and the last instruction that set them. */
ImagePlace in_settings(const LintImage *i, DockerOp op);
static inline ImagePlace in_step(const RebuiltStep *step)
{
	return (ImagePlace){.layer = step->from->layer, .step = step};
}
