/* report_text_test.c - foreign text is shown and never obeyed. */
#include "report/text.h"

#include "tap.h"

static Str cleaned(Arena *a, Str s)
{
	Buf b = buf_in(a, 1 << 16);
	text_clean(&b, s);
	return buf_str(&b);
}

static Str cell(Arena *a, Str s, size_t columns)
{
	Buf b = buf_in(a, 1 << 16);
	text_cell(&b, s, columns);
	return buf_str(&b);
}

TEST(plain_text_is_left_alone)
{
	Arena a = {0};
	CHECK_STR(cleaned(&a, S("libssl3 3.0.11-1~deb12u2")), S("libssl3 3.0.11-1~deb12u2"));
	CHECK_STR(cleaned(&a, S("na\xc3\xafve \xe6\x97\xa5")), S("na\xc3\xafve \xe6\x97\xa5"));
	CHECK_STR(cleaned(&a, S("")), S(""));
	arena_finish(&a);
}

TEST(control_characters_are_escaped)
{
	Arena a = {0};
	CHECK_STR(cleaned(&a, S("\x1b[2J\x07")), S("\\x1b[2J\\x07"));
	CHECK_STR(cleaned(&a, S("a\nb\tc\rd\0e\x7f")), S("a\\x0ab\\x09c\\x0dd\\x00e\\x7f"));
	CHECK_STR(cleaned(&a, S("\xc2\x9b"
				"1m")),
		  S("\\u009b1m"));
	CHECK_STR(cleaned(&a, S("\xe2\x80\xae"
				"evil")),
		  S("\\u202eevil"));
	CHECK_STR(cleaned(&a, S("\xf3\xa0\x80\x81")), S("\\ue0001"));
	arena_finish(&a);
}

TEST(bytes_that_are_not_utf8_are_escaped)
{
	Arena a = {0};
	CHECK_STR(cleaned(&a, S("\xff\xfe")), S("\\xff\\xfe"));
	CHECK_STR(cleaned(&a, S("\xc0\xaf")), S("\\xc0\\xaf"));
	CHECK_STR(cleaned(&a, S("\xed\xa0\x80")), S("\\xed\\xa0\\x80"));
	CHECK_STR(cleaned(&a, S("\xe6\x97")), S("\\xe6\\x97"));
	CHECK_STR(cleaned(&a, S("\xf5\x80\x80\x80")), S("\\xf5\\x80\\x80\\x80"));
	arena_finish(&a);
}

TEST(every_byte_and_pair_comes_out_printable)
{
	for (unsigned i = 0; i < 0x10000; i++) {
		Arena a = {0};
		const char pair[2] = {(char)(i >> 8), (char)(i & 0xff)};
		Str s = cleaned(&a, (Str){pair, 2});
		for (size_t k = 0; k < s.n; k++)
			if ((unsigned char)s.p[k] < 0x20 || s.p[k] == 0x7f)
				tap_fail(ERR_HERE, "a control character came through");
		arena_finish(&a);
	}
}

TEST(width_counts_columns_not_bytes)
{
	CHECK(text_width(S("abc")) == 3);
	CHECK(text_width(S("na\xc3\xafve")) == 5);
	CHECK(text_width(S("\xe6\x97\xa5\xe6\x9c\xac")) == 4);
	CHECK(text_width(S("e\xcc\x81")) == 1);
}

TEST(a_cell_is_exactly_as_wide_as_asked)
{
	Arena a = {0};
	CHECK_STR(cell(&a, S("ab"), 4), S("ab  "));
	CHECK_STR(cell(&a, S("abcd"), 4), S("abcd"));
	CHECK_STR(cell(&a, S("abcde"), 4), S("abc~"));
	CHECK_STR(cell(&a, S("\xe6\x97\xa5\xe6\x9c\xac"), 3), S("\xe6\x97\xa5~"));
	CHECK_STR(cell(&a, S("a\xe6\x97\xa5\xe6\x9c\xac"), 4), S("a\xe6\x97\xa5~"));
	CHECK_STR(cell(&a, S("\x1b[m"), 4), S("\\x1~"));
	arena_finish(&a);
}

static Str wrapped(Arena *a, Str s, size_t at, size_t indent, size_t width, size_t *end)
{
	Buf b = buf_in(a, 1 << 16);
	*end = text_wrap(&b, s, at, indent, width);
	return buf_str(&b);
}

TEST(words_wrap_and_long_ones_break)
{
	Arena a = {0};
	size_t end;
	CHECK_STR(wrapped(&a, S("one two three"), 0, 2, 8, &end), S("one two\n  three"));
	CHECK(end == 7);
	CHECK_STR(wrapped(&a, S("abcdefghij"), 4, 1, 8, &end), S("abcd\n efghij"));
	CHECK(end == 7);
	CHECK_STR(wrapped(&a, S("ab"), 9, 9, 8, &end), S("a\n         b"));
	CHECK_STR(wrapped(&a, S(""), 3, 0, 8, &end), S(""));
	CHECK(end == 3);
	arena_finish(&a);
}
