/* pragma.c - comments that accept findings: ours, and those that peers taught people to write.
 *
 *     # bulwark:ignore D301,D402 until=2027-01-01 -- why    the next instruction
 *     # hadolint ignore=DL3008   # check=skip=JSONArgsRecommended
 *     # trivy:ignore:DS-0002 exp:2027-01-01
 *     # hadolint global ignore=DL3008, # checkov:skip=CKV_DOCKER_3:why, and the directive
 *     # check=skip=all: the whole file, wherever they stand in it */
#include <stdlib.h>

#include "base/time.h"
#include "lint/limits.h"
#include "lint/private.h"

static Str skip_blanks(Str s)
{
	while (s.n != 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_skip(s, 1);
	return s;
}

static bool take(Str *s, const char *word)
{
	if (!str_starts(*s, str_of(word)))
		return false;
	*s = skip_blanks(str_skip(*s, strlen(word)));
	return true;
}

/* What stands before the first blank or one of `ends`. */
static Str take_word(Str *s, const char *ends)
{
	size_t n = 0;
	while (n < s->n && s->p[n] != ' ' && s->p[n] != '\t' &&
	       (s->p[n] == '\0' || strchr(ends, s->p[n]) == NULL))
		n++;
	Str word = str_first(*s, n);
	*s = skip_blanks(str_skip(*s, n));
	return word;
}

/* "D301, D402 until=... -- why": the list may have blanks after its commas. */
static Str take_list(Str *s)
{
	const char *from = s->p;
	Str last;
	do {
		last = take_word(s, "#;");
	} while (last.n != 0 && last.p[last.n - 1] == ',');
	return last.n != 0 ? (Str){from, (size_t)(last.p + last.n - from)} : (Str){from, 0};
}

static void take_why(Str *s, const char *mark, Pragma *p)
{
	if (take(s, mark) && s->n != 0)
		p->why = *s;
}

bool pragma_parse(Str comment, Pragma *p)
{
	Str s = comment;
	p->why = comment;
	if (take(&s, "bulwark:ignore")) {
		p->words = take_list(&s);
		if (take(&s, "until="))
			p->until = take_word(&s, "");
		take_why(&s, "--", p);
		return true;
	}
	if (take(&s, "hadolint")) {
		bool global = take(&s, "global");
		p->line = global ? 0 : p->line;
		if (!take(&s, "ignore") || !take(&s, "="))
			return false;
		p->words = take_list(&s);
		return true;
	}
	if (take(&s, "trivy:ignore:")) {
		p->words = take_word(&s, ":");
		if (take(&s, "exp:"))
			p->until = take_word(&s, "");
		return true;
	}
	if (take(&s, "checkov:skip=")) {
		p->words = take_word(&s, ":");
		take_why(&s, ":", p);
		p->line = 0;
		return true;
	}
	if (take(&s, "check=skip=")) {
		p->words = take_list(&s);
		return true;
	}
	return false;
}

/* Of the whole file when `line` is 0, else of what begins there. */
static void take_comment(LintFile *f, Str c, uint32_t line, PragmaVec *out)
{
	uint32_t at = (uint32_t)(c.p - f->d->text.p);
	Pragma p = {.line = 1, .at = {at, at + (uint32_t)c.n}};
	if (!pragma_parse(c, &p) || (p.line == 0) != (line == 0))
		return;
	p.line = line;
	if (out->n < LIMIT_LINT_PRAGMAS)
		vec_push(f->a, out, p);
	else
		f->cut = true;
}

static void gather(LintFile *f, PragmaVec *out)
{
	Pragma whole = {.line = 0, .why = f->d->check};
	Str check = f->d->check;
	if (take(&check, "skip=")) {
		whole.words = take_word(&check, ";");
		whole.used = true; /* BuildKit's own: not ours to judge */
		vec_push(f->a, out, whole);
	}
	for (size_t i = 0; i < f->d->comments.n; i++)
		take_comment(f, f->d->comments.at[i], 0, out);
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; k < in->comments.n; k++)
			take_comment(f, in->comments.at[k], in->first, out);
	}
}

bool pragma_expired(const Pragma *p, int64_t now)
{
	int64_t until;
	return p->until.n != 0 && (!time_parse(p->until, &until) || now >= until + 86400);
}

