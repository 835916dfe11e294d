/* image.h - an image against the rules about images: its settings, its history, its files.
 *
 * Where a remark is about a file, Remark.file is its path in the image ("/etc/shadow") and layer
 * and origin say which layer brought it and what made that. Where it is about the settings, it is
 * the line of the rebuilt history ("history") that set them, or "config" where none is known. */
#pragma once
#include "lint/lint.h"
#include "model/image.h"

/* What it wants of an image's files; static. */
const Selector *lint_selector(void);

/* Adds to *out, unsorted. `image` was read with lint_selector(), or is its part of a tee; `facts`
 * are its packages, whose `files` say what they own. */
Result lint_image(const Image *image, const Facts *facts, const LintOptions *o, Arena *a,
		  RemarkReport *out);
