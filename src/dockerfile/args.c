/* args.c - the arguments of each instruction: JSON or shell form, words, names and values. */
#include "base/buf.h"
#include "dockerfile/limits.h"
#include "dockerfile/private.h"
#include "io/json.h"

static void push_word(Reading *r, DockerWords *to, DockerWord w)
{
	if (to->n < LIMIT_DOCKERFILE_WORDS)
		vec_push(r->a, to, w);
	else
		r->over = "an instruction with more words than are read";
}

static void add_word(Reading *r, Instruction *i, Str text)
{
	push_word(r, &i->args, (DockerWord){text, instruction_span(i, text)});
}

/* ---- forms ---- */

static void one_string(Reading *r, Instruction *i, Str rest)
{
	if (rest.n != 0)
		add_word(r, i, rest);
}

static void by_blanks(Reading *r, Instruction *i, Str rest)
{
	while (rest.n != 0) {
		size_t n = 0;
		while (n < rest.n && !is_space(rest.p[n]))
			n++;
		add_word(r, i, str_first(rest, n));
		rest = trim_left(str_skip(rest, n));
	}
}

/* Where the JSON string that ends before `rest` began: from its opening quote. */
static Str json_literal(Str before, Str rest) { return trim(str_first(before, before.n - rest.n)); }

/* False when it is no JSON array; then nothing was added. An array of other things than
 * strings is a problem, and true. */
static bool json_array(Reading *r, Instruction *i, Str rest)
{
	DockerWords words = {0};
	Json j = json_over(rest, r->a);
	bool strings = true;
	Err *e = str_starts(rest, S("[")) ? json_enter(&j, JSON_ARRAY) : OK;
	if (!str_starts(rest, S("[")))
		return false;
	while (e == OK && json_more(&j)) {
		JsonType type;
		Str text = {0}, before = trim_left(j.rest);
		e = json_peek(&j, &type);
		strings = strings && type == JSON_STRING;
		if (e == OK)
			e = type == JSON_STRING ? json_str(&j, &text) : json_skip(&j);
		push_word(r, &words,
			  (DockerWord){text, instruction_span(i, json_literal(before, j.rest))});
	}
	if (e == OK)
		e = json_leave(&j);
	if (e == OK)
		e = json_end(&j);
	bool whole = e == OK;
	err_free(e);
	if (whole && !strings)
		problem(r, instruction_span(i, rest),
			"when using JSON array syntax, arrays must be comprised of strings only");
	if (whole) {
		i->json = true;
		i->args = words;
	}
	return whole;
}

static void json_or_string(Reading *r, Instruction *i, Str rest)
{
	if (!json_array(r, i, rest))
		one_string(r, i, rest);
}

static void json_or_blanks(Reading *r, Instruction *i, Str rest)
{
	if (!json_array(r, i, rest))
		by_blanks(r, i, rest);
}

/* ---- words with quotes, which stay ---- */

static size_t word_end(Str s, char escape)
{
	char quote = '\0';
	size_t i = 0;
	for (; i < s.n; i++) {
		char c = s.p[i];
		if (quote == '\0' && is_space(c))
			break;
		if (c == escape && quote != '\'')
			i += i + 1 < s.n;
		else if (c == quote)
			quote = '\0';
		else if (quote == '\0' && (c == '\'' || c == '"'))
			quote = c;
	}
	return i;
}

static void words_of(Reading *r, Instruction *i, Str rest, DockerWords *out)
{
	char escape = r->out->escape;
	for (rest = trim_left(rest); rest.n != 0; rest = trim_left(rest)) {
		size_t n = word_end(rest, escape);
		Str word = str_first(rest, n);
		rest = str_skip(rest, n);
		bool dangling = rest.n == 0 && word.p[word.n - 1] == escape &&
				(word.n < 2 || word.p[word.n - 2] != escape);
		word.n -= dangling; /* an escape of nothing */
		if (word.n != 0)
			push_word(r, out, (DockerWord){word, instruction_span(i, word)});
	}
}

static void words(Reading *r, Instruction *i, Str rest) { words_of(r, i, rest, &i->args); }

/* ---- names and values ---- */

