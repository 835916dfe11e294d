/* policy_test.c - ignore files, filters and the bar. */
#include "policy/policy.h"

#include "base/time.h"
#include "tap.h"

enum { DAY = 86400 };

static int64_t day(const char *text)
{
	int64_t t = 0;
	CHECK(time_parse(str_of(text), &t));
	return t;
}

static void says(Err *e, const char *text)
{
	if (e == OK || strcmp(e->text, text) != 0)
		printf("# got: %s\n", e != OK ? e->text : "success");
	CHECK(e != OK && strcmp(e->text, text) == 0);
	err_free(e);
}

static Err *read_from(const char *text, Arena *a, Policy *p)
{
	*p = (Policy){0};
	return policy_read_ignore(S("ign"), str_of(text), a, p);
}

/* ---- reading ---- */

TEST(lines_have_an_id_perhaps_a_day_perhaps_a_reason)
{
	Arena a = {0};
	Policy p;
	says(read_from("CVE-2024-1 foo\n", &a, &p),
	     "ign:1: 'foo' is not understood; a line is ID [exp:YYYY-MM-DD] [# reason]");
	says(read_from("\nCVE-2024-1 exp:soon\n", &a, &p),
	     "ign:2: a last day is written as 2026-12-31, not 'soon'");
	says(read_from("CVE-2024-1 exp:2026-13-31\n", &a, &p),
	     "ign:1: a last day is written as 2026-12-31, not '2026-13-31'");
	says(read_from("CVE-2024-1 exp:2026-02-29\n", &a, &p),
	     "ign:1: a last day is written as 2026-12-31, not '2026-02-29'");
	says(read_from("CVE-2024-1 exp:1970-01-01\n", &a, &p),
	     "ign:1: a last day is written as 2026-12-31, not '1970-01-01'");
	says(read_from("*\n", &a, &p),
	     "ign:1: an entry starts with the id of an advisory, like CVE-2024-3094");
	CHECK_OK(read_from(
		"# about\n\n CVE-2023-4863\r\nGHSA-jfh8-c2jp-5v3q exp:2026-12-31 # why not\n", &a,
		&p));
	CHECK(p.ignore.n == 2);
	CHECK_STR(p.ignore.at[0].id, S("CVE-2023-4863"));
	CHECK(p.ignore.at[0].line == 3 && p.ignore.at[0].expires == 0);
	CHECK_STR(p.ignore.at[1].reason, S("why not"));
	CHECK(p.ignore.at[1].expires == day("2026-12-31"));
	arena_finish(&a);
}

TEST(yaml_entries_have_a_package_too)
{
	Arena a = {0};
	Policy p;
	CHECK_OK(read_from(
		"# mine\nignore:\n  - id: CVE-2024-3094\n    package: xz-utils\n"
		"    reason: not reachable\n    expires: 2026-12-31\n  - {id: CVE-2023-1}\n",
		&a, &p));
	CHECK(p.ignore.n == 2);
	CHECK_STR(p.ignore.at[0].package, S("xz-utils"));
	CHECK_STR(p.ignore.at[0].reason, S("not reachable"));
	CHECK(p.ignore.at[0].expires == day("2026-12-31") && p.ignore.at[1].line == 2);
	says(read_from("ignore:\n  - id: CVE-1\n  - ids: CVE-2\n", &a, &p),
	     "ign: entry 2: unknown key 'ids'; an entry has id, package or item, reason, expires");
	says(read_from("ignore:\n  - CVE-1\n", &a, &p),
	     "ign: entry 1: an entry is a mapping, like {id: CVE-2024-3094}");
	says(read_from("ignore:\n  - reason: x\n", &a, &p),
	     "ign: entry 1: an entry starts with the id of an advisory, like CVE-2024-3094");
	says(read_from("ignore: []\nother: 1\n", &a, &p),
	     "ign: wants one key, ignore, with a list of entries");
	CHECK_ERR(read_from("ignore: [", &a, &p), ERR_INPUT);
	arena_finish(&a);
}

/* ---- applying ---- */

static Pkg pkgs[] = {{.type = PKG_DEB, .name = {"libssl3", 7}, .source_name = {"openssl", 7}},
		     {.type = PKG_DEB, .name = {"zlib1g", 6}, .source_name = {"zlib", 4}}};

typedef struct Case {
	Arena a;
	Facts facts;
	Report r;
	Policy p;
} Case;

