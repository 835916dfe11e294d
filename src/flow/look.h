/* look.h - what the rooms that look into an image say of it, through the pipe and back.
 *
 * All of them look at one pass over the layers (model/tee.h). A room more is a selector in
 * look_begin() and a few lines in look.c. */
#pragma once
#include "flow/malware_image.h"
#include "flow/scan.h"
#include "flow/secret_image.h"
#include "image/target.h"

typedef struct Look {
	const ScanRequest *request;
	const Selector *selector; /* for ImageRequest */
	unsigned places[8];       /* in the tee; of look.c */
	SecretSet *secret_set;
	FileSieves *secrets;
	MalwareEngines engines;
	FileSieves *malware;
} Look;

Result look_begin(Look *l, const ScanRequest *r, Arena *a);
void look_end(Look *l);
/* ImageRequest.then; `ctx` is the Look. */
Result look_at_image(void *ctx, const Image *image, Arena *a, Str *answer);
/* In the parent; the strings stay in `answer`. */
Result look_read(Str answer, Arena *a, Image *image, Facts *facts, RemarkReport *remarks);
