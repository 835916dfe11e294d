/* io_http_test.c - http.h against a server that says exactly what a test wants. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "io/http.h"
#include "tap.h"

enum { MAX_ANSWERS = 8 };

typedef struct Server {
	int listener;
	char url[64], path[64];
	char *answers[MAX_ANSWERS]; /* one a connection, then the connection is closed */
	size_t n;
	char asked[MAX_ANSWERS][1024];
	size_t served;
	pthread_t thread;
} Server;

static void *serve(void *ctx)
{
	Server *s = ctx;
	while (s->served < s->n) {
		int fd = accept(s->listener, NULL, NULL);
		if (fd < 0)
			break;
		char *in = s->asked[s->served];
		size_t have = 0;
		while (have < 1000 && strstr(in, "\r\n\r\n") == NULL) {
			ssize_t n = read(fd, in + have, 1000 - have);
			if (n <= 0)
				break;
			have += (size_t)n;
		}
		const char *out = s->answers[s->served];
		if (out[0] == '\0') { /* never answers; the client hangs up first */
			while (read(fd, in, 100) > 0)
				continue;
		}
		bool drips = out[0] == '~'; /* a byte now and then */
		out += drips;
		for (size_t left = strlen(out); left != 0;) {
			ssize_t n = send(fd, out, drips ? 1 : left, MSG_NOSIGNAL);
			if (n <= 0)
				break;
			usleep(drips ? 100 * 1000 : 0);
			out += n;
			left -= (size_t)n;
		}
		s->served++;
		close(fd);
	}
	return NULL;
}

__attribute__((format(printf, 2, 3))) static void server_answer(Server *s, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	if (s->n == MAX_ANSWERS || vasprintf(&s->answers[s->n++], fmt, ap) < 0)
		abort();
	va_end(ap);
}

