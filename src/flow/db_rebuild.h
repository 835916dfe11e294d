/* db_rebuild.h - the last step of db_update.h: the database, from the cache's good copies. */
#pragma once
#include "flow/db_update.h"

/* From the feeds of `out` that have a state. A feed that cannot be read is left out, becomes
 * FEED_ABSENT, and the rest is built. Skipped when the database at hand is of the same files
 * and the same program. Fills path and rebuilt. */
Result db_rebuild(const UpdateRequest *r, const DbCache *c, Arena *a, UpdateOutcome *out);
