/* answer.c - diagnostics, hovers and quick fixes as JSON-RPC. */
#include "lsp/answer.h"

#include "io/json_out.h"

static JsonOut start(Buf *to)
{
	JsonOut o = {.b = to};
	json_open(&o, NULL, '{');
	json_word(&o, "jsonrpc", "2.0");
	return o;
}

/* The id is JSON already. */
static JsonOut answer(Buf *to, Str id)
{
	JsonOut o = start(to);
	buf_add(to, S(",\"id\":"));
	buf_add(to, id.n != 0 ? id : S("null"));
	return o;
}

void lsp_say_capabilities(Buf *to, Str id)
{
	JsonOut o = answer(to, id);
	json_open(&o, "result", '{');
	json_open(&o, "capabilities", '{');
	json_word(&o, "positionEncoding", "utf-16");
	json_open(&o, "textDocumentSync", '{');
	json_truth(&o, "openClose", true);
	json_uint(&o, "change", 1); /* the whole text each time */
	json_truth(&o, "save", true);
	json_close(&o, '}');
	json_truth(&o, "hoverProvider", true);
	json_open(&o, "codeActionProvider", '{');
	json_open(&o, "codeActionKinds", '[');
	json_word(&o, NULL, "quickfix");
	json_word(&o, NULL, "source.fixAll");
	json_close(&o, ']');
	json_close(&o, '}');
	json_close(&o, '}');
	json_open(&o, "serverInfo", '{');
	json_word(&o, "name", "bulwark");
	json_word(&o, "version", BULWARK_VERSION);
	json_close(&o, '}');
	json_close(&o, '}');
	json_close(&o, '}');
}

void lsp_say_null(Buf *to, Str id)
{
	JsonOut o = answer(to, id);
	buf_add(to, S(",\"result\":null"));
	json_close(&o, '}');
}

void lsp_say_error(Buf *to, Str id, LspError code, Str message)
{
	JsonOut o = answer(to, id);
	json_open(&o, "error", '{');
	buf_fmt(to, "\"code\":%d", code);
	o.comma = true;
	json_text(&o, "message", message);
	json_close(&o, '}');
	json_close(&o, '}');
}

/* ---- places ---- */

static void place(JsonOut *o, const char *key, LspPlace p)
{
	json_open(o, key, '{');
	json_uint(o, "line", p.line);
	json_uint(o, "character", p.unit);
	json_close(o, '}');
}

static void range(JsonOut *o, LspRange r)
{
	json_open(o, "range", '{');
	place(o, "start", r.from);
	place(o, "end", r.to);
	json_close(o, '}');
}

LspRange lsp_range_of(const LspDocument *d, const Remark *r)
{
	LspPlace from = lsp_place_of(&d->places, r->line, r->column);
	LspPlace to = lsp_place_of(&d->places, r->end_line, r->end_column);
	return (LspRange){from, lsp_before(to, from) ? from : to};
}

/* ---- diagnostics ---- */

/* 1 error, 2 warning, 3 information, 4 hint */
static uint64_t severity(Level l) { return (uint64_t)(LEVEL_ERROR - l) + 1; }

static void diagnostic(JsonOut *o, const LspDocument *d, const Remark *r)
{
	json_line(o);
	json_open(o, NULL, '{');
	range(o, lsp_range_of(d, r));
	json_uint(o, "severity", severity(r->level));
	json_text(o, "code", r->rule);
	json_word(o, "source", "bulwark");
	json_text(o, "message", r->message);
	json_close(o, '}');
}

static void not_judged(JsonOut *o, Str why)
{
	Arena a = {0};
	Buf text = buf_in(&a, SIZE_MAX);
	buf_add(&text, S("not evaluated: "));
	buf_add(&text, why);
	json_open(o, NULL, '{');
	range(o, (LspRange){{0, 0}, {0, 1}});
	json_uint(o, "severity", 1);
	json_word(o, "source", "bulwark");
	json_text(o, "message", buf_str(&text));
	json_close(o, '}');
	arena_finish(&a);
}

void lsp_say_diagnostics(Buf *to, const LspDocument *d, Str why)
{
	JsonOut o = start(to);
	json_word(&o, "method", "textDocument/publishDiagnostics");
	json_open(&o, "params", '{');
	json_text(&o, "uri", d->uri);
	json_uint(&o, "version", (uint64_t)d->version);
	json_open(&o, "diagnostics", '[');
	if (why.n != 0)
		not_judged(&o, why);
	for (size_t i = 0; i < d->remarks.n && why.n == 0; i++)
		diagnostic(&o, d, &d->remarks.at[i]);
	json_close(&o, ']');
	json_close(&o, '}');
	json_close(&o, '}');
}

