/* image_capture_test.c - which files come out of a merged image, under which names, from which
 * layer. */
#include "image/capture.h"

#include "base/buf.h"
#include "image_layers.h"
#include "tap.h"

static Arena arena;
static const LayerIndex *const *layers;
static unsigned reread; /* how often a layer was read again */

/* A sieve by the letter a name ends in; kinds a and b keep all, kind z nothing. */
static Result keep_a(Sieve *s, uint64_t at, Str bytes)
{
	(void)at, (void)bytes;
	s->next = SIEVE_DONE;
	return OK;
}

static Result keep_b(Sieve *s, uint64_t at, Str bytes)
{
	(void)at, (void)bytes;
	s->next = SIEVE_DONE;
	return OK;
}

static Result keep_none(Sieve *s, uint64_t at, Str bytes)
{
	(void)at, (void)bytes;
	s->next = SIEVE_DONE;
	return OK;
}

static Sieve *pick(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	char last = f->path.n != 0 ? f->path.p[f->path.n - 1] : ' ';
	if (last != 'a' && last != 'b' && last != 'z')
		return NULL;
	Sieve *s = arena_new(a, Sieve);
	s->feed = last == 'a' ? keep_a : last == 'b' ? keep_b : keep_none;
	return s;
}

/* What a reader of layers does with pick(), over entries whose bodies are their texts. */
static void read_layer(const LayerIndex *from, const Selector *want, LayerIndex *out)
{
	for (size_t i = 0; i < from->entries.n; i++) {
		LayerEntry e = from->entries.at[i];
		bool file = e.info.type == FILE_REGULAR && e.whiteout == WHITEOUT_NONE;
		Sieve *s = file ? want->pick(want->ctx, &arena, &e.info) : NULL;
		Str body = s != NULL && s->feed != keep_none ? e.body : (Str){0};
		if (body.n != 0 && str_starts(body, S("!")))
			e.error = body;
		e.body = e.error.n != 0 ? (Str){0} : body;
		vec_push(&arena, &out->entries, e);
	}
}

static Result read_again(void *ctx, LayerAgain *again, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < n; i++, reread++)
		read_layer(layers[again[i].layer], &again[i].want, &again[i].out);
	return OK;
}

static void put(Buf *b, const Captured *f)
{
	buf_fmt(b, "%u" STR_FMT, f->layer + 1, STR_ARG(f->error.n != 0 ? f->error : f->body));
	if (f->below != NULL) {
		buf_char(b, '<');
		put(b, f->below);
	}
}

static Image capture(const char *text, const char *const *exact)
{
	size_t n = layers_from(str_of(text), &arena, &layers);
	const Selector want = {.exact = exact, .pick = pick};
	const LayerIndex **read = arena_array(&arena, const LayerIndex *, n);
	Image image = {0};
	for (size_t i = 0; i < n; i++) {
		LayerIndex *out = arena_new(&arena, LayerIndex);
		read_layer(layers[i], &want, out);
		read[i] = out;
		vec_push(&arena, &image.layers, (Layer){0});
	}
	Tree t;
	CHECK_OK(tree_build(read, n, &arena, &t));
	const Reread again = {read_again, NULL};
	reread = 0;
	CHECK_OK(capture_files(&t, &want, &again, &arena, &image));
	return image;
}

/* "path=LAYERtext<older" of every file, then how often a layer was read again. */
static Str captures(const char *text, const char *const *exact)
{
	Image image = capture(text, exact);
	Buf b = buf_in(&arena, 65536);
	for (size_t i = 0; i < image.files.files.n; i++) {
		const Captured *f = &image.files.files.at[i];
		CHECK(fileset_get(&image.files, f->path) == f);
		buf_fmt(&b, STR_FMT "=", STR_ARG(f->path));
		put(&b, f);
		buf_char(&b, ' ');
	}
	for (size_t i = 0; i < image.undecided.n; i++)
		buf_fmt(&b, "?" STR_FMT " ", STR_ARG(image.undecided.at[i].subject));
	buf_fmt(&b, "%u", reread);
	return buf_str(&b);
}

/* "path=LAYERtext>LAYER" of every file that a layer hid. */
static Str hidden(const char *text)
{
	Image image = capture(text, NULL);
	Buf b = buf_in(&arena, 65536);
	for (size_t i = 0; i < image.hidden.n; i++) {
		const Captured *f = &image.hidden.at[i];
		buf_fmt(&b, STR_FMT "=", STR_ARG(f->path));
		put(&b, f);
		buf_fmt(&b, ">%u ", f->hidden_by + 1);
	}
	return buf_str(&b);
}

#define HIDDEN(text, want) CHECK_STR(hidden(text), S(want))
#define CAPTURES(text, want) CHECK_STR(captures(text, NULL), S(want))
#define CAPTURES_OF(text, want, ...) \
	CHECK_STR(captures(text, (const char *const[]){__VA_ARGS__, NULL}), S(want))

TEST(picked_files_come_sorted_and_others_do_not_come)
{
	CAPTURES("f y/b two\nf x/a one\nf other no\nd da\nf z none\n", "x/a=1one y/b=1two 0");
	CAPTURES("", "0");
}

TEST(only_what_is_visible_comes)
{
	CAPTURES("f a one\nf b two\n--\nw a\n", "b=1two 0");
	CAPTURES("f d/a one\n--\nf d\n", "0");
}

TEST(older_copies_come_along_newest_first)
{
	CAPTURES("f a one\n--\nf a two\n--\nf a three\n", "a=3three<2two<1one 0");
	CAPTURES("f a one\n--\nw a\n--\nf a three\n", "a=3three 0");
	CAPTURES("f a !big\n--\nf a two\n", "a=2two<1!big 0");
}