static void server_start(Server *s, bool on_unix_socket)
{
	struct sockaddr_un u = {.sun_family = AF_UNIX};
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof in;
	s->listener = socket(on_unix_socket ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(s->path, sizeof s->path, "/tmp/bulwark-http-%d.sock", (int)getpid());
	snprintf(u.sun_path, sizeof u.sun_path, "%s", s->path);
	unlink(s->path);
	int bad = on_unix_socket ? bind(s->listener, (struct sockaddr *)(void *)&u, sizeof u)
				 : bind(s->listener, (struct sockaddr *)(void *)&in, sizeof in);
	if (bad != 0 || listen(s->listener, 8) != 0)
		abort();
	if (!on_unix_socket)
		getsockname(s->listener, (struct sockaddr *)(void *)&in, &n);
	snprintf(s->url, sizeof s->url, "http://127.0.0.1:%u/x", ntohs(in.sin_port));
	pthread_create(&s->thread, NULL, serve, s);
}

static void server_stop(Server *s)
{
	shutdown(s->listener, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->listener);
	unlink(s->path);
	for (size_t i = 0; i < s->n; i++)
		free(s->answers[i]);
}

static bool asked_for(const Server *s, size_t i, const char *text)
{
	return strstr(s->asked[i], text) != NULL;
}

/* ---- one GET ---- */

TEST(a_unix_socket_is_asked_for_a_path_and_its_answer_comes_whole)
{
	Server s = {0};
	Arena a = {0};
	AUTO_HTTP Http *h = NULL;
	HttpReply reply;
	Str body;
	server_answer(&s,
		      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		      "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
	server_answer(&s, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
	server_start(&s, true);
	HttpRequest r = {
		.url = "http://docker/images/json", .unix_socket = s.path, .max_bytes = 100};
	CHECK_OK(http_create(&h));
	CHECK_OK(http_get(h, &r, &a, &reply, &body));
	CHECK(reply.status == 200);
	CHECK_STR(body, S("hello world"));
	CHECK_STR(reply.content_type, S("application/json"));
	CHECK(asked_for(&s, 0, "GET /images/json HTTP/1.1\r\n"));
	CHECK(asked_for(&s, 0, "User-Agent: bulwark/" BULWARK_VERSION "\r\n"));
	CHECK_OK(http_get(h, &r, &a, &reply, &body));
	CHECK(reply.status == 404);
	CHECK_STR(body, S("none"));
	server_stop(&s);
	arena_finish(&a);
}

TEST(a_large_body_is_pulled_slowly_without_loss)
{
	enum { BYTES = 3 << 20 };
	Server s = {0};
	Arena a = {0};
	AUTO_HTTP Http *h = NULL;
	HttpReply reply;
	char *big = malloc(BYTES + 1);
	for (size_t i = 0; i < BYTES; i++)
		big[i] = (char)('a' + i % 23);
	big[BYTES] = '\0';
	server_answer(&s, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", BYTES, big);
	server_start(&s, true);
	CHECK_OK(http_create(&h));
	AUTO_SOURCE Source *body = NULL;
	CHECK_OK(http_open(
		h, &(HttpRequest){.url = "http://x/", .unix_socket = s.path, .max_bytes = BYTES},
		&a, &reply, &body));
	CHECK(reply.length == BYTES);
	size_t at = 0;
	for (Str piece;;) {
		CHECK_OK(source_next(body, &piece));
		if (piece.n == 0 || memcmp(piece.p, big + at, piece.n) != 0)
			break;
		at += piece.n;
	}
	CHECK(at == BYTES);
	server_stop(&s);
	source_close(body);
	body = NULL;
	free(big);
	arena_finish(&a);
}

TEST(a_body_over_the_limit_is_refused_announced_or_not)
{
	Server s = {0};
	Arena a = {0};
	AUTO_HTTP Http *h = NULL;
	HttpReply reply;
	Str body;
	server_answer(&s, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world");
	server_answer(&s, "HTTP/1.0 200 OK\r\n\r\nhello world");
	server_answer(&s, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhello");
	server_start(&s, false);
	CHECK_OK(http_create(&h));
	HttpRequest r = {.url = s.url, .max_bytes = 10};
	CHECK_ERR(http_get(h, &r, &a, &reply, &body), ERR_LIMIT);
	CHECK_ERR(http_get(h, &r, &a, &reply, &body), ERR_LIMIT);
	r.max_bytes = 20;
	CHECK_ERR(http_get(h, &r, &a, &reply, &body), ERR_NET); /* cut short */
	server_stop(&s);
	arena_finish(&a);
}

TEST(plain_http_leaves_this_machine_only_when_allowed)
{
	Arena a = {0};
	AUTO_HTTP Http *h = NULL;
	HttpReply reply;
	Str body;
	CHECK_OK(http_create(&h));
	static const char *const refused[] = {"http://192.0.2.1/",
					      "http://127.0.0.1@192.0.2.1/",
					      "file:///etc/passwd",
					      "ftp://127.0.0.1/",
					      "",
					      "nonsense"};
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		CHECK_ERR(http_get(h, &(HttpRequest){.url = refused[i], .max_bytes = 9}, &a, &reply,
				   &body),
			  ERR_USAGE);
	arena_finish(&a);
}

TEST(a_redirect_to_plain_http_is_followed_only_when_allowed)
{
	Server s = {0};
	Arena a = {0};
	AUTO_HTTP Http *h = NULL;
	HttpReply reply;
	Str body;
	for (int i = 0; i < 2; i++)
		server_answer(&s,
			      "HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n");
	server_answer(&s, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	server_start(&s, false);
	CHECK_OK(http_create(&h));
	HttpRequest r = {.url = s.url, .max_bytes = 10};
	CHECK_ERR(http_get(h, &r, &a, &reply, &body), ERR_NET);
	r.allow_http = true;
	CHECK_OK(http_get(h, &r, &a, &reply, &body));
	CHECK_STR(body, S("ok"));
	server_stop(&s);
	arena_finish(&a);
}

TEST(a_server_that_says_nothing_is_given_up)
{
	Server s = {0};
	Arena a = {0};
	AUTO_HTTP Http *h = NULL;
	HttpReply reply;
	Str body;
	server_answer(&s, "%s", "");
	server_start(&s, true);
	CHECK_OK(http_create(&h));
	HttpRequest r = {
		.url = "http://x/", .unix_socket = s.path, .max_bytes = 9, .idle_seconds = 1};
	CHECK_ERR(http_get(h, &r, &a, &reply, &body), ERR_NET);
	server_stop(&s);
	arena_finish(&a);
}

TEST(a_server_that_sends_a_byte_now_and_then_is_given_up_too)
{
	Server s = {0};
	Arena a = {0};
	AUTO_HTTP Http *h = NULL;
	HttpReply reply;
	Str body;
	server_answer(&s, "~HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n01234567890123456789");
	server_start(&s, true);
	CHECK_OK(http_create(&h));
	const HttpRequest r = {.url = "http://x/",
			       .unix_socket = s.path,
			       .max_bytes = 99,
			       .idle_seconds = 60,
			       .total_seconds = 1};
	CHECK_ERR(http_get(h, &r, &a, &reply, &body), ERR_NET);
	server_stop(&s);
	arena_finish(&a);
}

TEST(messages_hide_the_password_of_a_url)
{
	Arena a = {0};
	AUTO_HTTP Http *h = NULL;
	HttpReply reply;
	Str body;
	CHECK_OK(http_create(&h));
	Err *e = http_get(h, &(HttpRequest){.url = "http://me:hush@127.0.0.1:1/", .max_bytes = 9},
			  &a, &reply, &body);
	CHECK(e != OK && strstr(e->text, "127.0.0.1:1") != NULL && strstr(e->text, "hush") == NULL);
	err_free(e);
	arena_finish(&a);
}

/* ---- downloads ---- */

typedef struct Place {
	char path[64];
	int dir;
	Arena a;
	Http *h;
} Place;

static Place place(void)
{
	Place p = {.path = "/tmp/bulwark-http-XXXXXX"};
	if (mkdtemp(p.path) == NULL || (p.dir = open(p.path, O_RDONLY | O_DIRECTORY)) < 0)
		abort();
	CHECK_OK(http_create(&p.h));
	return p;
}

static bool there(const Place *p, const char *name)
{
	return faccessat(p->dir, name, F_OK, 0) == 0;
}

static void leave(Place *p)
{
	unlinkat(p->dir, "f", 0);
	unlinkat(p->dir, "f.tag", 0);
	rmdir(p->path);
	close(p->dir);
	http_destroy(p->h);
	arena_finish(&p->a);
}

static Str content(Place *p)
{
	char text[256];
	int fd = openat(p->dir, "f", O_RDONLY);
	ssize_t n = read(fd, text, sizeof text);
	close(fd);
	return arena_str(&p->a, (Str){text, n > 0 ? (size_t)n : 0});
}

static void put(Place *p, const char *name, const char *text)
{
	int fd = openat(p->dir, name, O_WRONLY | O_CREAT, 0600);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static HttpRequest quick(const Server *s)
{
	return (HttpRequest){.url = s->url, .max_bytes = 100, .backoff_ms = 1};
}

TEST(a_broken_download_goes_on_where_it_broke)
{
	Server s = {0};
	Place p = place();
	HttpReply reply;
	server_answer(&s, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
	server_answer(&s, "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 11\r\n\r\nhello");
	server_answer(&s, "HTTP/1.1 206 Partial\r\nETag: \"v1\"\r\nContent-Range: bytes 5-10/11\r\n"
			  "Content-Length: 6\r\n\r\n world");
	server_start(&s, false);
	HttpRequest r = quick(&s);
	CHECK_OK(http_download(p.h, &r, p.dir, "f", &p.a, &reply));
	CHECK(reply.status == 200 && reply.length == 11);
	CHECK_STR(reply.etag, S("\"v1\""));
	CHECK_STR(content(&p), S("hello world"));
	CHECK(asked_for(&s, 2, "Range: bytes=5-\r\n") && asked_for(&s, 2, "If-Range: \"v1\"\r\n"));
	CHECK(!there(&p, "f.tag"));
	server_stop(&s);
	leave(&p);
}

TEST(what_another_process_left_is_continued_or_replaced)
{
	Server s = {0};
	Place p = place();
	HttpReply reply;
	server_answer(&s, "HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-10/11\r\n"
			  "Content-Length: 6\r\n\r\n world");
	server_answer(&s, "HTTP/1.1 200 OK\r\nETag: \"v2\"\r\nContent-Length: 3\r\n\r\nnew");
	server_answer(&s, "HTTP/1.1 416 Range\r\nContent-Length: 0\r\n\r\n");
	server_answer(&s, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew");
	server_start(&s, false);
	HttpRequest r = quick(&s);
	put(&p, "f", "hello");
	put(&p, "f.tag", "\"v1\"");
	CHECK_OK(http_download(p.h, &r, p.dir, "f", &p.a, &reply));
	CHECK_STR(content(&p), S("hello world"));
	put(&p, "f.tag", "\"v1\"");
	CHECK_OK(http_download(p.h, &r, p.dir, "f", &p.a, &reply));
	CHECK_STR(content(&p), S("new"));
	put(&p, "f.tag", "\"v1\"");
	CHECK_OK(http_download(p.h, &r, p.dir, "f", &p.a, &reply));
	CHECK_STR(content(&p), S("new"));
	server_stop(&s);
	leave(&p);
}

TEST(a_rest_without_a_validator_is_not_trusted)
{
	Server s = {0};
	Place p = place();
	HttpReply reply;
	server_answer(&s, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew");
	server_start(&s, false);
	HttpRequest r = quick(&s);
	put(&p, "f", "hello");
	CHECK_OK(http_download(p.h, &r, p.dir, "f", &p.a, &reply));
	CHECK(!asked_for(&s, 0, "Range:"));
	CHECK_STR(content(&p), S("new"));
	server_stop(&s);
	leave(&p);
}

TEST(not_modified_writes_nothing)
{
	Server s = {0};
	Place p = place();
	HttpReply reply;
	server_answer(&s, "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n");
	server_start(&s, false);
	HttpRequest r = quick(&s);
	r.etag = "\"v1\"";
	r.last_modified = "Tue, 24 Nov 2026 10:00:00 GMT";
	CHECK_OK(http_download(p.h, &r, p.dir, "f", &p.a, &reply));
	CHECK(reply.status == 304);
	CHECK(asked_for(&s, 0, "If-None-Match: \"v1\"\r\n"));
	CHECK(asked_for(&s, 0, "If-Modified-Since: Tue, 24 Nov 2026 10:00:00 GMT\r\n"));
	CHECK(!there(&p, "f"));
	server_stop(&s);
	leave(&p);
}

TEST(a_refusal_is_final_and_patience_has_an_end)
{
	Server s = {0};
	Place p = place();
	HttpReply reply;
	server_answer(&s, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
	server_answer(&s, "HTTP/1.1 429 Slow\r\nRetry-After: 9999\r\nContent-Length: 0\r\n\r\n");
	server_answer(&s, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
	server_answer(&s, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
	server_start(&s, false);
	HttpRequest r = quick(&s);
	r.tries = 2;
	for (int i = 0; i < 3; i++)
		CHECK_ERR(http_download(p.h, &r, p.dir, "f", &p.a, &reply), ERR_NET);
	server_stop(&s);
	CHECK(s.served == 4);
	leave(&p);
}

TEST(a_header_cannot_be_forged_through_a_stored_etag)
{
	Server s = {0};
	Place p = place();
	HttpReply reply;
	server_answer(&s, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew");
	server_start(&s, false);
	HttpRequest r = quick(&s);
	r.etag = "x\r\nEvil: 1";
	CHECK_OK(http_download(p.h, &r, p.dir, "f", &p.a, &reply));
	CHECK(!asked_for(&s, 0, "Evil"));
	server_stop(&s);
	leave(&p);
}
