/* image_tree_test.c - what a container would see of layers whose truth is known. */
#include "image/tree.h"

#include "base/buf.h"
#include "image_layers.h"
#include "tap.h"

static Arena arena;

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const Str *)a, *(const Str *)b);
}

/* One line a path, sorted: kind letter, layer counted from 1, path; a file's text if it has one. */
static Str listing(const char *layers)
{
	const LayerIndex *const *all;
	size_t n = layers_from(str_of(layers), &arena, &all);
	Tree t;
	Err *e = tree_build(all, n, &arena, &t);
	if (e != OK) {
		Str why = arena_str(&arena, str_of(e->text));
		err_free(e);
		return why;
	}
	VEC(Str) lines = {0};
	bool *seen = tree_reachable(&t, &arena);
	for (uint32_t i = 0; i < t.nodes.n; i++) {
		const TreeNode *node = &t.nodes.at[i];
		if (!seen[i] || i == t.root)
			continue;
		Buf b = buf_in(&arena, 4096);
		buf_add(&b, tree_path(&t, i, &arena));
		buf_fmt(&b, " %c", "-dflcWL"[node->kind]);
		if (node->entry != NODE_NONE)
			buf_fmt(&b, "%u", node->layer + 1);
		if (node->kind == NODE_FILE && node->entry != NODE_NONE)
			buf_fmt(&b, STR_FMT,
				STR_ARG(tree_entry(&t, node->layer, node->entry)->body));
		vec_push(&arena, &lines, buf_str(&b));
	}
	if (lines.n != 0)
		qsort(lines.at, lines.n, sizeof *lines.at, by_text);
	Buf all_lines = buf_in(&arena, 1 << 20);
	for (size_t i = 0; i < lines.n; i++)
		buf_fmt(&all_lines, STR_FMT "\n", STR_ARG(lines.at[i]));
	if (t.refused_n != 0)
		buf_fmt(&all_lines, "refused %zu\n", t.refused_n);
	return buf_str(&all_lines);
}

#define SEES(layers, want) CHECK_STR(listing(layers), S(want))

TEST(nothing_is_an_empty_root) { SEES("", ""); }

TEST(a_layer_is_its_entries)
{
	SEES("d usr\nd usr/lib\nf usr/lib/a\nl lib -> usr/lib\nc dev/null\n",
	     "dev d\ndev/null c1\nlib l1\nusr d1\nusr/lib d1\nusr/lib/a f1\n");
}

TEST(the_last_writer_wins_in_a_layer_and_between_layers)
{
	SEES("f a one\nf a two\n", "a f1two\n");
	SEES("f a one\n--\nf a two\n--\nf b\n", "a f2two\nb f3\n");
}

TEST(a_whiteout_hides_a_file_or_a_whole_directory_of_lower_layers)
{
	SEES("f a\nd d\nf d/x\nf d/e/y\n--\nw a\nw d\n", "");
	SEES("f d/x\nf d/y\n--\nw d/x\n", "d d\nd/y f1\n");
	SEES("f d/x\n--\nw d/none\nw none\n", "d d\nd/x f1\n");
}

TEST(a_whiteout_does_not_touch_its_own_layer_whatever_the_order)
{
	SEES("f a old\n--\nw a\nf a new\n", "a f2new\n");
	SEES("f a old\n--\nf a new\nw a\n", "a f2new\n");
	SEES("f d/low\n--\nw d\nf d/up\n", "d d\nd/up f2\n");
	SEES("f d/low\n--\nf d/up\nw d\n", "d d\nd/up f2\n");
	SEES("f d/low\n--\nd d\nf d/up\nw d\n", "d d2\nd/up f2\n");
	SEES("w a\nf a\n", "a f1\n");
}

TEST(an_opaque_directory_hides_what_is_below_it_and_nothing_else)
{
	SEES("d d\nf d/low\nf d/e/low\nf other\n--\no d\nf d/up\n", "d d\nd/up f2\nother f1\n");
	SEES("d d\nf d/low\nf d/e/low\n--\nf d/e/up\nf d/up\no d\n",
	     "d d\nd/e d\nd/e/up f2\nd/up f2\n");
	SEES("f a\nf d/b\n--\no \nf c\n", "c f2\n");
	SEES("f a\n--\no \n--\nf d/b\n--\no \nf e\n", "e f4\n");
}

TEST(hidden_once_stays_hidden)
{
	SEES("f d/a\n--\nw d\n--\nf d/b\n", "d d\nd/b f3\n");
	SEES("f d/e/a\n--\nw d\n--\nd d\n--\nd d/e\n", "d d3\nd/e d4\n");
	SEES("f d/a\n--\nf d\n--\nf d/b\n", "d d\nd/b f3\n");
}

TEST(a_file_over_a_directory_and_a_directory_over_a_file)
{
	SEES("f d/a\nf d/b\n--\nf d\n", "d f2\n");
	SEES("f d\n--\nd d\nf d/a\n", "d d2\nd/a f2\n");
	SEES("f d/a\n--\nl d -> other\n", "d l2\n");
}

