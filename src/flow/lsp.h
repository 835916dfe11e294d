/* lsp.h - the language server: an editor's documents are judged while they are written. */
#pragma once
#include "flow/lint.h"

typedef struct LspService {
	int in, out; /* the editor's messages, and ours */
	/* What judges the file; errors are shown in the document. */
	Err *(*options_of)(void *ctx, Str path, const LintOptions **out);
	void *ctx;
	bool allow_unsandboxed;
} LspService;

/* Until "exit" or the end of the stream. *clean: "shutdown" came before. An error is a stream that
 * cannot be read on. */
Result lsp_serve(const LspService *s, bool *clean);
