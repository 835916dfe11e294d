/* lines.c - physical lines to logical ones: directives, comments, continuation, here-documents. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "dockerfile/limits.h"
#include "dockerfile/private.h"

void problem(Reading *r, Span span, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, fmt);
	int n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		die_oom();
	if (r->out->problems.n < LIMIT_DOCKERFILE_PROBLEMS)
		vec_push(r->a, &r->out->problems,
			 (DockerProblem){span, arena_str(r->a, str_of(text))});
	free(text);
}

/* ---- physical lines ---- */

typedef struct Lines {
	Reading *r;
	Str text;
	uint32_t next; /* line, from 0 */
} Lines;

/* The line with its newline. */
static Str line_at(const Lines *l, uint32_t n)
{
	const Dockerfile *d = l->r->out;
	uint32_t at = d->places.lines.at[n];
	uint32_t end = n + 1 < d->places.lines.n ? d->places.lines.at[n + 1] : (uint32_t)l->text.n;
	Str line = {l->text.p + at, end - at};
	return n == 0 && str_starts(line, S("\xef\xbb\xbf")) ? str_skip(line, 3) : line;
}

static bool at_end(const Lines *l) { return l->next >= l->r->out->places.lines.n; }

static Str trim_newline(Str s)
{
	while (str_ends(s, S("\n")) || str_ends(s, S("\r")))
		s.n--;
	return s;
}

static bool is_comment(Str line) { return str_starts(trim_left(line), S("#")); }

static uint32_t offset(const Lines *l, Str part) { return (uint32_t)(part.p - l->text.p); }

static Span span_of(const Lines *l, Str part)
{
	return (Span){offset(l, part), offset(l, part) + (uint32_t)part.n};
}

static void check_length(Lines *l, Str line)
{
	if (line.n > LIMIT_DOCKERFILE_LINE)
		problem(l->r, span_of(l, line),
			"a line longer than the %u bytes that BuildKit reads",
			LIMIT_DOCKERFILE_LINE);
}

/* ---- directives ---- */

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* "# key = value" */
static bool split_directive(Str line, Str *key, Str *value)
{
	Str s = trim_left(str_skip(trim_left(line), 1));
	size_t n = 0;
	while (n < s.n && (is_letter(s.p[n]) || (n != 0 && is_digit(s.p[n]))))
		n++;
	*key = str_first(s, n);
	s = trim_left(str_skip(s, n));
	*value = trim(str_skip(s, 1));
	return n != 0 && str_starts(s, S("=")) && value->n != 0;
}

static bool take_directive(Lines *l, Str line, Str key, Str value)
{
	Dockerfile *d = l->r->out;
	bool escape = str_eq_nocase(key, S("escape")), syntax = str_eq_nocase(key, S("syntax"));
	Str *slot = syntax ? &d->syntax : &d->check;
	if (!escape && !syntax && !str_eq_nocase(key, S("check")))
		return false;
	if (escape ? d->escape != '\0' : slot->n != 0) {
		problem(l->r, span_of(l, line), "only one " STR_FMT " parser directive can be used",
			STR_ARG(key));
	} else if (!escape) {
		*slot = value;
	} else if (value.n == 1 && (value.p[0] == '\\' || value.p[0] == '`')) {
		d->escape = value.p[0];
	} else {
		problem(l->r, span_of(l, value),
			"invalid escape token '" STR_FMT "': it is ` or \\", STR_ARG(value));
	}
	return true;
}

/* They stand before everything else; what is none ends them. */
static void read_directives(Lines *l)
{
	for (uint32_t n = 0; n < l->r->out->places.lines.n; n++) {
		Str line = trim_newline(line_at(l, n)), key, value;
		if (!is_comment(line) || !split_directive(line, &key, &value) ||
		    !take_directive(l, line, key, value))
			break;
		check_length(l, line);
		l->next = n + 1;
	}
	if (l->r->out->escape == '\0')
		l->r->out->escape = '\\';
}

/* ---- logical lines ---- */

/* Cuts the escape at the line's end and blanks after it off; true when the line goes on. */
static bool cut_continuation(const Lines *l, Str *line)
{
	char escape = l->r->out->escape;
	size_t n = line->n;
	while (n != 0 && (line->p[n - 1] == ' ' || line->p[n - 1] == '\t'))
		n--;
	if (n == 0 || line->p[n - 1] != escape || (n > 1 && line->p[n - 2] == escape))
		return false;
	line->n = n - 1;
	return true;
}

static void join(Lines *l, Instruction *i, Buf *to, Str part)
{
	vec_push(l->r->a, &i->pieces, (LinePiece){(uint32_t)to->n, offset(l, part)});
	buf_add(to, part);
}

