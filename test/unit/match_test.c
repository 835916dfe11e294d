/* match_test.c - packages against rows, through a real database file. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "match/match.h"
#include "tap.h"

typedef struct World {
	Arena a;
	DbWriter *w;
	Image image;
	Facts facts;
	Report report;
} World;

static World world(const char *id, const char *version)
{
	World w = {.w = db_writer_create()};
	w.facts.os = (OsRelease){.id = str_of(id), .version_id = str_of(version)};
	return w;
}

static void row_in(World *w, Advisory row, Range range)
{
	if (row.feed.n == 0)
		row.feed = S("test");
	vec_push(&w->a, &row.ranges, range);
	CHECK_OK(db_writer_advisory(w->w, &row));
}

static void deb_row(World *w, const char *package, const char *id, Status status, const char *fixed)
{
	row_in(w,
	       (Advisory){.ecosystem = S("debian:12"),
			  .package = str_of(package),
			  .id = str_of(id),
			  .status = status,
			  .severity = SEV_HIGH,
			  .scheme = SCHEME_DEB},
	       (Range){.fixed = str_of(fixed)});
}

static void installed(World *w, Pkg p)
{
	w->facts.arena = &w->a;
	p.layer = LAYER_NONE;
	facts_add_pkg(&w->facts, p);
}

static void run(World *w, bool kernel)
{
	char path[] = "/tmp/bulwark-match-XXXXXX";
	int fd = mkstemp(path);
	CHECK_OK(db_writer_finish(w->w, fd, false));
	close(fd);
	db_writer_destroy(w->w);
	AUTO_ADVISORY_DB AdvisoryDb *db = NULL;
	CHECK_OK(advisory_db_open(path, &db));
	w->report = (Report){.image = &w->image, .facts = &w->facts};
	MatchOptions o = {.kernel = kernel, .now = 2000};
	CHECK_OK(match_report(db, &o, &w->a, &w->report));
	unlink(path);
}

static const Finding *found(const World *w, const char *id)
{
	for (size_t i = 0; i < w->report.findings.n; i++)
		if (str_eq(w->report.findings.at[i].id, str_of(id)))
			return &w->report.findings.at[i];
	return NULL;
}

TEST(debian_is_asked_by_source_and_by_the_sources_version)
{
	World w = world("debian", "12");
	deb_row(&w, "openssl", "CVE-1-1", STATUS_FIXED, "3.0.9-1");
	deb_row(&w, "openssl", "CVE-1-2", STATUS_FIXED, "3.0.8-1");
	deb_row(&w, "libssl3", "CVE-1-3", STATUS_FIXED, "9");
	installed(&w, (Pkg){.type = PKG_DEB,
			    .name = S("libssl3"),
			    .version = S("1:2"),
			    .source_name = S("openssl"),
			    .source_version = S("3.0.8-1")});
	run(&w, false);
	CHECK(w.report.findings.n == 1);
	const Finding *f = found(&w, "CVE-1-1");
	CHECK(f != NULL);
	if (f != NULL) {
		CHECK_STR(f->fixed_version, S("3.0.9-1"));
		CHECK_STR(f->evidence.comparison, S("3.0.8-1 < 3.0.9-1 (deb)"));
		CHECK_STR(f->evidence.package, S("openssl"));
		CHECK(f->status == STATUS_FIXED && f->severity == SEV_HIGH);
	}
	arena_finish(&w.a);
}

TEST(vendor_states_are_findings_without_a_fix_and_not_affected_is_none)
{
	World w = world("debian", "12.5");
	deb_row(&w, "a", "CVE-2-1", STATUS_WILL_NOT_FIX, "");
	deb_row(&w, "a", "CVE-2-2", STATUS_DEFERRED, "");
	deb_row(&w, "a", "CVE-2-3", STATUS_NOT_AFFECTED, "");
	deb_row(&w, "a", "CVE-2-4", STATUS_UNDER_INVESTIGATION, "");
	installed(&w, (Pkg){.type = PKG_DEB, .name = S("a"), .version = S("1")});
	run(&w, false);
	CHECK(w.report.findings.n == 3 && found(&w, "CVE-2-3") == NULL);
	CHECK(found(&w, "CVE-2-1") != NULL && found(&w, "CVE-2-1")->status == STATUS_WILL_NOT_FIX);
	CHECK(found(&w, "CVE-2-4") != NULL &&
	      found(&w, "CVE-2-4")->status == STATUS_UNDER_INVESTIGATION);
	arena_finish(&w.a);
}

TEST(a_debian_without_a_number_is_known_by_its_code_name)
{
	static const char *const names[][2] = {{"duke", "debian:15"}, {"trixie", "debian:13"}};
	for (size_t i = 0; i < 2; i++) {
		World w = world("debian", "");
		w.facts.os.codename = str_of(names[i][0]);
		row_in(&w,
		       (Advisory){.ecosystem = str_of(names[i][1]),
				  .package = S("a"),
				  .id = S("CVE-9-1"),
				  .status = STATUS_FIXED,
				  .scheme = SCHEME_DEB},
		       (Range){.fixed = S("9")});
		installed(&w, (Pkg){.type = PKG_DEB, .name = S("a"), .version = S("1")});
		run(&w, false);
		CHECK(found(&w, "CVE-9-1") != NULL && w.report.not_evaluated.n == 0);
		arena_finish(&w.a);
	}
}

TEST(a_distribution_without_a_feed_is_not_evaluated_and_says_how_much)
{
	static const char *const cases[][2] = {
		{"debian", "11"}, {"rocky", "9.3"}, {"", ""}, {"debian", ""}};
	for (size_t i = 0; i < 4; i++) {
		World w = world(cases[i][0], cases[i][1]);
		deb_row(&w, "a", "CVE-3-1", STATUS_FIXED, "9");
		installed(&w, (Pkg){.type = PKG_DEB, .name = S("a"), .version = S("1")});
		installed(&w, (Pkg){.type = PKG_DEB, .name = S("b"), .version = S("1")});
		run(&w, false);
		CHECK(w.report.findings.n == 0 && w.report.not_evaluated.n == 1);
		if (w.report.not_evaluated.n == 1)
			CHECK(str_starts(w.report.not_evaluated.at[0].reason, S("2 deb packages")));
		arena_finish(&w.a);
	}
}

static void alma(World *w, const char *id, const char *module, const char *fixed)
{
	row_in(w,
	       (Advisory){.ecosystem = S("almalinux:8"),
			  .package = S("nodejs"),
			  .id = str_of(id),
			  .status = STATUS_FIXED,
			  .scheme = SCHEME_RPM,
			  .module = str_of(module)},
	       (Range){.fixed = str_of(fixed)});
}

TEST(a_modular_advisory_is_about_its_stream_only)
{
	World w = world("almalinux", "8.9");
	alma(&w, "ALSA-1", "nodejs:16", "1:16.9-1");
	alma(&w, "ALSA-2", "nodejs:18", "1:18.9-1");
	alma(&w, "ALSA-3", "", "1:99-1");
	installed(&w, (Pkg){.type = PKG_RPM,
			    .name = S("nodejs"),
			    .version = S("1:16.1-1"),
			    .arch = S("x86_64"),
			    .module = S("nodejs:16:2023:abc")});
	run(&w, false);
	CHECK(w.report.findings.n == 1 && found(&w, "ALSA-1") != NULL);
	arena_finish(&w.a);
}

TEST(each_cve_of_an_erratum_is_a_finding_of_its_own)
{
	World w = world("almalinux", "9");
	Advisory row = {.ecosystem = S("almalinux:9"),
			.package = S("curl"),
			.id = S("ALSA-1"),
			.status = STATUS_FIXED,
			.scheme = SCHEME_RPM};
	vec_push(&w.a, &row.aliases, S("CVE-1-1"));
	vec_push(&w.a, &row.aliases, S("CVE-1-2"));
	row_in(&w, row, (Range){.fixed = S("9-1")});
	Advisory next = row;
	next.id = S("ALSA-2");
	next.aliases = (StrVec){0};
	next.ranges.n = 0;
	vec_push(&w.a, &next.aliases, S("CVE-1-2"));
	row_in(&w, next, (Range){.fixed = S("9-2")});
	next.id = S("ALSA-3");
	next.aliases.n = 0;
	row_in(&w, next, (Range){.fixed = S("9-3")});
	CHECK_OK(db_writer_exploited(w.w, &(Exploited){S("CVE-1-2"), 1, 2, false}));
	installed(&w, (Pkg){.type = PKG_RPM, .name = S("curl"), .version = S("8-1")});
	run(&w, false);
	const Finding *one = found(&w, "CVE-1-1"), *two = found(&w, "CVE-1-2");
	CHECK(w.report.findings.n == 3 && one != NULL && two != NULL);
	CHECK(found(&w, "ALSA-3") != NULL);
	if (one != NULL && two != NULL) {
		CHECK(one->aliases.n == 1 && two->aliases.n == 2 && two->exploited);
		CHECK_STR(one->aliases.at[0], S("ALSA-1"));
		CHECK_STR(one->evidence.record, S("ALSA-1"));
	}
	arena_finish(&w.a);
}

static void pypi(World *w, const char *id, const char *alias, Range range)
{
	Advisory row = {.ecosystem = S("PyPI"),
			.package = S("jinja2"),
			.id = str_of(id),
			.status = range.fixed.n != 0 ? STATUS_FIXED : STATUS_AFFECTED,
			.scheme = SCHEME_PEP440};
	if (alias[0] != '\0')
		vec_push(&w->a, &row.aliases, str_of(alias));
	row_in(w, row, range);
}

static void scored(World *w, const char *id, Severity severity, const char *source,
		   const char *cvss)
{
	Advisory row = {.ecosystem = S("PyPI"),
			.package = S("jinja2"),
			.id = str_of(id),
			.status = STATUS_AFFECTED,
			.severity = severity,
			.severity_source = str_of(source),
			.cvss = str_of(cvss),
			.scheme = SCHEME_PEP440};
	vec_push(&w->a, &row.aliases, S("CVE-5-1"));
	row_in(w, row, (Range){0});
}

TEST(the_vector_is_of_whom_the_severity_is_of)
{
	World w = world("", "");
	scored(&w, "GHSA-1", SEV_MEDIUM, "cvss:3.1", "CVSS:3.1/A");
	scored(&w, "GHSA-2", SEV_HIGH, "cvss:4.0", "CVSS:4.0/B");
	scored(&w, "GHSA-3", SEV_CRITICAL, "ghsa", "");
	installed(
		&w,
		(Pkg){.type = PKG_PYPI, .name = S("jinja2"), .version = S("2.10"), .path = S("x")});
	run(&w, false);
	const Finding *f = found(&w, "CVE-5-1");
	CHECK(w.report.findings.n == 1 && f != NULL);
	if (f != NULL) {
		CHECK(f->severity == SEV_CRITICAL);
		CHECK_STR(f->severity_source, S("ghsa"));
		CHECK_STR(f->cvss, S("CVSS:4.0/B"));
	}
	arena_finish(&w.a);
}

TEST(ranges_have_ends_and_aliases_are_one_finding)
{
	World w = world("", "");
	pypi(&w, "PYSEC-1", "CVE-4-1", (Range){.introduced = S("2.0"), .fixed = S("2.11")});
	pypi(&w, "GHSA-1", "CVE-4-1", (Range){.introduced = S("0"), .last_affected = S("2.10.1")});
	pypi(&w, "PYSEC-2", "CVE-4-2", (Range){.introduced = S("2.11")});
	pypi(&w, "PYSEC-3", "", (Range){.introduced = S("1"), .last_affected = S("2.10")});
	installed(
		&w,
		(Pkg){.type = PKG_PYPI, .name = S("jinja2"), .version = S("2.10"), .path = S("x")});
	run(&w, false);
	CHECK(w.report.findings.n == 2 && found(&w, "CVE-4-1") != NULL &&
	      found(&w, "PYSEC-3") != NULL);
	if (found(&w, "CVE-4-1") != NULL) {
		CHECK_STR(found(&w, "CVE-4-1")->fixed_version, S("2.11"));
		CHECK(found(&w, "CVE-4-1")->aliases.n == 2);
	}
	arena_finish(&w.a);
}

TEST(a_language_package_of_the_distribution_is_the_distributions_to_judge)
{
	World w = world("debian", "12");
	pypi(&w, "PYSEC-1", "", (Range){.fixed = S("9")});
	deb_row(&w, "python3-jinja2", "CVE-5-1", STATUS_FIXED, "1");
	installed(&w, (Pkg){.type = PKG_DEB, .name = S("python3-jinja2"), .version = S("2")});
	installed(&w, (Pkg){.type = PKG_PYPI, .name = S("jinja2"), .version = S("2"), .owner = 1});
	run(&w, false);
	CHECK(w.report.findings.n == 0 && w.report.not_evaluated.n == 0);
	arena_finish(&w.a);
}

/* docker-ce on Debian: its advisories know no such package, so nobody else has judged it. */
TEST(a_language_package_of_a_third_party_is_judged_by_its_language)
{
	World w = world("debian", "12");
	pypi(&w, "PYSEC-1", "", (Range){.fixed = S("9")});
	deb_row(&w, "python3-jinja2", "CVE-5-1", STATUS_FIXED, "1");
	installed(&w, (Pkg){.type = PKG_DEB, .name = S("acme-tool"), .version = S("2")});
	installed(&w, (Pkg){.type = PKG_PYPI, .name = S("jinja2"), .version = S("2"), .owner = 1});
	run(&w, false);
	CHECK(w.report.findings.n == 1 && found(&w, "PYSEC-1") != NULL);
	CHECK(w.report.asked.n == 1);
	if (w.report.asked.n == 1)
		CHECK_STR(w.report.asked.at[0], S("test"));
	arena_finish(&w.a);
}

