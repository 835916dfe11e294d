/* limits.h - ceilings of the language server. */
#pragma once

/* The header of one message; editors send 30 bytes. */
#define LIMIT_LSP_HEADER_BYTES 8192u
/* One message: a Dockerfile at its limit, 4 MiB, with every byte escaped as \u0000. */
#define LIMIT_LSP_MESSAGE_BYTES (32u << 20)
/* Documents that are open at once; an editor with all of a large repository has hundreds. */
#define LIMIT_LSP_DOCUMENTS 2000u
/* All of their text. */
#define LIMIT_LSP_TEXT_BYTES (256u << 20)
