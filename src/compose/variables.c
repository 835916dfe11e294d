/* variables.c - env files, and the $variables of a Compose file.
 *
 *     $NAME  ${NAME}  ${NAME:-default}  ${NAME-default}  ${NAME:?why}  ${NAME?why}
 *     ${NAME:+other}  ${NAME+other}  $$
 *
 * Defaults nest. A dollar before anything else stands for itself; "${" before it is a mistake. */
#include "base/buf.h"
#include "compose/limits.h"
#include "compose/private.h"

static bool is_letter(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

static Str take_name(Str *s)
{
	size_t n = 0;
	while (n < s->n && (n == 0 ? is_letter(s->p[n]) : is_name_char(s->p[n])))
		n++;
	Str name = str_first(*s, n);
	*s = str_skip(*s, n);
	return name;
}

static const Node *lookup(const Variables *v, Str name)
{
	const Node *found = v != NULL ? lookup(v->outer, name) : NULL;
	return found != NULL || v == NULL ? found : map_get(&v->values, name);
}

void set_variable(Variables *v, Arena *a, const Node *key, const Node *value)
{
	*map_at(&v->values, a, key->text) = (void *)(uintptr_t)value;
}

/* ---- env files ---- */

typedef struct EnvReading {
	Str text, rest;
	uint16_t file;
	Arena *a;
	NodeProblems *problems;
} EnvReading;

static void skip_space(EnvReading *r, bool lines)
{
	while (r->rest.n != 0 && (r->rest.p[0] == ' ' || r->rest.p[0] == '\t' ||
				  r->rest.p[0] == '\r' || (lines && r->rest.p[0] == '\n')))
		r->rest = str_skip(r->rest, 1);
}

static Str take_quoted(EnvReading *r)
{
	Buf b = buf_in(r->a, LIMIT_COMPOSE_VALUE_BYTES);
	char quote = r->rest.p[0];
	size_t i = 1;
	for (; i < r->rest.n && r->rest.p[i] != quote; i++) {
		bool escaped = r->rest.p[i] == '\\' && i + 1 < r->rest.n;
		if (escaped && quote == '"' && r->rest.p[i + 1] == 'n') {
			buf_char(&b, '\n');
			i++;
		} else if (escaped && (r->rest.p[i + 1] == quote || quote == '"')) {
			buf_char(&b, r->rest.p[++i]);
		} else {
			buf_char(&b, r->rest.p[i]);
		}
	}
	r->rest = str_skip(r->rest, i + 1);
	return buf_str(&b);
}

static Str take_plain(EnvReading *r)
{
	Str line, rest = r->rest;
	size_t comment;
	if (!str_cut(&rest, '\n', &line))
		line = (Str){NULL, 0};
	r->rest = rest;
	if (str_find(line, S(" #"), &comment))
		line = str_first(line, comment);
	return str_trim(line);
}

static Str take_key(EnvReading *r)
{
	size_t n = 0;
	if (str_starts(r->rest, S("export ")))
		r->rest = str_skip(r->rest, 7);
	skip_space(r, false);
	while (n < r->rest.n && (is_name_char(r->rest.p[n]) || r->rest.p[n] == '.' ||
				 r->rest.p[n] == '-' || r->rest.p[n] == '[' || r->rest.p[n] == ']'))
		n++;
	Str key = str_first(r->rest, n);
	r->rest = str_skip(r->rest, n);
	skip_space(r, false);
	return key;
}

static Str expand_env_value(EnvReading *r, const Variables *so_far, Str value)
{
	size_t budget = LIMIT_COMPOSE_VALUE_BYTES;
	NodeProblems ignored = {0};
	Expansion x = {r->a, so_far, &ignored, &ignored, &budget};
	Node n = {.type = NODE_TEXT, .text = value};
	const Node *out = &n;
	Err *e = expand_node(&x, &n, &out);
	bool failed = e != OK;
	err_free(e);
	return failed ? value : out->text;
}

static Node *env_node(EnvReading *r, Str text, uint32_t at, const char *end)
{
	Node *n = arena_new(r->a, Node);
	uint32_t to = (uint32_t)(end - r->text.p);
	*n = (Node){.type = NODE_TEXT, .file = r->file, .text = text, .weight = 1};
	n->span = (Span){at, to > at ? to : at};
	return n;
}

static void take_line(EnvReading *r, NodeEntries *pairs, Variables *out)
{
	uint32_t at = (uint32_t)(r->rest.p - r->text.p);
	Str key = take_key(r), line;
	char mark = r->rest.n != 0 ? r->rest.p[0] : '\n';
	if (key.n == 0 || (mark != '=' && mark != ':' && mark != '\n')) {
		str_cut(&r->rest, '\n', &line);
		node_problem(r->problems, r->a, r->file,
			     (Span){at, (uint32_t)(line.p + line.n - r->text.p)},
			     "no NAME=value line, so that Compose refuses this env file");
		return;
	}
	if (mark == '\n') /* a name alone: of the process's environment */
		return;
	r->rest = str_skip(r->rest, 1);
	skip_space(r, false);
	char first = r->rest.n != 0 ? r->rest.p[0] : '\n';
	uint32_t from = (uint32_t)(r->rest.p - r->text.p);
	bool quoted = first == '"' || first == '\'';
	Str value = quoted ? take_quoted(r) : take_plain(r);
	const char *end = quoted ? r->rest.p : value.p + value.n;
	if (first != '\'')
		value = expand_env_value(r, out, value);
	Node *name = env_node(r, key, at, key.p + key.n);
	Node *node = env_node(r, value, from, value.n != 0 ? end : r->text.p + from);
	vec_push(r->a, pairs, (NodeEntry){name, node});
	set_variable(out, r->a, name, node);
}

void env_read(Str text, uint16_t file, Arena *a, NodeProblems *problems, NodeEntries *pairs,
	      Variables *out)
{
	EnvReading r = {.text = text, .rest = text, .file = file, .a = a, .problems = problems};
	if (str_starts(text, S("\xef\xbb\xbf")))
		r.rest = str_skip(text, 3);
	for (skip_space(&r, true); r.rest.n != 0; skip_space(&r, true)) {
		Str line;
		if (r.rest.p[0] == '#')
			str_cut(&r.rest, '\n', &line);
		else
			take_line(&r, pairs, out);
	}
}

/* ---- $variables ---- */

typedef struct Expanding {
	Expansion *x;
	const Node *of;
	Buf to;
	uint8_t vars;
	unsigned depth;
	bool wrong;
} Expanding;

static void expand_text(Expanding *e, Str s);

/* What stands between "${" and its "}", which it also takes. */
static bool take_braced(Str *s, Str *out)
{
	unsigned open = 1;
	for (size_t i = 0; i < s->n; i++) {
		if (s->p[i] == '{')
			open++;
		if (s->p[i] == '}' && --open == 0) {
			*out = str_first(*s, i);
			*s = str_skip(*s, i + 1);
			return true;
		}
	}
	return false;
}

static void no_value(Expanding *e, Str name, Str written)
{
	e->vars |= VARS_UNSET;
	buf_add(&e->to, written);
	node_problem(e->x->unset, e->x->a, e->of->file, e->of->span, STR_FMT, STR_ARG(name));
}

static void put_value(Expanding *e, const Node *value)
{
	e->vars |= VARS_ENV;
	buf_add(&e->to, value->text);
}

static void put_braced(Expanding *e, Str inside, Str written)
{
	Str rest = inside, name = take_name(&rest);
	const Node *value = lookup(e->x->variables, name);
	bool colon = rest.n != 0 && rest.p[0] == ':';
	char how = rest.n > colon ? rest.p[colon] : '\0';
	bool has = value != NULL && (!colon || value->text.n != 0);
	Str word = str_skip(rest, (size_t)colon + 1);
	if (name.n == 0 || (rest.n != 0 && (how == '\0' || strchr("-?+", how) == NULL))) {
		e->wrong = true;
		buf_add(&e->to, written);
	} else if (how == '+') {
		e->vars |= VARS_DEFAULT;
		if (has)
			expand_text(e, word);
	} else if (has) {
		put_value(e, value);
	} else if (how == '-') {
		e->vars |= VARS_DEFAULT;
		expand_text(e, word);
	} else {
		no_value(e, name, written);
	}
}

static void put_variable(Expanding *e, Str *s)
{
	Str from = *s, inside, name;
	*s = str_skip(*s, 1);
	if (str_starts(*s, S("$"))) {
		*s = str_skip(*s, 1);
		buf_char(&e->to, '$');
		return;
	}
	if (str_starts(*s, S("{"))) {
		*s = str_skip(*s, 1);
		if (take_braced(s, &inside)) {
			put_braced(e, inside, str_first(from, inside.n + 3));
			return;
		}
		e->wrong = true;
		buf_add(&e->to, S("${"));
		return;
	}
	name = take_name(s);
	const Node *value = lookup(e->x->variables, name);
	if (name.n == 0)
		buf_char(&e->to, '$');
	else if (value != NULL)
		put_value(e, value);
	else
		no_value(e, name, str_first(from, name.n + 1));
}

static void expand_text(Expanding *e, Str s)
{
	if (++e->depth > LIMIT_COMPOSE_NESTING) {
		e->wrong = true;
		buf_add(&e->to, s);
		e->depth--;
		return;
	}
	while (s.n != 0) {
		const char *dollar = memchr(s.p, '$', s.n);
		size_t n = dollar != NULL ? (size_t)(dollar - s.p) : s.n;
		buf_add(&e->to, str_first(s, n));
		s = str_skip(s, n);
		if (s.n != 0 && dollar != NULL)
			put_variable(e, &s);
	}
	e->depth--;
}

static Result expand_scalar(Expansion *x, const Node *n, const Node **out)
{
	if (!str_has(n->text, '$')) {
		*out = n;
		return OK;
	}
	Expanding e = {.x = x, .of = n, .to = buf_in(x->a, LIMIT_COMPOSE_VALUE_BYTES)};
	Str text;
	expand_text(&e, n->text);
	TRY(buf_done(&e.to, "a value with its variables", &text));
	if (text.n > *x->budget)
		FAIL(ERR_LIMIT, "variables make more than %u bytes of it",
		     LIMIT_COMPOSE_EXPANDED_BYTES);
	*x->budget -= text.n;
	if (e.wrong)
		node_problem(x->problems, x->a, n->file, n->span,
			     "'" STR_FMT "' is no variable Compose knows; a dollar is '$$'",
			     STR_ARG(str_first(n->text, 60)));
	Node *made = arena_new(x->a, Node);
	*made = *n;
	made->text = text;
	made->vars = e.vars;
	made->plain = false; /* what comes of variables is text, even where there is none */
	*out = made;
	return OK;
}

Result expand_node(Expansion *x, const Node *n, const Node **out)
{
	if (n->type == NODE_TEXT)
		return expand_scalar(x, n, out);
	Node *made = arena_new(x->a, Node);
	*made = *n;
	if (n->type == NODE_LIST)
		made->items = arena_array(x->a, const Node *, n->n + 1);
	else
		made->entries = arena_array(x->a, NodeEntry, n->n + 1);
	for (size_t i = 0; i < n->n; i++) {
		if (n->type == NODE_LIST) {
			TRY(expand_node(x, n->items[i], &made->items[i]));
		} else {
			made->entries[i].key = n->entries[i].key;
			TRY(expand_node(x, n->entries[i].value, &made->entries[i].value));
		}
	}
	*out = made;
	return OK;
}
