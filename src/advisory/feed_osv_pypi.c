/* feed_osv_pypi.c - advisories for Python packages, of PyPA and GitHub, as OSV records. */
#include "advisory/osv.h"

static Str ecosystem(Arena *a, Str name)
{
	(void)a;
	return str_eq(name, S("PyPI")) ? name : S("");
}

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	static const OsvRules rules = {.feed = "osv-pypi",
				       .publisher = "pypa",
				       .scheme = SCHEME_PEP440,
				       .ecosystem = ecosystem,
				       .package = pypi_name};
	return osv_read(&rules, doc, a, to, mine);
}

static const FeedUrl urls[] = {
	{"https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip", "osv-pypi/all.zip"},
	{NULL, NULL},
};

const Feed feed_osv_pypi = {
	.name = "osv-pypi",
	.title = "PyPA advisory database and GitHub advisories for Python, by OSV",
	.license = "CC-BY-4.0",
	.home = "https://osv.dev",
	.urls = urls,
	.redistributable = true,
	.read = read_document,
};
