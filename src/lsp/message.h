/* message.h - what an editor says: JSON-RPC 2.0, methods of LSP 3.17 that are understood here. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "lsp/place.h"

typedef enum LspMethod {
	LSP_UNKNOWN,
	LSP_RESPONSE, /* to a request of ours; we make none */
	LSP_INITIALIZE,
	LSP_INITIALIZED,
	LSP_SHUTDOWN,
	LSP_EXIT,
	LSP_OPEN,
	LSP_CHANGE,
	LSP_SAVE,
	LSP_CLOSE,
	LSP_HOVER,
	LSP_ACTIONS,
} LspMethod;

typedef struct LspMessage {
	LspMethod method;
	Str name;     /* of the method */
	Str id;       /* as JSON; empty: a notification, which gets no answer */
	Str uri;      /* of the document it is about; empty: of none */
	Str language; /* LSP_OPEN */
	Str text;     /* LSP_OPEN, LSP_CHANGE: all of it */
	bool has_text;
	int64_t version;
	LspRange range; /* LSP_HOVER, LSP_ACTIONS */
} LspMessage;

/* ERR_INPUT: not JSON, or not a message. A member that is missing is empty. Strings live in `a` or
 * in `body`. */
Result lsp_message(Str body, Arena *a, LspMessage *out);
/* The path of a file: URI, percent-decoded; empty: it is none. */
Str lsp_path(Str uri, Arena *a);
