/* check_text.c - checks for a person, in the shape that users of Docker Bench know. */
#include "report/check_format.h"
#include "report/text.h"

enum { WIDTH = 100, TAG = 8, INDENT = 11, ITEMS_SHOWN = 20 };

typedef struct Text {
	Buf *b;
	bool color, verbose;
	Benchmark benchmark;
} Text;

static void paint(const Text *t, const char *code)
{
	if (t->color)
		buf_fmt(t->b, "\033[%sm", code);
}

static const char *color_of(Outcome o)
{
	switch (o) {
	case OUTCOME_PASS: return "32";
	case OUTCOME_WARN: return "1;31";
	case OUTCOME_ERROR: return "1;35";
	case OUTCOME_INFO: return "36";
	case OUTCOME_NOTE: return "33";
	case OUTCOME_NA: break;
	}
	return "2";
}

static void tag(const Text *t, const Verdict *v)
{
	Outcome o = v->outcome;
	const char *name = v->accepted.n != 0 ? "ACCEPTED" : outcome_name(o);
	buf_char(t->b, '[');
	paint(t, v->accepted.n != 0 ? "2" : color_of(o));
	buf_fmt(t->b, "%s", name);
	paint(t, "0");
	buf_char(t->b, ']');
	for (size_t n = strlen(name) + 2; n < TAG; n++)
		buf_char(t->b, ' ');
}

static void detail(const Text *t, const char *mark, Str text)
{
	buf_fmt(t->b, "%*s%s", INDENT, "", mark);
	size_t at = INDENT + strlen(mark);
	text_wrap(t->b, text, at, at, WIDTH);
	buf_char(t->b, '\n');
}

static void items(const Text *t, const Verdict *v)
{
	size_t shown = t->verbose || v->items.n <= ITEMS_SHOWN ? v->items.n : ITEMS_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		Arena a = {0};
		const CheckItem *item = &v->items.at[i];
		Buf line = buf_in(&a, 1u << 16);
		buf_fmt(&line, STR_FMT " " STR_FMT ": " STR_FMT, STR_ARG(item->kind),
			STR_ARG(item->name), STR_ARG(item->seen));
		detail(t, "* ", buf_str(&line));
		arena_finish(&a);
	}
	if (shown < v->items.n)
		buf_fmt(t->b, "%*s* and %zu more (--verbose)\n", INDENT, "", v->items.n - shown);
}

static void remedy(const Text *t, const CheckInfo *c)
{
	detail(t, "why:    ", str_of(c->why));
	detail(t, "wanted: ", str_of(c->wanted));
	detail(t, "do:     ", str_of(c->remedy));
}

static void one(const Text *t, const Verdict *v)
{
	bool bad = v->outcome == OUTCOME_WARN || v->outcome == OUTCOME_ERROR;
	tag(t, v);
	buf_fmt(t->b, "%-7s- %s\n", check_number(v->check, t->benchmark), v->check->title);
	if (v->accepted.n != 0)
		detail(t, "accepted: ", v->accepted);
	else if (v->seen.n != 0 && (v->outcome != OUTCOME_PASS || t->verbose))
		detail(t, "", v->seen);
	if (v->source.n != 0 && t->verbose)
		detail(t, "source: ", v->source);
	if (v->outcome != OUTCOME_PASS || t->verbose)
		items(t, v);
	if (bad && t->verbose)
		remedy(t, v->check);
}

/* "2" of "2.14"; of a check of ours its section's name. */
static void heading(const Text *t, const CheckReport *r, const char *section)
{
	size_t judged;
	unsigned score = check_score(r, section, 0, &judged);
	paint(t, "1");
	buf_fmt(t->b, "\n%s", section);
	paint(t, "0");
	if (judged != 0)
		buf_fmt(t->b, "  score %u", score);
	buf_char(t->b, '\n');
}

static void totals(const Text *t, const CheckReport *r)
{
	size_t of[OUTCOMES] = {0}, judged = 0;
	for (size_t i = 0; i < r->verdicts.n; i++)
		of[r->verdicts.at[i].outcome]++;
	unsigned score = check_score(r, NULL, 0, &judged);
	buf_char(t->b, '\n');
	if (judged != 0) {
		size_t of_level;
		unsigned first = check_score(r, NULL, 1, &of_level);
		buf_fmt(t->b, "Score: %u of 100", score);
		if (of_level != 0)
			buf_fmt(t->b, " (level 1 alone: %u)", first);
		buf_fmt(t->b,
			"; %zu checks that pass or warn, by severity, each for its share of what "
			"is "
			"fine\n",
			judged);
	}
	buf_fmt(t->b, "Checks: %zu: %zu pass, %zu warn, %zu info, %zu note, %zu n/a, %zu error",
		r->verdicts.n, of[OUTCOME_PASS], of[OUTCOME_WARN], of[OUTCOME_INFO],
		of[OUTCOME_NOTE], of[OUTCOME_NA], of[OUTCOME_ERROR]);
	if (r->accepted != 0)
		buf_fmt(t->b, "; %llu accepted", (unsigned long long)r->accepted);
	buf_char(t->b, '\n');
}

static bool is_cis(const CheckReport *r)
{
	for (size_t i = 0; i < r->verdicts.n; i++)
		if (r->verdicts.at[i].check->cis[r->benchmark] != NULL)
			return true;
	return false;
}

static void write_text(const CheckReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	Text t = {.b = to,
		  .color = style->color,
		  .verbose = style->verbose,
		  .benchmark = r->benchmark};
	const char *section = "";
	buf_fmt(to, "%s ", tool);
	text_clean(to, r->host);
	if (r->engine.n != 0) {
		buf_add(to, S(", "));
		text_clean(to, r->engine);
	}
	if (is_cis(r))
		buf_fmt(to, ", numbers of the CIS Docker Benchmark %s",
			benchmark_name(r->benchmark));
	buf_char(to, '\n');
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *v = &r->verdicts.at[i];
		if (strcmp(v->check->section, section) != 0)
			heading(&t, r, v->check->section);
		section = v->check->section;
		one(&t, v);
	}
	totals(&t, r);
}

const CheckFormat check_format_text = {
	.name = "text", .summary = "for a person", .write = write_text};
