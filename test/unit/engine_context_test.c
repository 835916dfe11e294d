/* Contexts of Docker's command line, and what goes before what. */
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "engine/context.h"
#include "engine/listen.h"
#include "io/digest.h"
#include "tap.h"

/* ---- a place for the files ---- */

static char home[32];
static Arena arena;

static const char *under(const char *dir, const char *id, const char *name)
{
	Buf b = buf_in(&arena, 4096);
	buf_fmt(&b, "%s/%s%s%s%c", home, dir, id, name, '\0');
	return buf_str(&b).p;
}

static const char *config(void) { return under("config.json", "", ""); }

static void put(const char *path, const char *text)
{
	char part[512];
	for (size_t i = strlen(home) + 1; path[i] != '\0'; i++)
		if (path[i] == '/') {
			snprintf(part, sizeof part, "%.*s", (int)i, path);
			mkdir(part, 0700);
		}
	FILE *f = fopen(path, "w");
	CHECK(f != NULL);
	if (f == NULL)
		return;
	fputs(text, f);
	CHECK(fclose(f) == 0);
}

static const char *id_of(const char *context)
{
	uint8_t sha[SHA256_BYTES];
	sha256_of(str_of(context), sha);
	return arena_cstr(&arena, str_skip(digest_text(&arena, sha), strlen("sha256:")));
}

static const char *meta_of(const char *context)
{
	return under("contexts/meta/", id_of(context), "/meta.json");
}

static void put_context(const char *name, const char *endpoints)
{
	Buf b = buf_in(&arena, 4096);
	buf_fmt(&b, "{\"Name\":\"%s\",\"Metadata\":{},\"Endpoints\":%s}%c", name, endpoints, '\0');
	put(meta_of(name), buf_str(&b).p);
}

static void begin(void)
{
	static const char template[] = "/tmp/bulwark-context-XXXXXX";
	static const char *const unset[] = {"DOCKER_HOST",      "DOCKER_CONTEXT",
					    "CONTAINER_HOST",   "DOCKER_TLS_VERIFY",
					    "DOCKER_CERT_PATH", "XDG_RUNTIME_DIR"};
	memcpy(home, template, sizeof template);
	CHECK(mkdtemp(home) != NULL);
	for (size_t i = 0; i < sizeof unset / sizeof unset[0]; i++)
		unsetenv(unset[i]);
	setenv("DOCKER_CONFIG", home, 1);
}

