/* expand.c - one walk over the word, as BuildKit's lexer makes it. */
#include "dockerfile/expand.h"

#include "base/buf.h"
#include "dockerfile/limits.h"
#include "dockerfile/pattern.h"

enum { NOTHING = 256 }; /* stop at no character */

typedef struct Lexer {
	Str rest;
	Expander *x;
	Arena *a;
	Expanded *out;
	bool raw; /* escapes stay: in patterns */
	unsigned depth;
} Lexer;

/* The words of the whole; those of a part are not asked for. */
typedef struct Words {
	Buf now;
	bool in;
	StrVec *to;
} Words;

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

static char next(Lexer *l)
{
	char c = l->rest.n != 0 ? l->rest.p[0] : '\0';
	l->rest = str_skip(l->rest, 1);
	return c;
}

static bool at(const Lexer *l, char c) { return l->rest.n != 0 && l->rest.p[0] == c; }

/* ---- words ---- */

static void end_word(Words *w, Arena *a)
{
	if (w->now.n == 0)
		return;
	vec_push(a, w->to, arena_str(a, buf_str(&w->now)));
	w->now.n = 0;
	w->in = false;
}

static void to_word(Words *w, Arena *a, Str s, bool raw)
{
	if (w == NULL || s.p == NULL)
		return;
	for (size_t i = 0; i < s.n; i++)
		if (raw || !is_blank(s.p[i])) {
			buf_char(&w->now, s.p[i]);
			w->in = true;
		} else if (w->in) {
			end_word(w, a);
		}
}

/* ---- $name and ${name...} ---- */

static Str name_at(Lexer *l)
{
	Str from = l->rest;
	size_t n = 0;
	if (from.p == NULL)
		return from;
	if (from.n != 0 && is_digit(from.p[0]))
		while (n < from.n && is_digit(from.p[n]))
			n++;
	else if (from.n != 0 && strchr("@*#?-$!", from.p[0]) != NULL && from.p[0] != '\0')
		n = 1;
	else
		while (n < from.n && (is_letter(from.p[n]) || is_digit(from.p[n])))
			n++;
	l->rest = str_skip(from, n);
	return str_first(from, n);
}

static VarState look_up(Lexer *l, Str name, char modifier, Str *value)
{
	*value = (Str){0};
	VarState s = l->x->look(l->x->ctx, name, value);
	vec_push(l->a, &l->out->uses, (VarUse){name, s, modifier});
	return s;
}

/* As it is written, from the '$' on. */
static void keep(Lexer *l, Str from, Buf *to)
{
	l->out->unknown = true;
	buf_add(to, (Str){from.p, (size_t)(l->rest.p - from.p)});
}

static Result run_to(Lexer *l, int stop, bool raw, Buf *to, Words *words);

static Result missing(Lexer *l, Err *e, const char *what)
{
	if (l->rest.n != 0 || e->kind != ERR_INPUT)
		return e;
	err_free(e);
	FAIL(ERR_INPUT, "syntax error: missing %s", what);
}

static Result operand(Lexer *l, char stop, bool raw, Str *out)
{
	Buf b = buf_in(l->a, LIMIT_DOCKERFILE_EXPANDED);
	Err *e = run_to(l, stop, raw, &b, NULL);
	*out = buf_str(&b);
	return e != OK ? missing(l, e, stop == '}' ? "'}'" : "'/' in ${}") : OK;
}

static Result demand(Str name, VarState s, Str message)
{
	if (message.n == 0)
		message = s == VAR_UNSET ? S("is not allowed to be unset")
					 : S("is not allowed to be empty");
	FAIL(ERR_INPUT, STR_FMT ": " STR_FMT, STR_ARG(name), STR_ARG(message));
}

static Result cut_pattern(Lexer *l, char side, Str value, Str word, Buf *to)
{
	bool longest = word.n != 0 && word.p[0] == side;
	Pattern p;
	size_t n = 0;
	TRY(pattern_read(str_skip(word, longest), l->a, &p));
	if (side == '#' && pattern_prefix(&p, value, longest, &l->x->left, &n))
		value = str_skip(value, n);
	else if (side == '%' && pattern_suffix(&p, value, longest, &l->x->left, &n))
		value = str_first(value, value.n - n);
	buf_add(to, value);
	return OK;
}

/* ${name:-word} and its like; `from` begins at the '$', rest behind the modifier. */
static Result modified(Lexer *l, Str from, Str name, char modifier, bool colon, Buf *to)
{
	Str word, value;
	if (strchr(colon ? "+-?" : "+-?#%", modifier) == NULL || modifier == '\0')
		FAIL(ERR_INPUT, "unsupported modifier (%s%c) in substitution", colon ? ":" : "",
		     modifier != '\0' ? modifier : ' ');
	TRY(operand(l, '}', modifier == '#' || modifier == '%', &word));
	VarState s = look_up(l, name, modifier, &value);
	bool empty = s == VAR_UNSET || (colon && s == VAR_SET && value.n == 0);
	if (s == VAR_UNKNOWN)
		keep(l, from, to);
	else if (modifier == '-')
		buf_add(to, empty ? word : value);
	else if (modifier == '+')
		buf_add(to, empty ? (Str){0} : word);
	else if (modifier == '?' && empty)
		return demand(name, s, word);
	else if (modifier == '?')
		buf_add(to, value);
	else
		return cut_pattern(l, modifier, value, word, to);
	return OK;
}

