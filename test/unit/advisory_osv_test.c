/* advisory_osv_test.c - records of the OSV schema, with all that surprises in them. */
#include "feed_text.h"
#include "tap.h"

#define REC(affected, more) "{\"id\":\"PYSEC-1\",\"affected\":[" affected "]" more "}"
#define PKG(name) "\"package\":{\"ecosystem\":\"PyPI\",\"name\":\"" name "\"}"
#define RANGE(events) "\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[" events "]}]"
#define EVENTS(e) REC("{" PKG("p") "," RANGE(e) "}", "")
#define I(v) "{\"introduced\":\"" v "\"}"
#define F(v) "{\"fixed\":\"" v "\"}"

static void check_ranges(const char *record, const char *want)
{
	FeedText t = {0};
	CHECK_OK(feed_text(&t, "osv-pypi", "r.json", str_of(record)));
	char line[200];
	snprintf(line, sizeof line, "PyPI p PYSEC-1 %s\n", want);
	CHECK_STR(buf_str(&t.out), str_of(line));
	feed_text_finish(&t);
}

TEST(events_become_ranges)
{
	check_ranges(EVENTS(I("0") "," F("1.2")), "fixed pep440 [,1.2)");
	check_ranges(EVENTS(I("1.0")), "affected pep440 [1.0,...)");
	check_ranges(EVENTS(I("1.0") ",{\"last_affected\":\"1.5\"}"), "affected pep440 [1.0,1.5]");
	check_ranges(EVENTS(I("1.0") ",{\"limit\":\"2.0\"}"), "affected pep440 [1.0,2.0)");
	check_ranges(EVENTS(I("1.0") ",{\"limit\":\"*\"}"), "affected pep440 [1.0,...)");
}

TEST(several_introduced_are_several_ranges)
{
	check_ranges(EVENTS(I("0") "," F("1.2") "," I("2.0") "," F("2.3") "," I("3.0")),
		     "fixed pep440 [,1.2) [2.0,2.3) [3.0,...)");
}

TEST(pairs_count_as_they_are_written)
{
	check_ranges(EVENTS(I("3.2") "," F("3.2.2") "," I("3.1.1") "," F("3.2")),
		     "fixed pep440 [3.2,3.2.2) [3.1.1,3.2)");
	check_ranges(EVENTS(I("2.11") "," F("2.11.7") "," I("0") "," F("2.11.6")),
		     "fixed pep440 [2.11,2.11.7) [,2.11.6)");
}

TEST(events_that_are_no_pairs_are_sorted)
{
	check_ranges(EVENTS(F("1.10") "," I("0")), "fixed pep440 [,1.10)");
	check_ranges(EVENTS(I("2.0") "," I("0") "," F("2.5") "," F("1.10")),
		     "fixed pep440 [,1.10) [2.0,2.5)");
	check_ranges(EVENTS(I("2.0") "," F("1.10") "," I("0") "," F("2.5")),
		     "fixed pep440 [,1.10) [2.0,2.5)");
	check_ranges(EVENTS(I("0") "," F("1.0") "," F("1.5")), "fixed pep440 [,1.0)");
	check_ranges(EVENTS(F("1.0")), "fixed pep440 [,1.0)");
	check_ranges(EVENTS("{\"introduced\":\"0\",\"fixed\":\"1.0\"}"), "fixed pep440 [,1.0)");
	check_ranges(EVENTS(I("no version") "," F("1.0") "," F("2.0")),
		     "fixed pep440 [no version,1.0)");
}

TEST(versions_stand_beside_ranges_or_alone)
{
	check_ranges(REC("{" PKG("p") ",\"versions\":[\"1.0\",\"1.1\"]}", ""),
		     "affected pep440 versions=1.0,1.1");
	check_ranges(REC("{" PKG("p") ",\"versions\":[\"1.0\"]," RANGE(I("0") "," F("2")) "}", ""),
		     "fixed pep440 [,2) versions=1.0");
	check_ranges(REC("{" PKG("p") ",\"versions\":[\"1.0\"],\"ranges\":[{\"type\":\"GIT\","
				      "\"events\":[" I("0") "," F("abc") "]}]}",
			 ""),
		     "affected pep440 versions=1.0");
}

