/* prefilter_hs.h - the same literals by Vectorscan (or Hyperscan), when Bulwark was built with it
 * (-Dvectorscan=enabled). For prefilter.c. */
#pragma once
#include "secrets/prefilter.h"

typedef struct HsFilter HsFilter;

/* NULL: not built with it, or it would not take the literals. */
HsFilter *hs_filter_make(const Literal *literals, size_t n);
void hs_filter_close(HsFilter *f); /* NULL is fine */
/* As prefilter_scan(), which says what a literal needs behind it. */
void hs_filter_scan(const HsFilter *f, Str text, size_t from, size_t to, PrefilterHit *hit,
		    void *ctx);
