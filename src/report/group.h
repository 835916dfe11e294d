/* group.h - findings by package, for reading.
 *
 * Binary packages of one source mostly share their findings word for word; such packages
 * are one group, so that a person reads them once. */
#pragma once
#include "model/finding.h"

typedef struct Group {
	VEC(const Pkg *) pkgs;         /* in the order of Facts */
	VEC(const Finding *) findings; /* of the first of them; worst first */
} Group;

typedef VEC(Group *) GroupVec;

/* Worst group first, then what is exploited, then by name. Borrows from `r`. */
GroupVec group_findings(const Report *r, bool informational, Arena *a);
