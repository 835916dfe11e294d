/* pep440_legacy.h - Python versions that PEP 440 does not describe, in the order that setuptools
 * gave them until release 65 ("2.0.1rc2-git", "0.9-ivysaur"). */
#pragma once
#include "base/str.h"

bool pep440_legacy_valid(Str v);         /* printable, not empty, and of at most 64 parts */
int pep440_legacy_compare(Str a, Str b); /* both must be valid */
