/* registry.h - the table of checks. */
#pragma once
#include "bench/private.h"

extern const BenchCheck *const bench_checks[]; /* NULL-terminated, sorted by id */
