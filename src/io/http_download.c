/* http_download.c - a GET into a file that survives broken connections and broken processes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "io/fd.h"
#include "io/http_range.h"

/* A host that cannot be reached at all is not asked for long. */
enum { TAG_BYTES = 1024, UNREACHED_TRIES = 2 };

typedef struct Download {
	Http *http;
	const HttpRequest *request;
	int dir;
	const char *name;
	char tag_name[256]; /* holds the validator of what the file has so far */
	char tag[TAG_BYTES];
	int fd;
	uint64_t have;  /* bytes in the file */
	bool transient; /* the last failure may pass */
	bool answered;  /* the server has said something, ever */
	unsigned retry_after;
} Download;

/* A weak ETag does not promise the same bytes (RFC 9110, 13.1.5). */
static Str validator_of(const HttpReply *r)
{
	return r->etag.n != 0 && !str_starts(r->etag, S("W/")) ? r->etag : r->last_modified;
}

static Result start_over(Download *d)
{
	if (ftruncate(d->fd, 0) != 0)
		FAIL_SYS("%s: cannot truncate: %s", d->name, strerror(errno));
	d->have = 0;
	d->tag[0] = '\0';
	unlinkat(d->dir, d->tag_name, 0);
	return OK;
}

static void read_tag(Download *d)
{
	AUTO_FD int fd = openat(d->dir, d->tag_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd >= 0 ? read(fd, d->tag, sizeof d->tag - 1) : 0;
	d->tag[n > 0 ? n : 0] = '\0';
}

static Result open_file(Download *d)
{
	struct stat st;
	d->fd = openat(d->dir, d->name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (d->fd < 0 || fstat(d->fd, &st) != 0)
		FAIL_SYS("%s: cannot open for writing: %s", d->name, strerror(errno));
	d->have = (uint64_t)st.st_size;
	read_tag(d);
	if (d->have != 0 && d->tag[0] == '\0')
		return start_over(d);
	return OK;
}

/* Before the first byte of a new body, so that a later process knows what it found. */
static Result write_tag(Download *d, const HttpReply *r)
{
	Str v = validator_of(r);
	if (v.n == 0 || v.n >= sizeof d->tag)
		return OK; /* cannot be continued; the next try starts over */
	AUTO_FD int fd = openat(d->dir, d->tag_name,
				O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		FAIL_SYS("%s: cannot write: %s", d->tag_name, strerror(errno));
	TRY_IN(fd_write(fd, v), "%s", d->tag_name);
	memcpy(d->tag, v.p, v.n);
	d->tag[v.n] = '\0';
	return OK;
}

static Result append(Download *d, Str bytes)
{
	if (bytes.n > d->request->max_bytes || d->have > d->request->max_bytes - bytes.n)
		FAIL(ERR_LIMIT, "%s: larger than %llu bytes", d->name,
		     (unsigned long long)d->request->max_bytes);
	if (lseek(d->fd, (off_t)d->have, SEEK_SET) < 0)
		FAIL_SYS("%s: %s", d->name, strerror(errno));
	TRY_IN(fd_write(d->fd, bytes), "%s", d->name);
	d->have += bytes.n;
	return OK;
}

static Result take_body(Download *d, Source *body, const HttpReply *r)
{
	uint64_t total = r->length;
	for (;;) {
		Str piece;
		Err *e = source_next(body, &piece);
		d->transient = e != OK && e->kind == ERR_NET;
		TRY(e);
		if (piece.n == 0)
			break;
		TRY(append(d, piece));
		if (d->request->progress != NULL)
			d->request->progress(d->request->progress_ctx, d->have, total);
	}
	d->transient = true;
	if (total != 0 && d->have != total)
		FAIL(ERR_NET, "%s: %llu bytes came, %llu were announced", http_source_label(body),
		     (unsigned long long)d->have, (unsigned long long)total);
	d->transient = false;
	return OK;
}

static bool status_may_pass(unsigned status)
{
	return status == 408 || status == 429 || (status >= 500 && status != 501);
}

static Result refuse_status(Download *d, const char *label, const HttpReply *r)
{
	d->transient = status_may_pass(r->status);
	d->retry_after = r->retry_after;
	if (r->status == 416) { /* what we have is longer than what there is */
		d->transient = d->have != 0;
		TRY(start_over(d));
	}
	FAIL(ERR_NET, "%s: the server answered %u", label, r->status);
}

static Result attempt(Download *d, Arena *a, HttpReply *out)
{
	AUTO_SOURCE Source *body = NULL;
	HttpRange range = {.from = d->have, .validator = d->tag};
	Err *e = http_open_range(d->http, d->request, &range, a, out, &body);
	d->transient = e != OK && e->kind == ERR_NET;
	d->retry_after = 0;
	TRY(e);
	d->answered = true;
	if (out->status == 304)
		return start_over(d);
	if (out->status == 206 && out->offset == d->have && d->have != 0)
		return take_body(d, body, out);
	if (out->status != 200)
		return refuse_status(d, http_source_label(body), out);
	TRY(start_over(d));
	TRY(write_tag(d, out));
	return take_body(d, body, out);
}

static void wait_before(const HttpRequest *r, unsigned try, unsigned retry_after)
{
	uint64_t ms = r->backoff_ms != 0 ? r->backoff_ms : 1000;
	ms <<= try < 6 ?
	try:
		6;
	if ((uint64_t)retry_after * 1000 > ms)
		ms = (uint64_t)retry_after * 1000;
	struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		continue;
}

static Result with_retries(Download *d, Arena *a, HttpReply *out)
{
	unsigned tries = d->request->tries != 0 ? d->request->tries : 4;
	for (unsigned i = 0;; i++) {
		Err *e = attempt(d, a, out);
		if (e == OK || !d->transient)
			return e;
		if (!d->answered && tries > UNREACHED_TRIES)
			tries = UNREACHED_TRIES;
		if (i + 1 >= tries)
			return err_in(e, "given up after %u tries", tries);
		if (d->retry_after > LIMIT_HTTP_RETRY_SECONDS)
			return err_in(e, "the server asks for %u seconds of patience",
				      d->retry_after);
		err_free(e);
		wait_before(d->request, i, d->retry_after);
	}
}

Result http_download(Http *h, const HttpRequest *r, int dir, const char *name, Arena *a,
		     HttpReply *out)
{
	Download d = {.http = h, .request = r, .dir = dir, .name = name, .fd = -1};
	if (snprintf(d.tag_name, sizeof d.tag_name, "%s.tag", name) >= (int)sizeof d.tag_name)
		FAIL(ERR_USAGE, "%.40s...: file name too long", name);
	TRY(open_file(&d));
	AUTO_FD int fd = d.fd;
	HttpReply reply;
	TRY(with_retries(&d, a, &reply));
	unlinkat(dir, d.tag_name, 0);
	if (reply.status == 304)
		unlinkat(dir, name, 0);
	else
		reply.status = 200;
	reply.length = d.have;
	*out = reply;
	return OK;
}
