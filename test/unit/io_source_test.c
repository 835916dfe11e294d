/* io_source_test.c - whole, dribbled, cut and damaged streams. */
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/arena.h"
#include "io/digest.h"
#include "io/source.h"
#include "tap.h"

enum { PLAIN = 300000 };

static Str plain(Arena *a)
{
	char *p = arena_array(a, char, PLAIN);
	unsigned x = 1;
	for (size_t i = 0; i < PLAIN; i++) {
		x = x * 1103515245u + 12345u;
		p[i] = (char)(i % 3 != 0 ? 'a' + (x >> 28) : 'z');
	}
	return (Str){p, PLAIN};
}

static Str gzipped(Arena *a, Str text)
{
	uint8_t *out = arena_array(a, uint8_t, text.n + 1000);
	z_stream z = {0};
	CHECK(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, 0) == Z_OK);
	z.next_in = (Bytef *)(uintptr_t)text.p;
	z.avail_in = (uInt)text.n;
	z.next_out = out;
	z.avail_out = (uInt)text.n + 1000;
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	size_t n = text.n + 1000 - z.avail_out;
	deflateEnd(&z);
	return (Str){(const char *)out, n};
}

static Str zstandard(Arena *a, Str text)
{
	char *out = arena_array(a, char, ZSTD_compressBound(text.n));
	return (Str){out, ZSTD_compress(out, ZSTD_compressBound(text.n), text.p, text.n, 3)};
}

static Str joined(Arena *a, Str x, Str y)
{
	char *p = arena_array(a, char, x.n + y.n);
	memcpy(p, x.p, x.n);
	memcpy(p + x.n, y.p, y.n);
	return (Str){p, x.n + y.n};
}

static Result inflate_all(Arena *a, Str packed, size_t step, Str *out)
{
	MemSource m;
	AUTO_SOURCE Source *s = source_from_mem(&m, packed, step);
	TRY(source_decompress(&s, NULL));
	return source_all(s, a, 1u << 30, out);
}

TEST(a_look_ahead_takes_nothing)
{
	Arena a = {0};
	char text[1000];
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)i;
	for (size_t step = 0; step < 1000; step = step * 3 + 1) {
		MemSource m;
		Str head, all;
		AUTO_SOURCE Source *s = source_from_mem(&m, (Str){text, sizeof text}, step);
		CHECK_OK(source_peek(&s, 264, &head));
		CHECK(head.n >= 264 && memcmp(head.p, text, head.n) == 0);
		CHECK_OK(source_peek(&s, 1, &head));
		CHECK_OK(source_all(s, &a, sizeof text, &all));
		CHECK_STR(all, ((Str){text, sizeof text}));
	}
	MemSource m;
	Str head;
	AUTO_SOURCE Source *s = source_from_mem(&m, S("short"), 1);
	CHECK_OK(source_peek(&s, 264, &head));
	CHECK_STR(head, S("short"));
	arena_finish(&a);
}

TEST(gzip_zstd_and_plain_are_told_apart_and_read_whole_at_any_step)
{
	Arena a = {0};
	Str text = plain(&a), got;
	Str forms[] = {text, gzipped(&a, text), zstandard(&a, text)};
	static const size_t steps[] = {0, 1, 2, 3, 5, 1000, 65537};
	for (size_t f = 0; f < 3; f++)
		for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
			CHECK_OK(inflate_all(&a, forms[f], steps[i], &got));
			CHECK(str_eq(got, text));
		}
	arena_finish(&a);
}

static Result read_all(Arena *a, Str packed, size_t step, size_t piece, Str *out)
{
	MemSource m;
	AUTO_SOURCE Source *s = source_from_mem(&m, packed, step);
	TRY(source_decompress(&s, NULL));
	uint8_t *p = arena_array(a, uint8_t, PLAIN + 1);
	size_t n = 0;
	for (size_t got = 1; got != 0; n += got) {
		size_t room = PLAIN + 1 - n;
		TRY(source_read(s, p + n, piece < room ? piece : room, &got));
	}
	*out = (Str){(const char *)p, n};
	return OK;
}

