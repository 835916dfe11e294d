/* owned.h - files that a package brought and nobody changed: what dpkg's md5sums say.
 *
 * A file is believed to be the package's when its MD5 is the one on record; that keeps test keys
 * inside libraries out of a report. It is no proof against somebody who can write the record. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

typedef struct Owned Owned;

/* `info`: the folder var/lib/dpkg/info, taken over; -1: nothing is owned. Read when first asked.
 * `below`: the part of a path, from the root, that those asked for leave out ("usr"). */
Owned *owned_create(int info, Str below);
void owned_destroy(Owned *o);
/* From any thread. `fd` is read from its start. */
bool owned_unchanged(Owned *o, Str path, int fd);
