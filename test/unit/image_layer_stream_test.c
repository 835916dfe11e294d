/* image_layer_stream_test.c - one pass over a layer: entries, bodies, digests, and every way to
 * break it. */
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "image/layer.h"
#include "io/digest.h"
#include "refusing_sieve.h"
#include "tap.h"

/* A ustar member with its padding. */
static void put_member(Buf *b, const char *path, char type, const char *link, Str body)
{
	char h[512] = {0};
	snprintf(h, 100, "%s", path);
	snprintf(h + 100, 8, "%07o", 0644u);
	snprintf(h + 108, 8, "%07o", 0u);
	snprintf(h + 116, 8, "%07o", 0u);
	snprintf(h + 124, 12, "%011zo", body.n);
	h[156] = type;
	snprintf(h + 157, 100, "%s", link);
	memcpy(h + 257, "ustar\00000", 8);
	memset(h + 148, ' ', 8);
	unsigned sum = 0;
	for (size_t i = 0; i < sizeof h; i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	buf_add(b, (Str){h, sizeof h});
	buf_add(b, body);
	static const char zeros[512];
	buf_add(b, (Str){zeros, -body.n & 511});
}

static Str make_layer(Arena *a)
{
	static const char zeros[1024];
	Buf b = buf_in(a, 1u << 24);
	put_member(&b, "etc/", '5', "", S(""));
	put_member(&b, "etc/os-release", '0', "", S("ID=debian\n"));
	put_member(&b, "etc/.wh.gone", '0', "", S(""));
	put_member(&b, "opt/.wh..wh..opq", '0', "", S(""));
	put_member(&b, ".wh..wh.plnk", '5', "", S(""));
	put_member(&b, "etc/link", '2', "../x/os-release", S(""));
	put_member(&b, "etc/hard", '1', "./etc/os-release", S(""));
	char *big = arena_array(a, char, 3u << 20);
	unsigned x = 7;
	for (size_t i = 0; i < 3u << 20; i++)
		big[i] = (char)((x = x * 1664525u + 1013904223u) >> 24);
	put_member(&b, "big", '0', "", (Str){big, 3u << 20});
	put_member(&b, "usr/kept", '0', "", S("kept"));
	buf_add(&b, (Str){zeros, sizeof zeros});
	return buf_str(&b);
}

static Str packed(Arena *a, Str text, char how)
{
	size_t cap = text.n + text.n / 10 + 1000;
	char *out = arena_array(a, char, cap);
	if (how == 'p')
		return text;
	if (how == 'z')
		return (Str){out, ZSTD_compress(out, cap, text.p, text.n, 1)};
	z_stream z = {.next_in = (Bytef *)(uintptr_t)text.p, .avail_in = (uInt)text.n};
	CHECK(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, 0) == Z_OK);
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)cap;
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	deflateEnd(&z);
	return (Str){out, cap - z.avail_out};
}

static Sieve *pick_some(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	if (str_eq(f->path, S("big")))
		return sieve_whole(a, f->size, 1000); /* over its limit */
	return str_starts(f->path, S("etc/")) || str_starts(f->path, S("usr/"))
		       ? sieve_whole(a, f->size, 1u << 20)
		       : NULL;
}

static const Selector want = {.exact = (const char *const[]){NULL}, .pick = pick_some};

static Str digest_of(Arena *a, Str bytes)
{
	uint8_t sha[SHA256_BYTES];
	sha256_of(bytes, sha);
	return digest_text(a, sha);
}

static Result read_it(Arena *a, Str stored, size_t step, LayerExpect expect, LayerIndex *out)
{
	MemSource m;
	expect.name = S("sha256:test");
	*out = (LayerIndex){.arena = a};
	return layer_read_stream(source_from_mem(&m, stored, step), &expect, &want, out);
}

