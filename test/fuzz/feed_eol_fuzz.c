/* feed_eol_fuzz.c - endoflife.date, JSON or Markdown. */
#include "feed_fuzz.h"

FUZZ_FEED("eol", "debian.md")
