/* advisory_enrich_test.c - exploited, probable, ended: KEV, EPSS, endoflife.date. */
#include "feed_text.h"
#include "tap.h"

#define KEV(entries, count)                                                                  \
	"{\"catalogVersion\":\"2025.08.25\",\"dateReleased\":\"2025-08-25T17:04:19.9796Z\"," \
	"\"count\":" count ",\"vulnerabilities\":[" entries "]}"

TEST(the_catalogue_gives_dates_and_ransomware)
{
	CHECK_FEED("kev", "kev.json",
		   KEV("{\"cveID\":\"CVE-2025-1\",\"dateAdded\":\"2025-08-25\",\"dueDate\":"
		       "\"2025-09-15\",\"knownRansomwareCampaignUse\":\"Unknown\"},{\"cveID\":"
		       "\"CVE-2025-2\",\"dateAdded\":\"2025-08-26\",\"knownRansomwareCampaignUse\":"
		       "\"Known\"}",
		       "2"),
		   "CVE-2025-1 added 2025-08-25 due 2025-09-15\n"
		   "CVE-2025-2 added 2025-08-26 due 1970-01-01 ransomware\n");
}

TEST(a_catalogue_that_lacks_entries_is_refused)
{
	CHECK_FEED_ERR("kev", "kev.json", KEV("{\"cveID\":\"CVE-2025-1\"}", "2"), ERR_INPUT);
	CHECK_FEED_ERR("kev", "kev.json", KEV("{\"cve\":\"CVE-2025-1\"}", "1"), ERR_INPUT);
	CHECK_FEED_ERR("kev", "kev.json", "{\"vulnerabilities\":[]}", ERR_INPUT);
}

TEST(the_catalogue_says_of_when_it_is)
{
	FeedText t = {0};
	CHECK_OK(feed_text(&t, "kev", "kev.json", S(KEV("", "0"))));
	CHECK_STR(time_format(&t.arena, t.as_of), S("2025-08-25T17:04:19Z"));
	feed_text_finish(&t);
}

static void check_epss(const char *body, const char *want, const char *as_of)
{
	FeedText t = {0};
	CHECK_OK(feed_text(&t, "epss", "epss_scores-2025.csv", str_of(body)));
	CHECK_STR(buf_str(&t.out), str_of(want));
	CHECK_STR(time_format(&t.arena, t.as_of), str_of(as_of));
	feed_text_finish(&t);
}

TEST(all_four_generations_of_scores_are_read)
{
	check_epss("cve,epss\nCVE-2020-5902,0.65117\n", "CVE-2020-5902 0.65117000000000003 0\n",
		   "1970-01-01T00:00:00Z");
	check_epss("cve,epss,percentile\r\nCVE-2020-5902,0.5,0.9981063485700858\r\n",
		   "CVE-2020-5902 0.5 0.99810634857008584\n", "1970-01-01T00:00:00Z");
	check_epss(
		"#model_version:v2022.01.01,score_date:2022-02-04T00:00:00+0000\n"
		"cve,epss,percentile\nCVE-1,0.96817,0.99999\nCVE-2,1e-05,1\n",
		"CVE-1 0.96816999999999998 0.99999000000000005\nCVE-2 1.0000000000000001e-05 1\n",
		"2022-02-04T00:00:00Z");
	check_epss("#model_version:v2025.03.14,score_date:2025-12-26T12:55:00Z\n"
		   "cve,epss,percentile\nCVE-1,0.01151,0.7802",
		   "CVE-1 0.011509999999999999 0.7802\n", "2025-12-26T12:55:00Z");
}

#define EPSS(line) "cve,epss,percentile\n" line "\n"

