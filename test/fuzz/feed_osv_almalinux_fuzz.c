/* feed_osv_almalinux_fuzz.c - OSV records of AlmaLinux errata. */
#include "feed_fuzz.h"

FUZZ_FEED("osv-almalinux", "x")
