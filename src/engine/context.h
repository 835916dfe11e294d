/* context.h - the engine that a context of Docker's command line names: the context store.
 *
 * The files are the caller's own, in $DOCKER_CONFIG or ~/.docker: config.json says which context is
 * used, contexts/meta/ID/meta.json where its engine listens, contexts/tls/ID/docker/ has its keys;
 * ID is the SHA-256 of the name. A context that is named and cannot be had is an error that names
 * the file, never the default. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* config.json with its credentials, or one meta.json; both have a few KB. */
#define LIMIT_CONTEXT_BYTES (1u << 20)
#define LIMIT_CONTEXT_HOST_BYTES 4096u

typedef struct EngineContext {
	const char *name; /* NULL: none is named, or "default" */
	const char *file; /* its meta.json */
	const char *host; /* "unix:///run/docker.sock", "tcp://10.0.0.1:2376", as it stands there */
	bool tls;         /* the context has keys, or says how to deal with certificates */
	const char *ca, *cert, *key; /* PEM; NULL: there is none */
} EngineContext;

/* By the environment's DOCKER_CONTEXT; *said: it is set, be it to "default". */
Result context_by_environment(Arena *a, EngineContext *out, bool *said);
/* By config.json's currentContext; no such file is no context. */
Result context_by_config(Arena *a, EngineContext *out);

/* The parsers. Texts past the limits, of no such shape, or with control characters: ERR_INPUT. */
Result context_current(Str config, Arena *a, Str *out); /* empty: it says nothing */
Result context_endpoint(Str meta, Arena *a, const char **host, bool *skip_verify);
