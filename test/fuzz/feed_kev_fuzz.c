/* feed_kev_fuzz.c - CISA's catalogue. */
#include "feed_fuzz.h"

FUZZ_FEED("kev", "x")
