/* check_text.c - checks for a person, in the shape that users of Docker Bench know. */
#include "report/check_format.h"
#include "report/text.h"

enum { WIDTH = 100, TAG = 8, INDENT = 11, ITEMS_SHOWN = 20, NAMES_SHOWN = 8, FOLDED = 3 };

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

static void tag_of(const Text *t, const char *name, const char *color)
{
	buf_char(t->b, '[');
	paint(t, color);
	buf_fmt(t->b, "%s", name);
	paint(t, "0");
	buf_add(t->b, S("]"));
	for (size_t n = strlen(name) + 2; n < TAG; n++)
		buf_char(t->b, ' ');
}

static void tag(const Text *t, const Verdict *v)
{
	if (v->accepted.n != 0)
		tag_of(t, "ACCEPTED", "2");
	else
		tag_of(t, outcome_name(v->outcome), color_of(v->outcome));
	if (v->accepted.n != 0)
		buf_char(t->b, ' ');
}

static void detail(const Text *t, const char *mark, Str text)
{
	buf_fmt(t->b, "%*s%s", INDENT, "", mark);
	size_t at = INDENT + strlen(mark);
	text_wrap(t->b, text, at, at, WIDTH);
	buf_char(t->b, '\n');
}

/* ---- things that a verdict is about ---- */

static bool is_same(const CheckItem *x, const CheckItem *y)
{
	return str_eq(x->seen, y->seen) && str_eq(x->kind, y->kind);
}

/* "containers", "registries", "processes". */
static void plural(Buf *b, Str kind)
{
	if (str_ends(kind, S("y")))
		buf_fmt(b, STR_FMT "ies", STR_ARG(str_first(kind, kind.n - 1)));
	else
		buf_fmt(b, STR_FMT "%s", STR_ARG(kind), str_ends(kind, S("s")) ? "es" : "s");
}

/* The names of all of which the same was seen; "" when they were named with an earlier one. */
static size_t names_of(const Text *t, const Verdict *v, size_t at, Buf *names)
{
	size_t n = 0;
	for (size_t i = 0; i < at && !t->verbose; i++)
		if (is_same(&v->items.at[i], &v->items.at[at]))
			return 0;
	for (size_t i = at; i < v->items.n; i++) {
		if (i != at && (t->verbose || !is_same(&v->items.at[i], &v->items.at[at])))
			continue;
		if (n++ < NAMES_SHOWN)
			buf_fmt(names, "%s" STR_FMT, n > 1 ? ", " : "",
				STR_ARG(v->items.at[i].name));
	}
	if (n > NAMES_SHOWN)
		buf_fmt(names, " and %zu more", n - NAMES_SHOWN);
	return n;
}

static void items(const Text *t, const Verdict *v)
{
	size_t named = 0, lines = 0;
	for (size_t i = 0; i < v->items.n && (t->verbose || lines < ITEMS_SHOWN); i++) {
		Arena a = {0};
		const CheckItem *item = &v->items.at[i];
		Buf line = buf_in(&a, 1u << 16), names = buf_in(&a, 1u << 16);
		size_t n = names_of(t, v, i, &names);
		if (n > 1)
			plural(&line, item->kind);
		else
			buf_add(&line, item->kind);
		buf_fmt(&line, " " STR_FMT ": " STR_FMT, STR_ARG(buf_str(&names)),
			STR_ARG(item->seen));
		if (n != 0)
			detail(t, "* ", buf_str(&line));
		lines += n != 0;
		named += n;
		arena_finish(&a);
	}
	if (named < v->items.n)
		buf_fmt(t->b, "%*s* and %zu more (--verbose)\n", INDENT, "", v->items.n - named);
}

static void remedy(const Text *t, const CheckInfo *c)
{
	detail(t, "why:    ", str_of(c->why));
	detail(t, "wanted: ", str_of(c->wanted));
	detail(t, "do:     ", str_of(c->remedy));
}

static void seen(const Text *t, const Verdict *v)
{
	Arena a = {0};
	Buf line = buf_in(&a, 1u << 16);
	buf_add(&line, v->seen);
	if (v->taken != 0)
		buf_fmt(&line, "; %llu accepted", (unsigned long long)v->taken);
	if (v->unread != 0 && v->outcome != OUTCOME_ERROR)
		buf_fmt(&line, "; %llu not evaluated", (unsigned long long)v->unread);
	detail(t, "", buf_str(&line));
	arena_finish(&a);
}

