/* Laws of the table of checks, and of what decides without a machine. */
#include "bench/registry.h"
#undef CHECK /* of the table; here it is tap.h's */
#include "tap.h"

TEST(ids_are_sorted_and_used_once)
{
	for (size_t i = 0; bench_check_at(i) != NULL; i++) {
		const CheckInfo *c = bench_check_at(i), *next = bench_check_at(i + 1);
		CHECK(bench_check_named(str_of(c->id)) == c);
		CHECK(next == NULL || strcmp(c->id, next->id) < 0);
		for (size_t k = 0; k < i; k++)
			CHECK(strcmp(bench_check_at(k)->name, c->name) != 0);
	}
	CHECK(bench_check_named(S("B999")) == NULL);
}

static bool says(const char *words) { return words != NULL && words[0] != '\0'; }

TEST(every_check_says_what_and_why_and_what_to_do)
{
	for (size_t i = 0; bench_check_at(i) != NULL; i++) {
		const CheckInfo *c = bench_check_at(i);
		CHECK(says(c->name) && says(c->section) && says(c->title) && says(c->why));
		CHECK(says(c->wanted) && says(c->remedy) && c->severity >= SEV_LOW);
		CHECK(c->level <= 2 && bench_checks[i]->judge != NULL);
		/* Ours have no level and no number, those of the benchmark have both. */
		CHECK((c->level == 0) == (c->cis[CIS_180] == NULL));
	}
}

static size_t times(Benchmark b, const char *number)
{
	size_t n = 0;
	for (size_t i = 0; bench_check_at(i) != NULL; i++) {
		const char *is = bench_check_at(i)->cis[b];
		n += is != NULL && strcmp(is, number) == 0;
	}
	return n;
}

static size_t count(Benchmark b)
{
	size_t n = 0;
	for (size_t i = 0; bench_check_at(i) != NULL; i++)
		n += bench_check_at(i)->cis[b] != NULL;
	return n;
}

TEST(every_number_of_every_version_is_there_once)
{
	static const struct {
		const char *section;
		int numbers[BENCHMARKS];
	} sections[] = {{"1.1", {18, 18, 18}}, {"1.2", {2, 2, 2}},  {"2", {18, 18, 19}},
			{"3", {24, 24, 24}},   {"4", {12, 12, 12}}, {"5", {32, 32, 32}},
			{"6", {2, 2, 2}},      {"7", {9, 9, 9}}};
	for (int b = 0; b < BENCHMARKS; b++) {
		size_t all = 0;
		for (size_t s = 0; s < sizeof sections / sizeof sections[0]; s++)
			for (int i = 1; i <= sections[s].numbers[b]; i++, all++) {
				char number[16];
				snprintf(number, sizeof number, "%s.%d", sections[s].section, i);
				CHECK(times((Benchmark)b, number) == 1);
			}
		CHECK(count((Benchmark)b) == all);
	}
}

TEST(a_report_goes_by_the_numbers_of_its_version)
{
	for (int b = 0; b < BENCHMARKS; b++) {
		Arena a = {0};
		CheckReport r = {.benchmark = (Benchmark)b};
		for (size_t i = 0; bench_check_at(i) != NULL; i++)
			vec_push(&a, &r.verdicts, (Verdict){.check = bench_check_at(i)});
		checks_by_number(&r);
		for (size_t i = 1; i < r.verdicts.n; i++) {
			const CheckInfo *x = r.verdicts.at[i - 1].check,
					*y = r.verdicts.at[i].check;
			unsigned m = 0, n = 0;
			if (strcmp(x->section, y->section) != 0 || y->cis[b] == NULL)
				continue;
			CHECK(x->cis[b] != NULL); /* ours come last */
			(void)sscanf(strrchr(x->cis[b], '.'), ".%u", &m);
			(void)sscanf(strrchr(y->cis[b], '.'), ".%u", &n);
			CHECK(n == m + 1 || n == 1); /* 1.1.18, 1.2.1 */
		}
		arena_finish(&a);
	}
}

