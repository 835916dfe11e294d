/* platform.h - os/arch[/variant], in Go's words, as images name what they run on. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Platform {
	Str os, arch, variant; /* empty: not said */
} Platform;

/* This machine. */
Platform platform_host(void);
/* "os/arch", "os/arch/variant", or "arch" for Linux; ERR_USAGE when it is none. */
Result platform_parse(Str text, Platform *out);
/* How well an image for `have` runs where `want` is asked for; 0: not at all. What `have`
 * leaves open fits, but worse. */
unsigned platform_rank(const Platform *want, const Platform *have);
Str platform_text(const Platform *p, Arena *a);
