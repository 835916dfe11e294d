/* swarm.c - sections 6 and 7: sprawl, and swarm mode. */
#include <errno.h>

#include "bench/private.h"
#include "engine/api.h"

/* ---- sprawl ---- */

/* By a container that runs, or ended and was not removed. */
static bool is_used(const Bench *b, Str image)
{
	for (size_t i = 0; b->listed != NULL && i < b->listed->n; i++)
		if (str_eq(value_str(b->listed->items[i], S("ImageID")), image))
			return true;
	return false;
}

static void image_sprawl(Bench *b, Verdict *v)
{
	size_t unused = 0;
	if (!bench_has_info(b, v))
		return;
	if (b->images_why.n != 0 || b->listed == NULL) {
		Str why = b->images_why.n != 0 ? b->images_why : b->containers_why;
		ERROR(b, v, S("GET /images/json"), STR_FMT, STR_ARG(why));
		return;
	}
	for (size_t i = 0; i < b->images.n; i++)
		unused += !is_used(b, b->images.at[i].id);
	INFO(b, v, S("GET /images/json"), "%zu image%s, %zu of which no container uses",
	     b->images.n, b->images.n == 1 ? "" : "s", unused);
}
CHECK(B601, "image-sprawl", "operations", CIS("6.1"), 1, SEV_LOW, "Old images are removed",
      "those that are used", "An old image is started by mistake, with its old vulnerabilities.",
      "docker image prune --all --filter until=720h", image_sprawl)

static void container_sprawl(Bench *b, Verdict *v)
{
	if (!bench_has_info(b, v))
		return;
	INFO(b, v, S("GET /info"), "%lld containers, %lld of which run",
	     (long long)bench_number(b->d.info, S("Containers")),
	     (long long)bench_number(b->d.info, S("ContainersRunning")));
}
CHECK(B602, "container-sprawl", "operations", CIS("6.2"), 1, SEV_LOW,
      "Containers that ended are removed", "those that run",
      "What nobody looks after is a way in that nobody watches.", "docker container prune",
      container_sprawl)

/* ---- swarm mode ---- */

#define SECTION "swarm"

/* False, and the verdict says so, where there is no swarm to be asked. */
static bool is_manager(Bench *b, Verdict *v)
{
	if (!bench_has_info(b, v))
		return false;
	const Value *swarm = value_get(b->d.info, S("Swarm"));
	Str state = value_str(swarm, S("LocalNodeState"));
	if (state.n == 0 || str_eq(state, S("inactive")))
		NOT_HERE(b, v, "swarm mode is off");
	else if (!str_eq(state, S("active")))
		ERROR(b, v, S("GET /info Swarm"), "this node is " STR_FMT, STR_ARG(state));
	else if (!bench_true(swarm, S("ControlAvailable")))
		NOT_HERE(b, v, "this node is a worker; run this on a manager");
	else
		return true;
	return false;
}

static const Value *ask(Bench *b, Verdict *v, const char *path, JsonType type)
{
	unsigned status;
	Str why;
	if (!is_manager(b, v))
		return NULL;
	const Value *answer = api_get(b->p, str_of(path), b->a, &status, &why);
	if (answer != NULL && answer->type == type)
		return answer;
	if (answer != NULL)
		why = S("the engine's answer is of the wrong kind");
	ERROR(b, v, S("the engine's API"), "GET %s: " STR_FMT, path, STR_ARG(why));
	return NULL;
}

static void managers(Bench *b, Verdict *v)
{
	enum { MOST = 7 };
	size_t n = 0;
	const Value *nodes = ask(b, v, "/nodes", JSON_ARRAY);
	if (nodes == NULL)
		return;
	for (size_t i = 0; i < nodes->n; i++)
		n += value_get(nodes->items[i], S("ManagerStatus")) != NULL;
	if (n > MOST || n % 2 == 0)
		WARN(b, v, S("GET /nodes"), "%zu managers", n);
	else
		PASS(b, v, S("GET /nodes"), "%zu manager%s", n, n == 1 ? "" : "s");
}
CHECK(B701, "swarm-managers", SECTION, CIS("7.1"), 1, SEV_LOW,
      "A swarm has as few managers as it needs", "1, 3, 5 or 7",
      "Each manager holds the keys of the whole swarm; an even number adds none that may fail.",
      "docker node demote NODE", managers)

/* Is something listening on the swarm's port, and at every address? 0, or an errno. */
static int look_for_port(Bench *b, const char *file, bool *found, bool *wide)
{
	enum { SWARM_PORT = 2377 };
	Str text, line;
	TcpListener l;
	int sys = probe_read(b->p, str_of(file), b->a, &text);
	while (sys == 0 && text.n != 0 && str_cut(&text, '\n', &line)) {
		if (!proc_tcp_listener(line, &l) || l.port != SWARM_PORT)
			continue;
		*found = true;
		*wide = *wide || l.any;
	}
	return sys;
}

static void swarm_address(Bench *b, Verdict *v)
{
	bool found = false, wide = false;
	Str source = S("/proc/net/tcp");
	if (!is_manager(b, v) || !bench_is_near(b, v))
		return;
	int sys = look_for_port(b, "/proc/net/tcp", &found, &wide);
	if (sys == 0)
		sys = look_for_port(b, "/proc/net/tcp6", &found, &wide);
	if (sys != 0 && sys != ENOENT)
		verdict_unread(v, b->a, source, sys);
	else if (wide)
		WARN(b, v, source, "port 2377 on every address");
	else if (found)
		PASS(b, v, source, "port 2377 on one address");
	else
		NOTE(b, v, source, "nothing listens on port 2377: is another port meant?");
}
CHECK(B702, "swarm-address", SECTION, CIS("7.2"), 1, SEV_MEDIUM, "The swarm listens on one address",
      "--listen-addr with an address",
      "On every address it is reached from networks that are not the swarm's.",
      "docker swarm init --listen-addr ADDRESS:2377", swarm_address)