TEST(a_directory_over_a_directory_keeps_its_children)
{
	SEES("d d\nf d/a\n--\nd d\nf d/b\n", "d d2\nd/a f1\nd/b f2\n");
	SEES("d d\nf d/a\n--\nf d/b\n", "d d1\nd/a f1\nd/b f2\n");
}

TEST(a_file_then_a_directory_of_the_same_name_in_one_layer_shows_the_lower_directory)
{
	SEES("f d/low\n--\nf d\nd d\n", "d d2\nd/low f1\n");
	SEES("f d/a\nf d\nd d\nf d/b\n", "d d1\nd/b f1\n");
}

TEST(an_implied_parent_is_a_real_directory_and_hides_a_lower_symlink)
{
	SEES("f usr/lib/a\nl lib -> usr/lib\n--\nf lib/b\n",
	     "lib d\nlib/b f2\nusr d\nusr/lib d\nusr/lib/a f1\n");
}

TEST(a_parent_that_is_a_symlink_of_the_same_layer_is_followed)
{
	SEES("d usr\nd usr/lib\nl lib -> usr/lib\nf lib/b\n",
	     "lib l1\nusr d1\nusr/lib d1\nusr/lib/b f1\n");
	SEES("l lib -> /usr/lib\nf lib/b\nw lib/c\n", "lib l1\nusr d\nusr/lib d\nusr/lib/b f1\n");
	SEES("f x/low\n--\nl d -> x\no d\nf d/up\n", "d l2\nx d\nx/up f2\n");
	SEES("l a -> b\nl b -> c/d\nf a/x\n", "a l1\nb l1\nc d\nc/d d\nc/d/x f1\n");
	SEES("l a -> b\nf a/1\nl a -> c\nf a/2\n", "a l1\nb d\nb/1 f1\nc d\nc/2 f1\n");
}

TEST(a_symlink_cannot_leave_the_root)
{
	SEES("l up -> ../../../etc\nf up/passwd\n", "etc d\netc/passwd f1\nup l1\n");
	SEES("d a\nl a/up -> ../../..\nf a/up/x\n", "a d1\na/up l1\nx f1\n");
}

TEST(a_loop_of_symlinks_refuses_what_is_behind_it)
{
	SEES("l a -> b\nl b -> a\nf a/x\no a\nf c\n", "a l1\nb l1\nc f1\nrefused 2\n");
	SEES("l a -> a\nf a/x\n", "a l1\nrefused 1\n");
}

TEST(a_file_in_the_way_of_a_path_gives_way)
{
	SEES("f a text\nf a/b\n", "a d\na/b f1\n");
	SEES("f a text\n--\nf a/b\n", "a d\na/b f2\n");
}

TEST(a_hard_link_is_the_file_of_its_own_layer_first)
{
	SEES("f a one\nh b = a\n", "a f1one\nb f1one\n");
	SEES("f a one\n--\nf a two\nh b = a\n", "a f2two\nb f2two\n");
	SEES("f a one\nh b = a\nf a two\n", "a f1two\nb f1one\n");
	SEES("f a one\nh b = a\n--\nw a\n", "b f1one\n");
	SEES("f a one\nh b = a\nh c = b\n", "a f1one\nb f1one\nc f1one\n");
}

TEST(a_hard_link_falls_back_to_lower_layers)
{
	SEES("f a one\n--\nh b = a\n", "a f1one\nb f1one\n");
	SEES("f a one\n--\nw a\nh b = a\n", "b f1one\n");
	SEES("f u/a one\nl d -> u\n--\nh b = d/a\n", "b f1one\nd l1\nu d\nu/a f1one\n");
}

TEST(a_hard_link_to_a_symlink_is_that_symlink)
{
	SEES("l a -> x\nh b = a\nf b/y\n", "a l1\nb l1\nx d\nx/y f1\n");
}

TEST(a_hard_link_to_nothing_is_refused)
{
	SEES("h b = a\nf a\n", "a f1\nrefused 1\n");
	SEES("d a\nh b = a\nh c = c\n--\nh b = d\n", "a d1\nrefused 3\n");
}

TEST(refusals_are_counted_but_only_some_are_kept)
{
	Buf b = buf_in(&arena, 1 << 16);
	for (int i = 0; i < 100; i++)
		buf_fmt(&b, "h b%d = none\n", i);
	buf_char(&b, '\0');
	SEES(buf_str(&b).p, "refused 100\n");
}

/* ---- finding ---- */

static Str finds(const char *layers, const char *path)
{
	const LayerIndex *const *all;
	size_t n = layers_from(str_of(layers), &arena, &all);
	Tree t;
	uint32_t at;
	Err *e = tree_build(all, n, &arena, &t);
	if (e == OK)
		e = tree_find(&t, str_of(path), true, &at);
	if (e != OK) {
		err_free(e);
		return S("error");
	}
	return at == NODE_NONE ? S("none") : tree_path(&t, at, &arena);
}

#define FINDS(layers, path, want) CHECK_STR(finds(layers, path), S(want))

