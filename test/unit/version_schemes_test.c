/* version_schemes_test.c - laws of the whole table, and what each scheme refuses. */
#include "tap.h"
#include "version/scheme.h"

enum { N = 14 };

static const struct {
	VersionScheme id;
	const char *versions[N];
} samples[] = {
	{SCHEME_DEB,
	 {"1", "1.0", "1.0-1", "1.0~rc1-1", "1.0+dfsg-1", "1:0.1", "1.0-1+deb12u1", "1.0-1.1", "9",
	  "10", "2.0~", "2.0", "1.0a", "0:1.0-1"}},
	{SCHEME_RPM,
	 {"1-1", "1.0-1", "1.0~rc1-1", "1.0^git1-1", "1.0.1-1", "1:0.1-1", "1.0-1.el9",
	  "1.0-1.el9_2", "10-1", "9-1", "1.0a-1", "1.a-1", "0:1.0-1", "1.0-2"}},
	{SCHEME_APK,
	 {"1", "1.0", "1.0-r1", "1.0_rc1", "1.0_alpha2", "1.0_p1", "1.0a", "1.0b-r2", "1.0.1", "10",
	  "9", "1.0_git20200101-r0", "1.00", "1.0_beta_p1"}},
	{SCHEME_SEMVER,
	 {"1", "1.0.0", "v1.0.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.2", "1.0.0-rc.10",
	  "1.0.1", "10.0.0", "9.0.0", "0.0.0-20200101000000-abcdef123456", "1.0.0+build",
	  "1.0.1-0.20200101-abc", "2.0.0+incompatible"}},
	{SCHEME_PEP440,
	 {"1", "1.0", "1.0.dev1", "1.0a1", "1.0a1.dev2", "1.0rc1", "1.0.post1", "1.0-1",
	  "1.0+local", "1.0+local.1", "1!0.1", "10", "9", "0.9-ivysaur"}},
};

TEST(every_order_is_antisymmetric_and_transitive)
{
	for (size_t n = 0; n < sizeof samples / sizeof samples[0]; n++)
		for (size_t i = 0; i < (size_t)N * N * N; i++) {
			const Scheme *s = scheme_get(samples[n].id);
			Str a = str_of(samples[n].versions[i % N]);
			Str b = str_of(samples[n].versions[i / N % N]);
			Str c = str_of(samples[n].versions[i / N / N]);
			int ab = 0, ba = 0, bc = 0, ac = 0;
			CHECK(s->compare(a, b, &ab) && s->compare(b, a, &ba) &&
			      s->compare(b, c, &bc) && s->compare(a, c, &ac));
			CHECK((ab > 0) == (ba < 0) && (ab == 0) == (ba == 0));
			CHECK(!(ab <= 0 && bc <= 0) || ac <= 0);
		}
}

TEST(what_is_no_version_is_refused)
{
	static const struct {
		VersionScheme id;
		const char *version;
	} bad[] = {
		{SCHEME_DEB, ""},       {SCHEME_DEB, "x:1"},     {SCHEME_DEB, "1 2"},
		{SCHEME_RPM, ""},       {SCHEME_APK, ""},        {SCHEME_APK, "1 2"},
		{SCHEME_SEMVER, ""},    {SCHEME_SEMVER, "main"}, {SCHEME_SEMVER, "(devel)"},
		{SCHEME_PEP440, "1 0"}, {SCHEME_PEP440, ""},
	};
	int order;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const Scheme *s = scheme_get(bad[i].id);
		if (s->compare(str_of(bad[i].version), S("1"), &order) ||
		    s->compare(S("1"), str_of(bad[i].version), &order))
			tap_fail(ERR_HERE, bad[i].version);
	}
}

TEST(names_are_unique_and_found)
{
	for (const Scheme *const *s = schemes; *s != NULL; s++) {
		CHECK(scheme_named(str_of((*s)->name)) == *s);
		CHECK(scheme_get((*s)->id) == *s);
	}
	CHECK(scheme_named(S("none")) == NULL && scheme_get(SCHEME_NONE) == NULL);
}

TEST(a_separator_without_a_number_behind_it_is_of_pep_440)
{
	static const char *const same[][2] = {
		{"1.0rc.", "1.0rc0"},     {"1.0a-", "1.0a0"},
		{"1.0rc.+l", "1.0rc0+l"}, {"1.0rc--1", "1.0rc0.post1"},
		{"1.0rc-1", "1.0rc1"},    {"1.0rc_.dev_", "1.0rc0.dev0"}};
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		int order = 1;
		CHECK(scheme_get(SCHEME_PEP440)
			      ->compare(str_of(same[i][0]), str_of(same[i][1]), &order));
		CHECK(order == 0);
	}
}

TEST(numbers_of_any_length_are_compared)
{
	int order;
	CHECK(scheme_get(SCHEME_DEB)
		      ->compare(S("99999999999999999999999999999999999999998"),
				S("99999999999999999999999999999999999999999"), &order) &&
	      order < 0);
	CHECK(scheme_get(SCHEME_PEP440)
		      ->compare(S("1.0000000000000000000000000000000000000000"), S("1"), &order) &&
	      order == 0);
}
