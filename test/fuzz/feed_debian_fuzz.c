/* feed_debian_fuzz.c - Debian's tracker. */
#include "feed_fuzz.h"

FUZZ_FEED("debian", "x")
