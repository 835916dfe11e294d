/* frame.h - messages of the Language Server Protocol as they stand in a stream (LSP 3.17, "Base
 * Protocol"): header lines ended by CRLF, an empty line, Content-Length bytes. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct FrameReader {
	int fd;
	char *p; /* heap: what was read and not yet taken */
	size_t n, cap;
	bool ended; /* nothing more comes */
} FrameReader;

/* Waits for the next message. *body is in `a`; *end: the stream ended between two of them.
 * ERR_INPUT when the header makes no sense, ERR_LIMIT when it or the body is too large, or the
 * stream ends within a message: there is no way on after an error. */
Result frame_read(FrameReader *r, Arena *a, Str *body, bool *end);
/* Another message is there already, whole or in part. */
bool frame_waits(const FrameReader *r);
void frame_finish(FrameReader *r);

/* Of a header without its last empty line: its Content-Length. */
Result frame_length(Str header, size_t *out);
/* With its header. */
Result frame_write(int fd, Str body);
