/* feed_state.h - the state file of one cached feed, as text (doc/formats/feed-cache.md). */
#pragma once
#include "base/buf.h"
#include "flow/db_cache.h"

void feed_state_write(const FeedState *s, Buf *out);
/* ERR_INPUT when it is not a state file or names a path outside its folder. */
Result feed_state_read(Str text, Arena *a, FeedState *out);
