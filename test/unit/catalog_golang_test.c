/* catalog_golang_test.c - build information out of a stream, whatever the stream's steps. */
#include "catalog/analyzer.h"
#include "catalog/go_sieve.h"
#include "tap.h"

extern const Analyzer analyzer_golang;

enum { DATA_AT = 8192, MAGIC_AT = DATA_AT + 4096 + 32, FILE_BYTES = 24576 };

static const char modules[] = "0w\xaf\x0c\x92t\x08\x02"
			      "A\xe1\xc1\x07\xe6\xd6\x18\xe6"
			      "path\texample.com/web\n"
			      "mod\texample.com/web\t(devel)\t\n"
			      "dep\tgolang.org/x/text\tv0.3.5\th1:abc=\n"
			      "dep\texample.com/old\tv1.0.0\n"
			      "=>\texample.com/new\tv1.1.0\th1:def=\n"
			      "dep\texample.com/local\tv1.0.0\n"
			      "=>\t./vendored\t\n"
			      "build\t-compiler=gc\n"
			      "\xf9"
			      "2C1\x86\x18 r\x00\x82"
			      "B\x10"
			      "A\x16\xd8\xf2";

static void put(char *p, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (char)(v >> (8 * i));
}

/* A little-endian ELF64 with one executable and one writable segment. */
static char *make_program(Arena *a, unsigned char flags)
{
	char *f = arena_array(a, char, FILE_BYTES);
	memcpy(f,
	       "\x7f"
	       "ELF\x02\x01\x01",
	       7);
	put(f + 32, 64, 8); /* e_phoff */
	put(f + 54, 56, 2);
	put(f + 56, 2, 2);
	put(f + 64, 1, 4);
	put(f + 64 + 4, 5, 4);
	put(f + 64 + 32, DATA_AT, 8);
	char *data = f + 64 + 56;
	put(data, 1, 4);
	put(data + 4, 6, 4);
	put(data + 8, DATA_AT, 8);
	put(data + 16, 0x400000 + DATA_AT, 8);
	put(data + 32, FILE_BYTES - DATA_AT, 8);
	/* The same magic as a constant in the text must not count. */
	memcpy(f + 4096, "\xff Go buildinf:", 14);
	char *info = f + MAGIC_AT;
	memcpy(info, "\xff Go buildinf:", 14);
	info[14] = 8;
	info[15] = (char)flags;
	size_t n = sizeof modules - 1;
	info[32] = 8;
	memcpy(info + 33, "go1.21.3", 8);
	info[41] = (char)(0x80 | (n & 0x7f));
	info[42] = (char)(n >> 7);
	memcpy(info + 43, modules, n);
	return f;
}

static Result sift(Arena *a, Str file, size_t step, Str *out)
{
	FileInfo info = {
		.path = S("usr/bin/web"), .type = FILE_REGULAR, .size = file.n, .mode = 0755};
	Sieve *s = go_sieve(a, &info);
	*out = (Str){0};
	for (uint64_t at = 0; at < file.n && s->next != SIEVE_DONE; at += step) {
		if (s->next >= at + step)
			continue;
		TRY(s->feed(s, at, str_first(str_skip(file, at), step)));
	}
	return s->finish(s, out);
}

TEST(the_same_strings_come_out_of_any_stream)
{
	Arena a = {0};
	Str file = {make_program(&a, 2), FILE_BYTES}, whole, part;
	CHECK_OK(sift(&a, file, FILE_BYTES, &whole));
	CHECK_STR(str_first(whole, 14), S("go1.21.3\npath\t"));
	static const size_t steps[] = {1, 7, 15, 16, 17, 31, 33, 512, 1000, 4096, 12321};
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		CHECK_OK(sift(&a, file, steps[i], &part));
		CHECK_STR(part, whole);
	}
	arena_finish(&a);
}

TEST(modules_replacements_and_the_standard_library_are_packages)
{
	Arena a = {0};
	Captured f = {.path = S("usr/bin/web")};
	CHECK_OK(sift(&a, (Str){make_program(&a, 2), FILE_BYTES}, 4096, &f.body));
	Facts facts = {.arena = &a};
	CHECK_OK(analyzer_golang.read(&(FileSet){0}, &f, &facts));
	CHECK(facts.pkgs.n == 4 && facts.undecided.n == 1);
	if (facts.pkgs.n == 4) {
		CHECK_STR(facts.pkgs.at[0].name, S("stdlib"));
		CHECK_STR(facts.pkgs.at[0].version, S("1.21.3"));
		CHECK_STR(facts.pkgs.at[1].name, S("example.com/web"));
		CHECK_STR(facts.pkgs.at[1].version, S(""));
		CHECK_STR(facts.pkgs.at[2].name, S("golang.org/x/text"));
		CHECK_STR(facts.pkgs.at[2].version, S("v0.3.5"));
		CHECK_STR(facts.pkgs.at[3].name, S("example.com/new"));
	}
	arena_finish(&a);
}

TEST(an_old_program_is_refused_with_the_reason)
{
	Arena a = {0};
	Str out;
	CHECK_ERR(sift(&a, (Str){make_program(&a, 0), FILE_BYTES}, 4096, &out), ERR_LIMIT);
	arena_finish(&a);
}

TEST(other_files_are_of_no_interest_and_hardly_read)
{
	Arena a = {0};
	char *script = arena_array(&a, char, FILE_BYTES);
	memcpy(script, "#!/bin/sh\n", 10);
	FileInfo info = {.size = FILE_BYTES, .mode = 0755};
	Sieve *s = go_sieve(&a, &info);
	Str out = {0};
	CHECK_OK(s->feed(s, 0, (Str){script, 64}));
	CHECK(s->next == SIEVE_DONE);
	CHECK_OK(s->finish(s, &out));
	CHECK(out.p == NULL);
	arena_finish(&a);
}

TEST(release_candidates_and_development_builds_have_comparable_versions)
{
	static const struct {
		const char *said, *version;
	} cases[] = {
		{"go1.21\n", "1.21.0"},
		{"go1.22.1 X:loopvar\n", "1.22.1"},
		{"go1.21rc2\n", "1.21.0-rc.2"},
		{"go1.23beta1\n", "1.23.0-beta.1"},
		{"devel go1.23-0a1b2c3\n", "1.23.0"},
		{"go1.19.8-cloudflare\n", "1.19.8"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		Arena a = {0};
		Facts facts = {.arena = &a};
		Captured f = {.path = S("x"), .body = str_of(cases[i].said)};
		CHECK_OK(analyzer_golang.read(&(FileSet){0}, &f, &facts));
		CHECK(facts.pkgs.n == 1);
		if (facts.pkgs.n == 1)
			CHECK_STR(facts.pkgs.at[0].version, str_of(cases[i].version));
		arena_finish(&a);
	}
}
