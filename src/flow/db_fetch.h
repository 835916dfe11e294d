/* db_fetch.h - brings the files of feeds into the cache, several feeds side by side. */
#pragma once
#include "flow/db_update.h"

typedef struct Fetch { /* one feed */
	const Feed *feed;
	bool wanted;
	bool had;             /* `before` was had, and its files are what they were */
	FeedState before;     /* last good */
	bool changed;         /* `files` differ from before.files */
	VEC(CacheFile) files; /* adopted, not yet in a state */
	Err *err;             /* why it could not be fetched; unwanted: why not used as it is */
	Arena arena;          /* what a thread allocates */
} Fetch;

/* Loads `before` of every feed and fetches those that are wanted. */
Result fetch_all(const UpdateRequest *r, const DbCache *c, Arena *a, Fetch **out, size_t *n);
/* The user's files, as `f->files`. */
Result fetch_given(const DbCache *c, char *const *paths, Fetch *f);
void fetch_finish(Fetch *all, size_t n);