/* Reads on while the line is continued. */
static void read_logical(Lines *l, Instruction *i, Str line, Buf *to)
{
	bool more = cut_continuation(l, &line);
	i->span.at = offset(l, line);
	i->span.end = i->span.at + (uint32_t)line.n + more;
	join(l, i, to, line);
	while (more && !at_end(l)) {
		Str raw = line_at(l, l->next);
		line = trim_newline(raw);
		l->next++;
		check_length(l, line);
		if (is_comment(raw))
			continue;
		if (trim_left(line).n == 0) {
			vec_push(l->r->a, &i->gaps, l->next);
			continue;
		}
		more = cut_continuation(l, &line);
		i->span.end = offset(l, line) + (uint32_t)line.n + more;
		join(l, i, to, line);
	}
}

/* ---- here-documents ---- */

static Str without_tabs(Str s)
{
	while (s.n != 0 && s.p[0] == '\t')
		s = str_skip(s, 1);
	return s;
}

static bool read_body(Lines *l, Heredoc *h)
{
	uint32_t from = l->next < l->r->out->places.lines.n ? l->r->out->places.lines.at[l->next]
							    : (uint32_t)l->text.n;
	while (!at_end(l)) {
		Str raw = line_at(l, l->next), line = trim_newline(raw);
		l->next++;
		if (str_eq(h->chomp ? without_tabs(line) : line, h->name)) {
			h->span = (Span){from, offset(l, raw)};
			h->body = (Str){l->text.p + from, offset(l, raw) - from};
			return true;
		}
	}
	return false;
}

static const Instruction *announces(const Instruction *i)
{
	const Instruction *in = i->op == OP_ONBUILD && i->child != NULL ? i->child : i;
	bool may = in->op == OP_RUN || in->op == OP_COPY || in->op == OP_ADD;
	return may && !in->json ? in : NULL;
}

static void read_heredocs(Lines *l, Instruction *i)
{
	size_t at;
	uint32_t back = l->next;
	if (announces(i) == NULL || !str_find(i->line, S("<<"), &at))
		return;
	find_heredocs(l->r, i);
	for (size_t k = 0; k < i->heredocs.n; k++)
		if (!read_body(l, &i->heredocs.at[k])) {
			problem(l->r, i->span,
				"unterminated heredoc: no line is " STR_FMT
				" alone; in arithmetic write $((1<<2)) without blanks",
				STR_ARG(i->heredocs.at[k].name));
			i->heredocs.n = k;
			l->next = back;
		}
}

static Result read_one(Lines *l, Str line, uint32_t first, StrVec *comments)
{
	Instruction i = {.first = first, .comments = *comments};
	Buf joined = buf_in(l->r->a, LIMIT_DOCKERFILE_BYTES);
	read_logical(l, &i, line, &joined);
	i.line = buf_str(&joined);
	read_instruction(l->r, &i);
	read_heredocs(l, &i);
	i.last = l->next;
	if (l->r->over != NULL)
		FAIL(ERR_LIMIT, "line %u: %s", first, l->r->over);
	if (l->r->out->instructions.n >= LIMIT_DOCKERFILE_INSTRUCTIONS)
		FAIL(ERR_LIMIT, "more than %u instructions", LIMIT_DOCKERFILE_INSTRUCTIONS);
	vec_push(l->r->a, &l->r->out->instructions, i);
	return OK;
}

static Result read_lines(Lines *l)
{
	StrVec comments = {0};
	while (!at_end(l)) {
		Str line = trim_left(trim_newline(line_at(l, l->next)));
		l->next++;
		check_length(l, line);
		if (is_comment(line)) {
			Str words = trim(str_skip(line, 1));
			if (words.n != 0) {
				vec_push(l->r->a, &comments, words);
				vec_push(l->r->a, &l->r->out->comments, words);
			} else {
				comments = (StrVec){0}; /* a bare '#' parts what is above */
			}
		} else if (line.n != 0) {
			TRY(read_one(l, line, l->next, &comments));
			comments = (StrVec){0};
		}
	}
	return OK;
}

Result dockerfile_read(Str text, Arena *a, Dockerfile *out)
{
	if (text.p == NULL) /* of an empty file; lines are offsets from it */
		text = S("");
	*out = (Dockerfile){.text = text};
	Reading r = {.a = a, .out = out};
	Lines l = {.r = &r, .text = text};
	if (text.n > LIMIT_DOCKERFILE_BYTES)
		FAIL(ERR_LIMIT, "larger than %u bytes: not a Dockerfile", LIMIT_DOCKERFILE_BYTES);
	out->places = places_of(text, a);
	if (str_has(text, '\0')) {
		out->escape = '\\';
		problem(&r, (Span){0, 0}, "a NUL byte in it: this is no Dockerfile");
		return OK;
	}
	read_directives(&l);
	TRY(read_lines(&l));
	if (out->instructions.n == 0)
		problem(&r, (Span){0, 0}, "file with no instructions");
	return OK;
}