TEST(a_system_of_which_no_package_was_found_is_not_evaluated)
{
	static const char *const cases[][2] = {{"arch", ""}, {"debian", "12"}, {"", ""}};
	for (size_t i = 0; i < 3; i++) {
		World w = world(cases[i][0], cases[i][1]);
		deb_row(&w, "a", "CVE-3-1", STATUS_FIXED, "9");
		pypi(&w, "PYSEC-1", "", (Range){.fixed = S("9")});
		installed(&w, (Pkg){.type = PKG_PYPI, .name = S("jinja2"), .version = S("9")});
		run(&w, false);
		bool known = cases[i][0][0] != '\0'; /* else it may be a program and no more */
		CHECK(w.report.findings.n == 0 && w.report.not_evaluated.n == known);
		arena_finish(&w.a);
	}
}

TEST(a_module_without_a_version_is_undecided_only_when_advisories_name_it)
{
	World w = world("", "");
	pypi(&w, "PYSEC-1", "", (Range){.fixed = S("9")});
	installed(&w, (Pkg){.type = PKG_PYPI, .name = S("jinja2"), .path = S("x")});
	installed(&w, (Pkg){.type = PKG_PYPI, .name = S("ours"), .path = S("y")});
	run(&w, false);
	CHECK(w.report.findings.n == 0 && w.report.not_evaluated.n == 1);
	if (w.report.not_evaluated.n == 1)
		CHECK_STR(w.report.not_evaluated.at[0].subject, S("jinja2"));
	arena_finish(&w.a);
}

