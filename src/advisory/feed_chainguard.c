/* feed_chainguard.c - the security database of Chainguard's packages. */
#include "advisory/secdb.h"

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	static const SecdbRules rules = {
		.feed = "chainguard", .host = {"cgr.dev", 7}, .ecosystem = {"chainguard", 10}};
	return secdb_read(&rules, doc, a, to, mine);
}

static const FeedUrl urls[] = {
	{"https://packages.cgr.dev/chainguard/security.json", "chainguard/security.json"},
	{NULL, NULL},
};

const Feed feed_chainguard = {
	.name = "chainguard",
	.title = "Chainguard security database",
	.license = "Chainguard's terms; not for redistribution",
	.home = "https://images.chainguard.dev/security",
	.urls = urls,
	.redistributable = false,
	.read = read_document,
};
