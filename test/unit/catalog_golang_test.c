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
			      "=>\t./vendored\t\n" /* until go1.17 */
			      "dep\texample.com/fork\tv1.0.0\n"
			      "=>\t../fork\t(devel)\t\n"
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
	Err *fed = OK;
	for (uint64_t at = 0; fed == OK && at < file.n && s->next != SIEVE_DONE; at += step)
		if (s->next < at + step)
			fed = s->feed(s, at, str_first(str_skip(file, at), step));
	Err *finished = s->finish(s, out);
	if (fed == OK)
		return finished;
	err_free(finished);
	return fed;
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
	CHECK(facts.pkgs.n == 4 && facts.undecided.n == 2);
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

/* ---- programs built before go1.18 ---- */

enum { TEXT_AT = 4096, LOADED_AT = 0x400000, HEADERS_BYTES = 32 };

typedef struct Old {
	unsigned word;      /* bytes of a pointer */
	bool big;           /* big-endian */
	bool shared_text;   /* constants are in the segment of the code */
	bool headers_first; /* before the magic, as other linkers than Go's have them */
	bool table;         /* of sections, in the head; else there is Go's note */
} Old;

static void set(const Old *o, char *p, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[o->big ? bytes - 1 - i : i] = (char)(v >> (8 * i));
}

static void put_segment(const Old *o, char *p, unsigned flags, uint64_t at, uint64_t bytes)
{
	unsigned w = o->word;
	set(o, p, 1, 4);
	set(o, p + (w == 8 ? 4 : 24), flags, 4);
	set(o, p + (w == 8 ? 8 : 4), at, w);
	set(o, p + (w == 8 ? 16 : 8), LOADED_AT + at, w);
	set(o, p + (w == 8 ? 32 : 16), bytes, w);
	set(o, p + (w == 8 ? 40 : 20), bytes + 4096, w);
}

static void put_head(const Old *o, char *f)
{
	bool wide = o->word == 8;
	unsigned size = wide ? 56 : 32, n = o->shared_text ? 2 : 3;
	memcpy(f,
	       "\x7f"
	       "ELF",
	       4);
	f[4] = wide ? 2 : 1;
	f[5] = o->big ? 2 : 1;
	set(o, f + (wide ? 32 : 28), 64, o->word);
	set(o, f + (wide ? 54 : 42), size, 2);
	set(o, f + (wide ? 56 : 44), n, 2);
	char *s = f + 64;
	put_segment(o, s, 5, 0, o->shared_text ? DATA_AT : TEXT_AT);
	if (!o->shared_text)
		put_segment(o, s += size, 4, TEXT_AT, DATA_AT - TEXT_AT);
	put_segment(o, s + size, 6, DATA_AT, FILE_BYTES - DATA_AT);
	if (!o->table) {
		memcpy(f + 4000, "Go\0\0", 4);
		return;
	}
	char *row = f + 1024;
	set(o, f + (wide ? 40 : 32), 1024, o->word);
	set(o, f + (wide ? 58 : 46), 64, 2);
	set(o, f + (wide ? 60 : 48), 1, 2);
	set(o, row + 4, 1, 4);
	set(o, row + 8, 3, o->word);
	set(o, row + (wide ? 32 : 20), 32, o->word);
}

static char *old_headers(const Old *o, char *f)
{
	return f + (o->headers_first ? MAGIC_AT - 512 : MAGIC_AT + 512);
}

static char *make_old(Arena *a, const Old *o)
{
	char *f = arena_array(a, char, FILE_BYTES);
	put_head(o, f);
	char *version = f + TEXT_AT + 77, *list = f + TEXT_AT + 1111, *info = f + MAGIC_AT;
	char *headers = old_headers(o, f);
	memcpy(version, "go1.16.3", 8);
	memcpy(list, modules, sizeof modules - 1);
	memcpy(info, "\xff Go buildinf:", 14);
	info[14] = (char)o->word;
	info[15] = o->big;
	uint64_t headers_at = LOADED_AT + (uint64_t)(headers - f);
	set(o, info + 16, headers_at, o->word);
	set(o, info + 16 + o->word, headers_at + HEADERS_BYTES, o->word);
	set(o, headers, LOADED_AT + (uint64_t)(version - f), o->word);
	set(o, headers + o->word, 8, o->word);
	set(o, headers + HEADERS_BYTES, LOADED_AT + (uint64_t)(list - f), o->word);
	set(o, headers + HEADERS_BYTES + o->word, sizeof modules - 1, o->word);
	return f;
}

