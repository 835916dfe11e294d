/* io_git_test.c - what Git's objects say, and what damaged ones do. */
#include "io/git_object.h"
#include "io/name_set.h"
#include "tap.h"

#define A40 "0123456789abcdef0123456789abcdef01234567"
#define B40 "fedcba9876543210fedcba9876543210fedcba98"

TEST(a_commit_has_a_tree_parents_a_date_and_a_message)
{
	GitCommit c;
	GitName p;
	char text[GIT_NAME_DIGITS + 1];
	CHECK(repo_commit_read(
		S("tree " A40 "\nparent " B40 "\nparent " A40
		  "\nauthor A > B <a@b> 1700000000 +0100\ncommitter C <c@d> 1 +0000\n\nhi\n"),
		&c));
	repo_name_text(&c.tree, text);
	CHECK_STR(str_of(text), S(A40));
	CHECK(c.authored == 1700000000);
	CHECK_STR(c.message, S("hi\n"));
	CHECK(repo_commit_parent(&c, 0, &p));
	repo_name_text(&p, text);
	CHECK_STR(str_of(text), S(B40));
	CHECK(repo_commit_parent(&c, 1, &p));
	CHECK(!repo_commit_parent(&c, 2, &p));
}

TEST(a_damaged_commit_is_refused)
{
	GitCommit c;
	CHECK(!repo_commit_read(S(""), &c));
	CHECK(!repo_commit_read(S("tree 0123\n"), &c));
	CHECK(!repo_commit_read(S("tree " A40), &c));
	CHECK(repo_commit_read(S("tree " A40 "\nauthor nobody\n"), &c) && c.authored == 0);
}

TEST(a_tree_has_files_folders_and_others)
{
	static const char bytes[] = "100644 a\0AAAAAAAAAAAAAAAAAAAA"
				    "40000 dir\0BBBBBBBBBBBBBBBBBBBB"
				    "120000 link\0CCCCCCCCCCCCCCCCCCCC"
				    "160000 sub\0DDDDDDDDDDDDDDDDDDDD";
	Str rest = {bytes, sizeof bytes - 1};
	GitEntry e;
	bool bad = false;
	CHECK(repo_tree_next(&rest, &e, &bad) && e.kind == GIT_FILE && e.object.b[19] == 'A');
	CHECK(repo_tree_next(&rest, &e, &bad) && e.kind == GIT_FOLDER);
	CHECK_STR(e.name, S("dir"));
	CHECK(repo_tree_next(&rest, &e, &bad) && e.kind == GIT_OTHER);
	CHECK(repo_tree_next(&rest, &e, &bad) && e.kind == GIT_OTHER);
	CHECK(!repo_tree_next(&rest, &e, &bad) && !bad);
}

TEST(a_damaged_tree_says_so)
{
	static const char slash[] = "100644 a/b\0AAAAAAAAAAAAAAAAAAAA";
	static const Str damaged[] = {
		{"100644", 6},
		{"100644 a", 8},
		{"100644 a\0AAAA", 13},
		{"100644 \0AAAAAAAAAAAAAAAAAAAA", 28},
		{slash, sizeof slash - 1},
	};
	for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
		Str rest = damaged[i];
		GitEntry e;
		bool bad = false;
		CHECK(!repo_tree_next(&rest, &e, &bad) && bad);
	}
}

TEST(references_are_told_from_what_else_stands_there)
{
	GitName n;
	CHECK(repo_ref_read(S(A40 " refs/heads/main"), &n));
	CHECK(repo_ref_read(S("^" A40), &n));
	CHECK(repo_ref_read(S(A40), &n));
	CHECK(!repo_ref_read(S("ref: refs/heads/main"), &n));
	CHECK(!repo_ref_read(S("# pack-refs with: peeled"), &n));
	CHECK(!repo_ref_read(S(A40 "01234567890123456789abcd"), &n));
	CHECK(repo_ref_is_sha256(S(A40 "01234567890123456789abcd refs/heads/main")));
	CHECK(!repo_ref_is_sha256(S(A40 " refs/heads/a-name-that-is-rather-long")));
}

TEST(a_set_holds_each_name_once)
{
	AUTO_NAME_SET NameSet *s = name_set_create();
	GitName n = {{0}};
	CHECK(!name_set_has(s, &n) && name_set_add(s, &n) && !name_set_add(s, &n));
	for (unsigned i = 1; i < 5000; i++) {
		memcpy(n.b, &i, sizeof i);
		CHECK(!name_set_has(s, &n) && name_set_add(s, &n) && !name_set_add(s, &n));
	}
	CHECK(name_set_count(s) == 5000);
}
