/* feed_alpine.c - Alpine's security database: what each release fixed, and in which version. */
#include "advisory/secdb.h"

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	static const SecdbRules rules = {.feed = "alpine"};
	return secdb_read(&rules, doc, a, to, mine);
}

#define SECDB "https://secdb.alpinelinux.org/"
#define RELEASE(r)                                                       \
	{SECDB r "/main.json", "alpine/" r "-main.json"},                \
	{                                                                \
		SECDB r "/community.json", "alpine/" r "-community.json" \
	}

static const FeedUrl urls[] = {
	RELEASE("v3.10"), RELEASE("v3.11"), RELEASE("v3.12"), RELEASE("v3.13"), RELEASE("v3.14"),
	RELEASE("v3.15"), RELEASE("v3.16"), RELEASE("v3.17"), RELEASE("v3.18"), RELEASE("v3.19"),
	RELEASE("v3.20"), RELEASE("v3.21"), RELEASE("v3.22"), RELEASE("v3.23"), RELEASE("v3.24"),
	RELEASE("edge"),  {NULL, NULL},
};

const Feed feed_alpine = {
	.name = "alpine",
	.title = "Alpine secdb",
	.license = "not stated",
	.home = "https://secdb.alpinelinux.org",
	.urls = urls,
	.redistributable = true,
	.read = read_document,
};
