/* Base scores, as the specifications' examples and the NVD have them. */
#include "model/advisory.h"
#include "tap.h"

typedef struct Scored {
	const char *vector;
	int score10;
} Scored;

static void all(const Scored *s)
{
	for (; s->vector != NULL; s++)
		if (cvss_score10(str_of(s->vector)) != s->score10) {
			printf("# %s: %d, not %d\n", s->vector, cvss_score10(str_of(s->vector)),
			       s->score10);
			tap_bad++;
		}
}

TEST(version_3_scores_as_specified)
{
	all((const Scored[]){{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98},
			     {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100},
			     {"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 61},
			     {"CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 78},
			     {"CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 88},
			     {"CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", 59},
			     {"CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", 24},
			     {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0},
			     {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P/RL:O", 75},
			     {NULL, 0}});
}

TEST(version_2_scores_as_specified)
{
	all((const Scored[]){{"AV:N/AC:L/Au:N/C:N/I:N/A:C", 78},
			     {"AV:N/AC:L/Au:N/C:C/I:C/A:C", 100},
			     {"AV:L/AC:H/Au:N/C:C/I:C/A:C", 62},
			     {"AV:N/AC:L/Au:N/C:P/I:P/A:P", 75},
			     {"AV:N/AC:M/Au:N/C:N/I:P/A:N", 43},
			     {"AV:N/AC:L/Au:N/C:N/I:N/A:N", 0},
			     {NULL, 0}});
}

TEST(what_is_no_whole_vector_has_no_score)
{
	all((const Scored[]){
		{"", -1},
		{"9.8", -1},
		{"CVSS:3.1/AV:N", -1},
		{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:H", -1},
		{"CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", -1},
		{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A", -1},
		{"CVSS:2.0/AV:N/AC:L/Au:N/C:N/I:N/A:C", -1},
		{"CVSS:4.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", -1},
		{"CVSS:5.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", -1},
		{NULL, 0}});
}

TEST(a_nul_is_no_value)
{
	CHECK(cvss_score10(S("CVSS:3.1/AV:\0/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")) == -1);
	CHECK(cvss_score10(S("AV:N/AC:L/Au:N/C:\0/I:N/A:C")) == -1);
	CHECK(cvss_score10(S("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:\0/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N")) ==
	      -1);
}

TEST(a_score_has_its_word)
{
	static const struct {
		int score10;
		Severity is;
	} words[] = {{-1, SEV_UNKNOWN}, {0, SEV_NEGLIGIBLE}, {1, SEV_LOW},
		     {39, SEV_LOW},     {40, SEV_MEDIUM},    {69, SEV_MEDIUM},
		     {70, SEV_HIGH},    {89, SEV_HIGH},      {90, SEV_CRITICAL}};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		CHECK(cvss_severity(words[i].score10) == words[i].is);
}

TEST(a_newer_version_ranks_higher)
{
	static const char *const newest_first[] = {"CVSS:4.0/", "CVSS:3.1/", "CVSS:3.0/",
						   "AV:", "CVSS:5.0/"};
	for (size_t i = 1; i < sizeof newest_first / sizeof newest_first[0]; i++)
		CHECK(cvss_rank(str_of(newest_first[i - 1])) > cvss_rank(str_of(newest_first[i])));
	CHECK(cvss_rank(S("CVSS:5.0/")) == 0 && cvss_version(S("CVSS:5.0/")) == NULL);
	CHECK_STR(str_of(cvss_version(S("CVSS:4.0/AV:N"))), S("cvss:4.0"));
	CHECK_STR(str_of(cvss_version(S("AV:N"))), S("cvss:2.0"));
}
