/* engine.c - images of the Docker or Podman engine: where it listens, and its export as a stream.
 */
#include "image/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "io/fd.h"
#include "io/http.h"

/* docker save of Docker before 25 puts the whole image together before the first byte. */
enum { EXPORT_IDLE_SECONDS = 1800 };

/* The characters of a reference (distribution/reference): nothing that means more in a URL. */
static bool is_reference(Str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && strchr("._-/:@", c) == NULL)
			return false;
	}
	size_t at;
	return name.n != 0 && name.n < 1000 && name.p[0] != '/' && name.p[0] != '.' &&
	       !str_find(name, S(".."), &at) && !str_find(name, S("//"), &at);
}

/* ---- export ---- */

typedef struct Export {
	const char *socket;
	Str name;
	int in[2];  /* the worker's ends: the export, and the export once more */
	int out[2]; /* ours */
	int ask[2]; /* the worker asks for it once more: its end is [1] */
} Export;

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void export_close(Export *x)
{
	for (int i = 0; i < 2; i++) {
		close_fd(&x->in[i]);
		close_fd(&x->out[i]);
		close_fd(&x->ask[i]);
	}
}
#define AUTO_EXPORT __attribute__((cleanup(export_close)))

static Result export_open(Export *x)
{
	for (int i = 0; i < 2; i++) {
		int ends[2];
		if (pipe2(ends, O_CLOEXEC) != 0)
			FAIL_SYS("making a pipe: %s", strerrordesc_np(errno));
		x->in[i] = ends[0];
		x->out[i] = ends[1];
		fcntl(ends[1], F_SETPIPE_SZ, 1 << 20); /* fewer switches; not having it is fine */
	}
	if (pipe2(x->ask, O_CLOEXEC) != 0)
		FAIL_SYS("making a pipe: %s", strerrordesc_np(errno));
	return OK;
}

/* OK too when the worker has seen enough. */
static Result pour(Source *from, int to)
{
	for (;;) {
		Str w;
		TRY(source_next(from, &w));
		if (w.n == 0)
			return OK;
		Err *e = fd_write(to, w);
		bool enough = e != OK && e->sys == EPIPE;
		if (enough) {
			err_free(e);
			return OK;
		}
		TRY(e);
	}
}

static Result export_once(const Export *x, int to)
{
	Arena a = {0};
	AUTO_HTTP Http *http = NULL;
	AUTO_SOURCE Source *body = NULL;
	HttpReply reply;
	char url[2048];
	snprintf(url, sizeof url, "http://localhost/images/" STR_FMT "/get", STR_ARG(x->name));
	const HttpRequest r = {.url = url,
			       .unix_socket = x->socket,
			       .max_bytes = LIMIT_EXPORT_BYTES,
			       .idle_seconds = EXPORT_IDLE_SECONDS};
	TRY(http_create(&http));
	Err *e = http_open(http, &r, &a, &reply, &body);
	arena_finish(&a);
	TRY(e);
	if (reply.status == 404)
		FAIL(ERR_INPUT, "the engine has it no more: it was removed while it was read");
	if (reply.status != 200)
		FAIL(ERR_NET, "%s: the engine answers %u to an export of " STR_FMT, x->socket,
		     reply.status, STR_ARG(x->name));
	return pour(body, to);
}

/* In a thread of the parent. */
static Err *feed(void *ctx)
{
	Export *x = ctx;
	sigset_t pipe_signal;
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
	close_fd(&x->in[0]);
	close_fd(&x->in[1]);
	close_fd(&x->ask[1]);
	Err *e = export_once(x, x->out[0]);
	close_fd(&x->out[0]); /* on failure too: the worker waits for the end */
	char again;
	ssize_t n = 0;
	if (e == OK)
		do
			n = read(x->ask[0], &again, 1);
		while (n < 0 && errno == EINTR);
	if (n == 1)
		e = export_once(x, x->out[1]);
	close_fd(&x->out[1]);
	return e;
}

static Result read_export(const Road *road, const char *socket, Str name, const char *how,
			  ImageAnswer *out)
{
	AUTO_EXPORT Export x = {socket, name, {-1, -1}, {-1, -1}, {-1, -1}};
	TRY(export_open(&x));
	const int fds[] = {x.in[0], x.in[1], x.ask[1], -1};
	WorkerGrant grant = {.fds = fds, .meanwhile = feed, .meanwhile_ctx = &x};
	Reader r = {.road = "export", .fds = fds, .n = 2, .ask = x.ask[1]};
	return road_run(road, &r, &grant, reader_of_archive, how, out);
}

/* ---- the road ---- */

static Result check_platform(const Road *road, const EngineImage *image)
{
	const PlanWant *w = &road->want;
	if (w->platform_asked && platform_rank(&w->platform, &image->platform) == 0)
		FAIL(ERR_USAGE, "is for " STR_FMT ", not for " STR_FMT "; pull it with --platform",
		     STR_ARG(platform_text(&image->platform, road->arena)),
		     STR_ARG(platform_text(&w->platform, road->arena)));
	return OK;
}

static Result read_known(const Road *road, const char *socket, Str name, const EngineImage *image,
			 ImageAnswer *out)
{
	Str why = S("asked for");
	TRY(check_platform(road, image));
	if (road->request->in_place)
		TRY(overlay2_read(road, socket, image, name, out, &why));
	if (why.n == 0)
		return OK;
	Buf how = buf_in(road->arena, 2048);
	buf_fmt(&how, "exported by the engine (" STR_FMT ")%c", STR_ARG(str_first(why, 1000)),
		'\0');
	return read_export(road, socket, name, buf_str(&how).p, out);
}

Result road_engine(const Road *road, EngineKind engine, Str name, ImageAnswer *out, bool *found,
		   Str *why)
{
	const char *socket = NULL;
	EngineImage image;
	*found = false;
	*why = S("not the name of an image");
	if (!is_reference(name))
		return OK;
	TRY(engine_find_socket(engine, road->arena, &socket, why));
	if (socket == NULL)
		return OK;
	Err *e = engine_inspect(socket, name, road->arena, &image, found);
	if (e != OK && e->kind == ERR_NET) { /* as good as nobody there */
		Buf b = buf_in(road->arena, SIZE_MAX);
		buf_fmt(&b, "the engine at %s does not answer: %s", socket, e->text);
		*why = buf_str(&b);
		err_free(e);
		return OK;
	}
	TRY_IN(e, "%s", engine == ENGINE_DOCKER ? "docker" : "podman");
	*why = S("no such image; pull it first");
	if (!*found)
		return OK;
	return read_known(road, socket, name, &image, out);
}
