/* listen.h - where the container engine of this machine listens. */
#pragma once
#include "io/probe.h"

typedef enum EngineKind { ENGINE_DOCKER, ENGINE_PODMAN } EngineKind;

/* The path of its Unix socket: DOCKER_HOST, else the context of Docker's command line
 * (engine/context.h), or CONTAINER_HOST; else the usual places. NULL when nobody listens; *why then
 * says where it was looked for. ERR_USAGE when another machine is named. */
Result engine_find_socket(EngineKind engine, Arena *a, const char **out, Str *why);

typedef struct EngineTls {           /* NULL: by DOCKER_CERT_PATH, else ~/.docker */
	bool on;                     /* else by DOCKER_TLS_VERIFY, DOCKER_CERT_PATH, or a file */
	const char *ca, *cert, *key; /* PEM */
} EngineTls;

/* As a client of Docker finds it: `host` ("unix:///run/docker.sock", "tcp://10.0.0.1:2376") or,
 * when NULL, DOCKER_HOST, DOCKER_CONTEXT, CONTAINER_HOST, the currentContext of Docker's
 * config.json, else the usual places of Docker, then of Podman. A context brings its own keys. With
 * TLS the engine's certificate is always verified, a context's SkipTLSVerify or not; plain tcp is
 * for this machine only. ERR_USAGE for other schemes. Nothing set in *out: nobody listens, see
 * *why. */
Result engine_find(const char *host, Arena *a, ProbeEngine *out, Str *why);
Result engine_find_tls(const char *host, const EngineTls *tls, Arena *a, ProbeEngine *out,
		       Str *why);
/* For who asks about this machine: as engine_find(), but an engine elsewhere that only the
 * environment or a context names is passed over for the usual places. */
Result engine_find_here(const char *host, Arena *a, ProbeEngine *out, Str *why);
/* The port of a URL whose host is this machine by any of loopback's names; else 0. */
unsigned engine_local_port(const char *url);
