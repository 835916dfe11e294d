/* vouched.h - what lies beside an image that vouches for it, as far as its source can hold it. */
#pragma once
#include "base/str.h"

typedef struct Vouched {
	bool known; /* its source could hold them: an OCI layout */
	bool signature, sbom, provenance;
	Str unread; /* why not all of it is known; empty: it is */
} Vouched;
