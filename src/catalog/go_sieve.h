/* go_sieve.h - takes the build information out of a Go program while its bytes stream by.
 *
 * Follows Go's debug/buildinfo as of go1.18 to go1.26: version and module list stand behind
 * the magic. Programs of go1.13 to go1.17 hold two pointers there, which lead backwards in
 * the file: such a program is refused with ERR_LIMIT, and so reported as not evaluated. */
#pragma once
#include "model/file.h"

/* Keeps "GOVERSION\nMODINFO", MODINFO without its sentinels; nothing of other files. */
Sieve *go_sieve(Arena *a, const FileInfo *f);
