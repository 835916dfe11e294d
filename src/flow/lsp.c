/* lsp.c - messages in, diagnostics out; each judgement in a worker of its own. */
#include "flow/lsp.h"

#include <stdlib.h>

#include "base/limits.h"
#include "dockerfile/limits.h"
#include "flow/lint_compose.h"
#include "lint/mend.h"
#include "lsp/answer.h"
#include "lsp/frame.h"
#include "lsp/limits.h"
#include "lsp/message.h"

typedef struct Open { /* a document */
	Arena a;      /* its text, and what was said of it */
	LspDocument d;
	Str path, language;
	bool judged, told; /* the editor has what was said */
	Str unjudged;      /* why it could not be; empty: it was */
	struct Open *next;
} Open;

typedef struct Server {
	const LspService *s;
	FrameReader in;
	Open *documents;
	size_t count, bytes;
	bool initialized, shut, done;
} Server;

static Result send(const Server *v, const Buf *b)
{
	Str body;
	TRY(buf_done(b, "a message", &body));
	return frame_write(v->s->out, body);
}

/* ---- documents ---- */

static Open *document_of(const Server *v, Str uri)
{
	for (Open *o = v->documents; o != NULL; o = o->next)
		if (str_eq(o->d.uri, uri))
			return o;
	return NULL;
}

static void forget(Server *v, Str uri)
{
	for (Open **at = &v->documents; *at != NULL; at = &(*at)->next) {
		Open *o = *at;
		if (!str_eq(o->d.uri, uri))
			continue;
		*at = o->next;
		v->count--;
		v->bytes -= o->d.places.text.n;
		arena_finish(&o->a);
		free(o);
		return;
	}
}

/* The document anew; what is passed may be of the old one. */
static void remember(Server *v, Str uri, Str language, Str text, int64_t version)
{
	Open *o = calloc(1, sizeof *o);
	if (o == NULL)
		die_oom();
	o->d.uri = arena_str(&o->a, uri);
	o->language = arena_str(&o->a, language);
	o->path = lsp_path(o->d.uri, &o->a);
	o->d.version = version;
	o->d.places = places_of(arena_str(&o->a, text), &o->a);
	forget(v, o->d.uri);
	v->count++;
	v->bytes += o->d.places.text.n;
	if (v->count > LIMIT_LSP_DOCUMENTS || v->bytes > LIMIT_LSP_TEXT_BYTES) {
		o->judged = true;
		o->unjudged = S("too many documents are open; close some");
	} else if (o->d.places.text.n > LIMIT_DOCKERFILE_BYTES) {
		o->judged = true;
		o->unjudged = S("larger than 4 MiB");
	}
	o->next = v->documents;
	v->documents = o;
}

/* ---- judging ---- */

static bool is_compose(const Open *o)
{
	return str_eq(o->language, S("dockercompose")) || lint_is_compose(o->path);
}

/* A document that is neither is opened too, by editors that send all they have. */
static bool is_ours(const Open *o)
{
	return is_compose(o) || str_eq(o->language, S("dockerfile")) ||
	       lint_is_dockerfile(str_base(o->path));
}

static Result judge_text(const Server *v, Open *o)
{
	RemarkReport r = {0};
	LintText t = {.name = o->path.n != 0 ? o->path : o->d.uri,
		      .text = o->d.places.text,
		      .compose = is_compose(o)};
	TRY(v->s->options_of(v->s->ctx, o->path, &t.options));
	TRY(lint_text(&t, v->s->allow_unsandboxed, &o->a, &r));
	for (size_t i = 0; i < r.remarks.n; i++)
		if (str_eq(r.remarks.at[i].file, t.name))
			vec_push(&o->a, &o->d.remarks, r.remarks.at[i]);
	for (size_t i = 0; i < r.not_evaluated.n; i++)
		if (str_eq(r.not_evaluated.at[i].what, t.name))
			o->unjudged = r.not_evaluated.at[i].why;
	return OK;
}

