/* advisory_debian_test.c - what each word of Debian's tracker becomes. */
#include "feed_text.h"
#include "tap.h"

#define DOC(releases) "{\"pkg\":{\"CVE-2024-1\":{\"releases\":" releases "}}}"
#define ONE(codename, state) DOC("{\"" codename "\":{" state "}}")

TEST(a_fixed_version_is_a_range_up_to_it)
{
	CHECK_FEED("debian", "t.json",
		   ONE("bookworm",
		       "\"status\":\"resolved\",\"fixed_version\":\"1:2.3-4+deb12u1\","
		       "\"urgency\":\"not yet assigned\",\"repositories\":{\"x\":\"1\"}"),
		   "debian:12 pkg CVE-2024-1 fixed deb [,1:2.3-4+deb12u1)\n");
}

TEST(fixed_version_0_was_never_affected)
{
	CHECK_FEED("debian", "t.json",
		   ONE("trixie", "\"status\":\"resolved\",\"fixed_version\":\"0\","
				 "\"urgency\":\"unimportant\""),
		   "debian:13 pkg CVE-2024-1 not_affected deb negligible by debian\n");
}

TEST(open_has_a_reason_for_no_advisory)
{
	CHECK_FEED(
		"debian", "t.json",
		DOC("{\"buster\":{\"status\":\"open\",\"urgency\":\"high\"},"
		    "\"bullseye\":{\"status\":\"open\",\"nodsa\":\"Minor\",\"nodsa_reason\":\"\"},"
		    "\"bookworm\":{\"status\":\"open\",\"nodsa\":\"x\",\"nodsa_reason\":"
		    "\"ignored\"},"
		    "\"forky\":{\"status\":\"open\",\"nodsa\":\"x\",\"nodsa_reason\":\"postponed\"}"
		    ","
		    "\"sid\":{\"status\":\"undetermined\",\"urgency\":\"low**\"},"
		    "\"trixie\":{\"status\":\"open\",\"urgency\":\"end-of-life\"}}"),
		"debian:10 pkg CVE-2024-1 affected deb [,...) high by debian\n"
		"debian:11 pkg CVE-2024-1 affected deb [,...) state=no-dsa\n"
		"debian:12 pkg CVE-2024-1 will_not_fix deb [,...) state=ignored\n"
		"debian:14 pkg CVE-2024-1 deferred deb [,...) state=postponed\n"
		"debian:sid pkg CVE-2024-1 under_investigation deb [,...) state=undetermined "
		"low by debian\n"
		"debian:13 pkg CVE-2024-1 end_of_life deb [,...) state=end-of-life\n");
}

TEST(what_cannot_be_used_is_skipped_by_name)
{
	CHECK_FEED("debian", "t.json",
		   DOC("{\"hamm\":{\"status\":\"open\"},\"sid\":{\"status\":\"maybe\"},"
		       "\"trixie\":{\"status\":\"resolved\"}}"),
		   "skipped pkg CVE-2024-1 hamm: a release whose number is not known\n"
		   "skipped pkg CVE-2024-1 sid: neither open, resolved in a version, nor "
		   "undetermined\n"
		   "skipped pkg CVE-2024-1 trixie: neither open, resolved in a version, nor "
		   "undetermined\n");
}

TEST(releases_may_be_an_empty_array_and_ids_temporary)
{
	CHECK_FEED("debian", "t.json",
		   "{\"a\":{\"TEMP-0290435-0B57B5\":{\"releases\":[]}},\"b\":{\"TEMP-1\":"
		   "{\"debianbug\":1,\"releases\":{\"sid\":{\"status\":\"open\"}}}}}",
		   "debian:sid b TEMP-1 affected deb [,...)\n");
}

TEST(a_description_is_told_once_with_its_scope)
{
	FeedText t = {.details = true};
	CHECK_OK(
		feed_text(&t, "debian", "t.json",
			  S("{\"a\":{\"CVE-1\":{\"description\":\"De\\u00e9p\",\"scope\":\"local\","
			    "\"releases\":{\"sid\":{\"status\":\"open\"}}}},"
			    "\"b\":{\"CVE-1\":{\"description\":\"again\","
			    "\"releases\":{\"sid\":{\"status\":\"open\"}}}}}")));
	CHECK_STR(buf_str(&t.out), S("debian:sid a CVE-1 affected deb [,...)\n"
				     "detail CVE-1 '' 'De\xc3\xa9p\n\nScope: local'\n"
				     "debian:sid b CVE-1 affected deb [,...)\n"));
	feed_text_finish(&t);
}

TEST(a_broken_tracker_is_an_error_that_says_where)
{
	FeedText t = {0};
	Err *e = feed_text(&t, "debian", "t.json",
			   S("{\"pkg\":{\"CVE-1\":{\"releases\":{\"sid\":{\"status\":1}}}}}"));
	CHECK(e != OK && e->kind == ERR_INPUT && strstr(e->text, "pkg CVE-1: json: byte ") != NULL);
	err_free(e);
	feed_text_finish(&t);
	CHECK_FEED_ERR("debian", "t.json", "{\"pkg\":{\"CVE-1\":{\"releases\":{}}}", ERR_INPUT);
	CHECK_FEED_ERR("debian", "t.json", "<html>", ERR_INPUT);
	CHECK_FEED_ERR("debian", "t.json", "", ERR_INPUT);
}

TEST(other_documents_are_not_the_trackers)
{
	CHECK_FEED_ERR("debian", "distributions.json",
		       "{\"sid\":{\"support\":\"none\",\"contact\":\"\"}}", ERR_INPUT);
	CHECK_FEED_ERR("debian", "a.json", "{\"error\":\"gone\"}", ERR_INPUT);
	CHECK_FEED_ERR("debian", "a.json", "{}", ERR_INPUT);
	CHECK_FEED_ERR("debian", "README", "hello", ERR_INPUT);
}
