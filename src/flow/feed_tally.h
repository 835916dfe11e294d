/* feed_tally.h - a FeedSink that counts what passes, and hands it on to a DbWriter. */
#pragma once
#include "advisory/feed.h"

typedef struct FeedTally {
	DbWriter *to; /* NULL: only count */
	uint64_t rows, skipped;
	int64_t as_of;
	char first_skipped[512]; /* "RECORD: why" */
} FeedTally;

FeedSink feed_tally_sink(FeedTally *t);
