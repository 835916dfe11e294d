/* listen.c - where the engine listens: what the environment and Docker's configuration say, then
 * the usual places. */
#include "engine/listen.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "engine/context.h"

static bool is_socket(const char *path)
{
	struct stat st;
	return path != NULL && stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static const char *in_runtime_dir(Arena *a, const char *name)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	if (dir == NULL || dir[0] != '/')
		return NULL;
	Buf b = buf_in(a, 8192);
	buf_fmt(&b, "%s/%s%c", dir, name, '\0');
	return buf_str(&b).p;
}

static void usual_socket(EngineKind engine, Arena *a, const char **out, Str *why)
{
	bool docker = engine == ENGINE_DOCKER;
	const char *places[] = {docker ? "/run/docker.sock" : "/run/podman/podman.sock",
				docker ? "/var/run/docker.sock" : NULL,
				in_runtime_dir(a, docker ? "docker.sock" : "podman/podman.sock")};
	*out = NULL;
	for (size_t i = 0; i < sizeof places / sizeof places[0] && *out == NULL; i++)
		if (is_socket(places[i]))
			*out = places[i];
	Buf b = buf_in(a, 256);
	buf_fmt(&b, "no engine listens at %s", places[0]);
	*why = buf_str(&b);
}

/* DOCKER_CONTEXT, else config.json. */
static Result docker_context(Arena *a, EngineContext *out)
{
	bool said;
	TRY(context_by_environment(a, out, &said));
	return said ? OK : context_by_config(a, out);
}

static Result only_here(const char *host, const char **out)
{
	if (!str_starts(str_of(host), S("unix://")))
		FAIL(ERR_USAGE,
		     "%.200s: only engines on this machine are read (unix://...); save the image "
		     "there and scan the archive",
		     host);
	*out = host + strlen("unix://");
	return OK;
}

Result engine_find_socket(EngineKind engine, Arena *a, const char **out, Str *why)
{
	const char *variable = engine == ENGINE_DOCKER ? "DOCKER_HOST" : "CONTAINER_HOST";
	EngineContext context = {0};
	*out = NULL;
	*why = S("");
	if (str_of(getenv(variable)).n != 0) {
		TRY_IN(only_here(getenv(variable), out), "%s", variable);
		return OK;
	}
	if (engine == ENGINE_DOCKER)
		TRY(docker_context(a, &context));
	if (context.name != NULL)
		TRY_IN(only_here(context.host, out), "context '%.200s': %s", context.name,
		       context.file);
	else
		usual_socket(engine, a, out, why);
	return OK;
}

/* ---- as a client finds it ---- */

static const char *pem(Arena *a, const char *dir, const char *name)
{
	struct stat st;
	Buf b = buf_in(a, 8192);
	buf_fmt(&b, "%s/%s%c", dir, name, '\0');
	return stat(buf_str(&b).p, &st) == 0 ? buf_str(&b).p : NULL;
}

unsigned engine_local_port(const char *url)
{
	static const char *const names[] = {"localhost:", "[::1]:"};
	Str rest = str_of(url), host;
	uint64_t port = 0;
	size_t at = 0;
	if (!str_find(rest, S("://"), &at))
		return 0;
	rest = str_skip(rest, at + 3);
	(void)str_cut(&rest, '/', &host);
	bool local = str_starts(host, S("127.")); /* and not 127.example.org */
	for (size_t i = 0; i < host.n && local && host.p[i] != ':'; i++)
		local = (host.p[i] >= '0' && host.p[i] <= '9') || host.p[i] == '.';
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		local = local || str_starts(host, str_of(names[i]));
	size_t end = host.n;
	while (end > 0 && host.p[end - 1] != ':')
		end--;
	if (!local || !str_u64(str_skip(host, end), &port) || port > 65535)
		return 0;
	return (unsigned)port;
}

static bool options_want_tls(const EngineTls *tls)
{
	return tls->on || tls->ca != NULL || tls->cert != NULL || tls->key != NULL;
}

/* What the caller leaves open, as the environment and the usual files have it. */
static EngineTls tls_by_environment(const EngineTls *said, Arena *a)
{
	const char *certs = getenv("DOCKER_CERT_PATH"), *home = getenv("HOME");
	EngineTls t = *said;
	Buf dir = buf_in(a, 4096);
	t.on = options_want_tls(said) || str_of(getenv("DOCKER_TLS_VERIFY")).n != 0 ||
	       str_of(certs).n != 0;
	if (!t.on)
		return t;
	if (str_of(certs).n != 0)
		buf_fmt(&dir, "%s%c", certs, '\0');
	else
		buf_fmt(&dir, "%s/.docker%c", home != NULL ? home : "", '\0');
	const char *at = buf_str(&dir).p;
	t.ca = t.ca != NULL ? t.ca : pem(a, at, "ca.pem");
	t.cert = t.cert != NULL ? t.cert : pem(a, at, "cert.pem");
	t.key = t.key != NULL ? t.key : pem(a, at, "key.pem");
	return t;
}

