/* remark_text.c - remarks for a person: place, rule, the line with a mark under it, what to do. */
#include "report/remark_format.h"
#include "report/text.h"

enum { WIDTH = 100, NUMBER = 6, EXCERPT = WIDTH - NUMBER - 3 };

typedef struct Text {
	Buf *b;
	bool color;
} Text;

static void paint(const Text *t, const char *code)
{
	if (t->color)
		buf_fmt(t->b, "\033[%sm", code);
}

static const char *color_of(Level l)
{
	return l == LEVEL_ERROR ? "1;31" : l == LEVEL_WARNING ? "33" : l == LEVEL_INFO ? "36" : "2";
}

static void heading(const Text *t, const Remark *r)
{
	paint(t, "1");
	text_clean(t->b, r->file);
	if (r->line != 0)
		buf_fmt(t->b, ":%u:%u", r->line, r->column);
	paint(t, "0");
	buf_add(t->b, S(": "));
	paint(t, color_of(r->level));
	buf_fmt(t->b, "%s", level_name(r->level));
	paint(t, "0");
	buf_char(t->b, ' ');
	text_clean(t->b, r->rule);
	buf_add(t->b, S(": "));
	text_clean(t->b, r->message);
	buf_char(t->b, '\n');
}

/* Under the columns that are meant, as far as they are on the line that is shown. */
static void mark(const Text *t, const Remark *r, size_t shown)
{
	size_t from = r->column != 0 ? r->column - 1 : 0;
	size_t to = r->end_line == r->line && r->end_column > r->column ? r->end_column - 1 : shown;
	to = to < shown ? to : shown;
	if (from >= to)
		return;
	buf_fmt(t->b, "%*s | %*s", NUMBER, "", (int)from, "");
	paint(t, color_of(r->level));
	for (size_t i = from; i < to; i++)
		buf_char(t->b, '^');
	paint(t, "0");
	buf_char(t->b, '\n');
}

static void excerpt(const Text *t, const Remark *r)
{
	Arena a = {0};
	Buf line = buf_in(&a, 1u << 16);
	if (r->excerpt.n == 0)
		return;
	for (size_t i = 0; i < r->excerpt.n && i < EXCERPT; i++)
		buf_char(&line, r->excerpt.p[i] == '\t' ? ' ' : r->excerpt.p[i]);
	buf_fmt(t->b, "%*u | ", NUMBER, r->line);
	text_clean(t->b, buf_str(&line));
	buf_char(t->b, '\n');
	mark(t, r, text_width(buf_str(&line)));
	arena_finish(&a);
}

/* "layer 77af4d6b9913  COPY . /app" */
static void layer(const Text *t, const Remark *r)
{
	enum { DIGITS = 12 };
	Str id = r->layer;
	if (id.n == 0 || r->excerpt.n != 0)
		return;
	if (str_starts(id, S("sha256:")))
		id = str_first(str_skip(id, strlen("sha256:")), DIGITS);
	buf_fmt(t->b, "%*s | layer ", NUMBER, "");
	text_clean(t->b, id);
	buf_add(t->b, r->origin.n != 0 ? S("  ") : S(""));
	text_clean(t->b, str_first(r->origin, EXCERPT - DIGITS - 8));
	buf_char(t->b, '\n');
}

static void one(const Text *t, const Remark *r)
{
	heading(t, r);
	excerpt(t, r);
	layer(t, r);
	if (r->help.n != 0) {
		buf_fmt(t->b, "%*s = ", NUMBER, "");
		text_wrap(t->b, r->help, NUMBER + 3, NUMBER + 3, WIDTH);
		buf_char(t->b, '\n');
	}
	buf_char(t->b, '\n');
}

/* "1 image", "3 files", "1 image, 12 files" */
static void what_was_read(const Text *t, const RemarkReport *r)
{
	size_t files = r->files.n + r->read - r->images;
	if (r->images != 0)
		buf_fmt(t->b, "%zu image%s", r->images, r->images == 1 ? "" : "s");
	if (r->images != 0 && files != 0)
		buf_add(t->b, S(", "));
	if (r->images == 0 || files != 0)
		buf_fmt(t->b, "%zu file%s", files, files == 1 ? "" : "s");
}

static void summary(const Text *t, const RemarkReport *r)
{
	size_t of[LEVEL_ERROR + 1] = {0}, fixable = 0;
	for (size_t i = 0; i < r->remarks.n; i++) {
		of[r->remarks.at[i].level]++;
		fixable += r->remarks.at[i].fix.n != 0;
	}
	what_was_read(t, r);
	buf_fmt(t->b, ": %zu error%s, %zu warning%s, %zu info, %zu style", of[LEVEL_ERROR],
		of[LEVEL_ERROR] == 1 ? "" : "s", of[LEVEL_WARNING],
		of[LEVEL_WARNING] == 1 ? "" : "s", of[LEVEL_INFO], of[LEVEL_STYLE]);
	if (fixable != 0)
		buf_fmt(t->b, "; %zu fixable", fixable);
	if (r->suppressed != 0)
		buf_fmt(t->b, "; %zu suppressed", r->suppressed);
	if (r->not_evaluated.n != 0)
		buf_fmt(t->b, "; %zu not evaluated", r->not_evaluated.n);
	buf_char(t->b, '\n');
}

static void write_text(const RemarkReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	Text t = {.b = to, .color = style->color};
	(void)tool;
	for (size_t i = 0; i < r->remarks.n; i++)
		one(&t, &r->remarks.at[i]);
	for (size_t i = 0; i < r->not_evaluated.n; i++) {
		buf_add(to, S("not evaluated: "));
		text_clean(to, r->not_evaluated.at[i].what);
		buf_add(to, S(": "));
		text_clean(to, r->not_evaluated.at[i].why);
		buf_char(to, '\n');
	}
	summary(&t, r);
}

const RemarkFormat remark_format_text = {
	.name = "text", .summary = "for a person", .write = write_text};