TEST(the_end_of_a_distribution_without_advisories_is_told)
{
	static const struct {
		const char *id, *version;
		bool ended;
	} cases[] = {{"ubuntu", "16.04", true}, {"ubuntu", "16.10", false}, {"rhel", "7.9", true},
		     {"rhel", "79", false},     {"ubuntu", "", false},      {"", "7", false}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		World w = world(cases[i].id, cases[i].version);
		CHECK_OK(db_writer_lifecycle(w.w, &(Lifecycle){S("ubuntu:16.04"), 1, 1999, 0}));
		CHECK_OK(db_writer_lifecycle(w.w, &(Lifecycle){S("rhel:7"), 1, 1999, 0}));
		installed(&w, (Pkg){.type = PKG_DEB, .name = S("a"), .version = S("1")});
		run(&w, false);
		CHECK(w.report.os_end_of_life == cases[i].ended);
		arena_finish(&w.a);
	}
}

TEST(a_version_that_no_order_takes_is_not_evaluated)
{
	World w = world("", "");
	pypi(&w, "PYSEC-1", "", (Range){.fixed = S("9")});
	installed(&w, (Pkg){.type = PKG_PYPI, .name = S("jinja2"), .version = S("2 0")});
	installed(&w,
		  (Pkg){.type = PKG_PYPI, .name = S("jinja2"), .version = S(""), .path = S("x")});
	run(&w, false);
	CHECK(w.report.findings.n == 0 && w.report.not_evaluated.n == 2);
	arena_finish(&w.a);
}