static EngineTls tls_by_context(const EngineTls *said, const EngineContext *c)
{
	return (EngineTls){.on = c->tls || options_want_tls(said),
			   .ca = said->ca != NULL ? said->ca : c->ca,
			   .cert = said->cert != NULL ? said->cert : c->cert,
			   .key = said->key != NULL ? said->key : c->key};
}

static Result find_tcp(Str host, const EngineTls *tls, Arena *a, ProbeEngine *out)
{
	Buf url = buf_in(a, SIZE_MAX);
	buf_fmt(&url, "%s://" STR_FMT "%c", tls->on ? "https" : "http", STR_ARG(host), '\0');
	out->url = buf_str(&url).p;
	if (!tls->on && engine_local_port(out->url) == 0)
		FAIL(ERR_USAGE,
		     "tcp://" STR_FMT ": plain TCP is for this machine only; use --tls, or "
		     "DOCKER_TLS_VERIFY and DOCKER_CERT_PATH",
		     STR_ARG(host));
	if (!tls->on)
		return OK;
	out->ca = tls->ca;
	out->cert = tls->cert;
	out->key = tls->key;
	if ((out->cert == NULL) != (out->key == NULL))
		FAIL(ERR_USAGE, "%s: cert.pem and key.pem belong together",
		     out->cert != NULL ? out->cert : out->key);
	return OK;
}

static Result find_at(const char *host, const EngineTls *tls, Arena *a, ProbeEngine *out)
{
	Str rest = str_of(host);
	if (str_starts(rest, S("unix://"))) {
		out->socket = host + strlen("unix://");
		return OK;
	}
	if (str_starts(rest, S("/"))) {
		out->socket = host;
		return OK;
	}
	if (str_starts(rest, S("tcp://")))
		return find_tcp(str_skip(rest, strlen("tcp://")), tls, a, out);
	if (str_starts(rest, S("ssh://")))
		FAIL(ERR_USAGE,
		     "%.200s: forward its socket first: ssh -L /tmp/engine.sock:/run/docker.sock "
		     "HOST, then name unix:///tmp/engine.sock; or run this there",
		     host);
	FAIL(ERR_USAGE, "%.200s: an engine is named as unix://PATH or tcp://HOST:PORT", host);
}

static void find_usual(Arena *a, ProbeEngine *out, Str *why)
{
	usual_socket(ENGINE_DOCKER, a, &out->socket, why);
	if (out->socket == NULL)
		usual_socket(ENGINE_PODMAN, a, &out->socket, why);
	*why = out->socket != NULL
		       ? S("")
		       : S("no engine listens at /run/docker.sock or /run/podman/podman.sock");
}

/* What the environment says goes before what Docker's configuration says. */
static Result said_engine(Arena *a, const char **host, EngineContext *context)
{
	bool said = false;
	*context = (EngineContext){0};
	*host = getenv("DOCKER_HOST");
	if (str_of(*host).n != 0)
		return OK;
	TRY(context_by_environment(a, context, &said));
	*host = context->name == NULL ? getenv("CONTAINER_HOST") : NULL;
	if (str_of(*host).n == 0 && !said)
		TRY(context_by_config(a, context));
	return OK;
}

Result engine_find_tls(const char *host, const EngineTls *tls, Arena *a, ProbeEngine *out, Str *why)
{
	EngineContext context = {0};
	EngineTls t;
	*out = (ProbeEngine){0};
	*why = S("");
	if (host == NULL)
		TRY(said_engine(a, &host, &context));
	if (context.name != NULL) {
		t = tls_by_context(tls, &context);
		TRY_IN(find_at(context.host, &t, a, out), "context '%.200s': %s", context.name,
		       context.file);
	} else if (str_of(host).n != 0) {
		t = tls_by_environment(tls, a);
		TRY(find_at(host, &t, a, out));
	} else {
		find_usual(a, out, why);
	}
	return OK;
}

Result engine_find(const char *host, Arena *a, ProbeEngine *out, Str *why)
{
	return engine_find_tls(host, &(EngineTls){0}, a, out, why);
}

Result engine_find_here(const char *host, Arena *a, ProbeEngine *out, Str *why)
{
	TRY(engine_find(host, a, out, why));
	if (host == NULL && out->url != NULL) {
		*out = (ProbeEngine){0};
		find_usual(a, out, why);
	}
	return OK;
}