TEST(what_says_no_version_is_skipped)
{
	CHECK_FEED(
		"osv-pypi", "r.json",
		REC("{" PKG("p") ",\"ranges\":[{\"type\":\"GIT\",\"events\":[" I("0") "]}]}", ""),
		"skipped PYSEC-1: no versions but git commits, or none at all\n");
	CHECK_FEED("osv-pypi", "r.json", REC("{" PKG("p") "}", ""),
		   "skipped PYSEC-1: no versions but git commits, or none at all\n");
	CHECK_FEED("osv-pypi", "r.json", REC("{" PKG("p") "," RANGE("") "}", ""),
		   "skipped PYSEC-1: no versions are said to be affected\n");
	CHECK_FEED("osv-pypi", "r.json", REC("{" PKG("") "," RANGE(I("0")) "}", ""),
		   "skipped PYSEC-1: an affected package without a name\n");
}

TEST(only_this_feeds_ecosystem_counts)
{
	CHECK_FEED("osv-pypi", "r.json",
		   REC("{\"versions\":[\"1\"]},{\"package\":{\"ecosystem\":\"npm\",\"name\":\"n\"},"
		       "\"versions\":[\"1\"]},{" PKG("p") ",\"versions\":[\"2\"]}",
		       ""),
		   "PyPI p PYSEC-1 affected pep440 versions=2\n");
	CHECK_FEED_ERR("osv-go", "r.json", REC("{" PKG("p") ",\"versions\":[\"2\"]}", ""),
		       ERR_INPUT);
}

TEST(a_package_met_twice_is_one_row)
{
	CHECK_FEED("osv-pypi", "r.json",
		   REC("{" PKG("p") "," RANGE(I("0") "," F("1")) "},{" PKG(
			       "q") ",\"versions\":[\"1\"]},{" PKG("P") "," RANGE(I("2")) "}",
		       ""),
		   "PyPI p PYSEC-1 fixed pep440 [,1) [2,...)\n"
		   "PyPI q PYSEC-1 affected pep440 versions=1\n");
}

TEST(python_names_are_normalised)
{
	CHECK_FEED("osv-pypi", "r.json", REC("{" PKG("Foo._-Bar.Baz") ",\"versions\":[\"1\"]}", ""),
		   "PyPI foo-bar-baz PYSEC-1 affected pep440 versions=1\n");
}

TEST(withdrawn_records_are_no_rows)
{
	CHECK_FEED("osv-pypi", "r.json",
		   REC("{" PKG("p") ",\"versions\":[\"1\"]}",
		       ",\"withdrawn\":\"2024-01-01T00:00:00Z\""),
		   "skipped PYSEC-1: withdrawn by its publisher\n");
	CHECK_FEED("osv-pypi", "r.json",
		   REC("{" PKG("p") ",\"versions\":[\"1\"]}", ",\"withdrawn\":null"),
		   "PyPI p PYSEC-1 affected pep440 versions=1\n");
}

TEST(aliases_have_cves_first_and_no_doubles)
{
	CHECK_FEED("osv-pypi", "r.json",
		   REC("{" PKG("p") ",\"versions\":[\"1\"]}",
		       ",\"aliases\":[\"GHSA-a\",\"CVE-2024-2\",\"PYSEC-1\",\"GHSA-a\"],"
		       "\"upstream\":[\"CVE-2024-1\"],\"related\":[\"CVE-2024-3\"]"),
		   "PyPI p PYSEC-1 affected pep440 versions=1 "
		   "aliases=CVE-2024-2,CVE-2024-1,GHSA-a\n");
}

