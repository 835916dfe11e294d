/* check.c - how a verdict is filled in, and what a report of them is worth. */
#include "model/check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/walk.h"

static const char *const outcome_names[OUTCOMES] = {"",     "PASS", "WARN", "INFO",
						    "NOTE", "N/A",  "ERROR"};

const char *outcome_name(Outcome o) { return outcome_names[o]; }

bool outcome_parse(Str s, Outcome *out)
{
	for (int i = OUTCOME_PASS; i < OUTCOMES; i++)
		if (str_eq_nocase(s, str_of(outcome_names[i]))) {
			*out = (Outcome)i;
			return true;
		}
	return false;
}

/* ---- choosing ---- */

const char *benchmark_name(Benchmark b)
{
	static const char *const names[BENCHMARKS] = {"1.6.0", "1.7.0", "1.8.0"};
	return names[b];
}

bool check_is_called(const CheckInfo *c, Str word, Benchmark b)
{
	return str_eq_nocase(word, str_of(c->id)) || str_eq_nocase(word, str_of(c->name)) ||
	       (c->cis[b] != NULL && str_eq(word, str_of(c->cis[b])));
}

static bool calls(const StrVec *words, const CheckInfo *c, Benchmark b)
{
	for (size_t i = 0; i < words->n; i++)
		if (check_is_called(c, words->at[i], b))
			return true;
	return false;
}

bool check_is_selected(const CheckInfo *c, const CheckSelection *s)
{
	bool in_section = s->sections.n == 0;
	for (size_t i = 0; i < s->sections.n; i++)
		in_section = in_section || str_eq_nocase(s->sections.at[i], str_of(c->section));
	return in_section && (s->only.n == 0 || calls(&s->only, c, s->benchmark)) &&
	       !calls(&s->exclude, c, s->benchmark) && (s->level != 1 || c->level <= 1);
}

bool checks_have_numbers(const CheckReport *r)
{
	for (size_t i = 0; i < r->verdicts.n; i++)
		if (r->verdicts.at[i].check->cis[r->benchmark] != NULL)
			return true;
	return false;
}

/* ---- order ---- */

/* "2.10" comes after "2.9". */
static int number_order(Str x, Str y)
{
	while (x.n != 0 && y.n != 0) {
		Str a, b;
		uint64_t m = 0, n = 0;
		(void)str_cut(&x, '.', &a);
		(void)str_cut(&y, '.', &b);
		if (str_u64(a, &m) && str_u64(b, &n) && m != n)
			return m < n ? -1 : 1;
	}
	return (x.n != 0) - (y.n != 0);
}

static int verdict_order(const void *a, const void *b, void *benchmark)
{
	const CheckInfo *x = ((const Verdict *)a)->check, *y = ((const Verdict *)b)->check;
	const char *m = x->cis[*(const Benchmark *)benchmark];
	const char *n = y->cis[*(const Benchmark *)benchmark];
	int order = m != NULL && n != NULL ? number_order(str_of(m), str_of(n))
					   : (m == NULL) - (n == NULL);
	return order != 0 ? order : strcmp(x->id, y->id);
}

void checks_by_number(CheckReport *r)
{
	for (size_t from = 0, to; from < r->verdicts.n; from = to) {
		const char *section = r->verdicts.at[from].check->section;
		for (to = from; to < r->verdicts.n; to++)
			if (strcmp(r->verdicts.at[to].check->section, section) != 0)
				break;
		qsort_r(&r->verdicts.at[from], to - from, sizeof r->verdicts.at[0], verdict_order,
			&r->benchmark);
	}
}

/* ---- filling in ---- */

enum { LINE_MAX = 2048 };

/* vsnprintf() said that it would write `n` characters. */
static Str kept(Arena *a, const char *line, int n)
{
	return arena_str(a, str_first((Str){line, n > 0 ? (size_t)n : 0}, LINE_MAX - 1));
}

void verdict_is(Verdict *v, Arena *a, Outcome o, Str source, const char *fmt, ...)
{
	char line[LINE_MAX];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(line, sizeof line, fmt, args);
	va_end(args);
	v->seen = kept(a, line, n);
	v->outcome = o;
	v->source = arena_str(a, source);
}

void verdict_unread(Verdict *v, Arena *a, Str what, int sys)
{
	verdict_is(v, a, OUTCOME_ERROR, what, STR_FMT " cannot be read: %s", STR_ARG(what),
		   strerrordesc_np(sys));
}

