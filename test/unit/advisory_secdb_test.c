/* advisory_secdb_test.c - Alpine's, Wolfi's and Chainguard's databases, with people's spellings. */
#include "advisory/secdb.h"
#include "feed_text.h"
#include "tap.h"

#define HEAD "{\"distroversion\":\"v3.19\",\"reponame\":\"main\",\"packages\":[{\"pkg\":"
#define FIXES(f) HEAD "{\"name\":\"p\",\"secfixes\":{" f "}}}]}"

TEST(a_row_for_each_version_and_id)
{
	CHECK_FEED("alpine", "main.json",
		   FIXES("\"1.2-r3\":[\"CVE-2024-1001\",\"CVE-2024-1002\"],\"1.3\":[\"XSA-1\"]"),
		   "alpine:3.19 p CVE-2024-1001 fixed apk [,1.2-r3)\n"
		   "alpine:3.19 p CVE-2024-1002 fixed apk [,1.2-r3)\n"
		   "alpine:3.19 p XSA-1 fixed apk [,1.3)\n");
}

TEST(version_0_was_never_affected)
{
	CHECK_FEED("alpine", "main.json", FIXES("\"0\":[\"CVE-2024-1001\"]"),
		   "alpine:3.19 p CVE-2024-1001 not_affected apk\n");
}

TEST(the_release_is_the_documents_wherever_it_stands)
{
	CHECK_FEED("alpine", "x",
		   "{\"packages\":[{\"pkg\":{\"secfixes\":{\"1\":[\"CVE-2024-1001\"]},"
		   "\"name\":\"p\"}}],\"distroversion\":\"edge\"}",
		   "alpine:edge p CVE-2024-1001 fixed apk [,1)\n");
	CHECK_FEED_ERR("alpine", "x.json", "{\"packages\":[],\"distroversion\":\"3.19\"}",
		       ERR_INPUT);
	CHECK_FEED_ERR("alpine", "x.json", "{\"packages\":[],\"distroversion\":\"v3.\"}",
		       ERR_INPUT);
}

TEST(empty_tables_are_empty)
{
	CHECK_FEED("alpine", "x.json", "{\"packages\":{},\"distroversion\":\"v3.3\"}", "");
	CHECK_FEED("alpine", "x.json", FIXES("\"1\":{},\"2\":[]"), "");
	CHECK_FEED("alpine", "x.json", HEAD "{\"name\":\"p\"}}]}", "");
	CHECK_FEED("alpine", "x.json", HEAD "{\"name\":\"p\",\"secfixes\":[]}}]}", "");
}

TEST(what_is_no_version_or_names_no_id_is_skipped)
{
	CHECK_FEED("alpine", "x.json",
		   FIXES("\"unknown\":[\"CVE-2024-1001\"],\"1 2\":[\"CVE-2024-1001\"],"
			 "\"6.6.2p1-r0\":[\"CVE-46838\",\"CVE-2024-1002\"]"),
		   "skipped p unknown: the version that fixed it is none\n"
		   "skipped p 1 2: the version that fixed it is none\n"
		   "skipped p CVE-46838: it names no id\n"
		   "alpine:3.19 p CVE-2024-1002 fixed apk [,6.6.2p1-r0)\n");
}

TEST(several_ids_in_one_string)
{
	CHECK_FEED("alpine", "x.json",
		   FIXES("\"1\":[\"CVE-2017-2887 TALOS-2017-0394\",\"CVE-2017-5753 CVE-2017-5715  "
			 "XSA-254 XPTI\",\"GHSA-aaaa-bbbb-ccc1 ZDI-CAN-1\"]"),
		   "alpine:3.19 p CVE-2017-2887 fixed apk [,1) aliases=TALOS-2017-0394\n"
		   "alpine:3.19 p CVE-2017-5753 fixed apk [,1) aliases=XSA-254\n"
		   "alpine:3.19 p CVE-2017-5715 fixed apk [,1) aliases=XSA-254\n"
		   "alpine:3.19 p GHSA-aaaa-bbbb-ccc1 fixed apk [,1) aliases=ZDI-CAN-1\n");
}

static void check_ids(const char *field, const char *want)
{
	Arena a = {0};
	Buf b = buf_in(&a, 1000);
	StrVec ids = {0};
	secdb_ids(&a, str_of(field), &ids);
	text_list(&b, "", &ids);
	CHECK_STR(buf_str(&b), str_of(want));
	arena_finish(&a);
}

