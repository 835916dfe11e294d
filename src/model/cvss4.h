/* cvss4.h - scores of CVSS v4.0 (FIRST, specification document 1.2).
 *
 *     section 2 to 4   base, threat, environmental metrics; what is not defined counts as the worst
 *     section 5        supplemental metrics: must be well-formed, change nothing
 *     section 7        the vector: every metric at most once, in the order of table 23 and no other
 *     section 8.2      macrovectors (tables 24 to 30) and the steps down from their highest vectors
 *     section 8.3      the score of each macrovector (cvss4.def)
 *
 * One vector has one score, of all the metrics it has: CVSS-B, -BT, -BE or -BTE. It is exact: no
 * floating point, halves rounded up. */
#pragma once
#include "base/str.h"

/* Times ten, 0 to 100, of what follows "CVSS:4.0/"; -1 when that is no whole, valid vector. */
int cvss4_score10(Str metrics);
