/* db_cache.h - the last good download of every feed, on disk (doc/formats/feed-cache.md).
 *
 * A feed's state file is replaced in one step and names complete files only, so a process
 * that dies at any moment leaves the copy before or the copy after. Writers hold the lock;
 * readers need none. */
#pragma once
#include "advisory/feed.h"
#include "flow/feed_part.h"

typedef struct DbCache {
	const char *path;
	int dir;  /* of the cache */
	int lock; /* -1: not held */
} DbCache;

typedef struct CacheFile {
	Str name;   /* as the feed knows it: FeedUrl.file, or the base name a user gave */
	Str stored; /* file in the feed's folder */
	uint64_t bytes;
	Str sha256; /* "sha256:..." */
	Str etag, last_modified;
} CacheFile;

typedef struct FeedState {
	uint64_t rows;
	int64_t as_of; /* newest date in the data, or when the server had it changed; 0: unknown */
	int64_t checked; /* when the source was last asked, or the user's files were taken */
	VEC(CacheFile) files;
	FeedPartVec parts; /* of `rows`; LIMIT_FEED_PARTS at most */
} FeedState;

/* $BULWARK_CACHE_DIR, $XDG_CACHE_HOME/bulwark, ~/.cache/bulwark, or for root without a HOME
 * /var/cache/bulwark. ERR_USAGE when none can be told. */
Result db_cache_path(Arena *a, const char **out);
/* The database made from it. */
const char *db_cache_database(const char *cache_path, Arena *a);

/* ERR_SYS when it is not there and `create` is not asked for. */
Result db_cache_open(const char *path, bool create, DbCache *out);
void db_cache_close(DbCache *c); /* unlocks */
#define AUTO_DB_CACHE __attribute__((cleanup(db_cache_close), unused))

/* One writer at a time, across processes. With wait false, *got says whether it was free. */
Result db_cache_lock(DbCache *c, bool wait, bool *got);

/* *found false: the feed was never had. Strings live in `a`. */
Result db_cache_state(const DbCache *c, Str feed, Arena *a, FeedState *out, bool *found);
/* Replaces the state, durably, then deletes what it does not name. */
Result db_cache_set_state(const DbCache *c, Str feed, const FeedState *state);

/* The folder of a feed, made when absent; the caller closes it. */
Result db_cache_feed_dir(const DbCache *c, Str feed, int *out);
/* Where a download of `name` grows until it is adopted. */
Str db_cache_partial_name(Str name, Arena *a);
/* Syncs the partial file of f->name and gives it its final name; fills stored, bytes, sha256. */
Result db_cache_adopt(int feed_dir, Arena *a, CacheFile *f);
/* Copies a whole file, from its start, into the partial file of `name`; of a folder, a tar. */
Result db_cache_copy_in(int feed_dir, Str name, int from);
/* A stored file for reading. ERR_INPUT when it is not the file that was adopted. */
Result db_cache_open_file(int feed_dir, const CacheFile *f, int *out);
