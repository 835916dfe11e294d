/* answer.h - what an editor is told. Each writes one whole message, without its header. */
#pragma once
#include "base/buf.h"
#include "lsp/place.h"
#include "model/remark.h"

typedef enum LspError { /* JSON-RPC 2.0, and LSP 3.17 */
			LSP_ERROR_PARSE = -32700,
			LSP_ERROR_REQUEST = -32600,
			LSP_ERROR_METHOD = -32601,
			LSP_ERROR_EARLY = -32002, /* a request before "initialize" */
} LspError;

typedef struct LspDocument {
	Str uri;
	int64_t version;
	Places places;     /* of its text */
	RemarkVec remarks; /* of this document alone */
} LspDocument;

LspRange lsp_range_of(const LspDocument *d, const Remark *r);

void lsp_say_capabilities(Buf *to, Str id);
void lsp_say_null(Buf *to, Str id);
void lsp_say_error(Buf *to, Str id, LspError code, Str message);
/* `why`: it could not be judged; empty: the remarks count. */
void lsp_say_diagnostics(Buf *to, const LspDocument *d, Str why);
void lsp_say_hover(Buf *to, Str id, LspRange at, Str markdown);
/* Fixes and comments that accept, for remarks that touch the range; `all`: edits that mend all that
 * is safe, sorted and apart. */
void lsp_say_actions(Buf *to, Str id, const LspDocument *d, LspRange at, const Edit *all, size_t n);
