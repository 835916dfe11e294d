/* feed_alpine_fuzz.c - Alpine's secdb, JSON or YAML; Wolfi and Chainguard share its reader. */
#include "feed_fuzz.h"

FUZZ_FEED("alpine", "main.yaml")