TEST(entries_bodies_whiteouts_and_digests_come_out_of_every_compression)
{
	Arena a = {0};
	Str tar = make_layer(&a), diff_id = digest_of(&a, tar);
	for (const char *how = "pgz"; *how != '\0'; how++) {
		Str stored = packed(&a, tar, *how);
		LayerExpect expect = {.digest = digest_of(&a, stored), .diff_id = diff_id};
		LayerIndex l;
		CHECK_OK(read_it(&a, stored, 0, expect, &l));
		CHECK(l.entries.n == 8 && l.bytes == tar.n);
		if (l.entries.n != 8)
			continue;
		CHECK_STR(str_of(l.digest), expect.digest);
		CHECK_STR(str_of(l.diff_id), diff_id);
		CHECK_STR(l.entries.at[1].body, S("ID=debian\n"));
		CHECK(l.entries.at[2].whiteout == WHITEOUT_FILE);
		CHECK_STR(l.entries.at[2].info.path, S("etc/gone"));
		CHECK(l.entries.at[3].whiteout == WHITEOUT_OPAQUE);
		CHECK_STR(l.entries.at[3].info.path, S("opt"));
		CHECK_STR(l.entries.at[4].link, S("../x/os-release"));
		CHECK_STR(l.entries.at[5].link, S("etc/os-release"));
		CHECK(l.entries.at[6].body.p == NULL && l.entries.at[6].error.n != 0);
		CHECK_STR(l.entries.at[7].body, S("kept"));
	}
	arena_finish(&a);
}

TEST(a_sieve_that_refuses_its_file_is_finished_and_not_believed)
{
	Arena a = {0};
	unsigned finished = 0;
	MemSource m;
	const Selector refusing = {.ctx = &finished, .pick = refusing_pick};
	LayerIndex l = {.arena = &a};
	CHECK_OK(layer_read_stream(source_from_mem(&m, make_layer(&a), 0),
				   &(LayerExpect){.name = S("x")}, &refusing, &l));
	CHECK(l.entries.n == 8 && finished == 3);
	CHECK(l.entries.n == 8 && l.entries.at[7].body.p == NULL);
	CHECK_STR(l.entries.at[7].error, S("refused"));
	arena_finish(&a);
}

TEST(a_wrong_digest_names_both)
{
	Arena a = {0};
	Str tar = make_layer(&a), right = digest_of(&a, tar);
	Str wrong = S("sha256:0000000000000000000000000000000000000000000000000000000000000000");
	for (const char *how = "pgz"; *how != '\0'; how++) {
		LayerIndex l;
		size_t at;
		Err *e = read_it(&a, packed(&a, tar, *how), 0, (LayerExpect){.diff_id = wrong}, &l);
		CHECK(e != OK && e->kind == ERR_TRUST && str_find(str_of(e->text), wrong, &at) &&
		      str_find(str_of(e->text), right, &at));
		err_free(e);
		CHECK_ERR(read_it(&a, packed(&a, tar, *how), 0, (LayerExpect){.digest = wrong}, &l),
			  ERR_TRUST);
	}
	arena_finish(&a);
}

TEST(cut_at_every_four_kibibytes_it_is_an_error_and_never_a_hang)
{
	Arena a = {0};
	Str tar = make_layer(&a), diff_id = digest_of(&a, tar);
	for (const char *how = "pgz"; *how != '\0'; how++) {
		Str stored = packed(&a, tar, *how);
		for (size_t n = 0; n<stored.n; n += n> 40960 ? 86016 : 4096) {
			LayerIndex l;
			Err *e = read_it(&a, str_first(stored, n), 0,
					 (LayerExpect){.diff_id = diff_id}, &l);
			CHECK(e != OK);
			err_free(e);
		}
	}
	arena_finish(&a);
}

TEST(a_bomb_is_stopped_early)
{
	Arena a = {0};
	char head[512] = {0};
	Buf h = buf_in(&a, 4096);
	put_member(&h, "zeros", '0', "", S(""));
	memcpy(head, buf_str(&h).p, 512);
	/* 77777777777 octal: 8 GiB less one */
	memset(head + 124, '7', 11);
	memset(head + 148, ' ', 8);
	unsigned sum = 0;
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)head[i];
	snprintf(head + 148, 8, "%06o", sum);
	static char zeros[1 << 20];
	z_stream z = {0};
	CHECK(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, 0) == Z_OK);
	char *out = arena_array(&a, char, 1u << 22);
	z.next_out = (Bytef *)out;
	z.avail_out = 1u << 22;
	z.next_in = (Bytef *)head;
	z.avail_in = 512;
	CHECK(deflate(&z, Z_NO_FLUSH) == Z_OK);
	for (unsigned i = 0; i < 1100; i++) {
		z.next_in = (Bytef *)zeros;
		z.avail_in = sizeof zeros;
		CHECK(deflate(&z, i == 1099 ? Z_FINISH : Z_NO_FLUSH) >= Z_OK);
	}
	size_t n = (1u << 22) - z.avail_out;
	deflateEnd(&z);
	LayerIndex l;
	CHECK_ERR(read_it(&a, (Str){out, n}, 0, (LayerExpect){0}, &l), ERR_LIMIT);

	arena_finish(&a);
}
