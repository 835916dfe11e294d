/* lint.c - reads the file, asks every rule, gathers what they say. */
#include "lint/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "io/digest.h"
#include "lint/limits.h"
#include "lint/private.h"

/* ---- saying ---- */

/* Of the rule and the words that are meant, not of the place: it survives other changes. */
static Str fingerprint(Arena *a, const LintRule *rule, Str words, Str message)
{
	uint8_t sum[SHA256_BYTES];
	Buf b = buf_in(a, 64);
	Sha256 h = sha256_start();
	sha256_add(&h, str_of(rule->id));
	for (size_t i = 0; i < words.n; i++)
		if (words.p[i] != ' ' && words.p[i] != '\t' && words.p[i] != '\n')
			sha256_add(&h, (Str){&words.p[i], 1});
	sha256_add(&h, message);
	sha256_finish(&h, sum);
	for (size_t i = 0; i < 16; i++)
		buf_fmt(&b, "%02x", sum[i]);
	return buf_str(&b);
}

static void set_place(Remark *r, const Places *p, Span at)
{
	place_at(p, at.at, &r->line, &r->column);
	place_at(p, at.end, &r->end_line, &r->end_column);
	r->excerpt = str_first(place_line(p, r->line), LIMIT_LINT_MESSAGE_BYTES);
}

Remark sink_remark(const LintSink *to, const char *fmt, va_list args)
{
	Arena *a = to->a;
	const LintRule *rule = to->rule;
	char *text = NULL;
	if (vasprintf(&text, fmt, args) < 0)
		die_oom();
	Remark r = {.rule = str_of(rule->id),
		    .name = str_of(rule->name),
		    .file = to->name,
		    .level = to->level,
		    .confidence = rule->confidence,
		    .message = arena_str(a, str_first(str_of(text), LIMIT_LINT_MESSAGE_BYTES)),
		    .help = str_of(rule->help)};
	free(text);
	for (size_t i = 0; rule->aliases != NULL && rule->aliases[i] != NULL; i++)
		vec_push(a, &r.aliases, str_of(rule->aliases[i]));
	return r;
}

void sink_push(LintSink *to, Remark r, Str words)
{
	to->full = to->of_rule == LIMIT_LINT_REMARKS;
	if (to->full) {
		if (to->cut.n == 0 || !str_eq(to->cut.at[to->cut.n - 1], r.rule))
			vec_push(to->a, &to->cut, r.rule);
		return;
	}
	to->of_rule++;
	words = str_first(words, LIMIT_LINT_WORDS_BYTES);
	r.fingerprint = fingerprint(to->a, to->rule, words, r.message);
	vec_push(to->a, &to->said, r);
}

void sink_tell_cut(const LintSink *s, Str name, RemarkReport *out)
{
	for (size_t i = 0; i < s->cut.n; i++) {
		Buf b = buf_in(s->a, 256);
		buf_fmt(&b, "more than %u findings of " STR_FMT "; the rest is not told",
			LIMIT_LINT_REMARKS, STR_ARG(s->cut.at[i]));
		vec_push(s->a, &out->not_evaluated, (Unread){name, buf_str(&b)});
	}
}

void lint_say(LintSink *to, Span at, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	Remark r = sink_remark(to, fmt, args);
	va_end(args);
	set_place(&r, to->places, at);
	sink_push(to, r, (Str){to->places->text.p + at.at, at.end - at.at});
}

void lint_fix(LintSink *to, Span at, Str text, bool safe)
{
	if (to->said.n == 0 || to->full)
		return;
	Remark *r = &to->said.at[to->said.n - 1];
	Edit e = {at.at, at.end, arena_str(to->a, text)};
	r->fix_is_safe = safe && (r->fix.n == 0 || r->fix_is_safe);
	vec_push(to->a, &r->fix, e);
}

void lint_grade(LintSink *to, Level level)
{
	if (!to->told && !to->full && to->said.n != 0)
		to->said.at[to->said.n - 1].level = level;
}

void lint_hide(LintSink *to)
{
	if (!to->full && to->said.n != 0)
		to->said.at[to->said.n - 1].excerpt = (Str){NULL, 0};
}

/* ---- which rules ---- */

