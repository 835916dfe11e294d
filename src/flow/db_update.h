/* db_update.h - keeps the advisory database fresh, and never worse than it was.
 *
 * A feed that cannot be had, cannot be read, or has shrunk is kept out: its last good copy
 * stays and is used. The database is replaced in one step; a process that dies at any
 * moment leaves the old one. */
#pragma once
#include "flow/db_cache.h"
#include "flow/db_make.h"

typedef struct UpdateRequest {
	const char *cache;  /* folder */
	const char *output; /* NULL: the cache's own database */
	const char
		*mirror; /* URL or folder laid out as MIRROR/FeedUrl.file; NULL: the feeds' own */
	bool offline;    /* touch no network; a mirror folder is fine */
	bool allow_unsandboxed;
	StrVec only;            /* feeds to update; empty: all */
	StrVec accept_shrunken; /* feeds that may have lost rows */
	int64_t now;            /* seconds */
	Progress progress;      /* may be called from several threads, one at a time */
	/* One line for the person, now: "waiting for ..."; may be NULL. */
	void (*note)(void *ctx, Str line);
	void *note_ctx;
} UpdateRequest;

typedef enum FeedFate {
	FEED_UPDATED = 1,
	FEED_UNCHANGED, /* asked, and the same as before */
	FEED_UNASKED,   /* not asked for; its last good copy is used */
	FEED_KEPT_OUT,  /* its last good copy is used */
	FEED_ABSENT,    /* nothing of it is in the database */
} FeedFate;

typedef struct FeedOutcome {
	const Feed *feed;
	FeedFate fate;
	Str why; /* kept out or absent: the reason, one line; empty for absent and unasked */
	FeedState state;
	uint64_t skipped; /* updated: records that were left out, and the first of them */
	Str first_skipped;
} FeedOutcome;

typedef struct UpdateOutcome {
	const char *path;
	bool rebuilt;           /* false: nothing had changed, the database stays */
	VEC(FeedOutcome) feeds; /* order = feeds.def */
} UpdateOutcome;

/* All three end with the build. An error: the database is what it was.
 * Everything in *out lives in `a`. */
Result db_update(const UpdateRequest *r, Arena *a, UpdateOutcome *out);
/* From the cache only. */
Result db_build(const UpdateRequest *r, Arena *a, UpdateOutcome *out);
/* The user's files become the feed's last good copy. */
Result db_import(const UpdateRequest *r, const Feed *feed, char *const *paths, Arena *a,
		 UpdateOutcome *out);
