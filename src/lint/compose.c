/* compose.c - a Compose project against all rules about them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "lint/compose_rule.h"
#include "lint/limits.h"
#include "lint/private.h"

/* ---- saying ---- */

static void turn_to(LintSink *to, uint16_t file)
{
	const ComposeFile *f = to->compose->files.at[file];
	to->name = f->name;
	to->places = &f->document.places;
}

void compose_say(LintSink *to, const Node *at, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, fmt);
	int n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		die_oom();
	turn_to(to, at->file);
	lint_say(to, at->span, "%s", text);
	free(text);
}

void compose_lacks(LintSink *to, const NodeEntry *service)
{
	compose_say(to, service->key, "%s in " STR_FMT, to->rule->absent,
		    STR_ARG(service->key->text));
}

bool compose_known(LintSink *to, const Node *n)
{
	if (n == NULL || !(n->vars & VARS_UNSET))
		return true;
	for (size_t i = 0; i < to->unclear.n; i++)
		if (to->unclear.at[i].file == n->file && to->unclear.at[i].span.at == n->span.at)
			return false;
	if (to->unclear.n < LIMIT_LINT_REMARKS || to->unclear.at[to->unclear.n - 1].file != n->file)
		vec_push(to->a, &to->unclear, (NodeProblem){n->file, n->span, n->text});
	return false;
}

/* ---- asking ---- */

void compose_each(const Compose *c, LintSink *to,
		  void (*check)(const Compose *c, const NodeEntry *service, LintSink *to))
{
	for (size_t i = 0; c->services != NULL && i < c->services->n; i++)
		if (c->services->entries[i].value->type == NODE_MAP)
			check(c, &c->services->entries[i], to);
}

const Node *compose_security(const Node *service, Str name, Str *value)
{
	const Node *list = node_get(service, S("security_opt"));
	for (size_t i = 0; i < node_count(list); i++) {
		const Node *item = node_item(list, i);
		Str text = node_text(item);
		bool parted = text.n > name.n && strchr(":=", text.p[name.n]) != NULL;
		if (!str_starts(text, name) || (text.n != name.n && !parted))
			continue;
		*value = str_skip(text, name.n + 1);
		return item;
	}
	return NULL;
}

bool compose_has_capability(const Node *service, Str list, Str name)
{
	const Node *caps = node_get(service, list);
	for (size_t i = 0; i < node_count(caps); i++) {
		Str text = node_text(node_item(caps, i));
		if (text.n > 4 && str_eq_nocase(str_first(text, 4), S("CAP_")))
			text = str_skip(text, 4);
		if (str_eq_nocase(text, name))
			return true;
	}
	return false;
}

Str compose_written(const Compose *c, const Node *n)
{
	Str text = c->files.at[n->file]->document.places.text;
	return str_skip(str_first(text, n->span.end), n->span.at);
}

bool compose_editable(const Compose *c, const Node *n)
{
	return n->type == NODE_TEXT && !n->anchored && n->tag.n == 0 &&
	       !str_has(compose_written(c, n), '\n');
}

void compose_each_secret(const Compose *c, LintSink *to,
			 void (*tell)(const LintSecret *s, const Node *at, LintSink *to))
{
	const LintOptions *o = to->options;
	for (size_t i = 0; o->find_secrets != NULL && i < c->files.n; i++) {
		const ComposeFile *f = c->files.at[i];
		LintBeside found = {0};
		if (f->env)
			continue;
		o->find_secrets(o->find_secrets_ctx, f->name, f->document.places.text, c->a,
				&found);
		for (size_t k = 0; k < found.secrets.n; k++) {
			const LintSecret *s = &found.secrets.at[k];
			const Node at = {.file = f->document.file, .span = s->at};
			tell(s, &at, to);
		}
	}
}

/* ---- gathering ---- */

static bool goes_with(const Remark *first, const Remark *r)
{
	return str_eq(first->rule, r->rule) && str_eq(first->file, r->file);
}

/* "no memory limit in web" and "... in db" become "no memory limit in web, db". */
static void gather_one(Arena *a, RemarkVec *said, size_t first, const LintRule *rule)
{
	Buf b = buf_in(a, 1u << 16);
	size_t kept = first + 1, n = 1;
	buf_add(&b, said->at[first].message);
	for (size_t i = first + 1; i < said->n; i++) {
		const Remark *r = &said->at[i];
		if (!goes_with(&said->at[first], r)) {
			said->at[kept++] = *r;
			continue;
		}
		if (++n <= 8)
			buf_fmt(&b, ", " STR_FMT,
				STR_ARG(str_skip(r->message, strlen(rule->absent) + 4)));
	}
	if (n > 8)
		buf_fmt(&b, " and %zu more", n - 8);
	said->n = kept;
	said->at[first].message = buf_str(&b);
}

