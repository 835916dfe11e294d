/* http.c - one GET as a Source: libcurl pushes, this turns it into a pull. */
#include "io/http.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "io/curl_lib.h"
#include "io/http_range.h"

/* libcurl hands over at most CURL_MAX_WRITE_SIZE (16 KiB) a call. */
enum { WINDOW = 256 * 1024, POLL_MS = 1000 };

struct Http {
	CurlLib curl;
	CURLM *multi;
	const char *ca_file; /* NULL: the system's */
};

typedef struct HttpSource {
	Source base; /* first: a Source* is an HttpSource* */
	Http *http;
	CURL *easy;
	struct curl_slist *headers;
	char *label; /* the URL, fit for a message */
	uint64_t got, max_bytes;
	bool paused, done, too_large;
	CURLcode code; /* when done */
	size_t n;      /* bytes in buf */
	char error[CURL_ERROR_SIZE];
	uint8_t buf[WINDOW];
} HttpSource;

Result http_create(Http **out)
{
	CurlLib curl;
	TRY(curl_lib_load(&curl));
	Http *h = calloc(1, sizeof *h);
	if (h == NULL || (*(CURLM **)&h->multi = curl.curl_multi_init()) == NULL)
		die_oom();
	h->curl = curl;
	h->ca_file = getenv("SSL_CERT_FILE");
	*out = h;
	return OK;
}

void http_destroy(Http *h)
{
	if (h == NULL)
		return;
	h->curl.curl_multi_cleanup(h->multi);
	free(h);
}

/* ---- which URLs are accepted ---- */

static bool host_is_loopback(Str host)
{
	return str_eq_nocase(host, S("localhost")) || str_starts(host, S("127.")) ||
	       str_eq(host, S("[::1]"));
}

static char *url_part(const CurlLib *c, CURLU *u, CURLUPart part, unsigned flags)
{
	char *s = NULL;
	return c->curl_url_get(u, part, &s, flags) == CURLUE_OK ? s : NULL;
}

static Result check_parts(const CurlLib *c, CURLU *u, const HttpRequest *r)
{
	char *scheme = url_part(c, u, CURLUPART_SCHEME, 0);
	char *host = url_part(c, u, CURLUPART_HOST, 0);
	bool https = str_eq(str_of(scheme), S("https"));
	bool http = str_eq(str_of(scheme), S("http"));
	bool near = r->unix_socket != NULL || r->allow_http || host_is_loopback(str_of(host));
	c->curl_free(scheme);
	c->curl_free(host);
	if (!https && !http)
		FAIL(ERR_USAGE, "not an http or https address");
	if (http && !near)
		FAIL(ERR_USAGE, "plain http to another machine is refused; use https");
	return OK;
}

/* *label: a copy without user and password, on the heap. */
static Result check_url(const CurlLib *c, const HttpRequest *r, char **label)
{
	CURLU *u = c->curl_url();
	if (u == NULL)
		die_oom();
	if (c->curl_url_set(u, CURLUPART_URL, r->url, 0) != CURLUE_OK) {
		c->curl_url_cleanup(u);
		FAIL(ERR_USAGE, "'%.200s' is not a URL", r->url);
	}
	c->curl_url_set(u, CURLUPART_USER, NULL, 0);
	c->curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
	char *clean = url_part(c, u, CURLUPART_URL, 0);
	*label = strdup(clean != NULL ? clean : "");
	if (*label == NULL)
		die_oom();
	c->curl_free(clean);
	Err *e = check_parts(c, u, r);
	c->curl_url_cleanup(u);
	return e != OK ? err_in(e, "%s", *label) : OK;
}

/* ---- one transfer ---- */

