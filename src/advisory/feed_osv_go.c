/* feed_osv_go.c - the Go vulnerability database, as OSV records. */
#include "advisory/osv.h"

static Str ecosystem(Arena *a, Str name)
{
	(void)a;
	return str_eq(name, S("Go")) ? name : S("");
}

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	static const OsvRules rules = {.feed = "osv-go",
				       .publisher = "go",
				       .scheme = SCHEME_SEMVER,
				       .ecosystem = ecosystem};
	OsvRecord r;
	TRY(osv_record(&rules, doc, a, to, &r, mine));
	Str review = value_str(value_get(r.root, S("database_specific")), S("review_status"));
	for (size_t i = 0; i < r.rows.n && str_eq(review, S("UNREVIEWED")); i++)
		r.rows.at[i].vendor_state = S("unreviewed");
	return *mine ? osv_give(&r, to) : OK;
}

static const FeedUrl urls[] = {
	{"https://osv-vulnerabilities.storage.googleapis.com/Go/all.zip", "osv-go/all.zip"},
	{NULL, NULL},
};

const Feed feed_osv_go = {
	.name = "osv-go",
	.title = "Go vulnerability database and GitHub advisories for Go, by OSV",
	.license = "CC-BY-4.0",
	.home = "https://osv.dev",
	.urls = urls,
	.redistributable = true,
	.read = read_document,
};
