/* lint_options_test.c - a rule is as grave as this house says, or off. */
#include "lint/lint.h"
#include "tap.h"

/* Two ENTRYPOINTs, and no HEALTHCHECK, which is a rule that is off. */
static const char text[] = "FROM debian:12\nENTRYPOINT [\"a\"]\nENTRYPOINT [\"b\"]\n";
static const char health[] = "D307";

static RemarkReport lint(Arena *a, const char *of, const LintOptions *o)
{
	RemarkReport r = {0};
	CHECK_OK(lint_dockerfile(S("Dockerfile"), str_of(of), o, a, &r));
	return r;
}

static Level level_in(const RemarkReport *r, const char *rule)
{
	for (size_t i = 0; i < r->remarks.n; i++)
		if (str_eq(r->remarks.at[i].rule, str_of(rule)))
			return r->remarks.at[i].level;
	return 0;
}

static Level with(Str rule, Level level, bool off)
{
	Arena a = {0};
	LintOptions o = {.now = 1764000000};
	vec_push(&a, &o.overrides, (LintOverride){rule, level, off});
	RemarkReport r = lint(&a, text, &o);
	Level is = level_in(&r, health);
	arena_finish(&a);
	return is;
}

TEST(a_level_turns_on_a_rule_that_is_off_by_id_name_or_alias)
{
	Arena a = {0};
	LintOptions plain = {.now = 1764000000};
	RemarkReport r = lint(&a, text, &plain);
	CHECK(level_in(&r, health) == 0);
	CHECK(with(S("d307"), LEVEL_ERROR, false) == LEVEL_ERROR);
	CHECK(with(S("no-healthcheck"), LEVEL_STYLE, false) == LEVEL_STYLE);
	CHECK(with(S("DL3057"), LEVEL_WARNING, false) == LEVEL_WARNING);
	arena_finish(&a);
}

TEST(the_last_override_counts_and_what_is_asked_on_the_command_line_is_asked)
{
	Arena a = {0};
	LintOptions o = {.now = 1764000000};
	vec_push(&a, &o.overrides, (LintOverride){S("D307"), LEVEL_ERROR, false});
	vec_push(&a, &o.overrides, (LintOverride){S("D307"), 0, true});
	RemarkReport r = lint(&a, text, &o);
	CHECK(level_in(&r, health) == 0);
	vec_push(&a, &o.only, S("D307"));
	r = lint(&a, text, &o);
	CHECK(level_in(&r, health) == LEVEL_INFO);
	arena_finish(&a);
}

TEST(an_ignore_is_unused_only_when_its_rule_is_asked)
{
	Arena a = {0};
	const char *of = "FROM debian:12\n# bulwark:ignore D307 -- none is needed\nCMD [\"a\"]\n";
	LintOptions o = {.now = 1764000000};
	RemarkReport r = lint(&a, of, &o);
	CHECK(level_in(&r, "D001") == 0);
	vec_push(&a, &o.overrides, (LintOverride){S("D307"), LEVEL_INFO, false});
	r = lint(&a, of, &o);
	CHECK(level_in(&r, "D001") != 0);
	vec_push(&a, &o.overrides, (LintOverride){S("D001"), 0, true});
	r = lint(&a, of, &o);
	CHECK(level_in(&r, "D001") == 0);
	arena_finish(&a);
}

static size_t told(const char *of, const char *rule)
{
	Arena a = {0};
	LintOptions o = {.now = 1764000000};
	RemarkReport r = lint(&a, of, &o);
	size_t n = 0;
	for (size_t i = 0; i < r.remarks.n; i++)
		n += str_eq(r.remarks.at[i].rule, str_of(rule));
	arena_finish(&a);
	return n;
}

TEST(peers_comments_are_taken_as_the_peers_take_them)
{
	CHECK(told("FROM debian:12\nUSER root\n", "D301") == 1);
	CHECK(told("FROM debian:12\n# trivy:ignore:AVD-DS-0002\nUSER root\n", "D301") == 0);
	CHECK(told("FROM debian:12\n# trivy:ignore:ds002 exp:2099-01-01\nUSER root\n", "D301") ==
	      0);
	CHECK(told("FROM debian:12\n# trivy:ignore:DS-0002 exp:2020-01-01\nUSER root\n", "D301") ==
	      1);
	CHECK(told("FROM debian:12\n# trivy:ignore:DS-0002 exp:2020-01-01\nUSER root\n", "D001") ==
	      1);
	CHECK(told("FROM debian:12\nUSER root\nRUN x\n# checkov:skip=CKV_DOCKER_8:as it is\n",
		   "D301") == 0);
	CHECK(told("FROM debian:12\nUSER root\n# hadolint global ignore=DL3002\n#\nRUN x\n",
		   "D301") == 0);
	CHECK(told("FROM debian:12\nUSER root\n# hadolint ignore=DL3002\nRUN x\n", "D301") == 1);
}

TEST(a_directive_is_no_comment_as_well)
{
	const char *of =
		"# check=skip=JSONArgsRecommended;error=true\nFROM debian:12\nUSER 1\nCMD x\n";
	CHECK(told(of, "D110") == 0);
	CHECK(told(of, "D001") == 0);
}

TEST(types_of_labels_have_names)
{
	LabelType t;
	for (LabelType i = LABEL_TEXT; i <= LABEL_EMAIL; i++)
		CHECK(label_type_parse(str_of(label_type_name(i)), &t) && t == i);
	CHECK(!label_type_parse(S("number"), &t));
}