TEST(lines_that_are_no_scores_are_refused)
{
	CHECK_FEED_ERR("epss", "e.csv", EPSS("CVE-1,0.5"), ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", EPSS("CVE-1,0.5,"), ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", EPSS("CVE-1,1.5,0.1"), ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", EPSS("CVE-1,-0.5,0.1"), ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", EPSS("CVE-1,nan,0.1"), ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", EPSS("CVE-1,0x1p-1,0.1"), ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", EPSS("CVE-1,0.5,0.1,1"), ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", EPSS("GHSA-1,0.5,0.1"), ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", EPSS("CVE-1"), ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", "cve,score\nCVE-1,0.5\n", ERR_INPUT);
	CHECK_FEED_ERR("epss", "e.csv", "", ERR_INPUT);
}

TEST(an_engines_release_without_an_end_is_maintained)
{
	CHECK_FEED("eol", "products/docker-engine.md",
		   "---\ntitle: Docker Engine\nreleases:\n\n-   releaseCycle: \"29\"\n"
		   "    releaseDate: 2025-11-10\n    eol: false\n\n"
		   "-   releaseCycle: \"20.10\"\n    releaseDate: 2020-12-09\n"
		   "    eol: 2023-12-10\n\n---\n",
		   "docker-engine:29 from 2025-11-10 to 1970-01-01 extended 1970-01-01\n"
		   "docker-engine:20.10 from 2020-12-09 to 2023-12-10 extended 1970-01-01\n");
}

TEST(markdown_gives_the_ends_of_releases)
{
	CHECK_FEED("eol", "products/debian.md",
		   "---\ntitle: Debian\nreleases:\n\n-   releaseCycle: \"12\"\n"
		   "    releaseDate: 2023-06-10\n    eol: 2026-07-11\n    eoes: 2028-06-30\n\n"
		   "-   releaseCycle: '13'\n    releaseDate: 2025-08-09\n    eol: false\n\n---\n\n"
		   "> prose: with: colons\n",
		   "debian:12 from 2023-06-10 to 2026-07-11 extended 2028-06-30\n"
		   "skipped debian:13: no end is known\n");
}

TEST(the_interface_gives_the_same)
{
	static const char one[] =
		"{\"last_modified\":\"2026-01-02T00:00:00Z\",\"result\":{\"name\":\"amazon-linux\","
		"\"releases\":[{\"name\":\"2023\",\"releaseDate\":\"2023-03-01\",\"isEol\":false,"
		"\"eolFrom\":\"2029-06-30\",\"eoesFrom\":null}]}}";
	static const char many[] =
		"{\"result\":[{\"name\":\"python\",\"releases\":[{\"name\":\"3\",\"eolFrom\":"
		"\"2029-06-30\"}]},{\"name\":\"alpine-linux\",\"releases\":[{\"name\":\"3.19\","
		"\"eolFrom\":\"2025-11-01\"}]}]}";
	CHECK_FEED("eol", "eol/amazon-linux.json", one,
		   "amzn:2023 from 2023-03-01 to 2029-06-30 extended 1970-01-01\n");
	CHECK_FEED("eol", "full", many,
		   "alpine:3.19 from 1970-01-01 to 2025-11-01 extended 1970-01-01\n");
}

TEST(centos_8_and_its_stream_are_not_mixed_up)
{
	CHECK_FEED(
		"eol", "x.json",
		"{\"result\":{\"name\":\"centos-stream\",\"releases\":[{\"name\":\"8\",\"eolFrom\":"
		"\"2024-05-31\"},{\"name\":\"9\",\"eolFrom\":\"2027-05-31\"}]}}",
		"centos:9 from 1970-01-01 to 2027-05-31 extended 1970-01-01\n");
}

TEST(other_products_are_not_ours_and_broken_ones_errors)
{
	CHECK_FEED_ERR("eol", "python.md", "---\nreleases: []\n---\n", ERR_INPUT);
	CHECK_FEED_ERR("eol", "debian.md", "releases: []\n", ERR_INPUT);
	CHECK_FEED_ERR("eol", "debian.md", "---\nreleases: []\n", ERR_INPUT);
	CHECK_FEED_ERR("eol", "debian.md", "---\nreleases: [\n---\n", ERR_INPUT);
	CHECK_FEED_ERR("eol", "debian.md", "---\nreleases: [{eol: 2024-01-01}]\n---\n", ERR_INPUT);
	CHECK_FEED_ERR("eol", "x.json", "{\"result\":", ERR_INPUT);
}
