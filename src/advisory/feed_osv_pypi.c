/* feed_osv_pypi.c - advisories for Python packages, of PyPA and GitHub, as OSV records. */
#include "advisory/osv.h"

static Str ecosystem(Arena *a, Str name)
{
	(void)a;
	return str_eq(name, S("PyPI")) ? name : S("");
}

static bool is_dash(char c) { return c == '-' || c == '_' || c == '.'; }

/* PEP 503: lower case, and each run of '-', '_' and '.' is one '-'. */
static Str normalised(Arena *a, Str name)
{
	char *p = arena_array(a, char, name.n);
	size_t n = 0;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 0x20);
		if (!is_dash(c))
			p[n++] = c;
		else if (i == 0 || !is_dash(name.p[i - 1]))
			p[n++] = '-';
	}
	return (Str){p, n};
}

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	static const OsvRules rules = {.feed = "osv-pypi",
				       .publisher = "pypa",
				       .scheme = SCHEME_PEP440,
				       .ecosystem = ecosystem,
				       .package = normalised};
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
