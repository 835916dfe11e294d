/* What a baseline accepts of checks, and when the rest fails. */
#include "policy/policy.h"
#include "tap.h"

static const CheckInfo infos[] = {
	{.id = "X1",
	 .name = "one",
	 .cis = {"1.1", "1.1", "1.2"},
	 .severity = SEV_HIGH,
	 .section = "a"},
	{.id = "X2",
	 .name = "two",
	 .cis = {NULL, NULL, "1.1"},
	 .severity = SEV_LOW,
	 .section = "a"},
};

static CheckReport two(Arena *a, Outcome first, Outcome second)
{
	CheckReport r = {.benchmark = CIS_180};
	Verdict v = {.check = &infos[0], .subjects = 4}, w = {.check = &infos[1]};
	verdict_is(&v, a, first, S("x"), "seen");
	verdict_is(&w, a, second, S("x"), "seen");
	verdict_item(&v, a, "container", S("db"), "bad");
	verdict_item(&v, a, "container", S("web"), "bad");
	vec_push(a, &r.verdicts, v);
	vec_push(a, &r.verdicts, w);
	return r;
}

static Policy from(Arena *a, const char *text)
{
	Policy p = {.fail_on_severity = true, .fail_at = SEV_LOW};
	CHECK_OK(policy_read_ignore(S("base"), str_of(text), a, &p));
	return p;
}

static unsigned score(const CheckReport *r)
{
	size_t judged;
	return check_score(r, NULL, 0, &judged);
}

TEST(an_entry_accepts_a_check_by_any_of_its_names)
{
	static const char *const names[] = {"X1", "x1", "one", "1.2"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		Arena a = {0};
		CheckReport r = two(&a, OUTCOME_WARN, OUTCOME_PASS);
		unsigned before = score(&r);
		Buf text = buf_in(&a, 100);
		buf_fmt(&text, "%s exp:2030-01-01 # known%c", names[i], '\0');
		Policy p = from(&a, buf_str(&text).p);
		CHECK(policy_fails_checks(&p, &r));
		policy_apply_checks(&p, 1800000000, &a, &r);
		CHECK_STR(r.verdicts.at[0].accepted, S("known"));
		CHECK(r.accepted == 1 && r.warnings.n == 0 && !policy_fails_checks(&p, &r));
		CHECK(score(&r) == before);
		arena_finish(&a);
	}
}

TEST(an_entry_may_accept_one_thing_only)
{
	Arena a = {0};
	CheckReport r = two(&a, OUTCOME_WARN, OUTCOME_PASS);
	unsigned before = score(&r);
	Policy p = from(&a, "ignore:\n  - {id: one, item: web, reason: planned}\n");
	policy_apply_checks(&p, 0, &a, &r);
	CHECK(r.verdicts.at[0].items.n == 1 && r.verdicts.at[0].accepted.n == 0);
	CHECK_STR(r.verdicts.at[0].items.at[0].name, S("db"));
	CHECK(policy_fails_checks(&p, &r) && r.accepted == 1 && score(&r) == before);
	p = from(&a, "ignore:\n  - {id: one, item: db, reason: planned}\n");
	policy_apply_checks(&p, 0, &a, &r);
	CHECK_STR(r.verdicts.at[0].accepted, S("planned"));
	CHECK(!policy_fails_checks(&p, &r) && r.accepted == 2 && score(&r) == before);
	const Verdict *v = &r.verdicts.at[0];
	CHECK(v->items.n == 0 && v->accepted_items.n == 2);
	CHECK_STR(v->accepted_items.at[0].name, S("web"));
	CHECK_STR(v->accepted_items.at[1].accepted, S("planned"));
	arena_finish(&a);
}

TEST(an_entry_ends_with_its_last_day)
{
	const int64_t last = 1893456000; /* 2030-01-01, 00:00 */
	for (int late = 0; late < 2; late++) {
		Arena a = {0};
		CheckReport r = two(&a, OUTCOME_WARN, OUTCOME_PASS);
		Policy p = from(&a, "X1 exp:2030-01-01");
		policy_apply_checks(&p, last + 86400 - 1 + late, &a, &r);
		CHECK(policy_fails_checks(&p, &r) == (late == 1));
		CHECK(r.warnings.n == (size_t)late);
		arena_finish(&a);
	}
}

TEST(what_accepts_nothing_is_named_unless_nobody_asked)
{
	Arena a = {0};
	CheckReport r = two(&a, OUTCOME_PASS, OUTCOME_ERROR);
	Policy p = from(&a, "X1\nX2\nX9\n");
	policy_apply_checks(&p, 0, &a, &r);
	CHECK(r.warnings.n == 2 && r.accepted == 0); /* X9 was not judged */
	CHECK(r.verdicts.at[1].accepted.n == 0);     /* what was not read cannot be accepted */
	arena_finish(&a);
}

TEST(the_bar)
{
	Arena a = {0};
	CheckReport r = two(&a, OUTCOME_PASS, OUTCOME_WARN);
	Policy p = {.fail_on_severity = true, .fail_at = SEV_MEDIUM};
	CHECK(!policy_fails_checks(&p, &r)); /* the WARN is low */
	p.fail_at = SEV_LOW;
	CHECK(policy_fails_checks(&p, &r));
	CHECK(!policy_fails_checks(&(Policy){0}, &r));
	p = (Policy){.fail_on_not_evaluated = true};
	CHECK(!policy_fails_checks(&p, &r));
	r.verdicts.at[1].unread = 1; /* a WARN, and one thing that nobody could judge */
	CHECK(policy_fails_checks(&p, &r));
	r = two(&a, OUTCOME_PASS, OUTCOME_ERROR);
	CHECK(policy_fails_checks(&p, &r));
	arena_finish(&a);
}