TEST(the_second_profile_is_the_benchmarks)
{
	static const char *const second[] = {
		"1.1.7",  "1.1.8",  "1.1.9",  "1.1.10", "1.1.11", "1.1.12", "1.1.13", "1.1.14",
		"1.1.15", "1.1.16", "1.1.17", "1.1.18", "2.10",   "2.11",   "2.12",   "2.13",
		"2.14",   "2.18",   "3.17",   "3.18",   "3.19",   "3.20",   "3.21",   "3.22",
		"4.5",    "4.8",    "4.11",   "5.3",    "5.23",   "5.24",   "5.30"};
	for (size_t i = 0; bench_check_at(i) != NULL; i++) {
		const CheckInfo *c = bench_check_at(i);
		bool wanted = false;
		for (size_t k = 0; k < sizeof second / sizeof second[0]; k++)
			wanted = wanted || (c->cis[CIS_180] != NULL &&
					    strcmp(c->cis[CIS_180], second[k]) == 0);
		CHECK((c->level == 2) == wanted);
	}
}

TEST(a_number_that_moved_is_the_same_check)
{
	const CheckInfo *tls = bench_check_named(S("B207"));
	CHECK(check_is_called(tls, S("2.7"), CIS_160) && check_is_called(tls, S("2.7"), CIS_170));
	CHECK(check_is_called(tls, S("2.8"), CIS_180) && !check_is_called(tls, S("2.7"), CIS_180));
	CHECK(check_is_called(bench_check_named(S("B219")), S("2.7"), CIS_180));
}

/* Bit by bit, as a person reads "rw-r--r--". */
static bool grants_more(unsigned mode, unsigned limit)
{
	for (unsigned bit = 1; bit <= 04000; bit <<= 1)
		if ((mode & bit) != 0 && (limit & bit) == 0)
			return true;
	return false;
}

TEST(all_modes_against_all_limits)
{
	static const unsigned limits[] = {0644, 0755, 0444, 0660, 0400};
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		bool same = true;
		for (unsigned mode = 0; mode <= 07777; mode++)
			same = same &&
			       bench_exceeds(mode, limits[i]) == grants_more(mode, limits[i]);
		CHECK(same);
	}
	CHECK(bench_exceeds(0622, 0644) && bench_exceeds(0577, 0644) && bench_exceeds(04644, 0644));
	CHECK(!bench_exceeds(0, 0400) && bench_exceeds(0440, 0400) && !bench_exceeds(0600, 0644));
}

TEST(a_rule_watches_what_it_names_and_no_more)
{
	Arena a = {0};
	BenchOptions o = {0};
	vec_push(&a, &o.watches, (BenchWatch){S("/usr/bin/containerd-shim-runc-v2"), false, true});
	vec_push(&a, &o.watches, (BenchWatch){S("/etc/docker"), true, true});
	vec_push(&a, &o.watches, (BenchWatch){S("/run/containerd"), false, true});
	vec_push(&a, &o.watches, (BenchWatch){S("/usr/bin/runc"), false, false});
	CHECK(bench_is_watched(&o, S("/usr/bin/containerd-shim-runc-v2"), false));
	CHECK(!bench_is_watched(&o, S("/usr/bin/containerd-shim"), false));
	CHECK(!bench_is_watched(&o, S("/usr/bin/containerd"), false));
	CHECK(bench_is_watched(&o, S("/etc/docker"), true));
	CHECK(bench_is_watched(&o, S("/etc/docker/daemon.json"), false));
	CHECK(!bench_is_watched(&o, S("/etc/docker2"), true));
	CHECK(!bench_is_watched(&o, S("/run/containerd"), true)); /* the directory alone */
	CHECK(!bench_is_watched(&o, S("/usr/bin/runc"), false));  /* of reading only */
	CHECK(!bench_is_watched(&o, S("/etc"), true));
	arena_finish(&a);
}

TEST(patterns_of_names)
{
	CHECK(str_glob(S("web-*"), S("web-1")) && str_glob(S("*"), S("")));
	CHECK(str_glob(S("a*b*c"), S("aXbYbZc")) && !str_glob(S("a*b*c"), S("aXbY")));
	CHECK(str_glob(S("?x"), S("ax")) && !str_glob(S("?x"), S("x")));
	CHECK(!str_glob(S("web"), S("web-1")) && !str_glob(S(""), S("a")));
}
