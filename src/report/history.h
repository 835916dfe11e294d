/* history.h - an image's history for programs: doc/formats/image-history-json.md. */
#pragma once
#include "base/buf.h"
#include "dockerfile/rebuild.h"

/* `r` is rebuilt from `image`. Appends the whole document. */
void history_write_json(const Image *image, const Rebuilt *r, Buf *to);
