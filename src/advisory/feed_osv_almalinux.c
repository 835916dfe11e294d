/* feed_osv_almalinux.c - AlmaLinux errata, as OSV records.
 *
 * The records say neither architecture nor module. A modular erratum is known by its versions
 * (".module_el"), and its modules by the summary: "Important: nodejs:18 security update". */
#include "advisory/osv.h"
#include "version/scheme.h"

#define NAME "osv-almalinux"

static Str ecosystem(Arena *a, Str name)
{
	uint64_t major;
	if (!str_starts(name, S("AlmaLinux:")) || !str_u64(str_skip(name, 10), &major))
		return S("");
	Str key = arena_str(a, name);
	memcpy((char *)(uintptr_t)key.p, "almalinux", 9);
	return key;
}

/* "nodejs:18" among the words of the summary; "Important:" is not one. */
static StrVec modules_of(Arena *a, Str summary)
{
	StrVec out = {0};
	Str word;
	while (str_cut(&summary, ' ', &word)) {
		Str stream = word, name;
		while (str_ends(word, S(",")))
			word.n--;
		stream = word;
		if (str_has(word, ':') && str_cut(&stream, ':', &name) && name.n != 0 &&
		    stream.n != 0 && !str_has(stream, ':'))
			vec_push(a, &out, word);
	}
	return out;
}

static bool is_modular(const Advisory *row)
{
	size_t at;
	for (size_t i = 0; i < row->ranges.n; i++)
		if (str_find(row->ranges.at[i].fixed, S(".module_el"), &at))
			return true;
	return false;
}

/* One version rebuilt for several minor releases: whoever has the first of them has the fix. */
static void keep_lowest(Advisory *row)
{
	size_t lowest = 0;
	for (size_t i = 0; i < row->ranges.n; i++) {
		const Range *r = &row->ranges.at[i], *least = &row->ranges.at[lowest];
		int order;
		if (r->introduced.n != 0 || r->fixed.n == 0 ||
		    !scheme_get(SCHEME_RPM)->compare(r->fixed, least->fixed, &order))
			return; /* not of that kind */
		if (order < 0)
			lowest = i;
	}
	if (row->ranges.n != 0) {
		row->ranges.at[0] = row->ranges.at[lowest];
		row->ranges.n = 1;
	}
}

static void say_severity(Str summary, Advisory *row)
{
	Str word;
	bool rated = row->severity != SEV_UNKNOWN && !str_starts(row->severity_source, S("cvss:"));
	if (!rated && str_cut(&summary, ':', &word) && severity_parse(word, &row->severity))
		row->severity_source = S("almalinux");
}

static Result give_row(const FeedSink *to, Advisory *row, const StrVec *modules)
{
	if (!is_modular(row))
		return to->advisory(to->ctx, row);
	for (size_t i = 0; i < modules->n; i++) {
		row->module = modules->at[i];
		TRY(to->advisory(to->ctx, row));
	}
	return OK;
}

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	static const OsvRules rules = {.feed = NAME,
				       .publisher = "almalinux",
				       .scheme = SCHEME_RPM,
				       .ecosystem = ecosystem};
	OsvRecord r;
	TRY(osv_record(&rules, doc, a, to, &r, mine));
	if (!*mine || r.rows.n == 0)
		return OK;
	static const char *const lists[] = {"aliases", "upstream", "related", NULL};
	StrVec cves = osv_ids(a, &r, lists, OSV_IDS_CVE), modules = modules_of(a, r.detail.title);
	if (cves.n == 0) {
		to->skipped(to->ctx, r.id, "no security erratum: it names no CVE");
		return OK;
	}
	size_t given = 0;
	for (size_t i = 0; i < r.rows.n; i++) {
		Advisory *row = &r.rows.at[i];
		if (is_modular(row) && modules.n == 0) {
			to->skipped(to->ctx, r.id,
				    "modular, and the summary does not name the stream");
			continue;
		}
		given++;
		row->aliases = cves;
		keep_lowest(row);
		say_severity(r.detail.title, row);
		TRY(give_row(to, row, &modules));
	}
	return given != 0 ? to->detail(to->ctx, &r.detail) : OK;
}

static const FeedUrl urls[] = {
	{"https://osv-vulnerabilities.storage.googleapis.com/AlmaLinux/all.zip",
	 "osv-almalinux/all.zip"},
	{NULL, NULL},
};

const Feed feed_osv_almalinux = {
	.name = NAME,
	.title = "AlmaLinux errata, by OSV",
	.license = "MIT",
	.home = "https://osv.dev",
	.urls = urls,
	.redistributable = true,
	.read = read_document,
};
