/* secret_image.h - from what the sieves kept of every layer to a report of secrets. */
#pragma once
#include "catalog/recorded.h"
#include "flow/file_sieve.h"
#include "model/image.h"

/* In the worker. `files` is what `s` kept, `databases` what recorded_selector() kept. A file as a
 * package recorded it is left out, a value that stands in several layers' versions of a file is
 * told for the lowest. What the image says of itself is searched too. Paths begin with '/'. */
void secret_image_tell(FileSieves *s, const Image *files, const Image *databases, Arena *a,
		       RemarkReport *out);
/* What made the layers is told with its secrets masked. */
void secret_hide_origins(const SecretSet *set, Arena *a, RemarkReport *r);
