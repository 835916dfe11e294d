/* registry.h - the table of checks. */
#pragma once
#include "host/private.h"

extern const HostCheck *const host_checks[]; /* NULL-terminated; see checks.def */