TEST(a_kernel_is_informational_unless_asked_for)
{
	for (unsigned kernel = 0; kernel < 2; kernel++) {
		World w = world("debian", "12");
		deb_row(&w, "linux", "CVE-6-1", STATUS_FIXED, "9");
		installed(&w, (Pkg){.type = PKG_DEB,
				    .name = S("linux-libc-dev"),
				    .version = S("6.1"),
				    .source_name = S("linux")});
		run(&w, kernel != 0);
		CHECK(w.report.findings.n == 1 &&
		      w.report.findings.at[0].informational == (kernel == 0));
		arena_finish(&w.a);
	}
}

TEST(worst_comes_first_and_enrichment_is_there)
{
	World w = world("debian", "12");
	deb_row(&w, "a", "CVE-7-1", STATUS_FIXED, "9");
	row_in(&w,
	       (Advisory){.ecosystem = S("debian:12"),
			  .package = S("b"),
			  .id = S("CVE-7-2"),
			  .status = STATUS_FIXED,
			  .severity = SEV_CRITICAL,
			  .scheme = SCHEME_DEB},
	       (Range){.fixed = S("9")});
	CHECK_OK(db_writer_exploited(w.w, &(Exploited){S("CVE-7-1"), 1, 2, false}));
	CHECK_OK(db_writer_epss(w.w, &(Epss){S("CVE-7-1"), 0.5, 0.9}));
	CHECK_OK(
		db_writer_detail(w.w, &(AdvisoryDetail){.id = S("CVE-7-1"), .title = S("A flaw")}));
	CHECK_OK(db_writer_lifecycle(w.w, &(Lifecycle){S("debian:12"), 1, 1999, 0}));
	installed(&w, (Pkg){.type = PKG_DEB, .name = S("a"), .version = S("1")});
	installed(&w, (Pkg){.type = PKG_DEB, .name = S("b"), .version = S("1")});
	run(&w, false);
	CHECK(w.report.findings.n == 2 && w.report.os_end_of_life);
	if (w.report.findings.n == 2) {
		CHECK_STR(w.report.findings.at[0].id, S("CVE-7-2"));
		const Finding *f = &w.report.findings.at[1];
		CHECK(f->exploited && f->epss > 0.49 && f->epss < 0.51);
		CHECK_STR(f->title, S("A flaw"));
		CHECK(w.report.findings.at[0].epss < 0);
	}
	arena_finish(&w.a);
}