static void judge(const Server *v, Open *o)
{
	if (o->judged || !is_ours(o))
		return;
	Err *e = judge_text(v, o);
	if (e != OK)
		o->unjudged = arena_str(&o->a, str_of(e->text));
	err_free(e);
	o->judged = true;
}

static Result publish(const Server *v, const Open *o)
{
	Arena a = {0};
	Buf b = buf_in(&a, LIMIT_REPORT_BYTES);
	lsp_say_diagnostics(&b, &o->d, o->unjudged);
	Err *e = send(v, &b);
	arena_finish(&a);
	return e;
}

/* Only when the editor waits: of ten letters typed at once the last counts. */
static Result judge_changed(const Server *v)
{
	for (Open *o = v->documents; o != NULL && !v->shut; o = o->next) {
		if (o->told || !is_ours(o))
			continue;
		judge(v, o);
		o->told = true;
		TRY(publish(v, o));
	}
	return OK;
}

/* ---- answers ---- */

/* Innermost first: the shortest range that has the place. */
static const Remark *remark_at(const Open *o, LspRange at)
{
	const Remark *best = NULL;
	for (size_t i = 0; i < o->d.remarks.n; i++) {
		const Remark *r = &o->d.remarks.at[i];
		LspRange of = lsp_range_of(&o->d, r);
		if (lsp_meets(of, at) &&
		    (best == NULL || lsp_before(lsp_range_of(&o->d, best).from, of.from)))
			best = r;
	}
	return best;
}

static void explain(Buf *b, const LintRule *r)
{
	const char *language = r->check_compose != NULL ? "yaml" : "dockerfile";
	buf_fmt(b, "**%s %s** (%s)\n\n%s\n\nTo do: %s.\n", r->id, r->name, level_name(r->level),
		r->why, r->help);
	if (r->bad != NULL && r->bad[0] != NULL)
		buf_fmt(b, "\nFound in:\n\n~~~%s\n%s\n~~~\n", language, r->bad[0]);
	if (r->good != NULL && r->good[0] != NULL)
		buf_fmt(b, "\nNot found in:\n\n~~~%s\n%s\n~~~\n", language, r->good[0]);
}

static void hover(Buf *to, const LspMessage *m, const Open *o, Arena *a)
{
	const Remark *r = o != NULL ? remark_at(o, m->range) : NULL;
	const LintRule *rule = r != NULL ? lint_rule_named(r->rule) : NULL;
	Buf text = buf_in(a, LIMIT_REPORT_BYTES);
	if (rule == NULL) {
		lsp_say_null(to, m->id);
		return;
	}
	explain(&text, rule);
	lsp_say_hover(to, m->id, lsp_range_of(&o->d, r), buf_str(&text));
}

static void actions(Buf *to, const LspMessage *m, const Open *o, Arena *a)
{
	Mended all = {0};
	if (o == NULL) {
		lsp_say_null(to, m->id);
		return;
	}
	Str name = o->path.n != 0 ? o->path : o->d.uri;
	lint_mend(&o->d.remarks, name, o->d.places.text, false, a, &all);
	lsp_say_actions(to, m->id, &o->d, m->range, all.edits.at, all.edits.n);
}

static Result answer(Server *v, const LspMessage *m)
{
	Arena a = {0};
	Buf b = buf_in(&a, LIMIT_REPORT_BYTES);
	Open *o = document_of(v, m->uri);
	if (o != NULL)
		judge(v, o);
	if (!v->initialized && m->method != LSP_INITIALIZE)
		lsp_say_error(&b, m->id, LSP_ERROR_EARLY, S("\"initialize\" comes first"));
	else if (v->shut)
		lsp_say_error(&b, m->id, LSP_ERROR_REQUEST, S("it was shut down"));
	else if (m->method == LSP_INITIALIZE)
		lsp_say_capabilities(&b, m->id);
	else if (m->method == LSP_SHUTDOWN)
		lsp_say_null(&b, m->id);
	else if (m->method == LSP_HOVER)
		hover(&b, m, o, &a);
	else if (m->method == LSP_ACTIONS)
		actions(&b, m, o, &a);
	else
		lsp_say_error(&b, m->id, LSP_ERROR_METHOD, m->name);
	v->initialized = v->initialized || m->method == LSP_INITIALIZE;
	v->shut = v->shut || (v->initialized && m->method == LSP_SHUTDOWN);
	Err *e = send(v, &b);
	arena_finish(&a);
	return e;
}

