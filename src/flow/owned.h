/* owned.h - files of a folder that a package brought and nobody changed, by the package databases
 * of the root file system that the folder is in (catalog/recorded.h).
 *
 * A file is believed to be the package's when its digest is the one on record; that keeps test keys
 * inside libraries out of a report. It is no proof against somebody who can write the record. */
#pragma once
#include "catalog/recorded.h"

typedef struct Owned Owned;

/* `root`: the root file system, taken over; -1: nothing is owned. Its databases are read when first
 * asked. `below`: what the paths asked for leave out, from that root ("usr"). */
Owned *owned_create(int root, Str below);
void owned_destroy(Owned *o);
/* What is on record; NULL: nothing. From any thread. */
const RecordedFile *owned_get(Owned *o, Str path);
/* There is a package database. From any thread, after a first owned_get(). */
bool owned_asked(Owned *o);
/* From any thread. `fd` is read from its start. */
bool owned_unchanged(Owned *o, Str path, int fd);

/* In the parent: the nearest folder at or above `dir` with a package database becomes *root (-1:
 * none has), what `dir` is below it *below, and the folders that a worker has to be granted are
 * added to `dirs`. In `a`. */
void owned_find(Str dir, Arena *a, int *root, Str *below, StrVec *dirs);
