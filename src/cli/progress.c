/* progress.c - draws, waits, clears. */
#include "cli/progress.h"

#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/terminal.h"
#include "report/text.h"

enum { SILENT_MS = 1000, REDRAW_MS = 100, GUESS_AFTER_MS = 500 };

static int64_t monotonic_ms(void)
{
	struct timespec t = {0};
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_text(Buf *b, Str what, uint64_t done, uint64_t total, int64_t seconds_left)
{
	buf_add(b, what);
	if (total != 0)
		buf_fmt(b, "  %.1f of %.1f MB  %.0f %%", (double)done / 1e6, (double)total / 1e6,
			done < total ? (double)done / (double)total * 100 : 100.0);
	else if (done != 0)
		buf_fmt(b, "  %.1f MB", (double)done / 1e6);
	if (seconds_left >= 60)
		buf_fmt(b, "  %lld min left", (long long)(seconds_left + 30) / 60);
	else if (seconds_left >= 0)
		buf_fmt(b, "  %lld s left", (long long)seconds_left);
}

static void follow_phase(ProgressLine *p, Str what, uint64_t done, int64_t now)
{
	Str known = str_of(p->what), cut = str_first(what, sizeof p->what - 1);
	if (str_eq(known, cut) && done >= p->phase_done)
		return;
	if (cut.n != 0)
		memcpy(p->what, cut.p, cut.n);
	p->what[cut.n] = '\0';
	p->phase_begun = now;
	p->phase_done = done;
}

static int64_t seconds_left(const ProgressLine *p, uint64_t done, uint64_t total, int64_t now)
{
	int64_t spent = now - p->phase_begun;
	if (total <= done || done <= p->phase_done || spent < GUESS_AFTER_MS)
		return -1;
	double speed = (double)(done - p->phase_done) / (double)spent; /* bytes a ms */
	return (int64_t)((double)(total - done) / speed / 1000);
}

static void draw(ProgressLine *p, Str text)
{
	Arena a = {0};
	Buf b = buf_in(&a, LIMIT_LINE_BYTES);
	buf_add(&b, S("\r"));
	text_cell(&b, text, p->columns - 1);
	buf_add(&b, S("\r"));
	Str line = buf_str(&b);
	fwrite(line.p, 1, line.n, p->to);
	fflush(p->to);
	p->shown = true;
	arena_finish(&a);
}

static void say(void *ctx, Str what, uint64_t done, uint64_t total)
{
	ProgressLine *p = ctx;
	int64_t now = p->clock_ms();
	follow_phase(p, what, done, now);
	if (p->to == NULL || now - p->begun < SILENT_MS || now - p->drawn < REDRAW_MS)
		return;
	p->drawn = now;
	Arena a = {0};
	Buf b = buf_in(&a, LIMIT_LINE_BYTES);
	progress_text(&b, what, done, total, seconds_left(p, done, total, now));
	draw(p, buf_str(&b));
	arena_finish(&a);
}

void progress_init(ProgressLine *p, bool wanted)
{
	unsigned columns = terminal_columns(STDERR_FILENO);
	*p = (ProgressLine){.clock_ms = monotonic_ms, .columns = columns > 20 ? columns : 80};
	p->begun = p->phase_begun = monotonic_ms();
	if (wanted && isatty(STDERR_FILENO) == 1)
		p->to = stderr;
}

Progress progress_of(ProgressLine *p)
{
	return p->to != NULL ? (Progress){.say = say, .ctx = p} : (Progress){0};
}

void progress_clear(ProgressLine *p)
{
	if (!p->shown)
		return;
	draw(p, S(""));
	p->shown = false;
}