static size_t on_body(char *bytes, size_t one, size_t n, void *ctx)
{
	HttpSource *s = ctx;
	(void)one; /* always 1 */
	if (n > sizeof s->buf - s->n) {
		s->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	if (n > s->max_bytes - s->got) {
		s->too_large = true;
		return 0;
	}
	memcpy(s->buf + s->n, bytes, n);
	s->n += n;
	s->got += n;
	return n;
}

static Result http_failed(const HttpSource *s)
{
	const char *why = s->error[0] != '\0' ? s->error
					      : s->http->curl.curl_easy_strerror(s->code);
	if (s->too_large || s->code == CURLE_FILESIZE_EXCEEDED)
		FAIL(ERR_LIMIT, "%s: larger than %llu bytes", s->label,
		     (unsigned long long)s->max_bytes);
	if (s->code == CURLE_PEER_FAILED_VERIFICATION)
		FAIL(ERR_TRUST,
		     "%s: %s; if a proxy signs its own certificates, name its authority in "
		     "SSL_CERT_FILE",
		     s->label, why);
	FAIL(ERR_NET, "%s: %s", s->label, why);
}

/* Moves every transfer of this client on; waits up to a second when nothing was ready. */
static Result pump(Http *h, const HttpSource *wanted)
{
	int running, left;
	CURLMcode m = h->curl.curl_multi_perform(h->multi, &running);
	if (m != CURLM_OK)
		FAIL(ERR_NET, "libcurl: multi error %d", (int)m);
	for (CURLMsg *msg; (msg = h->curl.curl_multi_info_read(h->multi, &left)) != NULL;) {
		HttpSource *s = NULL;
		h->curl.curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &s);
		s->done = true;
		s->code = msg->data.result;
	}
	if (wanted->n == 0 && !wanted->done)
		h->curl.curl_multi_poll(h->multi, NULL, 0, POLL_MS, NULL);
	return OK;
}

static Result http_fill(Source *base)
{
	HttpSource *s = (HttpSource *)(void *)base;
	s->n = 0;
	if (s->paused) {
		s->paused = false;
		s->http->curl.curl_easy_pause(s->easy, CURLPAUSE_CONT);
	}
	while (s->n == 0 && !s->done)
		TRY_IN(pump(s->http, s), "%s", s->label);
	if (s->n == 0 && s->code != CURLE_OK)
		return http_failed(s);
	s->base.pos = s->buf;
	s->base.end = s->buf + s->n;
	s->base.eof = s->n == 0;
	return OK;
}

static void http_close(Source *base)
{
	HttpSource *s = (HttpSource *)(void *)base;
	const CurlLib *c = &s->http->curl;
	c->curl_multi_remove_handle(s->http->multi, s->easy);
	c->curl_easy_cleanup(s->easy);
	c->curl_slist_free_all(s->headers);
	free(s->label);
	free(s);
}

static const SourceOps http_ops = {.fill = http_fill, .close = http_close};

