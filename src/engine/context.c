/* context.c - reads config.json and the store of contexts beside it. */
#include "engine/context.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/digest.h"
#include "io/json.h"
#include "io/source.h"

/* ---- texts ---- */

static Result printable(Str s, const char *what)
{
	if (s.n > LIMIT_CONTEXT_HOST_BYTES)
		FAIL(ERR_INPUT, "%s: longer than %u bytes", what, LIMIT_CONTEXT_HOST_BYTES);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			FAIL(ERR_INPUT, "%s: a control character in it", what);
	return OK;
}

static Result object_of(Str text, Arena *a, Value **out)
{
	TRY(value_from_json(text, a, out));
	if ((*out)->type != JSON_OBJECT)
		FAIL(ERR_INPUT, "no JSON object");
	return OK;
}

/* As Go reads JSON: the letters' case in a key does not matter. */
static const Value *member(const Value *v, Str key)
{
	const Value *found = NULL;
	for (size_t i = 0; v != NULL && v->type == JSON_OBJECT && i < v->n; i++)
		if (str_eq_nocase(v->members[i].key, key))
			found = v->members[i].value;
	return found;
}

Result context_current(Str config, Arena *a, Str *out)
{
	Value *v = NULL;
	TRY(object_of(config, a, &v));
	const Value *name = member(v, S("currentContext"));
	if (name == NULL || name->type == JSON_NULL) {
		*out = S("");
		return OK;
	}
	if (name->type != JSON_STRING)
		FAIL(ERR_INPUT, "currentContext is no string");
	TRY(printable(name->text, "currentContext"));
	*out = name->text;
	return OK;
}

Result context_endpoint(Str meta, Arena *a, const char **host, bool *skip_verify)
{
	Value *v = NULL;
	TRY(object_of(meta, a, &v));
	const Value *docker = value_get(member(v, S("Endpoints")), S("docker"));
	const Value *at = member(docker, S("Host")), *skip = member(docker, S("SkipTLSVerify"));
	if (at == NULL || at->type != JSON_STRING || at->text.n == 0)
		FAIL(ERR_INPUT, "no Endpoints.docker.Host in it");
	if (skip != NULL && skip->type != JSON_BOOL && skip->type != JSON_NULL)
		FAIL(ERR_INPUT, "SkipTLSVerify is neither true nor false");
	TRY(printable(at->text, "Endpoints.docker.Host"));
	*host = arena_cstr(a, at->text);
	*skip_verify = skip != NULL && skip->truth;
	return OK;
}

/* ---- files ---- */

/* NULL: nobody says where. */
static const char *in_config_dir(Arena *a, const char *path)
{
	const char *dir = getenv("DOCKER_CONFIG"), *home = getenv("HOME");
	Buf b = buf_in(a, SIZE_MAX);
	if (str_of(dir).n == 0 && str_of(home).n == 0)
		return NULL;
	buf_fmt(&b, "%s%s/%s%c", str_of(dir).n != 0 ? dir : home,
		str_of(dir).n != 0 ? "" : "/.docker", path, '\0');
	return buf_str(&b).p;
}

/* errno of the error is in its ->sys. A pipe or a device is not waited for. */
static Result read_file(const char *path, Arena *a, Str *out)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		FAIL_SYS("cannot read: %s", strerrordesc_np(errno));
	AUTO_SOURCE Source *s = source_from_fd(fd, true);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		FAIL(ERR_INPUT, "not a file");
	return source_all(s, a, LIMIT_CONTEXT_BYTES, out);
}

static const char *if_there(const char *path)
{
	struct stat st;
	return path != NULL && stat(path, &st) == 0 ? path : NULL;
}

/* contexts/WHAT/ID/NAME */
static const char *in_store(Arena *a, const char *what, Str context, const char *name)
{
	uint8_t sha[SHA256_BYTES];
	Buf b = buf_in(a, SIZE_MAX);
	sha256_of(context, sha);
	buf_fmt(&b, "contexts/%s/" STR_FMT "/%s%c", what,
		STR_ARG(str_skip(digest_text(a, sha), strlen("sha256:"))), name, '\0');
	return in_config_dir(a, buf_str(&b).p);
}

static Result load(Str name, Arena *a, EngineContext *out)
{
	EngineContext c = {.name = arena_cstr(a, name),
			   .file = in_store(a, "meta", name, "meta.json")};
	Str text;
	if (c.file == NULL)
		FAIL(ERR_USAGE, "neither DOCKER_CONFIG nor HOME says where contexts are");
	Err *e = read_file(c.file, a, &text);
	if (e != OK && (e->sys == ENOENT || e->sys == ENOTDIR)) {
		err_free(e);
		FAIL(ERR_USAGE, "no such context: there is no %s; see 'docker context ls'", c.file);
	}
	TRY_IN(e, "%s", c.file);
	TRY_IN(context_endpoint(text, a, &c.host, &c.tls), "%s", c.file);
	c.tls = c.tls || if_there(in_store(a, "tls", name, "docker")) != NULL;
	c.ca = if_there(in_store(a, "tls", name, "docker/ca.pem"));
	c.cert = if_there(in_store(a, "tls", name, "docker/cert.pem"));
	c.key = if_there(in_store(a, "tls", name, "docker/key.pem"));
	*out = c;
	return OK;
}

static Result named(Str name, const char *by, Arena *a, EngineContext *out)
{
	if (name.n == 0 || str_eq(name, S("default")))
		return OK;
	TRY_IN(load(name, a, out), "context '" STR_FMT "' of %s", STR_ARG(str_first(name, 200)),
	       by);
	return OK;
}

Result context_by_environment(Arena *a, EngineContext *out, bool *said)
{
	const char *name = getenv("DOCKER_CONTEXT");
	*out = (EngineContext){0};
	*said = str_of(name).n != 0;
	return named(str_of(name), "DOCKER_CONTEXT", a, out);
}

Result context_by_config(Arena *a, EngineContext *out)
{
	const char *file = in_config_dir(a, "config.json");
	Str text, name;
	*out = (EngineContext){0};
	if (file == NULL)
		return OK;
	Err *e = read_file(file, a, &text);
	if (e != OK && (e->sys == ENOENT || e->sys == ENOTDIR)) {
		err_free(e);
		return OK;
	}
	if (e == OK)
		e = context_current(text, a, &name);
	if (e != OK) {
		Str why = arena_str(a, str_of(e->text));
		ErrKind kind = e->kind;
		err_free(e);
		FAIL(kind,
		     "%s: " STR_FMT "; which engine Docker uses stands there: put it right, or set "
		     "DOCKER_HOST or DOCKER_CONTEXT",
		     file, STR_ARG(why));
	}
	return named(name, file, a, out);
}
