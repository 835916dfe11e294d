/* feed_osv_go_fuzz.c - OSV records of Go modules. */
#include "feed_fuzz.h"

FUZZ_FEED("osv-go", "x")