/* ---- what only happens ---- */

static void changed(Server *v, const LspMessage *m)
{
	const Open *before = document_of(v, m->uri);
	if (before == NULL)
		return;
	if (m->has_text) {
		remember(v, m->uri, before->language, m->text, m->version);
		return;
	}
	/* What the text is now is not known: findings about the old one would be wrong. */
	remember(v, m->uri, before->language, S(""), m->version);
	v->documents->judged = true;
	v->documents->unjudged = S("the editor sent a part of the text, not all of it");
}

/* Settings may have been saved; and nothing is left of a document that was closed. */
static Result saved(Server *v, const LspMessage *m)
{
	Open *o = document_of(v, m->uri);
	if (o == NULL || !is_ours(o))
		return OK;
	remember(v, o->d.uri, o->language, o->d.places.text, o->d.version);
	return OK;
}

static Result closed(Server *v, const LspMessage *m)
{
	Open nothing = {.d = {.uri = m->uri}};
	const Open *o = document_of(v, m->uri);
	if (o == NULL)
		return OK;
	nothing.d.version = o->d.version;
	Err *e = is_ours(o) ? publish(v, &nothing) : OK;
	forget(v, m->uri);
	return e;
}

static Result notice(Server *v, const LspMessage *m)
{
	if (m->method == LSP_EXIT)
		v->done = true;
	if (!v->initialized || v->shut || m->uri.n == 0)
		return OK;
	switch (m->method) {
	case LSP_OPEN:
		if (m->has_text)
			remember(v, m->uri, m->language, m->text, m->version);
		return OK;
	case LSP_CHANGE: changed(v, m); return OK;
	case LSP_SAVE: return saved(v, m);
	case LSP_CLOSE: return closed(v, m);
	case LSP_UNKNOWN:
	case LSP_RESPONSE:
	case LSP_INITIALIZE:
	case LSP_INITIALIZED:
	case LSP_SHUTDOWN:
	case LSP_EXIT:
	case LSP_HOVER:
	case LSP_ACTIONS: return OK;
	}
	return OK;
}

static Result take(Server *v, Str body, Arena *a)
{
	LspMessage m = {0};
	Err *e = lsp_message(body, a, &m);
	if (e != OK) {
		Buf b = buf_in(a, LIMIT_REPORT_BYTES);
		lsp_say_error(&b, S(""), LSP_ERROR_PARSE, str_of(e->text));
		err_free(e);
		return send(v, &b);
	}
	if (m.method == LSP_RESPONSE)
		return OK;
	return m.id.n != 0 ? answer(v, &m) : notice(v, &m);
}

static Result serve(Server *v)
{
	while (!v->done) {
		Arena a = {0};
		Str body;
		bool end = false;
		if (!frame_waits(&v->in))
			TRY(judge_changed(v));
		Err *e = frame_read(&v->in, &a, &body, &end);
		if (e == OK && !end)
			e = take(v, body, &a);
		v->done = v->done || end;
		arena_finish(&a);
		TRY(e);
	}
	return OK;
}

Result lsp_serve(const LspService *s, bool *clean)
{
	Server v = {.s = s, .in = {.fd = s->in}};
	Err *e = serve(&v);
	*clean = v.shut;
	while (v.documents != NULL)
		forget(&v, v.documents->d.uri);
	frame_finish(&v.in);
	return e;
}
