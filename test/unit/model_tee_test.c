/* model_tee_test.c - each room gets what it would have got alone. */
#include "model/tee.h"

#include "refusing_sieve.h"
#include "tap.h"

static Arena arena;

static Sieve *pick_all(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	return sieve_whole(a, f->size, 100);
}

/* Keeps one byte at offset 3. */
typedef struct FarSieve {
	Sieve base;
	char got[1];
} FarSieve;

static Result far_feed(Sieve *s, uint64_t at, Str bytes)
{
	FarSieve *f = (FarSieve *)(void *)s;
	CHECK(at <= 3);
	s->next = SIEVE_DONE;
	if (at + bytes.n > 3)
		f->got[0] = bytes.p[3 - at];
	return OK;
}

static Result far_finish(Sieve *s, Str *out)
{
	*out = (Str){((FarSieve *)(void *)s)->got, 1};
	return OK;
}

static Sieve *pick_far(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	FarSieve *s = arena_new(a, FarSieve);
	s->base = (Sieve){.next = 3, .feed = far_feed, .finish = far_finish};
	return str_ends(f->path, S("far")) ? &s->base : NULL;
}

static const Selector all = {.exact = (const char *const[]){"x", "y", NULL}, .pick = pick_all};
static const Selector far = {.exact = (const char *const[]){"z", NULL}, .pick = pick_far};
static unsigned refusals;
static const Selector refusing = {.ctx = &refusals, .pick = refusing_pick};
static const Selector *const both[] = {&all, &far, NULL};
static const Selector *const with_refusal[] = {&refusing, &all, NULL};

/* The file as a reader of layers keeps it, in runs of `run` bytes. */
static Captured read_file(const Selector *want, const char *path, Str text, size_t run)
{
	Captured f = {.path = str_of(path),
		      .info = {.path = str_of(path), .type = FILE_REGULAR, .size = text.n}};
	Sieve *s = want->pick(want->ctx, &arena, &f.info);
	CHECK(s != NULL);
	for (size_t at = 0; at < text.n && s->next != SIEVE_DONE; at += run)
		if (s->next < at + run)
			CHECK_OK(s->feed(s, at, str_first(str_skip(text, at), run)));
	CHECK_OK(s->finish(s, &f.body));
	return f;
}

static Image image_of(Captured f)
{
	Image image = {0};
	vec_push(&arena, &image.files.files, f);
	vec_push(&arena, &image.hidden, f);
	fileset_index(&image.files, &arena);
	return image;
}

TEST(the_exact_paths_of_all_are_asked_for)
{
	const Selector *tee = tee_selectors(both, &arena);
	CHECK_STR(str_of(tee->exact[0]), S("x"));
	CHECK_STR(str_of(tee->exact[1]), S("y"));
	CHECK_STR(str_of(tee->exact[2]), S("z"));
	CHECK(tee->exact[3] == NULL);
}

TEST(each_room_gets_its_own_bytes)
{
	for (size_t run = 1; run < 8; run++) {
		Image part, image = image_of(read_file(tee_selectors(both, &arena), "far",
						       S("abcdef"), run));
		tee_part(&image, 0, &arena, &part);
		CHECK_STR(fileset_get(&part.files, S("far"))->body, S("abcdef"));
		CHECK_STR(part.hidden.at[0].body, S("abcdef"));
		tee_part(&image, 1, &arena, &part);
		CHECK_STR(fileset_get(&part.files, S("far"))->body, S("d"));
		CHECK(part.undecided.n == 0);
	}
}

TEST(what_only_one_room_wants_the_other_does_not_see)
{
	Image part, image = image_of(read_file(tee_selectors(both, &arena), "near", S("abc"), 2));
	tee_part(&image, 0, &arena, &part);
	CHECK(part.files.files.n == 1 && part.hidden.n == 1);
	tee_part(&image, 1, &arena, &part);
	CHECK(part.files.files.n == 0 && part.hidden.n == 0);
}

TEST(an_older_copy_belongs_to_the_rooms_that_kept_it)
{
	const Selector *tee = tee_selectors(both, &arena);
	Captured top = read_file(tee, "far", S("abcd"), 4), mid = read_file(tee, "b", S("bb"), 4),
		 low = read_file(tee, "far", S("wxyz"), 4);
	mid.below = &low;
	top.below = &mid;
	Image part, image = image_of(top);
	tee_part(&image, 0, &arena, &part);
	const Captured *f = fileset_get(&part.files, S("far"));
	CHECK_STR(f->below->body, S("bb"));
	CHECK_STR(f->below->below->body, S("wxyz"));
	tee_part(&image, 1, &arena, &part);
	f = fileset_get(&part.files, S("far"));
	CHECK_STR(f->below->body, S("z"));
	CHECK(f->below->below == NULL);
}

TEST(a_room_that_refuses_a_file_stands_alone)
{
	refusals = 0;
	Image part,
		image = image_of(read_file(tee_selectors(with_refusal, &arena), "a", S("abc"), 1));
	CHECK(refusals == 1);
	tee_part(&image, 0, &arena, &part);
	CHECK_STR(part.files.files.at[0].error, S("refused"));
	CHECK(part.undecided.n == 1 && image.undecided.n == 0);
	tee_part(&image, 1, &arena, &part);
	CHECK_STR(part.files.files.at[0].body, S("abc"));
	CHECK(part.undecided.n == 0);
}

TEST(a_file_that_could_not_be_opened_is_everybodys_and_counted_once)
{
	Image part, image = image_of((Captured){.path = S("a"), .error = S("gone")});
	vec_push(&arena, &image.undecided, (Undecided){S("a"), S("gone")});
	tee_part(&image, 1, &arena, &part);
	CHECK_STR(part.files.files.at[0].error, S("gone"));
	CHECK(part.undecided.n == 1);
}

TEST(a_copy_outlives_what_it_was_copied_from)
{
	Arena other = {0};
	const Selector *tee = tee_selectors(both, &arena);
	FileInfo info = {.path = S("far"), .size = 4};
	Sieve *s = tee->pick(tee->ctx, &other, &info);
	Captured f = {.path = S("far")};
	CHECK_OK(s->feed(s, 0, S("abcd")));
	CHECK_OK(s->finish(s, &f.body));
	f.body = selector_copy(tee, &arena, f.body);
	arena_finish(&other);
	Image part, image = image_of(f);
	tee_part(&image, 0, &arena, &part);
	CHECK_STR(part.files.files.at[0].body, S("abcd"));
	tee_part(&image, 1, &arena, &part);
	CHECK_STR(part.files.files.at[0].body, S("d"));
}

TEST(sieves_are_the_same_when_every_room_feeds_alike)
{
	const Selector *tee = tee_selectors(both, &arena);
	FileInfo near = {.path = S("near")}, far_away = {.path = S("far")};
	Sieve *n = tee->pick(tee->ctx, &arena, &near), *f = tee->pick(tee->ctx, &arena, &far_away);
	CHECK(sieve_same(n, n) && sieve_same(f, f));
	CHECK(sieve_same(n, f));
	CHECK(!sieve_same(f, n));
}