TEST(a_file_that_could_not_be_kept_says_so_and_is_undecided)
{
	CAPTURES("f a !big\n", "a=1!big ?a 0");
}

TEST(a_directory_that_could_not_be_opened_is_undecided_where_it_shows)
{
	CAPTURES("x d why\nf a one\n", "a=1one ?d 0");
	CAPTURES("x d why\n--\nw d\n", "0");
}

TEST(an_exact_path_keeps_its_spelling_and_comes_once)
{
	CAPTURES_OF("f usr/lib/rel-a text\nl etc/a -> ../usr/lib/rel-a\n", "etc/a=1text 0", "etc/a",
		    "usr/lib/rel-a");
	CAPTURES_OF("f usr/lib/a text\nl lib -> usr/lib\n", "usr/lib/a=1text 0", "usr/lib/a",
		    "lib/a");
	CAPTURES_OF("f usr/lib/a text\nl lib -> usr/lib\n", "lib/a=1text 0", "lib/a", "usr/lib/a");
	CAPTURES_OF("f a x\nh b = a\nl c -> nowhere\nd d\n", "a=1x 0", "none", "c", "d", "a");
}

TEST(an_exact_path_that_leads_to_a_strange_name_is_read_again)
{
	CAPTURES_OF("f store/1234 text\nl etc/a -> ../store/1234\n", "etc/a=1text 1", "etc/a");
	CAPTURES_OF("f store/1234 low\n--\nf store/1234 high\n--\nl etc/a -> ../store/1234\n",
		    "etc/a=2high<1low 2", "etc/a");
	CAPTURES_OF("f store/1234 text\nl etc/other -> ../store/1234\n", "0", "etc/other");
}

TEST(a_directorys_files_come_by_name_and_through_links)
{
	CAPTURES_OF("f d/2a two\nf d/1a one\nl d/3a -> ../x/q\nf x/q three\nd d/e\nf d/e/n no\n",
		    "d/1a=1one d/2a=1two d/3a=1three 1", "d/*");
	CAPTURES_OF("f r/d/a x\nl d -> r/d\n", "d/a=1x 0", "d/*");
	CAPTURES_OF("f d/a x\nl d/1a -> a\n", "d/1a=1x 0", "d/*");
	CAPTURES_OF("f d x\n", "0", "d/*");
}

TEST(a_hard_link_with_a_wanted_name_is_read_again)
{
	CAPTURES("f store/1 text\nh app/a = store/1\n", "app/a=1text 1");
	CAPTURES("f store/1 text\n--\nh app/a = store/1\n", "app/a=1text 1");
	CAPTURES("f store/1 text\nh app/a = store/1\nh bpp/a = store/1\n", "app/a=1text 1");
	CAPTURES("f store/1 text\nh app/other = store/1\n", "0");
}

TEST(a_hard_link_whose_sieve_has_seen_the_file_costs_nothing)
{
	CAPTURES("f 1a text\nh 2a = 1a\n", "1a=1text 0");
	CAPTURES("f z text\nh 2z = z\n", "0");
	CAPTURES("f 1a text\nh 2a = 1a\n--\nw 1a\n", "2a=1text 0");
	CAPTURES("f 1a !big\nh 2a = 1a\n--\nw 1a\n", "2a=1!big ?2a 0");
}

TEST(a_hard_link_that_wants_another_sieve_is_read_again)
{
	CAPTURES("f z text\nh app/a = z\n", "app/a=1text 1");
	CAPTURES("f 1a text\nh b = 1a\n--\nw 1a\n", "b=1text 1");
}

TEST(a_captured_file_left_with_an_unwanted_name_is_dropped)
{
	CAPTURES("f a text\nh store = a\n--\nw a\n", "0");
}

TEST(a_file_put_behind_a_symlink_is_judged_by_where_it_is)
{
	CAPTURES("l lib -> usr\nf lib/a text\n", "usr/a=1text 0");
	CAPTURES("l z -> usr/a\nd usr\nd usr/a\nf z/n text\n", "0");
}

TEST(the_same_path_twice_in_a_layer_is_the_later_one)
{
	CAPTURES("f a one\nf a two\n", "a=1two 0");
	CAPTURES_OF("f s one\nf s two\nl a -> s\n", "a=1two 1", "a");
}

TEST(a_removed_file_is_hidden_by_what_removed_it)
{
	HIDDEN("f x/a one\n--\nf b\n--\nw x/a\n", "x/a=1one>3 ");
	HIDDEN("f x/y/a one\n--\nw x\n--\nw x/y/a\n", "x/y/a=1one>2 ");
	HIDDEN("f x/y/a one\nf x/y/c\n--\no x\nf x/y/b two\n", "x/y/a=1one>2 ");
	HIDDEN("f a one\n--\nw a\n--\nf a three\n", "a=1one>2 ");
	HIDDEN("f d/a one\n--\nd d\n--\nf d\n", "d/a=1one>3 ");
	HIDDEN("f a one\n--\nd a\n", "a=1one>2 ");
}

TEST(a_replaced_file_is_hidden_and_a_visible_one_is_not)
{
	HIDDEN("f a one\n--\nf a two\n--\nf a three\n", "a=1one>2 a=2two>3 ");
	HIDDEN("f a one\nf a two\n", "a=1one>1 ");
	HIDDEN("f a one\n--\nd x\n", "");
	HIDDEN("f 1a text\nh 2a = 1a\n--\nw 1a\n", "");
	HIDDEN("f other text\n--\nw other\n", "");
}

TEST(what_no_engine_could_extract_is_undecided) { CAPTURES("h x = none\n", "?x 0"); }
