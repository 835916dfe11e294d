/* tee.h - several rooms look at one pass over an image.
 *
 *     const Selector *rooms[] = {catalog_selector(), lint_selector(), NULL};
 *     ask.selector = tee_selectors(rooms, a);
 *     ... in the worker: tee_part(image, 1, a, &part); lint reads `part`
 *
 * Each file is fed once to every room that wants it. A room's part is the image as that room
 * alone would have got it: its own bodies, its own errors. */
#pragma once
#include "model/image.h"

/* `of` ends in NULL and outlives the answer, as what it points to. */
const Selector *tee_selectors(const Selector *const *of, Arena *a);
/* What of[i] kept: files and hidden files, and in `undecided` also what it could not keep. All else
 * is as in `image`, which was read with a tee. */
void tee_part(const Image *image, size_t i, Arena *a, Image *out);
