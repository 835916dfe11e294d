/* cli_progress_test.c - when the progress line shows, and what it says. */
#include "cli/progress.h"

#include "tap.h"

static int64_t now_ms;
static int64_t told_clock(void) { return now_ms; }

static Str text(Arena *a, Str what, uint64_t done, uint64_t total, int64_t left)
{
	Buf b = buf_in(a, 1024);
	progress_text(&b, what, done, total, left);
	return buf_str(&b);
}

TEST(a_line_says_what_how_much_and_how_long)
{
	Arena a = {0};
	CHECK_STR(text(&a, S("layer 2 of 4"), 12300000, 40000000, 5),
		  S("layer 2 of 4  12.3 of 40.0 MB  31 %  5 s left"));
	CHECK_STR(text(&a, S("layer 1"), 1500000, 0, -1), S("layer 1  1.5 MB"));
	CHECK_STR(text(&a, S("matching"), 0, 0, -1), S("matching"));
	CHECK_STR(text(&a, S("x"), 50, 10, 125), S("x  0.0 of 0.0 MB  100 %  2 min left"));
	arena_finish(&a);
}

typedef struct Screen {
	ProgressLine line;
	char bytes[8192];
} Screen;

static void start(Screen *s)
{
	now_ms = 10000;
	s->line = (ProgressLine){.to = fmemopen(s->bytes, sizeof s->bytes, "w"),
				 .columns = 60,
				 .clock_ms = told_clock,
				 .begun = now_ms,
				 .phase_begun = now_ms};
}

static void say(Screen *s, int64_t at, Str what, uint64_t done, uint64_t total)
{
	now_ms = at;
	Progress p = progress_of(&s->line);
	progress_say(&p, what, done, total);
}

static size_t drawn(Screen *s)
{
	fflush(s->line.to);
	return (size_t)ftell(s->line.to);
}

TEST(nothing_shows_in_the_first_second)
{
	Screen s = {0};
	start(&s);
	for (int64_t t = 10000; t < 11000; t += 10)
		say(&s, t, S("layer 1"), (uint64_t)t, 20000);
	progress_clear(&s.line);
	CHECK(drawn(&s) == 0);
	fclose(s.line.to);
}

TEST(it_is_drawn_ten_times_a_second_at_most_and_cleared)
{
	Screen s = {0};
	start(&s);
	for (int64_t t = 11000; t < 12000; t++)
		say(&s, t, S("layer 1"), (uint64_t)t, 20000);
	size_t one = 1 + 59 + 1; /* "\r", the columns but one, "\r" */
	CHECK(drawn(&s) == 10 * one);
	progress_clear(&s.line);
	progress_clear(&s.line);
	CHECK(drawn(&s) == 11 * one);
	CHECK(s.bytes[10 * one] == '\r' && strspn(s.bytes + 10 * one + 1, " ") == 59);
	fclose(s.line.to);
}

TEST(time_left_comes_from_this_phase)
{
	Screen s = {0};
	start(&s);
	say(&s, 10000, S("layer 1"), 0, 100000000);
	say(&s, 12000, S("layer 2"), 0, 40000000);
	say(&s, 14000, S("layer 2"), 20000000, 40000000);
	drawn(&s);
	CHECK(strstr(s.bytes, "layer 2  20.0 of 40.0 MB  50 %  2 s left") != NULL);
	fclose(s.line.to);
}

TEST(hostile_names_do_not_steer_the_line)
{
	Screen s = {0};
	start(&s);
	say(&s, 12000, S("\x1b[2J\nlayer"), 1, 0);
	drawn(&s);
	CHECK(strchr(s.bytes, '\x1b') == NULL && strchr(s.bytes, '\n') == NULL);
	fclose(s.line.to);
}