static Finding finding(Str id, uint32_t pkg, Severity s, Str fixed)
{
	return (Finding){.id = id, .pkg = pkg, .severity = s, .fixed_version = fixed};
}

static void start(Case *c, const char *ignore)
{
	*c = (Case){0};
	c->facts.arena = &c->a;
	for (size_t i = 0; i < 2; i++)
		vec_push(&c->a, &c->facts.pkgs, pkgs[i]);
	c->r.facts = &c->facts;
	vec_push(&c->a, &c->r.findings, finding(S("CVE-2024-1"), 0, SEV_HIGH, S("2")));
	vec_push(&c->a, &c->r.findings, finding(S("CVE-2024-2"), 0, SEV_LOW, S("")));
	vec_push(&c->a, &c->r.findings, finding(S("CVE-2024-1"), 1, SEV_MEDIUM, S("")));
	vec_push(&c->a, &c->r.findings.at[2].aliases, S("GHSA-aaaa-bbbb-cccc"));
	CHECK_OK(read_from(ignore, &c->a, &c->p));
}

static void finish(Case *c) { arena_finish(&c->a); }

TEST(an_id_is_ignored_in_every_package_or_in_one)
{
	Case c;
	start(&c, "cve-2024-1\n");
	policy_apply(&c.p, 0, &c.a, &c.r);
	CHECK(c.r.findings.n == 1 && c.r.ignored == 2 && c.r.warnings.n == 0);
	CHECK_STR(c.r.findings.at[0].id, S("CVE-2024-2"));
	finish(&c);
	start(&c, "ignore:\n - {id: CVE-2024-1, package: openssl}\n");
	policy_apply(&c.p, 0, &c.a, &c.r);
	CHECK(c.r.findings.n == 2 && c.r.ignored == 1);
	CHECK(c.r.findings.at[1].pkg == 1);
	finish(&c);
}

TEST(an_alias_or_the_vendors_record_is_as_good)
{
	Case c;
	start(&c, "GHSA-aaaa-bbbb-cccc\nALSA-2024:9\n");
	c.r.findings.at[1].evidence.record = S("ALSA-2024:9");
	policy_apply(&c.p, 0, &c.a, &c.r);
	CHECK(c.r.findings.n == 1 && c.r.ignored == 2 && c.r.warnings.n == 0);
	finish(&c);
}

TEST(an_entry_counts_to_the_end_of_its_last_day)
{
	Case c;
	start(&c, "CVE-2024-2 exp:2026-12-31\n");
	policy_apply(&c.p, day("2026-12-31") + DAY - 1, &c.a, &c.r);
	CHECK(c.r.findings.n == 2 && c.r.warnings.n == 0);
	finish(&c);
	start(&c, "CVE-2024-2 exp:2026-12-31\n");
	policy_apply(&c.p, day("2027-01-01"), &c.a, &c.r);
	CHECK(c.r.findings.n == 3 && c.r.ignored == 0 && c.r.warnings.n == 1);
	CHECK_STR(c.r.warnings.at[0],
		  S("ign:1: CVE-2024-2 was ignored until 2026-12-31, and counts "
		    "again; decide anew, or remove the entry"));
	finish(&c);
}

TEST(entries_that_ignore_nothing_are_named_once)
{
	Case c;
	start(&c, "CVE-1\nCVE-2024-2\nCVE-2 exp:2000-01-01\nCVE-3\nCVE-4\nCVE-5\nCVE-6\n");
	policy_apply(&c.p, day("2026-01-01"), &c.a, &c.r);
	CHECK(c.r.warnings.n == 1 && c.r.ignored == 1);
	CHECK_STR(c.r.warnings.at[0], S("ign:1: CVE-1, ign:3: CVE-2, ign:4: CVE-3, ign:5: CVE-4, "
					"ign:6: CVE-5 and 1 more: ignored nothing in this image"));
	finish(&c);
}

TEST(filters_hide_and_count_what_they_hide)
{
	Case c;
	start(&c, "");
	c.p.severities = 1u << SEV_HIGH | 1u << SEV_LOW;
	policy_apply(&c.p, 0, &c.a, &c.r);
	CHECK(c.r.findings.n == 2 && c.r.hidden == 1 && c.r.ignored == 0);
	finish(&c);
	start(&c, "");
	c.p.only_fixed = true;
	policy_apply(&c.p, 0, &c.a, &c.r);
	CHECK(c.r.findings.n == 1 && c.r.hidden == 2);
	finish(&c);
}