static Result replaced(Lexer *l, Str from, Str name, Buf *to)
{
	Str pattern, with, value;
	Pattern p;
	bool all = at(l, '/');
	if (all)
		next(l);
	TRY(operand(l, '/', true, &pattern));
	TRY(operand(l, '}', true, &with));
	if (look_up(l, name, '/', &value) == VAR_UNKNOWN) {
		keep(l, from, to);
		return OK;
	}
	TRY(pattern_read(pattern, l->a, &p));
	pattern_replace(&p, value, with, all, &l->x->left, to);
	return OK;
}

static Result braced(Lexer *l, Str from, Buf *to)
{
	Str value;
	next(l);
	if (l->rest.n == 0)
		FAIL(ERR_INPUT, "syntax error: missing '}'");
	if (at(l, '{') || at(l, '}') || at(l, ':'))
		FAIL(ERR_INPUT, "syntax error: bad substitution");
	Str name = name_at(l);
	char c = next(l);
	if (c == '/')
		return replaced(l, from, name, to);
	if (c != '}')
		return modified(l, from, name, c == ':' ? next(l) : c, c == ':', to);
	if (look_up(l, name, '\0', &value) == VAR_UNKNOWN)
		keep(l, from, to);
	else
		buf_add(to, value);
	return OK;
}

static Result dollar(Lexer *l, Buf *to)
{
	Str from = l->rest, value;
	if (++l->depth > LIMIT_DOCKERFILE_DEPTH)
		FAIL(ERR_LIMIT, "more than %u expansions within one another",
		     LIMIT_DOCKERFILE_DEPTH);
	next(l);
	if (at(l, '{')) {
		TRY(braced(l, from, to));
	} else {
		Str name = name_at(l);
		if (name.n == 0)
			buf_char(to, '$');
		else if (look_up(l, name, '\0', &value) == VAR_UNKNOWN)
			keep(l, from, to);
		else
			buf_add(to, value);
	}
	l->depth--;
	return OK;
}

/* ---- quotes ---- */

static Result single_quoted(Lexer *l, Buf *to)
{
	next(l);
	while (l->rest.n != 0 && !at(l, '\''))
		buf_char(to, next(l));
	if (l->rest.n == 0)
		FAIL(ERR_INPUT, "unexpected end of statement while looking for matching "
				"single-quote");
	next(l);
	return OK;
}

static Result double_quoted(Lexer *l, Buf *to)
{
	next(l);
	while (l->rest.n != 0 && !at(l, '"')) {
		if (at(l, '$')) {
			TRY(dollar(l, to));
			continue;
		}
		char c = next(l);
		if (c == l->x->escape) {
			if (l->raw)
				buf_char(to, c);
			if (l->rest.n == 0)
				break;
			if (at(l, '"') || at(l, '$') || at(l, l->x->escape))
				c = next(l);
		}
		buf_char(to, c);
	}
	if (l->rest.n == 0)
		FAIL(ERR_INPUT, "unexpected end of statement while looking for matching "
				"double-quote");
	next(l);
	return OK;
}

/* ---- all of it ---- */

static Result special(Lexer *l, char c, Buf *to, Words *words)
{
	size_t before = to->n;
	TRY(c == '$' ? dollar(l, to) : c == '\'' ? single_quoted(l, to) : double_quoted(l, to));
	Str added = {to->p != NULL ? to->p + before : NULL, to->n - before};
	to_word(words, l->a, added, c != '$');
	if (words != NULL && c != '$')
		words->in = true;
	return OK;
}

static void ordinary(Lexer *l, Buf *to, Words *words)
{
	char c = next(l);
	bool escaped = c == l->x->escape;
	if (escaped) {
		if (l->raw) {
			to_word(words, l->a, (Str){&c, 1}, true);
			buf_char(to, c);
		}
		if (l->rest.n == 0)
			return;
		c = next(l);
	}
	to_word(words, l->a, (Str){&c, 1}, escaped);
	buf_char(to, c);
}

static Result walk(Lexer *l, int stop, Buf *to, Words *words)
{
	while (l->rest.n != 0) {
		char c = l->rest.p[0];
		if (l->x->left == 0 || to->full)
			FAIL(ERR_LIMIT, "expands to more than %u bytes, or takes too long",
			     LIMIT_DOCKERFILE_EXPANDED);
		l->x->left--;
		if (stop == c) {
			next(l);
			return OK;
		}
		if (c == '$' || (!l->x->plain && (c == '\'' || c == '"')))
			TRY(special(l, c, to, words));
		else
			ordinary(l, to, words);
	}
	if (stop != NOTHING)
		FAIL(ERR_INPUT, "unexpected end of statement while looking for matching %c", stop);
	return OK;
}

static Result run_to(Lexer *l, int stop, bool raw, Buf *to, Words *words)
{
	bool before = l->raw;
	l->raw = raw;
	Err *e = walk(l, stop, to, words);
	l->raw = before;
	return e;
}

Result expand_word(Str word, Expander *x, Arena *a, Expanded *out)
{
	*out = (Expanded){0};
	Lexer l = {.rest = word, .x = x, .a = a, .out = out};
	Buf to = buf_in(a, LIMIT_DOCKERFILE_EXPANDED);
	Words words = {.now = buf_in(a, LIMIT_DOCKERFILE_EXPANDED), .to = &out->words};
	TRY(run_to(&l, NOTHING, false, &to, &words));
	end_word(&words, a);
	return buf_done(&to, "an expanded word", &out->text);
}