static void add_header(HttpSource *s, const char *name, const char *value)
{
	char *line = NULL;
	if (value == NULL || value[0] == '\0')
		return;
	for (const char *p = value; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return; /* would forge another header */
	if (asprintf(&line, "%s: %s", name, value) < 0)
		die_oom();
	struct curl_slist *longer = s->http->curl.curl_slist_append(s->headers, line);
	free(line);
	if (longer == NULL)
		die_oom();
	s->headers = longer;
}

static void set_headers(HttpSource *s, const HttpRequest *r, const HttpRange *range)
{
	add_header(s, "If-None-Match", r->etag);
	add_header(s, "If-Modified-Since", r->last_modified);
	if (r->allow_gzip)
		add_header(s, "Accept-Encoding", "gzip");
	if (range->from != 0) {
		char text[32];
		snprintf(text, sizeof text, "bytes=%llu-", (unsigned long long)range->from);
		add_header(s, "Range", text);
		add_header(s, "If-Range", range->validator);
	}
}

static void set_options(HttpSource *s, const HttpRequest *r)
{
	__typeof__(curl_easy_setopt) *set = s->http->curl.curl_easy_setopt;
	const char *allowed = r->allow_http || r->unix_socket != NULL ? "http,https" : "https";
	set(s->easy, CURLOPT_URL, r->url);
	set(s->easy, CURLOPT_PROTOCOLS_STR, "http,https"); /* check_url() was stricter */
	set(s->easy, CURLOPT_REDIR_PROTOCOLS_STR, allowed);
	set(s->easy, CURLOPT_FOLLOWLOCATION, r->unix_socket == NULL ? 1L : 0L);
	set(s->easy, CURLOPT_MAXREDIRS, (long)LIMIT_HTTP_REDIRECTS);
	set(s->easy, CURLOPT_NOSIGNAL, 1L);
	set(s->easy, CURLOPT_USERAGENT, "bulwark/" BULWARK_VERSION);
	set(s->easy, CURLOPT_HTTPHEADER, s->headers);
	set(s->easy, CURLOPT_CONNECTTIMEOUT, 15L);
	set(s->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	set(s->easy, CURLOPT_LOW_SPEED_TIME, (long)(r->idle_seconds != 0 ? r->idle_seconds : 60));
	set(s->easy, CURLOPT_TIMEOUT, (long)r->total_seconds);
	set(s->easy, CURLOPT_BUFFERSIZE, 128L * 1024);
	set(s->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)s->max_bytes);
	set(s->easy, CURLOPT_ERRORBUFFER, s->error);
	set(s->easy, CURLOPT_WRITEFUNCTION, on_body);
	set(s->easy, CURLOPT_WRITEDATA, s);
	set(s->easy, CURLOPT_PRIVATE, s);
	if (r->unix_socket != NULL) {
		set(s->easy, CURLOPT_UNIX_SOCKET_PATH, r->unix_socket);
		set(s->easy, CURLOPT_PROXY, "");
	}
	const char *authorities = r->ca_file != NULL ? r->ca_file : s->http->ca_file;
	if (authorities != NULL)
		set(s->easy, CURLOPT_CAINFO, authorities);
	if (r->cert_file != NULL)
		set(s->easy, CURLOPT_SSLCERT, r->cert_file);
	if (r->key_file != NULL)
		set(s->easy, CURLOPT_SSLKEY, r->key_file);
}

/* ---- the answer ---- */

static Str header(HttpSource *s, Arena *a, const char *name)
{
	struct curl_header *h = NULL;
	if (s->http->curl.curl_easy_header(s->easy, name, 0, CURLH_HEADER, -1, &h) != CURLHE_OK)
		return (Str){0};
	return str_of(arena_cstr(a, str_of(h->value)));
}

/* "bytes 100-199/200" (RFC 9110, 14.4). */
static void read_range(Str text, HttpReply *out)
{
	Str unit, first, last;
	uint64_t offset, total;
	if (!str_cut(&text, ' ', &unit) || !str_eq(unit, S("bytes")) ||
	    !str_cut(&text, '-', &first) || !str_u64(first, &offset) || !str_cut(&text, '/', &last))
		return;
	out->offset = offset;
	out->length = str_u64(text, &total) ? total : 0;
}

static void read_reply(HttpSource *s, Arena *a, HttpReply *out)
{
	__typeof__(curl_easy_getinfo) *get = s->http->curl.curl_easy_getinfo;
	long status = 0;
	curl_off_t length = -1, wait = 0;
	get(s->easy, CURLINFO_RESPONSE_CODE, &status);
	get(s->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	get(s->easy, CURLINFO_RETRY_AFTER, &wait);
	*out = (HttpReply){.status = (unsigned)status,
			   .length = length > 0 ? (uint64_t)length : 0,
			   .etag = header(s, a, "ETag"),
			   .last_modified = header(s, a, "Last-Modified"),
			   .content_type = header(s, a, "Content-Type"),
			   .retry_after = wait > 0 && wait < INT32_MAX ? (unsigned)wait : 0};
	if (status == 206)
		read_range(header(s, a, "Content-Range"), out);
}

const char *http_source_label(const Source *body)
{
	return ((const HttpSource *)(const void *)body)->label;
}

static HttpSource *source_create(Http *h, char *label, uint64_t max_bytes)
{
	HttpSource *s = calloc(1, sizeof *s);
	if (s == NULL || (*(CURL **)&s->easy = h->curl.curl_easy_init()) == NULL)
		die_oom();
	s->base.ops = &http_ops;
	s->http = h;
	s->label = label;
	s->max_bytes = max_bytes < INT64_MAX ? max_bytes : INT64_MAX;
	return s;
}

Result http_open_range(Http *h, const HttpRequest *r, const HttpRange *range, Arena *a,
		       HttpReply *out, Source **body)
{
	char *label = NULL;
	Err *e = check_url(&h->curl, r, &label);
	if (e != OK) {
		free(label);
		return e;
	}
	HttpSource *s = source_create(h, label, r->max_bytes);
	AUTO_SOURCE Source *owned = &s->base;
	set_headers(s, r, range);
	set_options(s, r);
	if (h->curl.curl_multi_add_handle(h->multi, s->easy) != CURLM_OK)
		die_oom();
	TRY(http_fill(&s->base));
	read_reply(s, a, out);
	*body = owned;
	owned = NULL;
	return OK;
}

Result http_open(Http *h, const HttpRequest *r, Arena *a, HttpReply *out, Source **body)
{
	return http_open_range(h, r, &(HttpRange){0}, a, out, body);
}

Result http_get(Http *h, const HttpRequest *r, Arena *a, HttpReply *out, Str *body)
{
	AUTO_SOURCE Source *s = NULL;
	HttpReply reply;
	TRY(http_open(h, r, a, &reply, &s));
	TRY(source_all(s, a, r->max_bytes, body));
	*out = reply;
	return OK;
}