static int gone(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void end(void)
{
	CHECK(nftw(home, gone, 8, FTW_DEPTH | FTW_PHYS) == 0);
	arena_finish(&arena);
}

/* What engine_find() finds, as text: a socket, a URL, or nothing. */
static Str found(void)
{
	ProbeEngine e;
	Str why;
	CHECK_OK(engine_find(NULL, &arena, &e, &why));
	return str_of(e.socket != NULL ? e.socket : e.url);
}

static void check_error(Err *e, ErrKind kind, const char *part)
{
	size_t at;
	if (e == OK || e->kind != kind || !str_find(str_of(e->text), str_of(part), &at))
		tap_fail(part, e != OK ? e->text : "no error");
	err_free(e);
}

static void find_error(ErrKind kind, const char *part)
{
	ProbeEngine e;
	Str why;
	check_error(engine_find(NULL, &arena, &e, &why), kind, part);
}

static void socket_error(ErrKind kind, const char *part)
{
	const char *socket;
	Str why;
	check_error(engine_find_socket(ENGINE_DOCKER, &arena, &socket, &why), kind, part);
}

/* ---- what goes before what ---- */

TEST(each_goes_before_the_next)
{
	const char *socket = NULL;
	Str why;
	begin();
	put_context("file", "{\"docker\":{\"Host\":\"unix:///of/file\"}}");
	put_context("said", "{\"docker\":{\"Host\":\"unix:///of/said\"}}");
	put(config(), "{\"auths\":{},\"currentContext\":\"file\"}");
	CHECK_STR(found(), S("/of/file"));
	setenv("CONTAINER_HOST", "unix:///of/podman", 1);
	CHECK_STR(found(), S("/of/podman"));
	CHECK_OK(engine_find_socket(ENGINE_DOCKER, &arena, &socket, &why));
	CHECK_STR(str_of(socket), S("/of/file")); /* Docker's, whatever Podman's is */
	setenv("DOCKER_CONTEXT", "said", 1);
	CHECK_STR(found(), S("/of/said"));
	CHECK_OK(engine_find_socket(ENGINE_DOCKER, &arena, &socket, &why));
	CHECK_STR(str_of(socket), S("/of/said"));
	setenv("DOCKER_CONTEXT", "default", 1);
	CHECK_STR(found(), S("/of/podman"));
	setenv("DOCKER_HOST", "unix:///of/host", 1);
	CHECK_STR(found(), S("/of/host"));
	CHECK_OK(engine_find_socket(ENGINE_PODMAN, &arena, &socket, &why));
	CHECK_STR(str_of(socket), S("/of/podman"));
	end();
}

TEST(no_configuration_and_default_are_no_context)
{
	EngineContext c = {.name = "x"};
	static const char *const texts[] = {"{}", "{\"currentContext\":\"\"}",
					    "{\"currentContext\":null}",
					    "{\"currentContext\":\"default\"}"};
	begin();
	CHECK_OK(context_by_config(&arena, &c));
	CHECK(c.name == NULL);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		put(config(), texts[i]);
		c.name = "x";
		CHECK_OK(context_by_config(&arena, &c));
		CHECK(c.name == NULL);
	}
	end();
}

TEST(it_is_in_the_home_when_nothing_else_is_said)
{
	EngineContext c;
	begin();
	unsetenv("DOCKER_CONFIG");
	setenv("HOME", home, 1);
	put(under(".docker/config.json", "", ""), "{\"currentContext\":\"none\"}");
	check_error(context_by_config(&arena, &c), ERR_USAGE, "/.docker/contexts/meta/");
	unsetenv("HOME");
	CHECK_OK(context_by_config(&arena, &c));
	setenv("DOCKER_CONTEXT", "x", 1);
	find_error(ERR_USAGE, "neither DOCKER_CONFIG nor HOME");
	end();
}

/* ---- named, and not to be had ---- */

TEST(a_context_that_cannot_be_had_is_an_error)
{
	static const struct {
		const char *endpoints;
		const char *part;
	} cases[] = {
		{"{}", "no Endpoints.docker.Host"},
		{"[]", "no Endpoints.docker.Host"},
		{"{\"Docker\":{\"Host\":\"unix:///a\"}}", "no Endpoints.docker.Host"},
		{"{\"docker\":{\"Host\":\"\"}}", "no Endpoints.docker.Host"},
		{"{\"docker\":{\"Host\":7}}", "no Endpoints.docker.Host"},
		{"{\"docker\":{\"Host\":\"unix:///a\\u0000b\"}}", "control character"},
		{"{\"docker\":{\"Host\":\"unix:///a\\n\"}}", "control character"},
		{"{\"docker\":{\"Host\":\"unix:///a\",\"SkipTLSVerify\":\"no\"}}", "neither true"},
		{"{\"docker\":{\"Host\":\"unix:///a\"}", "meta.json: "},
	};
	begin();
	setenv("DOCKER_CONTEXT", "x", 1);
	find_error(ERR_USAGE, id_of("x"));
	socket_error(ERR_USAGE, "context 'x' of DOCKER_CONTEXT: no such context");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		put_context("x", cases[i].endpoints);
		find_error(ERR_INPUT, cases[i].part);
		socket_error(ERR_INPUT, meta_of("x"));
	}
	end();
}

