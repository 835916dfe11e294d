/* distro.h - how each distribution's advisories are asked: under which key, name and version.
 * A row a distribution; see distros.def. */
#pragma once
#include "base/buf.h"
#include "model/advisory.h"
#include "model/pkg.h"

typedef struct Distro {
	const char *id; /* os-release ID */
	PkgType type;
	/* The ecosystem key of this release; empty when the release is not known. */
	Str (*key)(Arena *a, const OsRelease *os);
	bool by_source;      /* asked by source package or origin, else by binary package */
	bool source_version; /* and the source's version is compared */
} Distro;

const Distro *distro_of(const OsRelease *os); /* NULL: none of ours */
bool distro_is_kernel(const Pkg *p); /* a kernel, its headers or modules: not run in a container */
