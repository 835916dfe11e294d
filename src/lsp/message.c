/* message.c - JSON becomes a method and what it is about. */
#include "lsp/message.h"

#include "base/buf.h"
#include "io/json.h"

static const struct {
	const char *name;
	LspMethod method;
} methods[] = {
	{"initialize", LSP_INITIALIZE},     {"initialized", LSP_INITIALIZED},
	{"shutdown", LSP_SHUTDOWN},         {"exit", LSP_EXIT},
	{"textDocument/didOpen", LSP_OPEN}, {"textDocument/didChange", LSP_CHANGE},
	{"textDocument/didSave", LSP_SAVE}, {"textDocument/didClose", LSP_CLOSE},
	{"textDocument/hover", LSP_HOVER},  {"textDocument/codeAction", LSP_ACTIONS},
};

static LspMethod method_named(Str name)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (str_eq(name, str_of(methods[i].name)))
			return methods[i].method;
	return LSP_UNKNOWN;
}

static uint32_t number(const Value *object, Str key)
{
	uint64_t n = 0;
	if (!str_u64(value_str(object, key), &n) || n > INT32_MAX)
		return 0;
	return (uint32_t)n;
}

static LspPlace place(const Value *v)
{
	return (LspPlace){number(v, S("line")), number(v, S("character"))};
}

/* With the whole text once more in each change, the last one counts. */
static void read_changes(const Value *changes, LspMessage *m)
{
	const Value *last = changes != NULL && changes->n != 0 ? changes->items[changes->n - 1]
							       : NULL;
	const Value *text = value_get(last, S("text"));
	m->has_text = text != NULL && text->type == JSON_STRING &&
		      value_get(last, S("range")) == NULL;
	m->text = m->has_text ? text->text : S("");
}

static void read_params(const Value *params, LspMessage *m)
{
	const Value *document = value_get(params, S("textDocument"));
	const Value *range = value_get(params, S("range"));
	const Value *text = value_get(document, S("text"));
	m->uri = value_str(document, S("uri"));
	m->language = value_str(document, S("languageId"));
	m->version = number(document, S("version"));
	if (m->method == LSP_OPEN) {
		m->has_text = text != NULL && text->type == JSON_STRING;
		m->text = m->has_text ? text->text : S("");
	}
	if (m->method == LSP_CHANGE)
		read_changes(value_items(params, S("contentChanges")), m);
	m->range.from = m->range.to = place(value_get(params, S("position")));
	if (range != NULL)
		m->range = (LspRange){place(value_get(range, S("start"))),
				      place(value_get(range, S("end")))};
}

static Result read_id(const Value *id, Arena *a, Str *out)
{
	Buf b = buf_in(a, SIZE_MAX);
	if (id == NULL)
		return OK;
	if (id->type == JSON_NUMBER)
		*out = id->text;
	else if (id->type == JSON_NULL)
		*out = S("null");
	else if (id->type != JSON_STRING)
		FAIL(ERR_INPUT, "an id is a number or a text");
	if (id->type == JSON_STRING) {
		json_quote(&b, id->text);
		*out = buf_str(&b);
	}
	return OK;
}

Result lsp_message(Str body, Arena *a, LspMessage *out)
{
	Value *v = NULL;
	LspMessage m = {0};
	TRY(value_from_json(body, a, &v));
	if (v->type != JSON_OBJECT)
		FAIL(ERR_INPUT, "a message is an object");
	const Value *method = value_get(v, S("method"));
	TRY(read_id(value_get(v, S("id")), a, &m.id));
	if (method == NULL) {
		m.method = LSP_RESPONSE;
	} else {
		if (method->type != JSON_STRING)
			FAIL(ERR_INPUT, "a method is a text");
		m.name = method->text;
		m.method = method_named(m.name);
		read_params(value_get(v, S("params")), &m);
	}
	*out = m;
	return OK;
}

Str lsp_path(Str uri, Arena *a)
{
	Buf b = buf_in(a, SIZE_MAX);
	if (!str_starts(uri, S("file:///")))
		return S("");
	for (Str s = str_skip(uri, 7); s.n != 0; s = str_skip(s, 1)) {
		int high = s.p[0] == '%' && s.n > 2 ? hex_digit(s.p[1]) : -1;
		int low = high >= 0 ? hex_digit(s.p[2]) : -1;
		if (high == 0 && low == 0)
			return S(""); /* no path has a NUL */
		buf_char(&b, low >= 0 ? (char)(high * 16 + low) : s.p[0]);
		s = str_skip(s, low >= 0 ? 2 : 0);
	}
	return buf_str(&b);
}
