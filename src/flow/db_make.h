/* db_make.h - feeds' files into counts or a database; the reading is done in a worker. */
#pragma once
#include "flow/feed_job.h"
#include "flow/feed_part.h"

typedef struct FeedCount {
	uint64_t rows, skipped; /* skipped: records that were left out */
	int64_t as_of;          /* newest date in the data; 0: it does not say */
	Str first_skipped;      /* "RECORD: why"; empty when none was */
	FeedPartVec parts;      /* of rows that are advisories: LIMIT_FEED_PARTS at most */
} FeedCount;

/* Reads one feed whole and keeps nothing but these numbers. */
Result feed_count(const FeedInput *in, const MakeOptions *o, Arena *a, FeedCount *out);
/* Reads all of them, in order, into a database at `path`, which is replaced in one step.
 * On failure *broken is the feed at fault, or NULL when none is. */
Result db_make(const FeedInput *in, size_t n, const char *path, const MakeOptions *o,
	       const Feed **broken);
/* The same from a snapshot of facts (flow/snapshot.h); the database says it is bundled. */
Result db_make_bundled(int snapshot_fd, const char *path, const MakeOptions *o);
