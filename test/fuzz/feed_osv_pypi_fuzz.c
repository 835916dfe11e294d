/* feed_osv_pypi_fuzz.c - OSV records of Python packages, JSON or YAML. */
#include "feed_fuzz.h"

FUZZ_FEED("osv-pypi", "x.yaml")
