/* feed_wolfi_fuzz.c - Wolfi's security database. */
#include "feed_fuzz.h"

FUZZ_FEED("wolfi", "x")
