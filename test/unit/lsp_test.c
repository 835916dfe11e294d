/* lsp_test.c - frames, positions in UTF-16, messages and paths of the language server. */
#include <fcntl.h>
#include <unistd.h>

#include "lsp/answer.h"
#include "lsp/frame.h"
#include "lsp/limits.h"
#include "lsp/message.h"
#include "tap.h"

/* ---- frames ---- */

static void length_is(const char *header, size_t want)
{
	size_t n = 0;
	CHECK_OK(frame_length(str_of(header), &n));
	CHECK(n == want);
}

TEST(a_header_tells_the_length)
{
	size_t n;
	length_is("Content-Length: 12", 12);
	length_is("content-length:0\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8", 0);
	length_is("X: y\r\nContent-Length:  7 ", 7);
	CHECK_ERR(frame_length(S(""), &n), ERR_INPUT);
	CHECK_ERR(frame_length(S("Content-Length: -1"), &n), ERR_INPUT);
	CHECK_ERR(frame_length(S("Content-Length: 1\r\nContent-Length: 1"), &n), ERR_INPUT);
	CHECK_ERR(frame_length(S("Content-Length: 99999999999999999999"), &n), ERR_INPUT);
	CHECK_ERR(frame_length(S("Content-Length: 999999999"), &n), ERR_LIMIT);
	CHECK_ERR(frame_length(S("no colon"), &n), ERR_INPUT);
}

static int piped(Str bytes)
{
	int fds[2];
	if (pipe2(fds, O_CLOEXEC) != 0)
		return -1;
	CHECK(write(fds[1], bytes.p, bytes.n) == (ssize_t)bytes.n);
	close(fds[1]);
	return fds[0];
}

TEST(messages_follow_each_other_and_the_stream_ends_between_two)
{
	Arena a = {0};
	Str body;
	bool end = false;
	FrameReader r = {.fd = piped(S("Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\nabc"))};
	CHECK_OK(frame_read(&r, &a, &body, &end));
	CHECK(!end);
	CHECK_STR(body, S("{}"));
	CHECK(frame_waits(&r));
	CHECK_OK(frame_read(&r, &a, &body, &end));
	CHECK_STR(body, S("abc"));
	CHECK_OK(frame_read(&r, &a, &body, &end));
	CHECK(end && !frame_waits(&r));
	close(r.fd);
	frame_finish(&r);
	arena_finish(&a);
}

static void cut_short(Str bytes, ErrKind kind)
{
	Arena a = {0};
	Str body;
	bool end;
	FrameReader r = {.fd = piped(bytes)};
	CHECK_ERR(frame_read(&r, &a, &body, &end), kind);
	close(r.fd);
	frame_finish(&r);
	arena_finish(&a);
}

TEST(a_stream_that_ends_within_a_message_is_an_error)
{
	char *much = calloc(1, LIMIT_LSP_HEADER_BYTES + 1);
	cut_short(S("Content-Le"), ERR_INPUT);
	cut_short(S("Content-Length: 5\r\n\r\nabc"), ERR_INPUT);
	cut_short(S("\r\n\r\n"), ERR_INPUT);
	cut_short((Str){much, LIMIT_LSP_HEADER_BYTES + 1}, ERR_LIMIT);
	free(much);
}

/* ---- places ---- */

/* "a", e with acute (2 bytes, 1 unit), a pile of poo (4 bytes, 2 units), "b". */
static const char text[] = "a\xc3\xa9\xf0\x9f\x92\xa9"
			   "b\r\nnext\n";

static void is_at(const Places *p, uint32_t byte, uint32_t line, uint32_t unit)
{
	LspPlace at = lsp_place(p, byte);
	CHECK(at.line == line && at.unit == unit);
	CHECK(lsp_byte(p, at) == byte);
}

