/* feed_kev.c - CISA's catalogue of vulnerabilities known to be exploited, as JSON. */
#include "advisory/document.h"
#include "base/time.h"
#include "io/json.h"

static int64_t date(Str text)
{
	int64_t t;
	return time_parse(text, &t) ? t : 0;
}

static Result read_entry(const Value *v, const FeedSink *to)
{
	Exploited e = {.cve = value_str(v, S("cveID")),
		       .added = date(value_str(v, S("dateAdded"))),
		       .due = date(value_str(v, S("dueDate"))),
		       .ransomware = str_eq_nocase(value_str(v, S("knownRansomwareCampaignUse")),
						   S("Known"))};
	if (e.cve.n == 0)
		FAIL(ERR_INPUT, "an entry without cveID");
	return to->exploited(to->ctx, &e);
}

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	Value *root;
	if (document_kind(doc) != DOCUMENT_JSON)
		return OK;
	TRY(value_from_json(doc->body, a, &root));
	const Value *all = value_items(root, S("vulnerabilities"));
	*mine = all != NULL && value_str(root, S("catalogVersion")).n != 0;
	if (!*mine)
		return OK;
	for (size_t i = 0; i < all->n; i++)
		TRY_IN(read_entry(all->items[i], to), "entry %zu", i + 1);
	uint64_t count;
	if (str_u64(value_str(root, S("count")), &count) && count != all->n)
		FAIL(ERR_INPUT, "it says %llu entries and has %zu", (unsigned long long)count,
		     all->n);
	to->as_of(to->ctx, date(value_str(root, S("dateReleased"))));
	return OK;
}

static const FeedUrl urls[] = {
	{"https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
	 "kev/known_exploited_vulnerabilities.json"},
	{NULL, NULL},
};

const Feed feed_kev = {
	.name = "kev",
	.title = "CISA Known Exploited Vulnerabilities",
	.license = "CC0-1.0",
	.home = "https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
	.urls = urls,
	.redistributable = true,
	.read = read_document,
};