void lsp_say_hover(Buf *to, Str id, LspRange at, Str markdown)
{
	JsonOut o = answer(to, id);
	json_open(&o, "result", '{');
	json_open(&o, "contents", '{');
	json_word(&o, "kind", "markdown");
	json_text(&o, "value", markdown);
	json_close(&o, '}');
	range(&o, at);
	json_close(&o, '}');
	json_close(&o, '}');
}

/* ---- actions ---- */

static void edits(JsonOut *o, const LspDocument *d, const Edit *e, size_t n)
{
	json_open(o, "edit", '{');
	json_open(o, "changes", '{');
	Arena a = {0};
	json_open(o, arena_cstr(&a, d->uri), '[');
	for (size_t i = 0; i < n; i++) {
		json_open(o, NULL, '{');
		range(o,
		      (LspRange){lsp_place(&d->places, e[i].at), lsp_place(&d->places, e[i].end)});
		json_text(o, "newText", e[i].text);
		json_close(o, '}');
	}
	json_close(o, ']');
	json_close(o, '}');
	json_close(o, '}');
	arena_finish(&a);
}

static void action_open(JsonOut *o, const LspDocument *d, const Remark *r, Str title)
{
	json_line(o);
	json_open(o, NULL, '{');
	json_text(o, "title", title);
	json_word(o, "kind", "quickfix");
	json_open(o, "diagnostics", '[');
	diagnostic(o, d, r);
	json_close(o, ']');
}

static void fix(JsonOut *o, const LspDocument *d, const Remark *r, Arena *a)
{
	Buf title = buf_in(a, SIZE_MAX);
	if (r->fix.n == 0)
		return;
	buf_fmt(&title, STR_FMT ": " STR_FMT "%s", STR_ARG(r->rule),
		STR_ARG(r->help.n != 0 ? r->help : r->message),
		r->fix_is_safe ? "" : " (the image may behave differently)");
	action_open(o, d, r, buf_str(&title));
	if (r->fix_is_safe)
		json_truth(o, "isPreferred", true);
	edits(o, d, r->fix.at, r->fix.n);
	json_close(o, '}');
}

/* The blanks that the line begins with: in YAML a comment stands among its neighbours. */
static Str indent_of(Str line)
{
	size_t n = 0;
	while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
		n++;
	return str_first(line, n);
}

static void ignore(JsonOut *o, const LspDocument *d, const Remark *r, Arena *a)
{
	Str line = place_line(&d->places, r->above);
	Buf title = buf_in(a, SIZE_MAX), comment = buf_in(a, SIZE_MAX);
	if (r->above == 0 || line.p == NULL)
		return;
	uint32_t at = (uint32_t)(line.p - d->places.text.p);
	buf_fmt(&title, "Accept " STR_FMT " here, with a reason", STR_ARG(r->rule));
	uint32_t end = at + (uint32_t)line.n;
	bool crlf = end < d->places.text.n && d->places.text.p[end] == '\r';
	buf_fmt(&comment, STR_FMT "# bulwark:ignore " STR_FMT " -- reason%s\n",
		STR_ARG(indent_of(line)), STR_ARG(r->rule), crlf ? "\r" : "");
	action_open(o, d, r, buf_str(&title));
	edits(o, d, &(Edit){at, at, buf_str(&comment)}, 1);
	json_close(o, '}');
}

void lsp_say_actions(Buf *to, Str id, const LspDocument *d, LspRange at, const Edit *all, size_t n)
{
	Arena a = {0};
	JsonOut o = answer(to, id);
	json_open(&o, "result", '[');
	for (size_t i = 0; i < d->remarks.n; i++) {
		const Remark *r = &d->remarks.at[i];
		if (!lsp_meets(lsp_range_of(d, r), at))
			continue;
		fix(&o, d, r, &a);
		ignore(&o, d, r, &a);
	}
	if (n != 0) {
		json_line(&o);
		json_open(&o, NULL, '{');
		json_word(&o, "title", "Mend all that can be mended safely");
		json_word(&o, "kind", "source.fixAll");
		edits(&o, d, all, n);
		json_close(&o, '}');
	}
	json_close(&o, ']');
	json_close(&o, '}');
	arena_finish(&a);
}
