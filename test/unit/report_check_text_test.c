/* What the text of checks tells once, for a person who did not ask for all of it. */
#include "base/buf.h"
#include "report/check_format.h"
#include "tap.h"

static const CheckInfo infos[] = {
	{.id = "X1", .name = "a", .section = "one", .title = "First", .cis = {"1.1", "1.1", "1.1"}},
	{.id = "X2",
	 .name = "b",
	 .section = "one",
	 .title = "Second",
	 .cis = {"1.2", "1.2", "1.2"}},
	{.id = "X3", .name = "c", .section = "one", .title = "Third", .cis = {"1.3", "1.3", "1.3"}},
	{.id = "X4",
	 .name = "d",
	 .section = "two",
	 .title = "Fourth",
	 .cis = {"2.1", "2.1", "2.1"}},
	{.id = "X5", .name = "e", .section = "two", .title = "Fifth", .cis = {"2.2", "2.2", "2.2"}},
};

static void add(Arena *a, CheckReport *r, size_t i, Outcome o, const char *seen)
{
	Verdict v = {.check = &infos[i]};
	verdict_is(&v, a, o, S("source"), "%s", seen);
	vec_push(a, &r->verdicts, v);
}

static Str text_of(Arena *a, const CheckReport *r, bool verbose)
{
	Buf b = buf_in(a, 1u << 20);
	FormatStyle style = {.verbose = verbose};
	check_format_named(S("text"))->write(r, "bulwark bench", &style, &b);
	return buf_str(&b);
}

static bool says(Str text, const char *what)
{
	size_t at;
	return str_find(text, str_of(what), &at);
}

TEST(what_does_not_apply_is_told_once)
{
	Arena a = {0};
	CheckReport r = {.host = S("h"), .benchmark = CIS_180};
	add(&a, &r, 0, OUTCOME_NA, "no file");
	add(&a, &r, 1, OUTCOME_PASS, "as wanted");
	add(&a, &r, 2, OUTCOME_NA, "no file");
	add(&a, &r, 3, OUTCOME_NA, "no file");
	Str text = text_of(&a, &r, false), all = text_of(&a, &r, true);
	CHECK(says(text, "[N/A]   no file: 1.1 1.3\n") && says(text, "[N/A]   no file: 2.1\n"));
	CHECK(!says(text, "First") && says(text, "Second") && !says(text, "as wanted"));
	CHECK(says(all, "First") && says(all, "Fourth") && says(all, "as wanted"));
	arena_finish(&a);
}

TEST(one_reason_of_many_errors_is_told_once)
{
	Arena a = {0};
	CheckReport r = {.host = S("h"), .benchmark = CIS_180};
	for (size_t i = 0; i < 3; i++)
		add(&a, &r, i, OUTCOME_ERROR, "hidden");
	add(&a, &r, 3, OUTCOME_ERROR, "hidden");
	add(&a, &r, 4, OUTCOME_ERROR, "other");
	Str text = text_of(&a, &r, false);
	CHECK(says(text, "[ERROR] hidden: 1.1 1.2 1.3\n"));
	CHECK(says(text, "Fourth") && says(text, "Fifth") && says(text, "5 error"));
	r.verdicts.at[1].accepted = S("known");
	text = text_of(&a, &r, false);
	CHECK(says(text, "[ACCEPTED] 1.2") && says(text, "First") && says(text, "Third"));
	arena_finish(&a);
}

TEST(things_of_which_the_same_was_seen_stand_together)
{
	Arena a = {0};
	CheckReport r = {.host = S("h"), .benchmark = CIS_180};
	add(&a, &r, 0, OUTCOME_WARN, "some");
	Verdict *v = &r.verdicts.at[0];
	verdict_item(v, &a, "container", S("a"), "no limit");
	verdict_item(v, &a, "container", S("b"), "64 MB");
	for (char c = 'c'; c <= 'n'; c++)
		verdict_item(v, &a, "container", (Str){&c, 1}, "no limit");
	verdict_item(v, &a, "registry", S("r"), "plain");
	verdict_item(v, &a, "registry", S("s"), "plain");
	Str text = text_of(&a, &r, false), all = text_of(&a, &r, true);
	CHECK(says(text, "* containers a, c, d, e, f, g, h, i and 5 more: no limit\n"));
	CHECK(says(text, "* container b: 64 MB\n") && says(text, "* registries r, s: plain\n"));
	CHECK(says(all, "* container a: no limit\n") && says(all, "* container n: no limit\n"));
	arena_finish(&a);
}

TEST(of_many_different_things_some_are_shown)
{
	Arena a = {0};
	CheckReport r = {.host = S("h"), .benchmark = CIS_180};
	add(&a, &r, 0, OUTCOME_WARN, "some");
	for (unsigned i = 0; i < 30; i++)
		verdict_item(&r.verdicts.at[0], &a, "file", S("f"), "mode %u", i);
	CHECK(says(text_of(&a, &r, false), "* and 10 more (--verbose)\n"));
	CHECK(says(text_of(&a, &r, true), "mode 29"));
	arena_finish(&a);
}
