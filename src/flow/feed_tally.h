/* feed_tally.h - a FeedSink that counts what passes, and hands it on to a DbWriter. */
#pragma once
#include "advisory/feed.h"
#include "flow/feed_part.h"

typedef struct FeedTally {
	DbWriter *to; /* NULL: only count */
	uint64_t rows, skipped;
	int64_t as_of;
	char first_skipped[512]; /* "RECORD: why" */
	Arena *arena;            /* of the parts; NULL: they are not counted */
	FeedPartVec parts;       /* in the order in which they were met */
	size_t last;             /* the part of the last row: rows of one come together */
} FeedTally;

FeedSink feed_tally_sink(FeedTally *t);