TEST(links_are_followed_through_layers)
{
	const char *os = "f usr/lib/os-release\nl etc/os-release -> ../usr/lib/os-release\n";
	FINDS(os, "etc/os-release", "usr/lib/os-release");
	FINDS("l etc/os-release -> /usr/lib/os-release\n--\nf usr/lib/os-release\n",
	      "etc/os-release", "usr/lib/os-release");
	FINDS("l lib -> usr/lib\n--\nf usr/lib/apk/db/installed\n", "lib/apk/db/installed",
	      "usr/lib/apk/db/installed");
	FINDS("l a -> b/../c\nd b\nf c/x\n", "a/x", "c/x");
	FINDS("l a -> nope/../c\nf c/x\n", "a/x", "none");
	FINDS("f file\nl a -> file/../c\nf c\n", "a", "none");
	FINDS("l up -> ../../../../etc/x\nf etc/x\n", "up", "etc/x");
	FINDS("f x\n", "", "");
	FINDS("f x\n", "x/y", "none");
	FINDS("l x -> \nf y\n", "x", "");
}

TEST(at_most_forty_links_are_followed)
{
	Buf b = buf_in(&arena, 1 << 16);
	for (int i = 0; i < 60; i++)
		buf_fmt(&b, "l l%d -> l%d\n", i, i + 1);
	buf_fmt(&b, "f l60\n%c", 0);
	FINDS(buf_str(&b).p, "l20", "l60");
	FINDS(buf_str(&b).p, "l19", "none");
	FINDS("l a -> a\n", "a", "none");
	FINDS("l a -> a/a\n", "a", "none");
}

/* ---- older copies ---- */

static Str versions(const char *layers, const char *path)
{
	const LayerIndex *const *all;
	size_t n = layers_from(str_of(layers), &arena, &all);
	Tree t;
	uint32_t at;
	CHECK_OK(tree_build(all, n, &arena, &t));
	CHECK_OK(tree_find(&t, str_of(path), true, &at));
	Buf b = buf_in(&arena, 4096);
	if (at == NODE_NONE)
		return S("none");
	for (uint32_t v = t.nodes.at[at].below; v != 0; v = t.versions.at[v - 1].below) {
		const Version *old = &t.versions.at[v - 1];
		buf_fmt(&b, "%u" STR_FMT " ", old->layer + 1,
			STR_ARG(tree_entry(&t, old->layer, old->entry)->body));
	}
	return buf_str(&b);
}

TEST(lower_copies_of_a_file_are_kept_newest_first)
{
	CHECK_STR(versions("f a one\n--\nf a two\n--\nf x\n--\nf a four\n", "a"), S("2two 1one "));
}

TEST(lower_copies_end_where_a_layer_removed_the_file)
{
	CHECK_STR(versions("f a one\n--\nw a\n--\nf a three\n", "a"), S(""));
	CHECK_STR(versions("f d/a one\n--\no d\n--\nf d/a three\n", "d/a"), S(""));
	CHECK_STR(versions("f d/a one\n--\nw d\nf d/a two\n--\nf d/a three\n", "d/a"), S("2two "));
	CHECK_STR(versions("f a one\n--\nl a -> b\n--\nf a three\n", "a"), S(""));
	CHECK_STR(versions("f a one\n--\nd a\n--\nf a three\n", "a"), S(""));
}

/* ---- size ---- */

TEST(a_million_entries_take_less_than_a_hundred_bytes_each)
{
	enum { N = 1000000 };
	Arena own = {0};
	LayerIndex layer = {.entries = {.at = arena_array(&own, LayerEntry, N)}};
	for (size_t i = 0; i < N; i++) {
		char name[64];
		int n = snprintf(name, sizeof name, "usr/share/%zu/%zu/file-%zu", i / 10000,
				 i / 100, i);
		Str path = arena_str(&own, (Str){name, (size_t)n});
		layer.entries.at[layer.entries.n++] = (LayerEntry){
			.info = {.path = path, .type = FILE_REGULAR}};
	}
	const LayerIndex *one = &layer;
	Tree t;
	CHECK_OK(tree_build(&one, 1, &own, &t));
	CHECK(t.nodes.n == N + 3 + 100 + 10000);
	CHECK((t.nodes.cap * sizeof(TreeNode) + t.cap * sizeof(TreeSlot)) / N < 100);
	arena_finish(&own);
}

TEST(too_many_entries_are_a_limit)
{
	LayerIndex layer = {.entries = {.n = 3000000}};
	const LayerIndex *two[] = {&layer, &layer};
	Tree t;
	CHECK_ERR(tree_build(two, 2, &arena, &t), ERR_LIMIT);
}

TEST(endless_walks_are_a_limit)
{
	Buf b = buf_in(&arena, 64 << 20);
	for (int i = 0; i < 39; i++) {
		buf_fmt(&b, "l l%d -> ", i);
		for (int k = 0; k < 1000; k++)
			buf_add(&b, S("d/../"));
		buf_fmt(&b, "l%d\n", i + 1);
	}
	buf_add(&b, S("d d\nd l39\n"));
	for (int i = 0; i < 10000; i++)
		buf_fmt(&b, "f l0/x%d/y\n", i);
	buf_char(&b, '\0');
	CHECK(str_starts(listing(buf_str(&b).p), S("file system: over")));
}
