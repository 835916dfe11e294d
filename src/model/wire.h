/* wire.h - what a worker found, as bytes through a pipe and back.
 *
 * Private between a process and its own child: no version, no byte order of
 * its own, never on disk. The reader does not believe the writer: lengths,
 * counts and indices are checked, and strings stay in the bytes they came in. */
#pragma once
#include "base/buf.h"
#include "model/image.h"

/* Everything of both but the file bodies (image->files). */
void wire_write(Buf *to, const Image *image, const Facts *facts);
/* ERR_BUG when the bytes are not what wire_write() makes. `from` must outlive what is read. */
Result wire_read(Str from, Arena *a, Image *image, Facts *facts);
