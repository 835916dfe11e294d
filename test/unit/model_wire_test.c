/* model_wire_test.c - what goes in comes out, and nothing garbled does. */
#include "model/wire.h"
#include "tap.h"

static Str sample(Arena *a)
{
	Image image = {.target = S("docker:web"), .arch = S("amd64")};
	vec_push(a, &image.layers, (Layer){.diff_id = S("sha256:00"), .size = 1u << 20});
	Facts facts = {.arena = a, .os = {.id = S("debian"), .version_id = S("12")}};
	Pkg p = {.type = PKG_DEB, .name = S("zlib1g"), .version = S("1:1.2.13"), .layer = 0};
	vec_push(a, &p.files, S("lib/libz.so.1"));
	facts_add_pkg(&facts, p);
	facts_add_pkg(&facts,
		      (Pkg){.type = PKG_PYPI, .name = S("pip"), .layer = LAYER_NONE, .owner = 1});
	facts_undecided(&facts, S("opt/x"), "file is %d bytes", 7);
	Buf b = buf_in(a, 1u << 20);
	wire_write(&b, &image, &facts);
	return buf_str(&b);
}

TEST(everything_comes_back)
{
	Arena a = {0};
	Image image;
	Facts facts;
	CHECK_OK(wire_read(sample(&a), &a, &image, &facts));
	CHECK_STR(image.target, S("docker:web"));
	CHECK(image.layers.n == 1 && image.layers.at[0].size == 1u << 20);
	CHECK(facts.pkgs.n == 2 && facts.pkgs.at[1].owner == 1);
	CHECK_STR(facts.pkgs.at[0].version, S("1:1.2.13"));
	CHECK_STR(facts.pkgs.at[0].files.at[0], S("lib/libz.so.1"));
	CHECK_STR(facts.undecided.at[0].reason, S("file is 7 bytes"));
	arena_finish(&a);
}

TEST(any_prefix_is_refused)
{
	Arena a = {0};
	Str whole = sample(&a);
	for (size_t n = 0; n < whole.n; n++) {
		Image image;
		Facts facts;
		CHECK_ERR(wire_read(str_first(whole, n), &a, &image, &facts), ERR_BUG);
	}
	arena_finish(&a);
}

TEST(a_flipped_byte_is_refused_or_harmless)
{
	Arena a = {0};
	Str whole = sample(&a);
	char *copy = arena_array(&a, char, whole.n);
	for (size_t i = 0; i < whole.n; i++) {
		Image image;
		Facts facts;
		memcpy(copy, whole.p, whole.n);
		copy[i] = (char)(copy[i] ^ 0x5a);
		err_free(wire_read((Str){copy, whole.n}, &a, &image, &facts));
	}
	arena_finish(&a);
}
