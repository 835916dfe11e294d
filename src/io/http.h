/* http.h - GET over https, http or a Unix socket, by libcurl (HTTP: RFC 9110, RFC 9112).
 *
 * libcurl is loaded by the first http_create(), not when the program starts: who
 * asks for nothing of the network does not pay for it (doc/adr/0005).
 *
 * https everywhere. Plain http only to this machine (loopback or a Unix socket) or where
 * the request allows it; redirects follow the same rule. Proxies come from the
 * environment (https_proxy, http_proxy, no_proxy), certificates from the system or
 * SSL_CERT_FILE. Errors: ERR_NET, ERR_TRUST (certificate), ERR_LIMIT (too large), ERR_USAGE
 * (not a URL). URLs appear in messages without their user and password. */
#pragma once
#include "io/source.h"

typedef struct Http Http; /* one thread at a time; keeps connections open between requests */

Result http_create(Http **out);
void http_destroy(Http *h); /* after the last of its sources is closed; NULL is fine */
static inline void http_destroyp(Http **h) { http_destroy(*h); }
#define AUTO_HTTP __attribute__((cleanup(http_destroyp), unused))

typedef struct HttpRequest {
	const char *url;         /* with a Unix socket: "http://localhost/path" */
	const char *unix_socket; /* connect here whatever the URL says; NULL: to the URL's host */
	const char *ca_file;     /* PEM: the only authorities believed; NULL: the system's */
	const char *cert_file;   /* PEM, with key_file: who we are; NULL: nobody */
	const char *key_file;
	const char *etag;          /* answer 304 when it is still this one; NULL: no condition */
	const char *last_modified; /* the same by date, as the server wrote it */
	bool allow_http;           /* plain http to any host, redirects included */
	bool allow_gzip;           /* the body may come as gzip; it is given as it came */
	uint64_t max_bytes;        /* of the body as it comes; more: ERR_LIMIT */
	unsigned idle_seconds;     /* give up when nothing comes for so long; 0: 60 */
	unsigned total_seconds;    /* give up after so long, whatever comes; 0: never */
	unsigned tries;            /* http_download() only; 0: 4, and 2 when nobody answers */
	unsigned backoff_ms;       /* before the second try, doubled for each; 0: 1000 */
	/* Called after each piece; `total` 0: not known. May be NULL. */
	void (*progress)(void *ctx, uint64_t got, uint64_t total);
	void *progress_ctx;
} HttpRequest;

typedef struct HttpReply {
	unsigned status; /* of the last answer, after redirects */
	uint64_t length; /* of the whole body; 0: not said */
	uint64_t offset; /* where the body starts in the whole; not 0 in a 206 only */
	Str etag, last_modified, content_type;
	unsigned retry_after; /* seconds; 0: not said */
} HttpReply;

/* Any complete answer is OK, whatever its status: look at out->status. Strings live in `a`. */

/* The body is pulled as it comes; one broken off is ERR_NET. */
Result http_open(Http *h, const HttpRequest *r, Arena *a, HttpReply *out, Source **body);
/* The whole body, in `a`. */
Result http_get(Http *h, const HttpRequest *r, Arena *a, HttpReply *out, Str *body);
/* Into the file `name` of directory `dir`, tried again after a passing failure (a broken
 * connection, 408, 429, 5xx) with Retry-After obeyed. What an earlier try left in the file,
 * this process's or another's, is continued by Range when `name`.tag says that the server
 * still has the same bytes (If-Range). OK is 200 with the file complete, or 304 with nothing
 * written; any other status is ERR_NET. Not synced. */
Result http_download(Http *h, const HttpRequest *r, int dir, const char *name, Arena *a,
		     HttpReply *out);