TEST(positions_count_utf_16_code_units)
{
	Arena a = {0};
	Places p = places_of(str_of(text), &a);
	is_at(&p, 0, 0, 0);
	is_at(&p, 1, 0, 1);
	is_at(&p, 3, 0, 2);
	is_at(&p, 7, 0, 4);
	is_at(&p, 8, 0, 5);
	is_at(&p, 10, 1, 0);
	is_at(&p, 14, 1, 4);
	is_at(&p, 15, 2, 0);
	CHECK(lsp_byte(&p, (LspPlace){0, 99}) == 8);
	CHECK(lsp_byte(&p, (LspPlace){99, 0}) == 15);
	LspPlace b = lsp_place_of(&p, 1, 4);
	CHECK(b.line == 0 && b.unit == 4);
	b = lsp_place_of(&p, 0, 0);
	CHECK(b.line == 0 && b.unit == 0);
	arena_finish(&a);
}

TEST(an_empty_text_has_one_place)
{
	Arena a = {0};
	Places p = places_of(S(""), &a);
	is_at(&p, 0, 0, 0);
	CHECK(lsp_byte(&p, (LspPlace){3, 3}) == 0);
	arena_finish(&a);
}

/* ---- messages ---- */

TEST(a_message_is_a_method_and_what_it_is_about)
{
	Arena a = {0};
	LspMessage m = {0};
	CHECK_OK(lsp_message(
		S("{\"jsonrpc\":\"2.0\",\"id\":\"x\\\"\",\"method\":\"textDocument/hover\","
		  "\"params\":{\"textDocument\":{\"uri\":\"file:///a\"},"
		  "\"position\":{\"line\":3,\"character\":4}}}"),
		&a, &m));
	CHECK(m.method == LSP_HOVER && m.range.from.line == 3 && m.range.to.unit == 4);
	CHECK_STR(m.id, S("\"x\\\"\""));
	CHECK_STR(m.uri, S("file:///a"));
	CHECK_OK(lsp_message(
		S("{\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":"
		  "\"u\",\"version\":7},\"contentChanges\":[{\"text\":\"a\"},{\"text\":\"b\"}]}}"),
		&a, &m));
	CHECK(m.method == LSP_CHANGE && m.version == 7 && m.has_text && m.id.n == 0);
	CHECK_STR(m.text, S("b"));
	CHECK_OK(lsp_message(S("{\"id\":1,\"result\":null}"), &a, &m));
	CHECK(m.method == LSP_RESPONSE);
	CHECK_OK(lsp_message(S("{\"id\":1,\"method\":\"x/y\",\"params\":[1]}"), &a, &m));
	CHECK(m.method == LSP_UNKNOWN && m.uri.n == 0);
	arena_finish(&a);
}

TEST(a_change_of_a_part_is_not_taken_for_the_whole)
{
	Arena a = {0};
	LspMessage m = {0};
	CHECK_OK(lsp_message(S("{\"method\":\"textDocument/"
			       "didChange\",\"params\":{\"contentChanges\":[{\"range\":{"
			       "},\"text\":\"a\"}]}}"),
			     &a, &m));
	CHECK(!m.has_text);
	arena_finish(&a);
}

TEST(what_is_no_message_is_an_error)
{
	static const char *const bad[] = {"", "[]", "{", "{\"method\":1}",
					  "{\"id\":[],\"method\":\"x\"}"};
	Arena a = {0};
	LspMessage m;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK_ERR(lsp_message(str_of(bad[i]), &a, &m), ERR_INPUT);
	arena_finish(&a);
}

TEST(a_uri_is_a_path)
{
	Arena a = {0};
	CHECK_STR(lsp_path(S("file:///srv/a%20b/%C3%A9"), &a), S("/srv/a b/\xc3\xa9"));
	CHECK_STR(lsp_path(S("file:///100%"), &a), S("/100%"));
	CHECK_STR(lsp_path(S("file:///%2"), &a), S("/%2"));
	CHECK_STR(lsp_path(S("file:///a%00b"), &a), S(""));
	CHECK_STR(lsp_path(S("file://host/a"), &a), S(""));
	CHECK_STR(lsp_path(S("untitled:1"), &a), S(""));
	arena_finish(&a);
}