TEST(a_configuration_that_cannot_be_read_is_an_error)
{
	static const char *const bad[] = {
		"", "[]", "{", "{\"currentContext\":1}", "{\"currentContext\":\"a\\tb\"}", "{}{}"};
	begin();
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		put(config(), bad[i]);
		find_error(ERR_INPUT, config());
	}
	CHECK(truncate(config(), LIMIT_CONTEXT_BYTES + 1) == 0);
	find_error(ERR_LIMIT, "config.json");
	CHECK(remove(config()) == 0);
	CHECK(mkfifo(config(), 0600) == 0);
	find_error(ERR_INPUT, "not a file"); /* and is not waited for */
	setenv("DOCKER_CONTEXT", "default", 1);
	CHECK_OK(engine_find_socket(ENGINE_DOCKER, &arena, &(const char *){NULL}, &(Str){0}));
	end();
}

TEST(keys_are_read_as_go_reads_them)
{
	const char *host = NULL;
	bool skip = false;
	Arena a = {0};
	CHECK_OK(context_endpoint(
		S("{\"endpoints\":{\"docker\":{\"host\":\"unix:///a\",\"skiptlsverify\":true}}}"),
		&a, &host, &skip));
	CHECK(skip && strcmp(host, "unix:///a") == 0);
	arena_finish(&a);
}

/* ---- where it leads ---- */

TEST(ssh_is_refused_with_advice)
{
	begin();
	put_context("far", "{\"docker\":{\"Host\":\"ssh://me@far\"}}");
	setenv("DOCKER_CONTEXT", "far", 1);
	find_error(ERR_USAGE, "ssh -L /tmp/engine.sock:/run/docker.sock");
	find_error(ERR_USAGE, "context 'far': ");
	socket_error(ERR_USAGE, "save the image there and scan the archive");
	end();
}

TEST(a_context_brings_its_own_keys)
{
	static const char *const names[] = {"/docker/ca.pem", "/docker/cert.pem",
					    "/docker/key.pem"};
	ProbeEngine e;
	Str why;
	begin();
	put_context("far", "{\"docker\":{\"Host\":\"tcp://10.0.0.1:2376\"}}");
	setenv("DOCKER_CONTEXT", "far", 1);
	setenv("DOCKER_CERT_PATH", "/of/another", 1); /* the environment's are not the context's */
	find_error(ERR_USAGE, "plain TCP is for this machine only");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		put(under("contexts/tls/", id_of("far"), names[i]), "-");
		if (i == 1)
			find_error(ERR_USAGE, "belong together");
	}
	CHECK_OK(engine_find(NULL, &arena, &e, &why));
	CHECK_STR(str_of(e.url), S("https://10.0.0.1:2376"));
	CHECK(e.ca != NULL && str_ends(str_of(e.ca), S("/docker/ca.pem")));
	CHECK(e.key != NULL && str_starts(str_of(e.key), str_of(home)));
	CHECK_OK(engine_find_tls(NULL, &(EngineTls){.ca = "/my/ca.pem"}, &arena, &e, &why));
	CHECK_STR(str_of(e.ca), S("/my/ca.pem"));
	end();
}

TEST(not_to_verify_is_to_speak_tls_and_to_verify)
{
	begin();
	put_context("far", "{\"docker\":{\"Host\":\"tcp://10.0.0.1:1\",\"SkipTLSVerify\":true}}");
	setenv("DOCKER_CONTEXT", "far", 1);
	CHECK_STR(found(), S("https://10.0.0.1:1"));
	end();
}

TEST(an_engine_elsewhere_is_not_this_machines)
{
	ProbeEngine e;
	Str why;
	begin();
	put_context("far", "{\"docker\":{\"Host\":\"tcp://127.0.0.1:1\"}}");
	setenv("DOCKER_CONTEXT", "far", 1);
	CHECK_STR(found(), S("http://127.0.0.1:1"));
	CHECK_OK(engine_find_here(NULL, &arena, &e, &why));
	CHECK(e.url == NULL);
	CHECK_OK(engine_find_here("tcp://127.0.0.1:1", &arena, &e, &why)); /* it was asked for */
	CHECK(e.url != NULL);
	end();
}