TEST(dates_and_what_a_person_reads)
{
	FeedText t = {.details = true};
	CHECK_OK(feed_text(
		&t, "osv-pypi", "r.json",
		S(REC("{" PKG("p") ",\"versions\":[\"1\"]}",
		      ",\"published\":\"2024-02-03T04:05:06Z\",\"modified\":\"2024-03-01T00:00:"
		      "00Z\","
		      "\"summary\":\"T\",\"details\":\"D\",\"references\":[{\"type\":\"WEB\","
		      "\"url\":\"https://a\"},{\"url\":\"https://b\"}],\"database_specific\":"
		      "{\"cwe_ids\":[\"CWE-79\"]}"))));
	CHECK_STR(buf_str(&t.out),
		  S("PyPI p PYSEC-1 affected pep440 versions=1 2024-02-03\n"
		    "detail PYSEC-1 'T' 'D' see=https://a,https://b cwe=CWE-79\n"));
	CHECK_STR(date_format(&t.arena, t.as_of), S("2024-03-01"));
	feed_text_finish(&t);
}

TEST(the_word_for_a_package_counts_before_that_of_the_record)
{
	CHECK_FEED("osv-pypi", "r.json",
		   REC("{" PKG("p") ",\"versions\":[\"1\"],\"database_specific\":{\"severity\":"
				    "\"LOW\"}}",
		       ",\"database_specific\":{\"severity\":\"CRITICAL\"}"),
		   "PyPI p PYSEC-1 affected pep440 versions=1 low by pypa\n");
	CHECK_FEED("osv-pypi", "r.json",
		   "{\"id\":\"GHSA-1\",\"database_specific\":{\"severity\":\"MODERATE\"},"
		   "\"affected\":[{" PKG("p") ",\"versions\":[\"1\"]}]}",
		   "PyPI p GHSA-1 affected pep440 versions=1 medium by ghsa\n");
}

#define V31 "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
#define V40 "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"

TEST(the_newest_vector_is_kept)
{
	CHECK_FEED("osv-pypi", "r.json",
		   REC("{" PKG("p") ",\"versions\":[\"1\"]}",
		       ",\"severity\":[{\"type\":\"CVSS_V3\",\"score\":\"" V31 "\"},{\"type\":"
		       "\"CVSS_V4\",\"score\":\"" V40 "\"}],\"database_specific\":{\"severity\":"
		       "\"HIGH\"}"),
		   "PyPI p PYSEC-1 affected pep440 versions=1 high by pypa " V40 "\n");
}

#define RATED(severities) \
	REC("{" PKG("p") ",\"versions\":[\"1\"]}", ",\"severity\":[" severities "]")
#define V(vector) "{\"score\":\"" vector "\"}"

TEST(without_a_word_the_newest_whole_vector_rates)
{
	CHECK_FEED("osv-pypi", "r.json", RATED(V(V31) "," V("AV:N/AC:L/Au:N/C:N/I:N/A:C")),
		   "PyPI p PYSEC-1 affected pep440 versions=1 critical by cvss:3.1 " V31 "\n");
	CHECK_FEED("osv-pypi", "r.json", RATED(V(V31) "," V(V40 "/E:U")),
		   "PyPI p PYSEC-1 affected pep440 versions=1 high by cvss:4.0 " V40 "/E:U\n");
	CHECK_FEED("osv-pypi", "r.json", RATED(V(V40 "/E:?") "," V(V31)),
		   "PyPI p PYSEC-1 affected pep440 versions=1 critical by cvss:3.1 " V31 "\n");
	CHECK_FEED("osv-pypi", "r.json", RATED(V(V40 "/E:?")),
		   "PyPI p PYSEC-1 affected pep440 versions=1 " V40 "/E:?\n");
}