/* A line with a secret in it is not shown, whatever is said of it. */
static void hide_lines(RemarkVec *said)
{
	for (size_t k = 0; k < said->n; k++) {
		const Remark *secret = &said->at[k];
		bool hides = str_eq(secret->rule, S("C115")) || str_eq(secret->rule, S("C129"));
		for (size_t i = 0; hides && i < said->n; i++)
			if (said->at[i].line == secret->line &&
			    str_eq(said->at[i].file, secret->file))
				said->at[i].excerpt = (Str){NULL, 0};
	}
}

static void gather(Arena *a, RemarkVec *said)
{
	for (size_t i = 0; i < said->n; i++) {
		const LintRule *rule = lint_rule_named(said->at[i].rule);
		if (rule != NULL && rule->absent != NULL)
			gather_one(a, said, i, rule);
	}
}

/* ---- what was not judged ---- */

static uint32_t line_of(const Compose *c, const NodeProblem *p)
{
	uint32_t line, column;
	place_at(&c->files.at[p->file]->document.places, p->span.at, &line, &column);
	return line;
}

static void tell_unread(const Compose *c, Arena *a, RemarkReport *out)
{
	for (size_t i = 0; i < c->unread.n; i++) {
		const NodeProblem *p = &c->unread.at[i];
		Buf b = buf_in(a, 4096);
		buf_fmt(&b, STR_FMT ":%u", STR_ARG(c->files.at[p->file]->name), line_of(c, p));
		vec_push(a, &out->not_evaluated, (Unread){buf_str(&b), p->message});
	}
}

static bool is_said(const StrVec *names, Str name)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->at[i], name))
			return true;
	return false;
}

/* One line a file: which variables, and the first line of each. */
static void tell_unclear(const LintSink *sink, uint16_t file, RemarkReport *out)
{
	const Compose *c = sink->compose;
	Buf b = buf_in(sink->a, 4096);
	StrVec names = {0};
	bool some = false;
	for (size_t k = 0; k < sink->unclear.n; k++)
		some = some || sink->unclear.at[k].file == file;
	for (size_t i = 0; some && i < c->unset.n; i++) {
		const NodeProblem *u = &c->unset.at[i];
		bool met = false;
		for (size_t k = 0; u->file == file && k < sink->unclear.n && !met; k++)
			met = sink->unclear.at[k].file == file &&
			      sink->unclear.at[k].span.at == u->span.at;
		if (!met || is_said(&names, u->message))
			continue;
		vec_push(sink->a, &names, u->message);
		if (names.n <= 20)
			buf_fmt(&b, "%s" STR_FMT " (line %u)", names.n != 1 ? ", " : "",
				STR_ARG(str_first(u->message, 60)), line_of(c, u));
	}
	if (!some)
		return;
	Buf why = buf_in(sink->a, 8192);
	buf_add(&why, S("no value is known for "));
	buf_add(&why, names.n != 0 ? buf_str(&b) : S("some variables"));
	if (names.n > 20)
		buf_fmt(&why, " and %zu more", names.n - 20);
	vec_push(sink->a, &out->not_evaluated, (Unread){c->files.at[file]->name, buf_str(&why)});
}

Result lint_compose(const StrVec *names, const ComposeSource *from, const LintOptions *o, Arena *a,
		    RemarkReport *out)
{
	Compose c;
	LintSink sink = {.options = o, .a = a, .compose = &c};
	TRY(compose_read(names, from, a, &c));
	for (const LintRule *const *r = lint_rules; *r != NULL; r++) {
		sink_takes(&sink, *r);
		if (rule_is_asked(*r, o) && (*r)->check_compose != NULL)
			(*r)->check_compose(&c, &sink);
	}
	if (!o->no_pragmas)
		apply_compose_pragmas(&c, &sink, out);
	gather(a, &sink.said);
	hide_lines(&sink.said);
	for (size_t i = 0; i < sink.said.n; i++) {
		sink.said.at[i].above = sink.said.at[i].line;
		vec_push(a, &out->remarks, sink.said.at[i]);
	}
	tell_unread(&c, a, out);
	sink_tell_cut(&sink, names->at[0], out);
	for (size_t i = 0; i < c.files.n; i++) {
		if (!c.files.at[i]->env)
			vec_push(a, &out->files, c.files.at[i]->name);
		tell_unclear(&sink, (uint16_t)i, out);
	}
	return OK;
}
