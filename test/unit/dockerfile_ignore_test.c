/* dockerfile_ignore_test.c - .dockerignore: what each pattern takes, the last one decides. */
#include "dockerfile/ignore.h"
#include "dockerfile/limits.h"
#include "tap.h"

static bool excludes(const char *text, const char *path)
{
	Arena a = {0};
	Dockerignore d;
	CHECK_OK(dockerignore_read(str_of(text), &a, &d));
	bool is = dockerignore_excludes(&d, str_of(path)) != NULL;
	arena_finish(&a);
	return is;
}

static const struct {
	const char *text, *path;
	bool excluded;
} vectors[] = {
	{"a", "a", true},
	{"a", "a/b/c", true},
	{"a", "b/a", false},
	{"/a/", "a", true},
	{"./x/../a", "a/b", true},
	{"*", "a/b", true},
	{"*/b", "a/b/c", true},
	{"*/b", "b", false},
	{"**/b", "b", true},
	{"**/b", "x/y/b/z", true},
	{"**/b", "xb", false},
	{"**b", "x/ab", true},
	{"a/**", "a/b/c", true},
	{"a/**", "ab", false},
	{"a/**/z", "a/z", true},
	{"a/**/z", "a/b/c/z", true},
	{"a/**/z", "a/bz", false},
	{"**", "a", true},
	{"**/*.go", "a/b.go", true},
	{"**/*.go", "b.go", true},
	{"*.go", "a/b.go", false},
	{"a?c", "abc", true},
	{"a?c", "a/c", false},
	{"[a-c]x", "bx", true},
	{"[^a-c]x", "bx", false},
	{"a\\*", "a*", true},
	{"a\\*", "ab", false},
	{"# a\na", "a", true},
	{"#a", "#a", false},
	{" #a", "#a", true},
	{"\xef\xbb\xbf#a\nb", "b", true},
	{"*\n!a", "a", false},
	{"*\n!a", "a/b", false},
	{"*\n!a\na/b", "a/b", true},
	{"a\n!a/b", "a/b", false},
	{"!a\na", "a", true},
	{"*\r\n! a \r\n", "a", false},
	{"a+b", "a+b", true},
	{"a.b", "axb", false},
	{"a", ".", false},
	{"!", "a", false},
	{"[a", "[a", true},
	{"a", "/a", true},
	{"a/b*c/d", "a/bxc/d/e", true},
	{"..", "a", false},
};

TEST(the_last_pattern_that_matches_decides)
{
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		bool is = excludes(vectors[i].text, vectors[i].path);
		if (is != vectors[i].excluded)
			printf("# \"%s\" and %s\n", vectors[i].text, vectors[i].path);
		CHECK(is == vectors[i].excluded);
	}
}

TEST(paths_are_cleaned_as_go_does)
{
	static const char *const pairs[][2] = {
		{"", "."},       {"a/./b/../c/", "a/c"}, {"/../a", "/a"}, {"../a", "../a"},
		{"a//b", "a/b"}, {"a/..", "."},          {"/", "/"},      {"../../a/..", "../.."}};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		Arena a = {0};
		CHECK(str_eq(path_clean(&a, str_of(pairs[i][0])), str_of(pairs[i][1])));
		arena_finish(&a);
	}
}

TEST(stars_do_not_take_long)
{
	char text[LIMIT_DOCKERIGNORE_LINE], path[LIMIT_DOCKERIGNORE_LINE];
	for (size_t i = 0; i < sizeof text; i++) {
		text[i] = i % 2 == 0 ? '*' : 'a';
		path[i] = 'a';
	}
	text[sizeof text - 1] = path[sizeof path - 1] = '\0';
	text[sizeof text - 2] = 'b';
	CHECK(!excludes(text, path));
}
