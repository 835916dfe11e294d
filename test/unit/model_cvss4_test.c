/* Scores of CVSS v4.0: known ones, as two other programs have them, and laws over all base vectors.
 */
#include "model/cvss4.h"
#include "tap.h"

typedef struct Scored {
	const char *vector;
	int score10;
} Scored;

static void is_scored(const char *vector, int want)
{
	int got = cvss4_score10(str_of(vector));
	if (got == want)
		return;
	printf("# %s: %d, not %d\n", vector, got, want);
	tap_bad++;
}

static void all(const Scored *s)
{
	for (; s->vector != NULL; s++)
		is_scored(s->vector, s->score10);
}

TEST(base_metrics_are_scored)
{
	all((const Scored[]){{"AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 100},
			     {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 93},
			     {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N", 87},
			     {"AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 85},
			     {"AV:N/AC:L/AT:N/PR:N/UI:P/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 53},
			     {"AV:N/AC:L/AT:N/PR:H/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N", 51},
			     {"AV:A/AC:L/AT:N/PR:L/UI:A/VC:L/VI:L/VA:N/SC:N/SI:N/SA:H", 41},
			     {"AV:P/AC:H/AT:P/PR:H/UI:A/VC:N/VI:N/VA:L/SC:N/SI:N/SA:N", 10},
			     {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0},
			     {NULL, 0}});
}

TEST(threat_and_environment_count_where_they_are_given)
{
	all((const Scored[]){
		{"AV:N/AC:L/AT:N/PR:H/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N/E:A", 51},
		{"AV:P/AC:H/AT:P/PR:H/UI:A/VC:N/VI:N/VA:L/SC:N/SI:N/SA:N/E:U", 1},
		{"AV:A/AC:H/AT:P/PR:L/UI:P/VC:H/VI:H/VA:H/SC:L/SI:L/SA:L/E:P", 45},
		{"AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/CR:L/IR:H/AR:H", 80},
		{"AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:L/SC:N/SI:N/SA:N/CR:M/IR:M/AR:H", 90},
		{"AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MSI:S", 97},
		{"AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/MVC:N/MVI:N/MVA:N/MSC:N/"
		 "MSI:N/MSA:N",
		 0},
		{"AV:L/AC:H/AT:N/PR:N/UI:A/VC:N/VI:N/VA:L/SC:H/SI:H/SA:H/CR:H/IR:H/AR:M/MAV:N/"
		 "MAC:L/MAT:P/MPR:L/MUI:A/MVC:N/MVI:H/MVA:L/MSC:L/MSI:S/MSA:H",
		 85},
		{"AV:P/AC:H/AT:P/PR:L/UI:P/VC:H/VI:H/VA:H/SC:L/SI:L/SA:L/E:A/S:P/AU:Y/R:A/V:D/RE:L/"
		 "U:Red",
		 54},
		{"AV:N/AC:L/AT:N/PR:H/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N/E:U/CR:L/IR:X/AR:L/MAV:A/"
		 "MAC:H/MAT:N/MPR:N/MUI:P/MVC:X/MVI:N/MVA:H/MSC:N/MSI:L/MSA:S/S:N/AU:N/R:I/V:C/"
		 "RE:H/U:Green",
		 42},
		{NULL, 0}});
}

#define BASE "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"

TEST(what_is_no_whole_vector_has_no_score)
{
	all((const Scored[]){{"", -1},
			     {"/", -1},
			     {BASE "/", -1},
			     {"/" BASE, -1},
			     {BASE "/E", -1},
			     {BASE "/E:", -1},
			     {BASE "/:X", -1},
			     {BASE "/E:F", -1},
			     {BASE "/e:A", -1},
			     {BASE "/E:A:A", -1},
			     {BASE "/SI:S", -1},
			     {BASE "/MSC:S", -1},
			     {BASE "/ME:A", -1},
			     {BASE "/U:R", -1},
			     {BASE "/RL:O", -1},
			     {BASE " ", -1},
			     {"AV:F/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N", -1},
			     {"AV:N/AC:L/AT:N/PR:N/ui:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N", -1},
			     {"AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N", -1},
			     {NULL, 0}});
	CHECK(cvss4_score10((Str){0}) == -1);
}

/* ---- laws ---- */

enum { METRICS = 11, SCORED = 15, LONGEST = 256 };

static const char *const names[] = {"AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA",
				    "SC", "SI", "SA", "E",  "CR", "IR", "AR"};
static const char *const values[] = {"NALP", "LH",  "NP",  "NLH", "NPA", "HLN", "HLN", "HLN",
				     "HLN",  "HLN", "HLN", "APU", "HML", "HML", "HML"};

static size_t write_metric(char *to, size_t at, unsigned metric, char value)
{
	return at + (size_t)snprintf(to + at, LONGEST - at, "%s%s:%c", at != 0 ? "/" : "",
				     names[metric], value);
}

/* One of the 104,976 base vectors; the first is the worst. */
static size_t write_base(char *to, unsigned number)
{
	size_t n = 0;
	for (unsigned i = 0; i < METRICS; i++) {
		unsigned count = (unsigned)strlen(values[i]);
		n = write_metric(to, n, i, values[i][number % count]);
		number /= count;
	}
	return n;
}

enum { BASES = 4 * 2 * 2 * 3 * 3 * 729 };

TEST(a_worse_metric_never_lowers_the_score)
{
	static int scores[BASES];
	char v[LONGEST];
	for (unsigned i = 0; i < BASES; i++)
		scores[i] = cvss4_score10((Str){v, write_base(v, i)});
	unsigned lower = 0, step = 1;
	for (unsigned m = 0; m < METRICS; m++) {
		unsigned count = (unsigned)strlen(values[m]);
		for (unsigned i = 0; i < BASES; i++)
			if (i / step % count != 0)
				lower += scores[i - step] < scores[i] || scores[i] < 0;
		step *= count;
	}
	CHECK(step == BASES);
	CHECK(lower == 0);
}

TEST(a_modified_metric_counts_as_if_it_were_the_base_one)
{
	char v[LONGEST], changed[LONGEST];
	for (unsigned i = 0; i < BASES; i += 97)
		for (unsigned m = 0; m < METRICS; m++)
			for (const char *to = values[m]; *to != '\0'; to++) {
				size_t n = write_base(v, i);
				memcpy(changed, v, n + 1);
				*(strstr(changed, names[m]) + 3) = *to;
				snprintf(v + n, sizeof v - n, "/M%s:%c", names[m], *to);
				is_scored(v, cvss4_score10(str_of(changed)));
			}
}

TEST(what_is_not_defined_or_supplemental_changes_nothing)
{
	static const char *const same[] = {"/E:X",
					   "/E:A",
					   "/CR:X/IR:X/AR:X",
					   "/CR:H/IR:H/AR:H",
					   "/MAV:X/MAC:X/MVC:X/MSI:X",
					   "/S:P",
					   "/AU:Y/R:I/V:C/RE:H/U:Red",
					   "/S:X/AU:X/R:X/V:X/RE:X/U:X",
					   "/U:Clear"};
	char v[LONGEST];
	for (unsigned i = 0; i < BASES; i += 97) {
		size_t n = write_base(v, i);
		int score10 = cvss4_score10((Str){v, n});
		for (size_t s = 0; s < sizeof same / sizeof same[0]; s++) {
			snprintf(v + n, sizeof v - n, "%s", same[s]);
			is_scored(v, score10);
		}
	}
}

/* Section 7: the order of table 23, each at most once, and every base one. */
TEST(the_order_is_fixed)
{
	char v[LONGEST];
	for (unsigned odd = 0; odd < SCORED; odd++)
		for (unsigned other = 0; other < SCORED; other++) {
			size_t n = 0;
			for (unsigned i = 0; i < SCORED; i++) {
				unsigned m = i == odd ? other : i == other ? odd : i;
				n = write_metric(v, n, m, values[m][0]);
			}
			is_scored(v, odd == other ? 100 : -1);
		}
}

TEST(each_stands_once_and_each_base_metric_does)
{
	char v[LONGEST];
	for (unsigned odd = 0; odd < SCORED; odd++)
		for (unsigned times = 0; times < 3; times++) {
			size_t n = 0;
			for (unsigned i = 0; i < SCORED; i++)
				for (unsigned k = 0; k < (i == odd ? times : 1); k++)
					n = write_metric(v, n, i, values[i][0]);
			bool whole = times == 1 || (times == 0 && odd >= METRICS);
			is_scored(v, whole ? 100 : -1);
		}
}