static void overlay_encrypted(Bench *b, Verdict *v)
{
	size_t n = 0;
	if (!is_manager(b, v))
		return;
	for (size_t i = 0; b->networks != NULL && i < b->networks->n; i++) {
		const Value *net = b->networks->items[i];
		if (!str_eq(value_str(net, S("Driver")), S("overlay")) ||
		    bench_true(net, S("Ingress")))
			continue;
		n++;
		const Value *said = value_get(value_get(net, S("Options")), S("encrypted"));
		if (said == NULL || str_eq(said->text, S("false")))
			verdict_item(v, b->a, "network", value_str(net, S("Name")),
				     "not encrypted");
	}
	v->subjects = n;
	if (b->networks == NULL)
		ERROR(b, v, S("GET /networks"), STR_FMT, STR_ARG(b->networks_why));
	else if (v->items.n != 0)
		WARN(b, v, S("GET /networks"), "%zu of %zu overlay networks", v->items.n, n);
	else
		PASS(b, v, S("GET /networks"), "%zu overlay networks", n);
}
CHECK(B703, "overlay-encrypted", SECTION, CIS("7.3"), 1, SEV_MEDIUM,
      "Overlay networks are encrypted", "--opt encrypted",
      "Between nodes, traffic of containers is plain.",
      "docker network create --driver overlay --opt encrypted NAME", overlay_encrypted)

static void swarm_secrets(Bench *b, Verdict *v)
{
	const Value *list = ask(b, v, "/secrets", JSON_ARRAY);
	if (list == NULL)
		return;
	if (list->n != 0)
		PASS(b, v, S("GET /secrets"), "%zu", list->n);
	else
		INFO(b, v, S("GET /secrets"), "none: where are your services' secrets?");
}
CHECK(B704, "swarm-secrets", SECTION, CIS("7.4"), 1, SEV_LOW, "Services' secrets are the swarm's",
      "docker secret", "In variables or images they are seen by whoever can inspect or pull.",
      "docker secret create, and --secret", swarm_secrets)

static void autolock(Bench *b, Verdict *v)
{
	const Value *swarm = ask(b, v, "/swarm", JSON_OBJECT);
	if (swarm == NULL)
		return;
	const Value *spec = value_get(value_get(swarm, S("Spec")), S("EncryptionConfig"));
	if (bench_true(spec, S("AutoLockManagers")))
		PASS(b, v, S("GET /swarm"), "managers lock");
	else
		WARN(b, v, S("GET /swarm"), "managers start without a key");
}
CHECK(B705, "swarm-autolock", SECTION, CIS("7.5"), 1, SEV_MEDIUM, "Managers start locked",
      "autolock", "Who copies a manager's disk has the swarm's keys.",
      "docker swarm update --autolock", autolock)

static void lock_rotated(Bench *b, Verdict *v)
{
	if (is_manager(b, v))
		NOTE(b, v, S(""), "the engine does not tell when it was last rotated");
}
CHECK(B706, "swarm-lock-rotation", SECTION, CIS("7.6"), 1, SEV_LOW,
      "The unlock key is changed from time to time", "after whoever knew it left",
      "An old key opens what was copied long ago.", "docker swarm unlock-key --rotate",
      lock_rotated)

static void node_certificates(Bench *b, Verdict *v)
{
	const int64_t day = INT64_C(24) * 3600 * 1000000000, most = 90 * day;
	const Value *swarm = ask(b, v, "/swarm", JSON_OBJECT);
	if (swarm == NULL)
		return;
	int64_t expiry = bench_number(value_get(value_get(swarm, S("Spec")), S("CAConfig")),
				      S("NodeCertExpiry"));
	if (expiry <= 0)
		ERROR(b, v, S("GET /swarm"), "it does not say for how long they count");
	else if (expiry > most)
		WARN(b, v, S("GET /swarm"), "%lld days", (long long)(expiry / day));
	else
		PASS(b, v, S("GET /swarm"), "%lld days", (long long)(expiry / day));
}
CHECK(B707, "node-certificates", SECTION, CIS("7.7"), 1, SEV_LOW, "Nodes' certificates expire soon",
      "90 days at most", "A stolen certificate works until it expires.",
      "docker swarm update --cert-expiry 720h", node_certificates)

static void authority_rotated(Bench *b, Verdict *v)
{
	if (is_manager(b, v))
		NOTE(b, v, S(""), "look at the dates of the root certificate (docker swarm ca)");
}
CHECK(B708, "swarm-ca-rotation", SECTION, CIS("7.8"), 1, SEV_LOW,
      "The swarm's authority is changed from time to time", "as your policy says",
      "Who has its key makes nodes of any machine.", "docker swarm ca --rotate", authority_rotated)

static void data_plane(Bench *b, Verdict *v)
{
	if (is_manager(b, v))
		NOTE(b, v, S(""), "this node is at " STR_FMT,
		     STR_ARG(value_str(value_get(b->d.info, S("Swarm")), S("NodeAddr"))));
}
CHECK(B709, "swarm-data-plane", SECTION, CIS("7.9"), 1, SEV_LOW,
      "Management has a network of its own", "--data-path-addr on another network",
      "Who floods the services' network cuts the managers off.",
      "docker swarm init --data-path-addr", data_plane)
