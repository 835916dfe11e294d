/* feed.h - a source of advisories: where it is, and how its bytes become rows.
 * See CONTRIBUTING.md, "add a feed". */
#pragma once
#include "advisory/db.h"
#include "io/source.h"

/* Where rows go. Filled by the caller of Feed.read(); the strings it is given are copied or
 * used before it returns. */
typedef struct FeedSink {
	void *ctx;
	Result (*advisory)(void *ctx, const Advisory *row);
	Result (*detail)(void *ctx, const AdvisoryDetail *d);
	Result (*exploited)(void *ctx, const Exploited *e);
	Result (*epss)(void *ctx, const Epss *e);
	Result (*lifecycle)(void *ctx, const Lifecycle *l);
	/* A record that was left out, and why; counted and listed, the rest goes on. */
	void (*skipped)(void *ctx, Str record, const char *why);
	/* The newest date seen in the data. */
	void (*as_of)(void *ctx, int64_t when);
} FeedSink;

/* One document of a feed: a file, or an entry of a zip or tar. */
typedef struct FeedDocument {
	Str name; /* path within the feed: "GO-2024-2687.json", "v3.19/main.json" */
	Str body; /* whole, uncompressed */
} FeedDocument;

typedef struct FeedUrl {
	const char *url;  /* https */
	const char *file; /* the name it is kept under: "alpine/v3.19-main.json" */
} FeedUrl;

typedef struct Feed {
	const char *name; /* stable: "debian", "alpine", "osv-pypi" ... */
	const char *title, *license, *home;
	const FeedUrl *urls;  /* ends with url == NULL */
	bool redistributable; /* facts of it may go into the bundled snapshot */
	/* Reads one document; called for every document of the feed. `arena` dies after the call.
	 * *mine = false: it is not of this feed, and nothing was done with it. An error says that
	 * it is, and that it, and so the feed, is broken. */
	Result (*read)(const FeedDocument *doc, Arena *arena, const FeedSink *to, bool *mine);
} Feed;

extern const Feed *const feeds[]; /* NULL-terminated, order = feeds.def */
const Feed *feed_named(Str name); /* NULL when there is none */

/* Opens what was downloaded or named by a user (one document or a tar, either plain or under
 * gzip or zstd; a zip) as documents and reads each; limits in base/limits.h. ERR_INPUT when
 * none of them was the feed's. `fd` stays the caller's; it is read from its offset 0. */
Result feed_read_fd(const Feed *f, int fd, Str name, const FeedSink *to);