TEST(bytes_read_into_their_place_are_the_same)
{
	Arena a = {0};
	Str text = plain(&a), got;
	Str forms[] = {text, gzipped(&a, text), zstandard(&a, text)};
	static const size_t steps[] = {0, 3, 65537}, pieces[] = {1, 7, 4096, 1u << 20};
	for (size_t f = 0; f < 3; f++)
		for (size_t i = 0; i < 3; i++)
			for (size_t k = 0; k < 4; k++) {
				CHECK_OK(read_all(&a, forms[f], steps[i], pieces[k], &got));
				CHECK(str_eq(got, text));
			}
	for (size_t f = 1; f < 3; f++)
		CHECK_ERR(read_all(&a, str_first(forms[f], forms[f].n - 1), 0, 4096, &got),
			  ERR_INPUT);
	arena_finish(&a);
}

TEST(members_and_frames_follow_one_another)
{
	Arena a = {0};
	Str text = plain(&a), twice = joined(&a, text, text), got;
	Str gz = gzipped(&a, text), zs = zstandard(&a, text);
	for (size_t step = 0; step < 3000; step = step * 7 + 1) {
		CHECK_OK(inflate_all(&a, joined(&a, gz, gz), step, &got));
		CHECK(str_eq(got, twice));
		CHECK_OK(inflate_all(&a, joined(&a, zs, zs), step, &got));
		CHECK(str_eq(got, twice));
	}
	CHECK_OK(inflate_all(&a, joined(&a, gz, (Str){"\0\0\0\0", 4}), 0, &got));
	CHECK_ERR(inflate_all(&a, joined(&a, gz, S("garbage")), 0, &got), ERR_INPUT);
	arena_finish(&a);
}

TEST(any_cut_is_an_error)
{
	Arena a = {0};
	Str text = plain(&a), got;
	Str forms[] = {gzipped(&a, text), zstandard(&a, text)};
	for (size_t f = 0; f < 2; f++)
		for (size_t n = 4; n < forms[f].n; n += n < 40 || n + 40 > forms[f].n ? 1 : 997)
			CHECK_ERR(inflate_all(&a, str_first(forms[f], n), 0, &got), ERR_INPUT);
	arena_finish(&a);
}

TEST(a_damaged_byte_is_an_error_or_lies_in_a_header_field_without_meaning)
{
	Arena a = {0};
	Str text = plain(&a), got;
	Str gz = gzipped(&a, text);
	char *copy = arena_array(&a, char, gz.n);
	for (size_t at = 10; at<gz.n; at += at + 9> gz.n ? 1 : 1499) {
		memcpy(copy, gz.p, gz.n);
		copy[at] = (char)(copy[at] ^ 0x10);
		CHECK_ERR(inflate_all(&a, (Str){copy, gz.n}, 0, &got), ERR_INPUT);
	}
	arena_finish(&a);
}

/* 25,698 bytes, says the frame, and has one empty block: the library alone takes it in pieces. */
TEST(a_frame_that_lies_about_its_size_is_an_error_at_any_step)
{
	Arena a = {0};
	Str lies = {"\x28\xb5\x2f\xfd\x40\x04\x62\x63\x01\x00\x00", 11}, got;
	for (size_t step = 0; step < 12; step++)
		CHECK_ERR(inflate_all(&a, lies, step, &got), ERR_INPUT);
	arena_finish(&a);
}

TEST(a_region_of_a_file_is_read_and_its_early_end_is_an_error)
{
	Arena a = {0};
	char name[] = "/tmp/bulwark-source-XXXXXX";
	int fd = mkstemp(name);
	unlink(name);
	CHECK(write(fd, "0123456789", 10) == 10);
	Source *s = source_from_region(fd, 3, 4);
	Str got;
	CHECK_OK(source_all(s, &a, 100, &got));
	CHECK_STR(got, S("3456"));
	source_close(s);
	s = source_from_region(fd, 8, 4);
	CHECK_ERR(source_all(s, &a, 100, &got), ERR_INPUT);
	source_close(s);
	lseek(fd, 0, SEEK_SET);
	s = source_from_fd(fd, true);
	CHECK_ERR(source_all(s, &a, 9, &got), ERR_LIMIT);
	source_close(s);
	arena_finish(&a);
}

TEST(digests_are_those_of_the_standard)
{
	Arena a = {0};
	uint8_t sha[SHA256_BYTES], back[SHA256_BYTES];
	sha256_of(S("abc"), sha);
	Str text = digest_text(&a, sha);
	CHECK_STR(text,
		  S("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	CHECK(digest_parse(text, back) && memcmp(sha, back, sizeof sha) == 0);
	CHECK(!digest_parse(S("sha256:BA"), back));
	CHECK(!digest_parse(str_first(text, 70), back));
	arena_finish(&a);
}
