/* scheme.h - orders of versions, one file each.
 *
 * Every order is total over the versions it accepts. A version it does not
 * accept makes compare() answer false: the caller must say "not evaluated". */
#pragma once
#include "model/advisory.h"

typedef struct Scheme {
	VersionScheme id;
	const char *name; /* deb rpm apk semver pep440 */
	const char *spec; /* what it follows */
	/* *order < 0, 0, > 0. False when a or b is not a version of this scheme. */
	bool (*compare)(Str a, Str b, int *order);
} Scheme;

extern const Scheme *const schemes[]; /* NULL-terminated, order = schemes.def */

const Scheme *scheme_get(VersionScheme id); /* NULL for SCHEME_NONE */
const Scheme *scheme_named(Str name);       /* NULL when there is none */