bool pragma_names(const Pragma *p, const Remark *r)
{
	Str rest = p->words, word;
	const LintRule *rule = lint_rule_named(r->rule);
	while (str_cut(&rest, ',', &word)) {
		word = str_trim(word);
		if (str_eq(word, S("all")) || str_eq(word, S("*")) ||
		    (rule != NULL ? rule_is(rule, word) : str_eq_nocase(r->rule, word)))
			return true;
	}
	return false;
}

static int by_line(const void *a, const void *b)
{
	const Pragma *x = a, *y = b;
	int line = (x->line > y->line) - (x->line < y->line);
	return line != 0 ? line : (x->at.at > y->at.at) - (x->at.at < y->at.at);
}

uint32_t instruction_line(const LintFile *f, uint32_t line)
{
	size_t low = 0, high = f->d->instructions.n;
	while (low < high) { /* the first that ends at the line or below */
		size_t middle = low + (high - low) / 2;
		if (lint_at(f, middle)->last < line)
			low = middle + 1;
		else
			high = middle;
	}
	bool inside = low < f->d->instructions.n && lint_at(f, low)->first <= line;
	return inside ? lint_at(f, low)->first : 0;
}

static size_t first_of(const PragmaVec *all, uint32_t line)
{
	size_t low = 0, high = all->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (all->at[middle].line < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first of those of one line that accepts it; they are sorted. */
static const Pragma *accepts(PragmaVec *all, uint32_t line, const LintOptions *o, const Remark *r)
{
	const Pragma *by = NULL;
	for (size_t i = first_of(all, line); i < all->n && all->at[i].line == line; i++) {
		Pragma *p = &all->at[i];
		if (pragma_expired(p, o->now) || !pragma_names(p, r))
			continue;
		p->used = true;
		by = by != NULL ? by : p;
	}
	return by;
}

static const Pragma *accepted_by(PragmaVec *all, const LintFile *f, const LintOptions *o,
				 const Remark *r)
{
	uint32_t line = instruction_line(f, r->line);
	const Pragma *whole = accepts(all, 0, o, r);
	const Pragma *own = line != 0 ? accepts(all, line, o, r) : NULL;
	return own != NULL ? own : whole;
}

/* Of rules that are asked: a peer's pragma may speak of what only the peer looks at. */
static bool speaks_of_ours(const Pragma *p, const LintOptions *o)
{
	Str rest = p->words, word;
	while (str_cut(&rest, ',', &word)) {
		const LintRule *rule = lint_rule_named(str_trim(word));
		if (rule != NULL && rule_is_asked(rule, o))
			return true;
	}
	return false;
}

void pragmas_judge(const PragmaVec *all, const char *rule, LintSink *sink)
{
	const LintOptions *o = sink->options;
	const LintRule *own = lint_rule_named(str_of(rule));
	if (own == NULL || !rule_is_asked(own, o))
		return;
	sink_takes(sink, own);
	for (size_t i = 0; i < all->n; i++) {
		const Pragma *p = &all->at[i];
		if (pragma_expired(p, o->now))
			lint_say(sink, p->at, "this ignore of " STR_FMT " expired on " STR_FMT,
				 STR_ARG(p->words), STR_ARG(p->until));
		else if (!p->used && o->only.n == 0 && speaks_of_ours(p, o))
			lint_say(sink, p->at,
				 "nothing is found here that this ignore of " STR_FMT " accepts",
				 STR_ARG(p->words));
	}
}

void apply_pragmas(LintFile *f, const LintOptions *o, LintSink *sink, RemarkReport *out)
{
	PragmaVec all = {0};
	size_t kept = 0;
	gather(f, &all);
	if (all.n > 1)
		qsort(all.at, all.n, sizeof all.at[0], by_line);
	for (size_t i = 0; i < sink->said.n; i++) {
		const Pragma *by = accepted_by(&all, f, o, &sink->said.at[i]);
		if (by != NULL)
			remark_accept(out, f->a, &sink->said.at[i], true, by->why);
		else
			sink->said.at[kept++] = sink->said.at[i];
	}
	sink->said.n = kept;
	pragmas_judge(&all, "D001", sink);
}
