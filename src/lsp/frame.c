/* frame.c - cuts a stream into messages. */
#include "lsp/frame.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/fd.h"
#include "lsp/limits.h"

enum { CHUNK = 65536 };

Result frame_length(Str header, size_t *out)
{
	Str line, name;
	uint64_t n = 0;
	bool found = false;
	while (header.n != 0 && str_cut(&header, '\n', &line)) {
		if (str_ends(line, S("\r")))
			line.n--;
		if (!str_has(line, ':') || !str_cut(&line, ':', &name))
			FAIL(ERR_INPUT, "a header line without a colon");
		if (!str_eq_nocase(name, S("Content-Length")))
			continue;
		if (found || !str_u64(str_trim(line), &n))
			FAIL(ERR_INPUT, "Content-Length is no number, or stands twice");
		found = true;
	}
	if (!found)
		FAIL(ERR_INPUT, "a header without Content-Length");
	if (n > LIMIT_LSP_MESSAGE_BYTES)
		FAIL(ERR_LIMIT, "a message of %llu bytes; at most %u are read",
		     (unsigned long long)n, LIMIT_LSP_MESSAGE_BYTES);
	*out = (size_t)n;
	return OK;
}

static Result fill(FrameReader *r)
{
	if (r->cap - r->n < CHUNK) {
		size_t cap = r->cap * 2 + CHUNK;
		char *p = realloc(r->p, cap);
		if (p == NULL)
			die_oom();
		r->p = p;
		r->cap = cap;
	}
	ssize_t n;
	do {
		n = read(r->fd, r->p + r->n, r->cap - r->n);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		FAIL_SYS("standard input: %s", strerrordesc_np(errno));
	r->ended = n == 0;
	r->n += (size_t)n;
	return OK;
}

/* Until `n` bytes are there, or the end is. */
static Result want(FrameReader *r, size_t n)
{
	while (r->n < n && !r->ended)
		TRY(fill(r));
	return OK;
}

static Result read_header(FrameReader *r, size_t *length, size_t *body_at)
{
	size_t at = 0;
	while (!str_find((Str){r->p, r->n}, S("\r\n\r\n"), &at)) {
		if (r->n > LIMIT_LSP_HEADER_BYTES)
			FAIL(ERR_LIMIT, "a header of more than %u bytes", LIMIT_LSP_HEADER_BYTES);
		if (r->ended)
			FAIL(ERR_INPUT, "the stream ends within a header");
		TRY(fill(r));
	}
	*body_at = at + 4;
	return frame_length((Str){r->p, at}, length);
}

Result frame_read(FrameReader *r, Arena *a, Str *body, bool *end)
{
	size_t length = 0, at = 0;
	TRY(want(r, 1));
	*end = r->n == 0;
	if (*end)
		return OK;
	TRY(read_header(r, &length, &at));
	TRY(want(r, at + length));
	if (r->n < at + length)
		FAIL(ERR_INPUT, "the stream ends within a message");
	*body = arena_str(a, (Str){r->p + at, length});
	r->n -= at + length;
	memmove(r->p, r->p + at + length, r->n);
	return OK;
}

bool frame_waits(const FrameReader *r)
{
	struct pollfd p = {.fd = r->fd, .events = POLLIN};
	return r->n != 0 || (!r->ended && poll(&p, 1, 0) > 0 && (p.revents & POLLIN) != 0);
}

void frame_finish(FrameReader *r)
{
	free(r->p);
	r->p = NULL;
	r->n = r->cap = 0;
}

Result frame_write(int fd, Str body)
{
	Arena a = {0};
	Buf b = buf_in(&a, SIZE_MAX);
	buf_fmt(&b, "Content-Length: %zu\r\n\r\n", body.n);
	buf_add(&b, body);
	Err *e = fd_write(fd, buf_str(&b));
	arena_finish(&a);
	return e;
}
