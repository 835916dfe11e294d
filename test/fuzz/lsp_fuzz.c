/* lsp_fuzz.c - any bytes are a header and a message or an error; positions of any text go there and
 * back; what is answered is JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "io/json.h"
#include "lsp/answer.h"
#include "lsp/frame.h"
#include "lsp/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_json(Buf *b, Arena *a)
{
	Value *v;
	if (value_from_json(buf_str(b), a, &v) != OK)
		abort();
	b->n = 0;
}

static void places(Str text, Arena *a)
{
	Places p = places_of(text, a);
	for (uint32_t at = 0; at <= text.n; at++)
		if (lsp_byte(&p, lsp_place(&p, at)) > text.n)
			abort();
}

static void answers(const LspMessage *m, Arena *a)
{
	Buf b = buf_in(a, 64u << 20);
	LspDocument d = {.uri = m->uri, .places = places_of(m->text, a), .version = m->version};
	uint32_t end = (uint32_t)m->text.n;
	Remark r = {.rule = m->name,
		    .line = m->range.from.line,
		    .column = m->range.from.unit,
		    .end_line = m->range.to.line,
		    .end_column = m->range.to.unit,
		    .above = m->range.to.line,
		    .level = LEVEL_ERROR,
		    .confidence = CONFIDENCE_HIGH,
		    .message = m->text,
		    .help = m->uri};
	vec_push(a, &r.fix, (Edit){end / 2, end, m->text});
	vec_push(a, &d.remarks, r);
	lsp_say_diagnostics(&b, &d, m->id);
	is_json(&b, a);
	lsp_say_diagnostics(&b, &d, S(""));
	is_json(&b, a);
	lsp_say_actions(&b, m->id, &d, lsp_range_of(&d, &d.remarks.at[0]), r.fix.at, 1);
	is_json(&b, a);
	lsp_say_error(&b, m->id, LSP_ERROR_METHOD, m->name);
	is_json(&b, a);
	lsp_say_hover(&b, m->id, m->range, m->text);
	is_json(&b, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Str all = {(const char *)data, size};
	LspMessage m = {0};
	size_t length;
	if (size > 1u << 16)
		return 0;
	err_free(frame_length(all, &length));
	if (size < 512)
		places(all, &a);
	(void)lsp_path(all, &a);
	Err *e = lsp_message(all, &a, &m);
	if (e == OK)
		answers(&m, &a);
	err_free(e);
	arena_finish(&a);
	return 0;
}