void verdict_item(Verdict *v, Arena *a, const char *kind, Str name, const char *fmt, ...)
{
	char line[LINE_MAX];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(line, sizeof line, fmt, args);
	va_end(args);
	Str seen = kept(a, line, n);
	vec_push(a, &v->items, (CheckItem){str_of(kind), arena_str(a, name), seen});
}

static int by_name(const void *a, const void *b)
{
	const CheckItem *x = a, *y = b;
	int order = str_cmp(x->kind, y->kind);
	if (order == 0)
		order = str_cmp(x->name, y->name);
	return order != 0 ? order : str_cmp(x->seen, y->seen);
}

void verdict_sort(Verdict *v)
{
	if (v->items.n > 1)
		qsort(v->items.at, v->items.n, sizeof v->items.at[0], by_name);
}

/* ---- score ---- */

static unsigned weight_of(Severity s)
{
	switch (s) {
	case SEV_CRITICAL: return 8;
	case SEV_HIGH: return 4;
	case SEV_MEDIUM: return 2;
	case SEV_LOW:
	case SEV_NEGLIGIBLE:
	case SEV_UNKNOWN: break;
	}
	return 1;
}

/* How many of its subjects are not named by an item. */
static uint64_t fine(const Verdict *v)
{
	uint64_t named = v->taken;
	for (size_t i = 0; i < v->items.n; i++) {
		const CheckItem *before = i > 0 ? &v->items.at[i - 1] : NULL;
		named += before == NULL || !str_eq(before->name, v->items.at[i].name) ||
			 !str_eq(before->kind, v->items.at[i].kind);
	}
	return named < v->subjects ? v->subjects - named : 0;
}

unsigned check_score(const CheckReport *r, const char *section, unsigned level, size_t *judged)
{
	uint64_t earned = 0, possible = 0; /* in thousandths of a weight */
	*judged = 0;
	for (size_t i = 0; i < r->verdicts.n; i++) {
		const Verdict *v = &r->verdicts.at[i];
		if (v->outcome != OUTCOME_PASS && v->outcome != OUTCOME_WARN)
			continue;
		if (section != NULL && strcmp(section, v->check->section) != 0)
			continue;
		if (level != 0 && v->check->level != level)
			continue;
		uint64_t full = 1000ul * weight_of(v->check->severity);
		possible += full;
		if (v->outcome == OUTCOME_PASS)
			earned += full;
		else if (v->subjects != 0)
			earned += full * fine(v) / v->subjects;
		(*judged)++;
	}
	return possible != 0 ? (unsigned)(earned * 100 / possible) : 0;
}

/* ---- through a pipe ---- */

typedef struct Wire {
	Walk walk; /* first: a Walk* is a Wire* */
	const CheckInfo *(*named)(Str id);
} Wire;

static void item(Walk *w, CheckItem *i)
{
	walk_text(w, &i->kind);
	walk_text(w, &i->name);
	walk_text(w, &i->seen);
}

static void verdict(Walk *w, Verdict *v)
{
	const Wire *wire = (const Wire *)(const void *)w;
	uint32_t outcome = (uint32_t)v->outcome;
	Str id = v->check != NULL ? str_of(v->check->id) : S("");
	walk_text(w, &id);
	walk_number32(w, &outcome);
	walk_text(w, &v->seen);
	walk_text(w, &v->source);
	walk_number(w, &v->subjects);
	walk_number(w, &v->unread);
	WALK_ITEMS(w, &v->items, item);
	if (w->to != NULL)
		return;
	v->check = wire->named(id);
	v->outcome = (Outcome)outcome;
	w->bad = w->bad || v->check == NULL || outcome < OUTCOME_PASS || outcome >= OUTCOMES;
}

static void all(Wire *w, CheckReport *r)
{
	walk_text(&w->walk, &r->host);
	walk_text(&w->walk, &r->engine);
	WALK_ITEMS(&w->walk, &r->verdicts, verdict);
}

void checks_write(Buf *to, const CheckReport *r)
{
	CheckReport copy = *r;
	all(&(Wire){.walk = {.to = to}}, &copy);
}

Result checks_read(Str from, const CheckInfo *(*named)(Str id), Arena *a, CheckReport *out)
{
	Wire w = {.walk = {.from = from, .arena = a}, .named = named};
	CheckReport r = {.benchmark = out->benchmark};
	all(&w, &r);
	if (w.walk.bad || w.walk.from.n != 0)
		FAIL(ERR_BUG, "the worker's answer is garbled after %zu of %zu bytes",
		     from.n - w.walk.from.n, from.n);
	*out = r;
	return OK;
}