static void erratum(World *w, const char *id, const char *cve, Severity severity, const char *cvss)
{
	Advisory row = {.ecosystem = S("almalinux:9"),
			.package = S("other"),
			.id = str_of(id),
			.feed = S("osv-almalinux"),
			.status = STATUS_FIXED,
			.severity = severity,
			.cvss = str_of(cvss),
			.scheme = SCHEME_RPM};
	vec_push(&w->a, &row.aliases, str_of(cve));
	row_in(w, row, (Range){.fixed = S("9")});
}

static void unrated(World *w, const char *cve)
{
	row_in(w,
	       (Advisory){.ecosystem = S("debian:12"),
			  .package = S("a"),
			  .id = str_of(cve),
			  .status = STATUS_FIXED,
			  .scheme = SCHEME_DEB},
	       (Range){.fixed = S("9")});
}

TEST(what_its_feed_does_not_rate_is_rated_by_others_and_says_by_whom)
{
	World w = world("debian", "12");
	unrated(&w, "CVE-8-1");
	unrated(&w, "CVE-8-2");
	unrated(&w, "CVE-8-3");
	erratum(&w, "ALSA-1", "CVE-8-1", SEV_CRITICAL, "");
	erratum(&w, "ALSA-2", "CVE-8-1", SEV_MEDIUM, "");
	erratum(&w, "ALSA-3", "CVE-8-2", SEV_LOW, "");
	erratum(&w, "ALSA-4", "CVE-8-2", SEV_HIGH, "CVSS:3.1/AV:N");
	installed(&w, (Pkg){.type = PKG_DEB, .name = S("a"), .version = S("1")});
	run(&w, false);
	const Finding *lowest = found(&w, "CVE-8-1"), *scored = found(&w, "CVE-8-2");
	CHECK(lowest != NULL && lowest->severity == SEV_MEDIUM);
	CHECK(scored != NULL && scored->severity == SEV_HIGH);
	if (lowest != NULL && scored != NULL) {
		CHECK_STR(lowest->severity_source, S("osv-almalinux ALSA-2"));
		CHECK_STR(scored->severity_source, S("osv-almalinux ALSA-4"));
		CHECK_STR(scored->cvss, S("CVSS:3.1/AV:N"));
	}
	CHECK(found(&w, "CVE-8-3")->severity == SEV_UNKNOWN);
	arena_finish(&w.a);
}
