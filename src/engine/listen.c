/* listen.c - where the engine listens: what the environment says, then the usual places. */
#include "engine/listen.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"

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

Result engine_find_socket(EngineKind engine, Arena *a, const char **out, Str *why)
{
	bool docker = engine == ENGINE_DOCKER;
	const char *variable = docker ? "DOCKER_HOST" : "CONTAINER_HOST";
	const char *host = getenv(variable);
	*out = NULL;
	if (host != NULL && host[0] != '\0') {
		if (!str_starts(str_of(host), S("unix://")))
			FAIL(ERR_USAGE,
			     "%s=%.200s: only engines on this machine are read (unix://...); save "
			     "the "
			     "image there and scan the archive",
			     variable, host);
		*out = host + strlen("unix://");
		*why = S("");
		return OK;
	}
	const char *places[] = {docker ? "/run/docker.sock" : "/run/podman/podman.sock",
				docker ? "/var/run/docker.sock" : NULL,
				in_runtime_dir(a, docker ? "docker.sock" : "podman/podman.sock")};
	for (size_t i = 0; i < sizeof places / sizeof places[0] && *out == NULL; i++)
		if (is_socket(places[i]))
			*out = places[i];
	Buf b = buf_in(a, 256);
	buf_fmt(&b, "no engine listens at %s", places[0]);
	*why = buf_str(&b);
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

static bool is_set(const char *s) { return s != NULL && s[0] != '\0'; }

static bool wants_tls(const EngineTls *tls)
{
	return tls->on || tls->ca != NULL || tls->cert != NULL || tls->key != NULL ||
	       is_set(getenv("DOCKER_TLS_VERIFY")) || is_set(getenv("DOCKER_CERT_PATH"));
}

static Result find_tcp(Str host, const EngineTls *tls, Arena *a, ProbeEngine *out)
{
	const char *certs = getenv("DOCKER_CERT_PATH"), *home = getenv("HOME");
	bool on = wants_tls(tls);
	Buf url = buf_in(a, 4096), dir = buf_in(a, 4096);
	buf_fmt(&url, "%s://" STR_FMT "%c", on ? "https" : "http", STR_ARG(host), '\0');
	out->url = buf_str(&url).p;
	if (!on && engine_local_port(out->url) == 0)
		FAIL(ERR_USAGE,
		     "tcp://" STR_FMT ": plain TCP is for this machine only; use --tls, or "
		     "DOCKER_TLS_VERIFY and DOCKER_CERT_PATH",
		     STR_ARG(host));
	if (!on)
		return OK;
	if (is_set(certs))
		buf_fmt(&dir, "%s%c", certs, '\0');
	else
		buf_fmt(&dir, "%s/.docker%c", home != NULL ? home : "", '\0');
	const char *at = buf_str(&dir).p;
	out->ca = tls->ca != NULL ? tls->ca : pem(a, at, "ca.pem");
	out->cert = tls->cert != NULL ? tls->cert : pem(a, at, "cert.pem");
	out->key = tls->key != NULL ? tls->key : pem(a, at, "key.pem");
	if ((out->cert == NULL) != (out->key == NULL))
		FAIL(ERR_USAGE, "%s: cert.pem and key.pem belong together", at);
	return OK;
}

static const char *said_host(void)
{
	static const char *const variables[] = {"DOCKER_HOST", "CONTAINER_HOST"};
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		const char *host = getenv(variables[i]);
		if (host != NULL && host[0] != '\0')
			return host;
	}
	return NULL;
}

Result engine_find(const char *host, Arena *a, ProbeEngine *out, Str *why)
{
	return engine_find_tls(host, &(EngineTls){0}, a, out, why);
}

Result engine_find_tls(const char *host, const EngineTls *tls, Arena *a, ProbeEngine *out, Str *why)
{
	*out = (ProbeEngine){0};
	*why = S("");
	if (host == NULL)
		host = said_host();
	if (host == NULL) {
		Str docker;
		TRY(engine_find_socket(ENGINE_DOCKER, a, &out->socket, &docker));
		if (out->socket == NULL)
			TRY(engine_find_socket(ENGINE_PODMAN, a, &out->socket, why));
		if (out->socket == NULL)
			*why = S(
				"no engine listens at /run/docker.sock or /run/podman/podman.sock");
		return OK;
	}
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