static void one(const Text *t, const Verdict *v)
{
	bool bad = (v->outcome == OUTCOME_WARN || v->outcome == OUTCOME_ERROR) &&
		   v->accepted.n == 0;
	tag(t, v);
	buf_fmt(t->b, "%-7s- %s\n", check_number(v->check, t->benchmark), v->check->title);
	if (v->accepted.n != 0)
		detail(t, "accepted: ", v->accepted);
	else if (v->seen.n != 0 && (v->outcome != OUTCOME_PASS || t->verbose))
		seen(t, v);
	if (v->source.n != 0 && t->verbose)
		detail(t, "source: ", v->source);
	if (v->outcome != OUTCOME_PASS || t->verbose)
		items(t, v);
	if (bad && t->verbose)
		remedy(t, v->check);
}

/* ---- those of which there is only one thing to say ---- */

typedef struct Section { /* of a report: at[from] to at[to - 1] */
	const CheckReport *r;
	size_t from, to;
} Section;

static bool is_like(const Verdict *v, const Verdict *other)
{
	return v->outcome == other->outcome && v->accepted.n == 0 && other->accepted.n == 0 &&
	       v->items.n == 0 && other->items.n == 0 && str_eq(v->seen, other->seen);
}

/* Does not apply, or cannot be read for the reason that many share: told once for all. */
static bool is_folded(const Text *t, const Section *s, const Verdict *v)
{
	size_t n = 0;
	if (t->verbose || v->accepted.n != 0 || v->items.n != 0 ||
	    (v->outcome != OUTCOME_NA && v->outcome != OUTCOME_ERROR))
		return false;
	for (size_t i = s->from; i < s->to; i++)
		n += is_like(v, &s->r->verdicts.at[i]);
	return v->outcome == OUTCOME_NA || n >= FOLDED;
}

/* "[N/A]   swarm mode is off: 7.1, 7.2"; nothing when an earlier one told it. */
static void fold(const Text *t, const Section *s, size_t at)
{
	Arena a = {0};
	const Verdict *v = &s->r->verdicts.at[at];
	Buf line = buf_in(&a, 1u << 16);
	for (size_t i = s->from; i < at; i++)
		if (is_like(v, &s->r->verdicts.at[i]))
			return;
	tag(t, v);
	buf_fmt(&line, STR_FMT ":", STR_ARG(v->seen));
	for (size_t i = at; i < s->to; i++)
		if (is_like(v, &s->r->verdicts.at[i]))
			buf_fmt(&line, " %s",
				check_number(s->r->verdicts.at[i].check, t->benchmark));
	text_wrap(t->b, buf_str(&line), TAG, INDENT, WIDTH);
	buf_char(t->b, '\n');
	arena_finish(&a);
}

static void section(const Text *t, const Section *s)
{
	for (size_t i = s->from; i < s->to; i++)
		if (!is_folded(t, s, &s->r->verdicts.at[i]))
			one(t, &s->r->verdicts.at[i]);
	for (size_t i = s->from; i < s->to; i++)
		if (is_folded(t, s, &s->r->verdicts.at[i]))
			fold(t, s, i);
}

static void heading(const Text *t, const CheckReport *r, const char *name)
{
	size_t judged;
	unsigned score = check_score(r, name, 0, &judged);
	paint(t, "1");
	buf_fmt(t->b, "\n%s", name);
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

static void write_text(const CheckReport *r, const char *tool, const FormatStyle *style, Buf *to)
{
	Text t = {.b = to,
		  .color = style->color,
		  .verbose = style->verbose,
		  .benchmark = r->benchmark};
	buf_fmt(to, "%s ", tool);
	text_clean(to, r->host);
	if (r->engine.n != 0) {
		buf_add(to, S(", "));
		text_clean(to, r->engine);
	}
	if (checks_have_numbers(r))
		buf_fmt(to, ", numbers of the CIS Docker Benchmark %s",
			benchmark_name(r->benchmark));
	buf_char(to, '\n');
	for (Section s = {.r = r}; s.from < r->verdicts.n; s.from = s.to) {
		const char *name = r->verdicts.at[s.from].check->section;
		for (s.to = s.from; s.to < r->verdicts.n; s.to++)
			if (strcmp(r->verdicts.at[s.to].check->section, name) != 0)
				break;
		heading(&t, r, name);
		section(&t, &s);
	}
	totals(&t, r);
}

const CheckFormat check_format_text = {
	.name = "text", .summary = "for a person", .write = write_text};
