/* secret_image.h - every regular file of every layer of an image through the secrets engine, in the
 * one pass over the layers, and what the image says of itself.
 *
 * Made before the worker, used in it: the selectors join others in a tee (model/tee.h). A file of
 * up to LIMIT_SECRET_WHOLE_BYTES is read whole, an archive up to LIMIT_SECRET_MEMBER_BYTES; all
 * else streams by, so an archive larger than that is not opened, and told. */
#pragma once
#include "catalog/recorded.h"
#include "flow/secret_reader.h"
#include "model/image.h"

typedef struct SecretImage SecretImage;

SecretImage *secret_image_create(const SecretSet *set, Confidence least, const StrVec *exclude);
void secret_image_destroy(SecretImage *s); /* NULL is fine */

/* Of this one comes `files` below; beside it recorded_selector(), of which `databases` comes. */
const Selector *secret_image_selector(SecretImage *s);

/* In the worker. A file as a package recorded it is left out, a value that stands in several
 * layers' versions of a file is told for the lowest. Paths begin with '/'. */
void secret_image_tell(SecretImage *s, const Image *files, const Image *databases, Arena *a,
		       RemarkReport *out);
