/* go_sieve.h - takes the build information out of a Go program while its bytes stream by.
 *
 * Follows Go's debug/buildinfo from go1.13 to go1.26: since go1.18 version and module list
 * stand behind the magic, before that pointers to them (go_old.h). Build information that
 * cannot be had is an error, and so reported as not evaluated. */
#pragma once
#include "model/file.h"

/* Keeps "GOVERSION\nMODINFO", MODINFO without its sentinels; nothing of other files. */
Sieve *go_sieve(Arena *a, const FileInfo *f);