TEST(a_vector_of_the_package_counts_before_one_of_the_record)
{
	CHECK_FEED("osv-pypi", "r.json",
		   REC("{" PKG("p") ",\"versions\":[\"1\"],\"severity\":[" V(V31) "]}",
		       ",\"severity\":[" V(V40) "]"),
		   "PyPI p PYSEC-1 affected pep440 versions=1 critical by cvss:3.1 " V31 "\n");
}

TEST(yaml_records_are_read_alike)
{
	CHECK_FEED(
		"osv-pypi", "PYSEC-1.yaml",
		"id: PYSEC-1\nwithdrawn: null\naffected:\n- package:\n    name: p\n"
		"    ecosystem: PyPI\n  ranges:\n  - type: GIT\n    events: [{introduced: '0'}]\n"
		"  - type: ECOSYSTEM\n    events:\n    - introduced: '0'\n    - fixed: 1.10\n"
		"  versions: [1.0, '1.9']\naliases: [CVE-2024-1]\n",
		"PyPI p PYSEC-1 fixed pep440 [,1.10) versions=1.0,1.9 aliases=CVE-2024-1\n");
}

#define GO(more) "{\"id\":\"GO-1\",\"affected\":[{\"package\":{\"ecosystem\":\"Go\",\"name\":" more

TEST(go_has_no_dates_and_says_what_is_unreviewed)
{
	CHECK_FEED("osv-go", "r.json",
		   GO("\"stdlib\"},\"ranges\":[{\"type\":\"SEMVER\",\"events\":[" I("0") "," F(
			   "1.20.1") "," I("1.21.0-0") "," F("1.21.4") "]}]}],\"published\":"
								       "\"0001-01-01T00:00:00Z\","
								       "\"database_specific\":"
								       "{\"review_status\":"
								       "\"REVIEWED\"}}"),
		   "Go stdlib GO-1 fixed semver [,1.20.1) [1.21.0-0,1.21.4)\n");
	CHECK_FEED("osv-go", "r.json",
		   GO("\"github.com/A/b/v2\"},\"versions\":[\"1.0.0\"]}],\"database_specific\":"
		      "{\"review_status\":\"UNREVIEWED\"}}"),
		   "Go github.com/A/b/v2 GO-1 affected semver versions=1.0.0 state=unreviewed\n");
}

#define ALMA(name, fixed)                                                                \
	"{\"package\":{\"ecosystem\":\"AlmaLinux:8\",\"name\":\"" name "\"},\"ranges\":" \
	"[{\"type\":\"ECOSYSTEM\",\"events\":[" I("0") "," F(fixed) "]}]}"
#define ALSA(summary, affected, more) \
	"{\"id\":\"ALSA-1\",\"summary\":\"" summary "\",\"affected\":[" affected "]" more "}"

TEST(an_erratum_has_its_severity_in_the_summary_and_cves_in_related)
{
	CHECK_FEED("osv-almalinux", "r.json",
		   ALSA("Important: firefox security update", ALMA("firefox", "115.5.0-1.el8_9"),
			",\"related\":[\"CVE-2023-2\",\"CVE-2023-1\",\"RHSA-1\"]"),
		   "almalinux:8 firefox ALSA-1 fixed rpm [,115.5.0-1.el8_9) "
		   "aliases=CVE-2023-2,CVE-2023-1 high by almalinux\n");
}

TEST(the_word_of_an_erratum_counts_before_a_score)
{
	CHECK_FEED("osv-almalinux", "r.json",
		   ALSA("Low: firefox security update", ALMA("firefox", "115.5.0-1.el8_9"),
			",\"severity\":[" V(V40) "],\"related\":[\"CVE-2023-2\"]"),
		   "almalinux:8 firefox ALSA-1 fixed rpm [,115.5.0-1.el8_9) "
		   "aliases=CVE-2023-2 low by almalinux " V40 "\n");
}

