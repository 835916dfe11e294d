/* time.h - points in time as seconds since 1970-01-01T00:00:00Z.
 *
 * RFC 3339 section 5.6 in and out; years 0001 to 9999. Nothing here reads a
 * clock: what the time is now is said by the caller. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

bool time_parse(Str text,
		int64_t *out); /* date, or date-time with Z or an offset; fractions are dropped */
Str time_format(Arena *a, int64_t seconds); /* 2026-11-24T10:00:00Z */
Str date_format(Arena *a, int64_t seconds); /* 2026-11-24 */