TEST(pointers_of_an_old_program_are_followed_whoever_linked_it)
{
	static const Old olds[] = {
		{.word = 8, .table = true},
		{.word = 4, .table = true},
		{.word = 8, .big = true, .table = true},
		{.word = 4, .big = true},
		{.word = 8, .headers_first = true},
		{.word = 8, .headers_first = true, .shared_text = true},
	};
	static const size_t steps[] = {FILE_BYTES, 1, 7, 16, 33, 512, 4096, 5000};
	for (size_t i = 0; i < sizeof olds / sizeof olds[0]; i++) {
		Arena a = {0};
		Str file = {make_old(&a, &olds[i]), FILE_BYTES}, inline_form, out;
		CHECK_OK(sift(&a, (Str){make_program(&a, 2), FILE_BYTES}, 512, &inline_form));
		for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
			CHECK_OK(sift(&a, file, steps[k], &out));
			CHECK_STR(str_first(out, 9), S("go1.16.3\n"));
			CHECK_STR(str_skip(out, 9), str_skip(inline_form, 9));
		}
		arena_finish(&a);
	}
}

TEST(an_old_program_without_modules_has_its_standard_library)
{
	static const Old old = {.word = 8, .table = true};
	Arena a = {0};
	Str out;
	char *f = make_old(&a, &old);
	set(&old, f + MAGIC_AT + 24, LOADED_AT + FILE_BYTES + 64, 8); /* zeroed when loaded */
	CHECK_OK(sift(&a, (Str){f, FILE_BYTES}, 4096, &out));
	CHECK_STR(out, S("go1.16.3\n"));
	set(&old, f + MAGIC_AT + 24, 0, 8);
	CHECK_OK(sift(&a, (Str){f, FILE_BYTES}, 4096, &out));
	CHECK_STR(out, S("go1.16.3\n"));
	arena_finish(&a);
}

TEST(pointers_that_lead_nowhere_are_an_error)
{
	static const Old old = {.word = 8, .table = true};
	static const struct {
		size_t at; /* from the magic */
		uint64_t value;
	} bad[] = {
		{16, 0}, /* no version */
		{16, 12},
		{16, UINT64_MAX},
		{16, LOADED_AT + FILE_BYTES - 15},
		{24, LOADED_AT + FILE_BYTES + 4096},
		{512, 0},              /* the version's bytes */
		{512 + 8, UINT64_MAX}, /* how many */
		{512 + HEADERS_BYTES, UINT64_MAX},
		{512 + HEADERS_BYTES + 8, FILE_BYTES},
		{512 + HEADERS_BYTES + 8, 1ull << 40},
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		Arena a = {0};
		Str out;
		char *f = make_old(&a, &old);
		set(&old, f + MAGIC_AT + bad[i].at, bad[i].value, 8);
		CHECK_ERR(sift(&a, (Str){f, FILE_BYTES}, 512, &out), ERR_LIMIT);
		arena_finish(&a);
	}
}

TEST(an_old_program_that_does_not_look_like_one_is_refused_with_the_reason)
{
	Arena a = {0};
	Str out;
	CHECK_ERR(sift(&a, (Str){make_program(&a, 0), FILE_BYTES}, 4096, &out), ERR_LIMIT);
	arena_finish(&a);
}

TEST(build_information_that_is_cut_short_or_too_long_is_an_error)
{
	Arena a = {0};
	Str out;
	char *f = make_program(&a, 2);
	CHECK_ERR(sift(&a, (Str){f, MAGIC_AT + 40}, 512, &out), ERR_INPUT);
	memcpy(f + MAGIC_AT + 41, "\xff\xff\xff\x7f", 4);
	CHECK_ERR(sift(&a, (Str){f, FILE_BYTES}, 512, &out), ERR_LIMIT);
	f[MAGIC_AT + 32] = 0;
	f[MAGIC_AT + 33] = 0;
	CHECK_ERR(sift(&a, (Str){f, FILE_BYTES}, 512, &out), ERR_INPUT);
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
