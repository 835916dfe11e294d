/* group.h - findings by package, for reading.
 *
 * Binary packages of one source mostly share their findings word for word; such packages
 * are one group, so that a person reads them once. */
#pragma once
#include "model/finding.h"

typedef VEC(uint32_t) IndexVec;

typedef struct Group {
	IndexVec pkgs;     /* into Facts.pkgs, ascending */
	IndexVec findings; /* into Report.findings, of the first package: severity, exploited, EPSS
			    */
	Severity worst;
	bool exploited; /* one of them is */
	Str name;       /* of the first package */
} Group;

typedef VEC(Group) GroupVec;

/* Worst group first, then what is exploited, then by name. */
GroupVec group_findings(const Report *r, bool informational, Arena *a);
