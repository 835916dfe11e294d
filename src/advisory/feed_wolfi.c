/* feed_wolfi.c - Wolfi's security database, of Chainguard. */
#include "advisory/secdb.h"

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	static const SecdbRules rules = {
		.feed = "wolfi", .host = {"wolfi.dev", 9}, .ecosystem = {"wolfi", 5}};
	return secdb_read(&rules, doc, a, to, mine);
}

static const FeedUrl urls[] = {
	{"https://packages.wolfi.dev/os/security.json", "wolfi/security.json"},
	{NULL, NULL},
};

const Feed feed_wolfi = {
	.name = "wolfi",
	.title = "Wolfi security database",
	.license = "Chainguard's terms; not for redistribution",
	.home = "https://github.com/wolfi-dev/advisories",
	.urls = urls,
	.redistributable = false,
	.read = read_document,
};