TEST(the_bar_counts_severity_and_up_but_nothing_informational)
{
	Case c;
	start(&c, "");
	CHECK(!policy_fails(&c.p, &c.r));
	c.p.fail_on_severity = true;
	c.p.fail_at = SEV_HIGH;
	CHECK(policy_fails(&c.p, &c.r));
	c.p.fail_at = SEV_CRITICAL;
	CHECK(!policy_fails(&c.p, &c.r));
	c.p.fail_at = SEV_HIGH;
	c.r.findings.at[0].informational = true;
	CHECK(!policy_fails(&c.p, &c.r));
	c.p.fail_on_severity = false;
	c.p.fail_on_not_evaluated = true;
	CHECK(!policy_fails(&c.p, &c.r));
	vec_push(&c.a, &c.r.not_evaluated, (Undecided){S("x"), S("y")});
	CHECK(policy_fails(&c.p, &c.r));
	finish(&c);
}

TEST(what_is_ignored_is_kept_with_the_reason)
{
	Case c;
	start(&c, "CVE-2024-1 exp:2020-01-01 # old\nCVE-2024-1 # not reachable\nCVE-2024-2\n");
	policy_apply(&c.p, day("2026-01-01"), &c.a, &c.r);
	CHECK(c.r.findings.n == 0 && c.r.ignored == 3 && c.r.accepted.n == 3);
	CHECK_STR(c.r.accepted.at[0].accepted, S("not reachable")); /* not the one that is over */
	CHECK_STR(c.r.accepted.at[1].accepted, S("ign:3"));
	CHECK(c.r.accepted.at[2].pkg == 1);
	finish(&c);
	start(&c, "CVE-2024-1\nCVE-2024-2\n");
	c.p.severities = 1u << SEV_LOW;
	policy_apply(&c.p, 0, &c.a, &c.r);
	CHECK(c.r.ignored == 3 && c.r.accepted.n == 1); /* the others were not asked for */
	finish(&c);
}

TEST(remarks_are_ignored_by_rule_alias_or_fingerprint_and_count_by_level)
{
	static const char *const ignores[] = {"I101\n", "ds-0002\n", "aaaa\n", "image-root-user\n",
					      "ignore:\n  - id: I101\n    package: config\n"};
	Case c;
	for (size_t i = 0; i < sizeof ignores / sizeof ignores[0]; i++) {
		start(&c, ignores[i]);
		Remark r = {.rule = S("I101"),
			    .name = S("image-root-user"),
			    .file = S("config"),
			    .fingerprint = S("aaaa"),
			    .level = LEVEL_WARNING};
		RemarkReport remarks = {0};
		vec_push(&c.a, &r.aliases, S("DS-0002"));
		vec_push(&c.a, &remarks.remarks, r);
		c.r.findings.n = 0;
		c.r.remarks = &remarks;
		c.p.fail_on_severity = true;
		c.p.fail_at = SEV_HIGH;
		CHECK(!policy_fails(&c.p, &c.r));
		c.p.fail_at = SEV_MEDIUM;
		CHECK(policy_fails(&c.p, &c.r));
		policy_apply(&c.p, 0, &c.a, &c.r);
		CHECK(remarks.remarks.n == 0 && remarks.suppressed == 1);
		CHECK(remarks.accepted.n == 1 && !remarks.accepted.at[0].in_source);
		CHECK_STR(remarks.accepted.at[0].accepted, S("ign:1"));
		CHECK(!policy_fails(&c.p, &c.r));
		finish(&c);
	}
}

TEST(remarks_that_are_not_of_a_severity_asked_for_are_left_out)
{
	Case c;
	start(&c, "");
	RemarkReport remarks = {0};
	vec_push(&c.a, &remarks.remarks, (Remark){.rule = S("I101"), .level = LEVEL_WARNING});
	vec_push(&c.a, &remarks.remarks, (Remark){.rule = S("I206"), .level = LEVEL_ERROR});
	c.r.remarks = &remarks;
	c.p.severities = 1u << SEV_HIGH;
	policy_apply(&c.p, 0, &c.a, &c.r);
	CHECK(remarks.remarks.n == 1 && remarks.suppressed == 1);
	CHECK(str_eq(remarks.remarks.at[0].rule, S("I206")));
	finish(&c);
}