/* Trivy's rules have three spellings: DS-0002, AVD-DS-0002, DS002. */
static bool is_alias(Str alias, Str word)
{
	if (word.n > 4 && str_eq_nocase(str_first(word, 4), S("AVD-")))
		word = str_skip(word, 4);
	bool is_short = word.n == 5 && str_starts(alias, S("DS-0")) && alias.n == 7 &&
			str_eq_nocase(str_first(word, 2), S("DS"));
	return is_short ? str_eq(str_skip(word, 2), str_skip(alias, 4))
			: str_eq_nocase(word, alias);
}

bool rule_is(const LintRule *r, Str word)
{
	bool is = str_eq_nocase(word, str_of(r->id)) || str_eq_nocase(word, str_of(r->name));
	for (size_t i = 0; !is && r->aliases != NULL && r->aliases[i] != NULL; i++)
		is = is_alias(str_of(r->aliases[i]), word);
	return is;
}

const LintRule *lint_rule_named(Str word)
{
	for (const LintRule *const *r = lint_rules; *r != NULL; r++)
		if (rule_is(*r, word))
			return *r;
	return NULL;
}

static bool named_in(const LintRule *r, const StrVec *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (rule_is(r, words->at[i]))
			return true;
	return false;
}

/* The last that speaks of the rule; NULL: none does. */
static const LintOverride *override_of(const LintRule *r, const LintOptions *o)
{
	for (size_t i = o->overrides.n; i > 0; i--)
		if (rule_is(r, o->overrides.at[i - 1].rule))
			return &o->overrides.at[i - 1];
	return NULL;
}

bool rule_is_asked(const LintRule *r, const LintOptions *o)
{
	const LintOverride *told = override_of(r, o);
	if (named_in(r, &o->ignore))
		return false;
	if (o->only.n != 0)
		return named_in(r, &o->only);
	if (r->check != NULL && r->id[0] == 'S' && o->beside != NULL && o->beside->shellcheck)
		return false;
	return told != NULL && (told->off || told->level != 0) ? !told->off : !r->off;
}

bool lint_asks(const LintOptions *o, Str rule)
{
	const LintRule *r = lint_rule_named(rule);
	return r != NULL && rule_is_asked(r, o);
}

void sink_takes(LintSink *sink, const LintRule *r)
{
	const LintOverride *told = override_of(r, sink->options);
	sink->rule = r;
	sink->of_rule = 0;
	sink->told = told != NULL && told->level != 0;
	sink->level = sink->told ? told->level : r->level;
}

void lint_gave_up(LintSink *to) { to->gave_up = true; }

/* A line with a secret in it is not shown, whatever is said of it. */
static void hide_secrets(const LintBeside *b, const Places *places, RemarkVec *said)
{
	for (size_t k = 0; b != NULL && k < b->secrets.n; k++) {
		Span at = b->secrets.at[k].at;
		for (size_t i = 0; i < said->n; i++) {
			Str line = said->at[i].excerpt;
			size_t from = line.p != NULL ? (size_t)(line.p - places->text.p) : 0;
			if (from < at.end && at.at < from + line.n)
				said->at[i].excerpt = (Str){0};
		}
	}
}

Result lint_dockerfile(Str name, Str text, const LintOptions *o, Arena *a, RemarkReport *out)
{
	Dockerfile d;
	LintFile f = {.d = &d, .a = a, .options = o};
	LintSink sink = {.options = o, .name = name, .a = a, .places = &d.places};
	TRY(dockerfile_read(text, a, &d));
	TRY(find_stages(&f));
	find_variables(&f);
	find_scripts(&f);
	for (const LintRule *const *r = lint_rules; *r != NULL; r++) {
		sink_takes(&sink, *r);
		if (rule_is_asked(*r, o) && (*r)->check != NULL)
			(*r)->check(&f, &sink);
	}
	say_notes(&f, o, &sink);
	if (!o->no_pragmas)
		apply_pragmas(&f, o, &sink, out);
	hide_secrets(o->beside, &d.places, &sink.said);
	if (sink.gave_up || f.cut)
		vec_push(a, &out->not_evaluated,
			 (Unread){name, S("larger than what is judged to its end")});
	for (size_t i = 0; i < sink.said.n; i++) {
		/* Of what is in none, none: above a directive a comment would end it. */
		sink.said.at[i].above = instruction_line(&f, sink.said.at[i].line);
		vec_push(a, &out->remarks, sink.said.at[i]);
	}
	sink_tell_cut(&sink, name, out);
	vec_push(a, &out->files, name);
	return OK;
}
