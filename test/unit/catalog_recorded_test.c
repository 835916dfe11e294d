/* catalog_recorded_test.c - digests of files, as package databases have them. */
#include "catalog/recorded.h"
#include "tap.h"

#define SUM "0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210"

static const RecordedFile *got(const Recorded *r, const char *path)
{
	return recorded_get(r, str_of(path));
}

TEST(dpkg_names_a_file_its_package_and_its_digest)
{
	Arena a = {0};
	Recorded r = {.arena = &a};
	CHECK_OK(recorded_add(&r, S("var/lib/dpkg/info/libx:amd64.md5sums"),
			      S(SUM "  bin/x\n" OTHER "  usr/lib/y z\nnothing\n")));
	const RecordedFile *f = got(&r, "bin/x");
	CHECK(f != NULL && f->sum == SUM_MD5 && f->digest[1] == 0x23 && !f->settings);
	CHECK(f != NULL && str_eq(f->package, S("libx")));
	CHECK(got(&r, "usr/bin/x") == f); /* the merge of /usr */
	CHECK(got(&r, "usr/lib/y z") != NULL);
	CHECK(r.files.n == 3 && r.asked);
	arena_finish(&a);
}

TEST(conffiles_are_there_to_be_changed)
{
	Arena a = {0};
	Recorded r = {.arena = &a};
	CHECK_OK(recorded_add(&r, S("var/lib/dpkg/status"),
			      S("Package: p\nConffiles:\n /etc/p.conf " SUM "\n /etc/old " OTHER
				" obsolete\nDescription: x\n /etc/no " SUM "\n")));
	CHECK(got(&r, "etc/p.conf") != NULL && got(&r, "etc/p.conf")->settings);
	CHECK(got(&r, "etc/old") != NULL && got(&r, "etc/no") == NULL);
	arena_finish(&a);
}

TEST(a_diverted_file_is_where_it_was_put)
{
	Arena a = {0};
	FileSet set = {0};
	Recorded r;
	StrVec why = {0};
	vec_push(&a, &set.files,
		 (Captured){.path = S("var/lib/dpkg/info/a.md5sums"),
			    .body = S(SUM "  usr/bin/x\n")});
	vec_push(&a, &set.files,
		 (Captured){.path = S("var/lib/dpkg/info/b.md5sums"),
			    .body = S(OTHER "  usr/bin/x\n")});
	vec_push(&a, &set.files,
		 (Captured){.path = S("var/lib/dpkg/diversions"),
			    .body = S("/usr/bin/x\n/usr/bin/x.real\nb\n")});
	recorded_from(&set, &a, &r, &why);
	CHECK(why.n == 0);
	CHECK(got(&r, "usr/bin/x") != NULL && str_eq(got(&r, "usr/bin/x")->package, S("b")));
	CHECK(got(&r, "usr/bin/x.real") != NULL &&
	      str_eq(got(&r, "usr/bin/x.real")->package, S("a")));
	arena_finish(&a);
}

TEST(apk_has_sha_1_in_base64)
{
	Arena a = {0};
	Recorded r = {.arena = &a};
	CHECK_OK(recorded_add(
		&r, S("lib/apk/db/installed"),
		S("P:musl\nF:lib\nR:libc.so\nZ:Q1AAECAwQFBgcICQoLDA0ODxAREhM=\nF:etc\nR:c\n"
		  "Z:Q1AAECAwQFBgcICQoLDA0ODxAREhM=\nR:bad\nZ:Q1zz\n\n")));
	const RecordedFile *f = got(&r, "lib/libc.so");
	CHECK(f != NULL && f->sum == SUM_SHA1 && f->digest[0] == 0 && f->digest[19] == 19);
	CHECK(got(&r, "etc/c") != NULL && got(&r, "etc/c")->settings);
	CHECK(got(&r, "etc/bad") == NULL);
	arena_finish(&a);
}

TEST(a_damaged_database_is_told)
{
	Arena a = {0};
	Recorded r = {.arena = &a};
	CHECK_ERR(recorded_add(&r, S("var/lib/rpm/Packages"), S("nonsense")), ERR_INPUT);
	CHECK_OK(recorded_add(&r, S("etc/passwd"), S("x")));
	arena_finish(&a);
}
