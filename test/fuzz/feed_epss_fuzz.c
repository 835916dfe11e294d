/* feed_epss_fuzz.c - EPSS scores. */
#include "feed_fuzz.h"

FUZZ_FEED("epss", "x.csv")