TEST(modules_are_named_by_the_summary)
{
	CHECK_FEED("osv-almalinux", "r.json",
		   ALSA("Low: virt:rhel, and virt-devel:rhel security update",
			ALMA("hivex", "1.3.18-23.module_el8.6.0+2880+7d9e3703"),
			",\"related\":[\"CVE-2023-2\"]"),
		   "almalinux:8 hivex ALSA-1 fixed rpm [,1.3.18-23.module_el8.6.0+2880+7d9e3703) "
		   "aliases=CVE-2023-2 low by almalinux module=virt:rhel\n"
		   "almalinux:8 hivex ALSA-1 fixed rpm [,1.3.18-23.module_el8.6.0+2880+7d9e3703) "
		   "aliases=CVE-2023-2 low by almalinux module=virt-devel:rhel\n");
	CHECK_FEED("osv-almalinux", "r.json",
		   ALSA("Moderate: kernel:4.18.0 security update", ALMA("kernel", "4.18.0-1.el8"),
			",\"related\":[\"CVE-2023-2\"]"),
		   "almalinux:8 kernel ALSA-1 fixed rpm [,4.18.0-1.el8) aliases=CVE-2023-2 "
		   "medium by almalinux\n");
	CHECK_FEED("osv-almalinux", "r.json",
		   ALSA("Moderate: ruby security update", ALMA("ruby", "2.5-1.module_el8.1+1+a"),
			",\"related\":[\"CVE-2023-2\"]"),
		   "skipped ALSA-1: modular, and the summary does not name the stream\n");
}

TEST(of_several_builds_of_one_package_the_lowest_has_the_fix)
{
	CHECK_FEED("osv-almalinux", "r.json",
		   ALSA("Critical: p security update",
			ALMA("p", "2:1.10-1.el8") "," ALMA("p", "2:1.9-1.el8") "," ALMA("p",
											"2:1.11-1"),
			",\"related\":[\"CVE-2023-2\"]"),
		   "almalinux:8 p ALSA-1 fixed rpm [,2:1.9-1.el8) aliases=CVE-2023-2 critical by "
		   "almalinux\n");
}

TEST(what_is_not_only_fixed_stays_whole)
{
	CHECK_FEED(
		"osv-almalinux", "r.json",
		ALSA("Critical: p security update",
		     ALMA("p", "2") ",{\"package\":{\"ecosystem\":\"AlmaLinux:8\",\"name\":\"p\"},"
				    "\"ranges\":[{\"events\":[" I("3") "]}]}",
		     ",\"related\":[\"CVE-2023-2\"]"),
		"almalinux:8 p ALSA-1 fixed rpm [,2) [3,...) aliases=CVE-2023-2 critical by "
		"almalinux\n");
}

TEST(errata_without_a_cve_are_skipped)
{
	CHECK_FEED("osv-almalinux", "r.json",
		   ALSA("p bug fix update", ALMA("p", "1-1"), ",\"related\":[]"),
		   "skipped ALSA-1: no security erratum: it names no CVE\n");
	CHECK_FEED_ERR("osv-almalinux", "r.json",
		       "{\"id\":\"A\",\"affected\":[{\"package\":{\"ecosystem\":\"AlmaLinux\","
		       "\"name\":\"p\"},\"versions\":[\"1\"]}]}",
		       ERR_INPUT);
}

TEST(broken_records_are_errors_and_others_not_ours)
{
	CHECK_FEED_ERR("osv-pypi", "r.json", "{\"id\":\"PYSEC-1\",\"affected\":[", ERR_INPUT);
	CHECK_FEED_ERR("osv-pypi", "r.yaml", "id: [", ERR_INPUT);
	CHECK_FEED_ERR("osv-pypi", "r.json", "[]", ERR_INPUT);
	CHECK_FEED_ERR("osv-pypi", "r.json", "{\"affected\":1}", ERR_INPUT);
	CHECK_FEED_ERR("osv-pypi", "LICENSE", "free", ERR_INPUT);
}
