/* flow_feed_state_test.c - the state of a cached feed survives being written, and nothing else is
 * believed. */
#include "base/arena.h"
#include "flow/feed_state.h"
#include "tap.h"

#define SHA "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD "bulwark-feed\t1\nrows\t3\nas-of\t-\nchecked\t-\n"

static Str written(const FeedState *s, Arena *a)
{
	Buf b = buf_in(a, 1 << 16);
	feed_state_write(s, &b);
	return buf_str(&b);
}

TEST(what_is_written_is_read_back)
{
	Arena a = {0};
	FeedState s = {.rows = 12, .as_of = 1795514400, .checked = 1795514401}, back = {0};
	vec_push(&a, &s.files,
		 (CacheFile){.name = S("debian/tracker.json"),
			     .stored = S("tracker.json.0123"),
			     .bytes = 99,
			     .sha256 = S(SHA),
			     .etag = S("W/\"a b\""),
			     .last_modified = S("Tue, 24 Nov 2026 10:00:00 GMT")});
	vec_push(&a, &s.files, (CacheFile){.name = S("b"), .stored = S("b.1"), .sha256 = S(SHA)});
	vec_push(&a, &s.parts, ((FeedPart){S("debian:12"), 7}));
	vec_push(&a, &s.parts, ((FeedPart){S("debian:13"), 5}));
	CHECK_OK(feed_state_read(written(&s, &a), &a, &back));
	CHECK(back.rows == 12 && back.as_of == 1795514400 && back.checked == 1795514401);
	CHECK(back.files.n == 2 && back.parts.n == 2 && back.parts.at[1].rows == 5);
	CHECK_STR(back.files.at[0].name, S("debian/tracker.json"));
	CHECK_STR(back.files.at[0].etag, S("W/\"a b\""));
	CHECK_STR(back.files.at[0].last_modified, S("Tue, 24 Nov 2026 10:00:00 GMT"));
	CHECK(back.files.at[0].bytes == 99 && back.files.at[1].etag.n == 0);
	CHECK_STR(written(&back, &a), written(&s, &a));
	arena_finish(&a);
}

TEST(a_field_cannot_forge_another)
{
	Arena a = {0};
	FeedState s = {.rows = 1}, back = {0};
	vec_push(&a, &s.files,
		 (CacheFile){.name = S("x\tstolen\nrows\t9"),
			     .stored = S("x.1"),
			     .sha256 = S(SHA),
			     .etag = S("\r\n\t")});
	CHECK_OK(feed_state_read(written(&s, &a), &a, &back));
	CHECK(back.rows == 1 && back.files.n == 1);
	CHECK_STR(back.files.at[0].stored, S("x.1"));
	arena_finish(&a);
}

TEST(anything_else_is_refused)
{
	static const Str bad[] = {
		S(""),
		S("bulwark-feed\t2\nrows\t3\n"),
		S(HEAD),
		S(HEAD "file\tn\t../../etc/shadow\t1\t" SHA "\t\t\n"),
		S(HEAD "file\tn\t.hidden\t1\t" SHA "\t\t\n"),
		S(HEAD "file\tn\t\t1\t" SHA "\t\t\n"),
		S(HEAD "file\tn\ts\t-1\t" SHA "\t\t\n"),
		S(HEAD "file\tn\ts\t1\tsha256:12\t\t\n"),
		S(HEAD "file\tn\ts\t1\t" SHA "\t\n"),
		S(HEAD "file\tn\ts\t1\t" SHA "\t\t\tmore\n"),
		S(HEAD "what\t1\n"),
		S(HEAD "part\tx\tmany\nfile\tn\ts\t1\t" SHA "\t\t\n"),
		S(HEAD "part\t\t1\nfile\tn\ts\t1\t" SHA "\t\t\n"),
		S("bulwark-feed\t1\nrows\tmany\nfile\tn\ts\t1\t" SHA "\t\t\n"),
		S("bulwark-feed\t1\nas-of\tsoon\nfile\tn\ts\t1\t" SHA "\t\t\n"),
	};
	Arena a = {0};
	FeedState s;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK_ERR(feed_state_read(bad[i], &a, &s), ERR_INPUT);
	arena_finish(&a);
}