static void legacy_pair(Reading *r, Instruction *i, Str rest)
{
	size_t n = 0;
	while (n < rest.n && !is_space(rest.p[n]))
		n++;
	Str value = trim_left(str_skip(rest, n));
	if (n == rest.n) {
		problem(r, i->span, "" STR_FMT " must have two arguments", STR_ARG(i->keyword));
		return;
	}
	i->legacy = true;
	add_word(r, i, str_first(rest, n));
	add_word(r, i, value);
}

static void pairs(Reading *r, Instruction *i, Str rest)
{
	DockerWords found = {0};
	words_of(r, i, rest, &found);
	if (found.n != 0 && !str_has(found.at[0].text, '=')) {
		legacy_pair(r, i, rest);
		return;
	}
	for (size_t k = 0; k < found.n; k++) {
		Str value = found.at[k].text, name;
		if (!str_has(value, '=')) {
			problem(r, found.at[k].span,
				"Syntax error - can't find = in \"" STR_FMT
				"\". Must be of the form: name=value",
				STR_ARG(value));
			return;
		}
		str_cut(&value, '=', &name);
		add_word(r, i, name);
		add_word(r, i, value);
	}
}

/* ---- the others ---- */

static void health(Reading *r, Instruction *i, Str rest)
{
	size_t n = 0;
	while (n < rest.n && !is_space(rest.p[n]))
		n++;
	if (n == 0)
		return;
	Str command = trim_left(str_skip(rest, n));
	bool exec = json_array(r, i, command);
	DockerWords after = i->args;
	i->args = (DockerWords){0};
	add_word(r, i, str_first(rest, n));
	for (size_t k = 0; exec && k < after.n; k++)
		vec_push(r->a, &i->args, after.at[k]);
	if (!exec)
		one_string(r, i, command);
}

static void onbuild(Reading *r, Instruction *i, Str rest)
{
	if (rest.n == 0)
		return;
	Instruction *child = arena_new(r->a, Instruction);
	*child = (Instruction){.line = rest,
			       .span = instruction_span(i, rest),
			       .first = i->first,
			       .last = i->last};
	/* The same pieces, counted from where the child's line begins. */
	uint32_t shift = (uint32_t)(rest.p - i->line.p);
	for (size_t k = 0; k < i->pieces.n; k++) {
		LinePiece p = i->pieces.at[k];
		if (k + 1 < i->pieces.n && i->pieces.at[k + 1].in_line <= shift)
			continue;
		uint32_t skip = shift > p.in_line ? shift - p.in_line : 0;
		vec_push(r->a, &child->pieces,
			 (LinePiece){p.in_line + skip - shift, p.in_file + skip});
	}
	i->child = child;
	bool nested = docker_op(str_first(rest, 7)) == OP_ONBUILD;
	if (nested)
		problem(r, child->span, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
	else
		read_instruction(r, child);
}

static void unknown(Reading *r, Instruction *i, Str rest)
{
	(void)rest;
	problem(r, i->span, "unknown instruction: " STR_FMT, STR_ARG(str_first(i->keyword, 60)));
}

void read_arguments(Reading *r, Instruction *i)
{
	static void (*const readers[])(Reading *, Instruction *, Str) = {
		[OP_UNKNOWN] = unknown,
		[OP_ADD] = json_or_blanks,
		[OP_ARG] = words,
		[OP_CMD] = json_or_string,
		[OP_COPY] = json_or_blanks,
		[OP_ENTRYPOINT] = json_or_string,
		[OP_ENV] = pairs,
		[OP_EXPOSE] = by_blanks,
		[OP_FROM] = by_blanks,
		[OP_HEALTHCHECK] = health,
		[OP_LABEL] = pairs,
		[OP_MAINTAINER] = one_string,
		[OP_ONBUILD] = onbuild,
		[OP_RUN] = json_or_string,
		[OP_SHELL] = json_or_string,
		[OP_STOPSIGNAL] = one_string,
		[OP_USER] = one_string,
		[OP_VOLUME] = json_or_blanks,
		[OP_WORKDIR] = one_string,
	};
	readers[i->op](r, i, i->rest);
}
