/* model_advisory_test.c - words for severities and states. */
#include "model/advisory.h"

#include "tap.h"

TEST(every_severity_reads_back_its_own_word)
{
	for (int s = SEV_UNKNOWN; s <= SEV_CRITICAL; s++) {
		Severity back = SEV_UNKNOWN;
		CHECK(severity_parse(str_of(severity_name((Severity)s)), &back));
		CHECK(back == (Severity)s);
	}
}

TEST(words_of_other_vendors_are_understood)
{
	Severity s;
	CHECK(severity_parse(S("Important"), &s) && s == SEV_HIGH);
	CHECK(severity_parse(S("MODERATE"), &s) && s == SEV_MEDIUM);
	CHECK(severity_parse(S("unimportant"), &s) && s == SEV_NEGLIGIBLE);
	CHECK(!severity_parse(S("dire"), &s));
	CHECK(!severity_parse(S(""), &s));
}

TEST(every_status_has_its_own_word)
{
	for (int s = STATUS_AFFECTED; s <= STATUS_NOT_AFFECTED; s++)
		for (int t = STATUS_AFFECTED; t < s; t++)
			CHECK(strcmp(status_name((Status)s), status_name((Status)t)) != 0);
	CHECK_STR(str_of(status_name(STATUS_WILL_NOT_FIX)), S("will_not_fix"));
}
