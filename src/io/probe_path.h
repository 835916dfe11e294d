/* probe_path.h - where a path of the judged tree really leads. */
#pragma once
#include "io/probe.h"

/* Every link on the way followed, at most LIMIT_LINK_HOPS, as within the tree; what does not exist
 * stays as it is. Absolute and plain: no ".", no "..", no "//". */
Str probe_real_path(Probe *p, Str path, Arena *a);