TEST(ids_are_spelled_as_their_authority_does)
{
	check_ids("CVE-2017-1234", "CVE-2017-1234");
	check_ids("CVE_2017-2616", "CVE-2017-2616");
	check_ids("cve-2017-2616", "CVE-2017-2616");
	check_ids("CVE 2018-12345", "CVE-2018-12345");
	check_ids("CVE-2019-1234.patch", "CVE-2019-1234");
	check_ids("CVE-2017-17434-2", "CVE-2017-17434");
	check_ids("CVE-2018-16301 (was fixed in libpcap 1.9)", "CVE-2018-16301");
	check_ids("CVE-\?\?\?\?-\?\?\?\?\? XSA-375", "XSA-375");
	check_ids("CVE N/A ZBX-11023", "ZBX-11023");
	check_ids("GNUTLS-SA-2015-1 CVE-2015-0282", "CVE-2015-0282,GNUTLS-SA-2015-1");
	check_ids("VSV00001, wnpa-sec-2017-22; TS-2021-002",
		  "VSV00001,wnpa-sec-2017-22,TS-2021-002");
	check_ids("CVE-2020-1001 CVE-2020-1001", "CVE-2020-1001");
	check_ids("XPTI", "");
	check_ids("CVE-46838", "");
	check_ids("CVE", "");
	check_ids("CVE ", "");
	check_ids("CVE-2017-", "");
	check_ids("(CVE-2017-1234)", "");
	check_ids("", "");
	check_ids("  ", "");
}

TEST(yaml_is_read_alike)
{
	CHECK_FEED("alpine", "v3.11/main.yaml",
		   "---\ndistroversion: v3.11\nreponame: main\npackages:\n  - pkg:\n"
		   "      name: p\n      secfixes:\n        2.10-r0:\n          - CVE-2019-14904\n"
		   "        0:\n          - CVE-2019-14905\n        1.0-r0:\n",
		   "alpine:3.11 p CVE-2019-14904 fixed apk [,2.10-r0)\n"
		   "alpine:3.11 p CVE-2019-14905 not_affected apk\n");
	CHECK_FEED("alpine", "v3.3/community.yaml", "distroversion: v3.3\npackages:\n", "");
}

TEST(wolfi_and_chainguard_are_told_apart_by_their_host)
{
	static const char wolfi[] =
		"{\"urlprefix\":\"https://packages.wolfi.dev\",\"reponame\":\"os\",\"packages\":"
		"[{\"pkg\":{\"name\":\"p\",\"secfixes\":{\"0\":[\"GHSA-x1\"],\"1-r0\":"
		"[\"CVE-2024-1001\"]}}}]}";
	static const char chainguard[] =
		"{\"urlprefix\":\"https://packages.cgr.dev\",\"packages\":[{\"pkg\":{\"name\":"
		"\"q\",\"secfixes\":{\"2-r0\":[\"CVE-2024-1002\"]}}}]}";
	CHECK_FEED("wolfi", "security.json", wolfi,
		   "wolfi p GHSA-x1 not_affected apk\nwolfi p CVE-2024-1001 fixed apk [,1-r0)\n");
	CHECK_FEED("chainguard", "security.json", chainguard,
		   "chainguard q CVE-2024-1002 fixed apk [,2-r0)\n");
	CHECK_FEED_ERR("wolfi", "security.json", chainguard, ERR_INPUT);
	CHECK_FEED_ERR("alpine", "security.json", wolfi, ERR_INPUT);
}

TEST(a_broken_database_is_an_error)
{
	CHECK_FEED_ERR("alpine", "x.json", HEAD "{\"secfixes\":{}}}]}", ERR_INPUT);
	CHECK_FEED_ERR("alpine", "x.json", FIXES("\"1\":[1]"), ERR_INPUT);
	CHECK_FEED_ERR("alpine", "x.json", HEAD "{\"name\":\"p\"", ERR_INPUT);
	CHECK_FEED_ERR("alpine", "x.json", HEAD "[]}]}", ERR_INPUT);
	CHECK_FEED_ERR("alpine", "x.yaml", "distroversion: v3.11\npackages:\n  - pkg: {}\n",
		       ERR_INPUT);
}
