/* notes.c - scripts handed out, and what is said of them put where they stand. */
#include "lint/notes.h"

#include "io/utf8.h"
#include "lint/private.h"

Result lint_scripts(Str dockerfile, Arena *a, LintShells *out)
{
	Dockerfile d;
	LintOptions none = {0};
	LintFile f = {.d = &d, .a = a, .options = &none};
	TRY(dockerfile_read(dockerfile, a, &d));
	TRY(find_stages(&f));
	find_variables(&f);
	find_scripts(&f);
	for (size_t i = 0; i < f.scripts.n; i++) {
		const LintScript *s = &f.scripts.at[i];
		bool whole = s->heredoc || s->in->heredocs.n == 0; /* else its end is elsewhere */
		if (whole && s->starts == NULL && word_in("sh bash dash ash ksh", s->program))
			vec_push(a, out, (LintShell){(uint32_t)i, s->program, s->text});
	}
	return OK;
}

/* The byte at a line and a column, both from 1; past the end of the line: its end. */
static size_t byte_at(Str text, uint32_t line, uint32_t column)
{
	size_t at = 0;
	for (; line > 1 && at < text.n; at++)
		line -= text.p[at] == '\n';
	for (; column > 1 && at < text.n && text.p[at] != '\n'; column--) {
		size_t n = utf8_length(str_skip(text, at));
		at += n != 0 ? n : 1;
	}
	return at;
}

static Span span_of(const LintScript *s, const LintNote *n)
{
	size_t from = byte_at(s->text, n->line, n->column);
	size_t to = byte_at(s->text, n->end_line, n->end_column);
	Span at = s->in->span;
	to = to > from ? to : from < s->text.n ? from + 1 : from;
	(void)script_span(s, (Str){s->text.p + from, to - from}, &at);
	return at;
}

/* A rule of its own for each: with its id it can be overridden, ignored, and asked for alone. */
static const LintRule *rule_of(Arena *a, const LintNote *n)
{
	LintRule *r = arena_new(a, LintRule);
	Buf help = buf_in(a, 256);
	buf_fmt(&help, "see https://www.shellcheck.net/wiki/" STR_FMT "%c", STR_ARG(n->rule), '\0');
	r->id = arena_cstr(a, n->rule);
	r->name = "shellcheck";
	r->level = n->level;
	r->confidence = CONFIDENCE_HIGH;
	r->help = buf_str(&help).p;
	return r;
}

void say_notes(const LintFile *f, const LintOptions *o, LintSink *sink)
{
	for (size_t i = 0; o->beside != NULL && i < o->beside->notes.n; i++) {
		const LintNote *n = &o->beside->notes.at[i];
		const LintRule *rule = rule_of(f->a, n);
		if (n->script >= f->scripts.n || !rule_is_asked(rule, o))
			continue;
		sink_takes(sink, rule);
		lint_say(sink, span_of(&f->scripts.at[n->script], n), STR_FMT, STR_ARG(n->message));
	}
}
