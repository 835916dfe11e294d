/* resources.c - section 5: what a container may use up, reach, publish, and mount. */
#include <stdio.h>

#include "bench/private.h"
#include "engine/api.h"
#include "io/probe_path.h"

#define SECTION "runtime"

#define ASK(ID, FN, NUMBER, LEVEL, SEVERITY, NAME, TITLE, WANTED, WHY, REMEDY, BAD, ONE) \
	static void FN(Bench *b, Verdict *v) { bench_containers(b, v, BAD, ONE); }       \
	CHECK(ID, NAME, SECTION, NUMBER, LEVEL, SEVERITY, TITLE, WANTED, WHY, REMEDY, FN)

/* ---- swarm mode ---- */

static void swarm_off(Bench *b, Verdict *v)
{
	if (!bench_has_info(b, v))
		return;
	Str state = value_str(value_get(b->d.info, S("Swarm")), S("LocalNodeState"));
	if (state.n == 0 || str_eq(state, S("inactive")))
		PASS(b, v, S("GET /info Swarm"), "inactive");
	else
		WARN(b, v, S("GET /info Swarm"), STR_FMT, STR_ARG(state));
}
CHECK(B501, "swarm-off", SECTION, CIS("5.1"), 1, SEV_LOW, "Swarm mode is off where it is not used",
      "inactive, or a swarm that is meant", "It opens ports and gives other machines a say.",
      "docker swarm leave --force", swarm_off)

/* ---- mounts ---- */

static const Value *mounts_of(const Container *c) { return value_items(c->inspect, S("Mounts")); }

/* A volume of the driver "local" can be any directory of the host. */
static Str device_of_volume(const Bench *b, Str name)
{
	const Value *list = value_items(b->volumes, S("Volumes"));
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		const Value *options = value_get(list->items[i], S("Options"));
		if (str_eq(value_str(list->items[i], S("Name")), name) &&
		    str_starts(value_str(options, S("device")), S("/")))
			return value_str(options, S("device"));
	}
	return (Str){0};
}

/* Which directory of the host is mounted; empty: none that has a name there. */
static Str host_path(Bench *b, const Value *m)
{
	Str type = value_str(m, S("Type")), source = {0};
	if (str_eq(type, S("bind")))
		source = value_str(m, S("Source"));
	else if (str_eq(type, S("volume")))
		source = device_of_volume(b, value_str(m, S("Name")));
	return source.n != 0 && b->d.near ? probe_real_path(b->p, source, b->a) : source;
}

static bool is_beneath(Str path, Str dir)
{
	return dir.n != 0 && str_starts(path, dir) &&
	       (path.n == dir.n || dir.n == 1 || path.p[dir.n] == '/');
}

/* Directories whose every file matters, and those that matter as a whole. */
static bool is_sensitive(const Bench *b, Str source)
{
	static const char *const deep[] = {
		"/boot",           "/dev", "/etc", "/lib", "/lib64", "/proc",
		"/root",           "/sys", "/usr", "/bin", "/sbin",  "/var/lib/containerd",
		"/var/lib/kubelet"};
	static const char *const whole[] = {"/",        "/home",    "/run",    "/var",
					    "/var/run", "/var/lib", "/var/log"};
	for (size_t i = 0; i < sizeof deep / sizeof deep[0]; i++)
		if (is_beneath(source, str_of(deep[i])))
			return true;
	for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
		if (str_eq(source, str_of(whole[i])))
			return true;
	return is_beneath(source, b->d.root_dir);
}

static Judged sensitive_mounts(Bench *b, const Container *c, Buf *seen)
{
	const Value *list = mounts_of(c);
	size_t n = 0;
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		if (!bench_true(list->items[i], S("RW")))
			continue;
		Str path = host_path(b, list->items[i]);
		if (path.n != 0 && is_sensitive(b, path))
			buf_fmt(seen, "%s" STR_FMT, n++ != 0 ? ", " : "writes to ", STR_ARG(path));
	}
	return n != 0 ? JUDGED_BAD : JUDGED_FINE;
}
ASK(B506, sensitive, CIS("5.6"), 1, SEV_CRITICAL, "sensitive-mounts",
    "No container can write to directories of the host's system", "no writable mount of them",
    "Who can write to /etc, /usr or / is root on the host at the next command that runs there.",
    "mount the one file that is needed, read-only (:ro)", OUTCOME_WARN, sensitive_mounts)

/* Of this engine, wherever it listens, and the usual ones of all. */
static bool holds_socket(const Bench *b, const StrVec *own, Str dir)
{
	static const char *const sockets[] = {"/run/docker.sock",
					      "/var/run/docker.sock",
					      "/run/podman/podman.sock",
					      "/run/containerd/containerd.sock",
					      "/var/run/containerd/containerd.sock",
					      "/run/crio/crio.sock"};
	for (size_t i = 0; i < sizeof sockets / sizeof sockets[0]; i++)
		if (is_beneath(str_of(sockets[i]), dir))
			return true;
	for (size_t i = 0; i < own->n; i++)
		if (is_beneath(own->at[i], dir))
			return true;
	return b->d.containerd.n != 0 && is_beneath(b->d.containerd, dir);
}

/* That it is mounted for reading only does not keep anybody from connecting. */
static Judged mounts_socket(Bench *b, const Container *c, Buf *seen)
{
	const Value *list = mounts_of(c);
	StrVec own;
	daemon_sockets(&b->d, b->a, &own);
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		Str path = host_path(b, list->items[i]);
		if (!holds_socket(b, &own, path))
			continue;
		buf_fmt(seen, "a socket lies in " STR_FMT, STR_ARG(path));
		return JUDGED_BAD;
	}
	return JUDGED_FINE;
}
ASK(B532, engine_socket, CIS("5.32"), 1, SEV_CRITICAL, "engine-socket-mount",
    "No container has the engine's socket", "no mount of docker.sock or of a directory around it",
    "Who has the socket starts a container that owns the host; read-only does not help.",
    "put a proxy with a policy between, or use an API that gives only what is needed", OUTCOME_WARN,
    mounts_socket)

static Judged shared_mounts(Bench *b, const Container *c, Buf *seen)
{
	const Value *list = mounts_of(c);
	(void)b;
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		Str mode = value_str(list->items[i], S("Propagation"));
		if (str_eq(mode, S("shared")) || str_eq(mode, S("rshared"))) {
			buf_fmt(seen, STR_FMT " is " STR_FMT,
				STR_ARG(value_str(list->items[i], S("Source"))), STR_ARG(mode));
			return JUDGED_BAD;
		}
	}
	return JUDGED_FINE;
}
ASK(B520, shared, CIS("5.20"), 1, SEV_MEDIUM, "shared-mounts",
    "What a container mounts stays in the container", "no shared propagation",
    "What it mounts appears on the host, over files of the host.", "remove :shared and :rshared",
    OUTCOME_WARN, shared_mounts)

static Judged writable_root(Bench *b, const Container *c, Buf *seen)
{
	(void)b;
	buf_add(seen, S("its root file system is writable"));
	return bench_true(c->host, S("ReadonlyRootfs")) ? JUDGED_FINE : JUDGED_BAD;
}
ASK(B513, read_only, CIS("5.13"), 1, SEV_LOW, "read-only-root", "Containers' root is read-only",
    "--read-only", "Whoever is in can leave programs behind, and change the ones that run.",
    "start with --read-only, and --tmpfs for what has to be written", OUTCOME_WARN, writable_root)

/* ---- limits ---- */

static Judged no_memory_limit(Bench *b, const Container *c, Buf *seen)
{
	(void)b;
	buf_add(seen, S("no limit"));
	return bench_number(c->host, S("Memory")) > 0 ? JUDGED_FINE : JUDGED_BAD;
}
ASK(B511, memory, CIS("5.11"), 1, SEV_MEDIUM, "memory-limit",
    "Each container has a limit of memory", "--memory",
    "One container can use up the host's memory; the kernel then kills others.",
    "start with --memory", OUTCOME_WARN, no_memory_limit)

static Judged no_cpu_limit(Bench *b, const Container *c, Buf *seen)
{
	int64_t shares = bench_number(c->host, S("CpuShares"));
	bool set = (shares != 0 && shares != 1024) || bench_number(c->host, S("NanoCpus")) > 0 ||
		   bench_number(c->host, S("CpuQuota")) > 0 ||
		   value_str(c->host, S("CpusetCpus")).n != 0;
	(void)b;
	buf_add(seen, S("no share, quota or set of processors"));
	return set ? JUDGED_FINE : JUDGED_BAD;
}
ASK(B512, cpu, CIS("5.12"), 1, SEV_LOW, "cpu-limit",
    "Each container has its share of the processors", "--cpus, --cpu-shares or --cpuset-cpus",
    "One busy container slows all others down.", "start with --cpus or --cpu-shares", OUTCOME_WARN,
    no_cpu_limit)

static Judged no_pids_limit(Bench *b, const Container *c, Buf *seen)
{
	(void)b;
	buf_add(seen, S("no limit"));
	return bench_number(c->host, S("PidsLimit")) > 0 ? JUDGED_FINE : JUDGED_BAD;
}
ASK(B529, pids, CIS("5.29"), 1, SEV_MEDIUM, "pids-limit", "Each container has a limit of processes",
    "--pids-limit", "A fork bomb in one container stops the host.", "start with --pids-limit 200",
    OUTCOME_WARN, no_pids_limit)

static Judged no_ulimits(Bench *b, const Container *c, Buf *seen)
{
	const Value *own = value_items(c->host, S("Ulimits"));
	Setting all = daemon_setting(&b->d, b->a, "default-ulimits", "default-ulimit");
	buf_add(seen, S("none of its own, and the engine has no default"));
	return (own != NULL && own->n != 0) || all.set ? JUDGED_FINE : JUDGED_BAD;
}
ASK(B519, ulimits, CIS("5.19"), 1, SEV_LOW, "ulimits",
    "Containers have limits of files and processes", "--ulimit, or default-ulimits",
    "One container can use up what the kernel has for all.",
    "set \"default-ulimits\" in daemon.json", OUTCOME_INFO, no_ulimits)

static Judged restarts_forever(Bench *b, const Container *c, Buf *seen)
{
	enum { TIMES = 5 };
	const Value *policy = value_get(c->host, S("RestartPolicy"));
	Str name = value_str(policy, S("Name"));
	int64_t times = bench_number(policy, S("MaximumRetryCount"));
	const Value *labels = value_get(c->config, S("Labels"));
	(void)b;
	if (value_get(labels, S("com.docker.swarm.task.id")) != NULL)
		return JUDGED_NOT; /* the swarm restarts it */
	if (name.n == 0 || str_eq(name, S("no")))
		return JUDGED_FINE;
	buf_fmt(seen, STR_FMT, STR_ARG(name));
	if (str_eq(name, S("on-failure")))
		buf_fmt(seen, ", %lld times", (long long)times);
	return str_eq(name, S("on-failure")) && times > 0 && times <= TIMES ? JUDGED_FINE
									    : JUDGED_BAD;
}
ASK(B515, restart, CIS("5.15"), 1, SEV_LOW, "restart-policy",
    "A container that fails is not restarted forever", "no, or on-failure:5 at most",
    "A loop of restarts wears the host out and hides what is wrong.",
    "start with --restart on-failure:5", OUTCOME_WARN, restarts_forever)

static Judged no_health(Bench *b, const Container *c, Buf *seen)
{
	const Value *state = value_get(c->inspect, S("State"));
	const Value *health = value_get(state, S("Health"));
	const Value *test = value_items(value_get(c->config, S("Healthcheck")), S("Test"));
	bool none = test == NULL || test->n == 0 || str_eq(test->items[0]->text, S("NONE"));
	Str status = value_str(health,
			       S("Status")); /* Podman always has one, and may leave it empty */
	bool known = status.n != 0 && !str_eq(status, S("none"));
	(void)b;
	buf_add(seen, S("no health check"));
	return known || !none ? JUDGED_FINE : JUDGED_BAD;
}
ASK(B527, health, CIS("5.27"), 1, SEV_LOW, "health-check", "Each container's health is checked",
    "a health check", "A process that hangs is taken for one that works.",
    "add HEALTHCHECK to the image, or start with --health-cmd", OUTCOME_WARN, no_health)

/* ---- ports and networks ---- */

typedef struct Ports {
	size_t published, privileged, everywhere;
	Str unset; /* the address of a port that was published without one */
	Buf *seen;
} Ports;

static Str usual_address(Bench *b)
{
	Setting ip = daemon_setting(&b->d, b->a, "ip", NULL);
	return ip.set ? ip.text : S("0.0.0.0");
}

static void note_port(Ports *p, Str port, Str host_port, Str ip)
{
	uint64_t n = 0;
	(void)str_u64(host_port, &n);
	if (ip.n == 0)
		ip = p->unset;
	p->published++;
	p->privileged += n != 0 && n < 1024; /* 0: any that is free */
	p->everywhere += str_eq(ip, S("0.0.0.0")) || str_eq(ip, S("::"));
	buf_fmt(p->seen, "%s" STR_FMT ":" STR_FMT "->" STR_FMT, p->published > 1 ? ", " : "",
		STR_ARG(ip), STR_ARG(host_port), STR_ARG(port));
}

/* Of one that runs those it has; of one that was not started those it asked for. */
static void ports_of(const Container *c, Ports *p)
{
	const Value *ports = value_get(value_get(c->inspect, S("NetworkSettings")), S("Ports"));
	if (ports == NULL || ports->type != JSON_OBJECT || ports->n == 0)
		ports = value_get(c->host, S("PortBindings"));
	for (size_t i = 0; ports != NULL && ports->type == JSON_OBJECT && i < ports->n; i++) {
		const Value *list = ports->members[i].value;
		for (size_t k = 0; list->type == JSON_ARRAY && k < list->n; k++)
			note_port(p, ports->members[i].key,
				  value_str(list->items[k], S("HostPort")),
				  value_str(list->items[k], S("HostIp")));
	}
}

static Judged privileged_ports(Bench *b, const Container *c, Buf *seen)
{
	Ports p = {.seen = seen, .unset = usual_address(b)};
	ports_of(c, &p);
	return p.privileged != 0 ? JUDGED_BAD : JUDGED_FINE;
}
ASK(B508, low_ports, CIS("5.8"), 1, SEV_LOW, "privileged-ports",
    "No container has one of the host's low ports", "host ports of 1024 and above",
    "A port below 1024 is taken for one of the host's own services.",
    "publish on a higher port, behind a proxy", OUTCOME_WARN, privileged_ports)

static Judged has_ports(Bench *b, const Container *c, Buf *seen)
{
	Ports p = {.seen = seen, .unset = usual_address(b)};
	ports_of(c, &p);
	return p.published != 0 ? JUDGED_BAD : JUDGED_FINE;
}
ASK(B509, ports, CIS("5.9"), 1, SEV_LOW, "published-ports", "Only needed ports are published",
    "those that are needed", "What is published can be attacked from outside.",
    "remove those that nobody outside needs, and -P", OUTCOME_NOTE, has_ports)

static Judged everywhere(Bench *b, const Container *c, Buf *seen)
{
	Ports p = {.seen = seen, .unset = usual_address(b)};
	ports_of(c, &p);
	return p.everywhere != 0 ? JUDGED_BAD : JUDGED_FINE;
}
ASK(B514, one_address, CIS("5.14"), 1, SEV_MEDIUM, "bind-address",
    "Ports are published on one address", "an address before the port",
    "On every address they are reached from every network, past the host's firewall.",
    "publish as ADDRESS:PORT:PORT", OUTCOME_WARN, everywhere)

static Judged on_default_bridge(Bench *b, const Container *c, Buf *seen)
{
	const Value *networks = value_get(value_get(c->inspect, S("NetworkSettings")),
					  S("Networks"));
	Str usual = b->d.podman ? S("podman") : S("bridge");
	buf_fmt(seen, "on the network " STR_FMT, STR_ARG(usual));
	return value_get(networks, usual) != NULL ? JUDGED_BAD : JUDGED_FINE;
}
ASK(B530, docker0, CIS("5.30"), 2, SEV_LOW, "default-bridge",
    "Containers have networks of their own", "a network that was made for them",
    "On the default bridge all reach each other.", "docker network create NAME, and --network NAME",
    OUTCOME_INFO, on_default_bridge)

/* ---- inside ---- */

static bool runs_in(Bench *b, Str pid, const Container *c)
{
	Str text;
	size_t at;
	Buf path = buf_in(b->a, 64);
	buf_fmt(&path, "/proc/" STR_FMT "/cgroup", STR_ARG(pid));
	return probe_read(b->p, buf_str(&path), b->a, &text) == 0 && str_find(text, c->id, &at);
}

static bool is_sshd(Str comm)
{
	return str_eq(comm, S("sshd")) || str_eq(comm, S("sshd-session")) ||
	       str_eq(comm, S("dropbear"));
}

/* Processes of an SSH server, wherever they run; one that ends meanwhile is none. 0 or an errno. */
static int ssh_servers(Bench *b, StrVec *out)
{
	StrVec all;
	uint64_t number;
	*out = (StrVec){0};
	int sys = probe_list(b->p, S("/proc"), b->a, &all);
	for (size_t i = 0; sys == 0 && i < all.n; i++) {
		Str text;
		Buf path = buf_in(b->a, 64);
		buf_fmt(&path, "/proc/" STR_FMT "/comm", STR_ARG(all.at[i]));
		if (str_u64(all.at[i], &number) &&
		    probe_read(b->p, buf_str(&path), b->a, &text) == 0 && is_sshd(str_trim(text)))
			vec_push(b->a, out, all.at[i]);
	}
	return sys;
}

static void sshd(Bench *b, Verdict *v)
{
	StrVec servers;
	size_t unknown = 0;
	Str source = S("/proc/*/comm and cgroup");
	if (!bench_has_info(b, v) || !bench_is_near(b, v))
		return;
	int sys = ssh_servers(b, &servers);
	if (b->containers_why.n != 0 || sys != 0) {
		ERROR(b, v, source, STR_FMT,
		      STR_ARG(sys != 0 ? str_of(strerrordesc_np(sys)) : b->containers_why));
		return;
	}
	for (size_t i = 0; i < b->containers.n; i++) {
		const Container *c = &b->containers.at[i];
		v->subjects += c->pid != 0;
		unknown += c->inspect == NULL || (c->pid != 0 && !c->proc.known);
		for (size_t k = 0; k < servers.n && c->pid != 0; k++)
			if (runs_in(b, servers.at[k], c))
				verdict_item(v, b->a, "container", c->name,
					     "an SSH server, pid " STR_FMT, STR_ARG(servers.at[k]));
	}
	if (v->items.n != 0)
		WARN(b, v, source, "%zu", v->items.n);
	else if (unknown != 0)
		ERROR(b, v, source, "processes of %zu containers cannot be seen", unknown);
	else if (v->subjects == 0)
		NOT_HERE(b, v, "no container runs");
	else
		PASS(b, v, source, "%llu running", (unsigned long long)v->subjects);
}
CHECK(B507, "sshd", SECTION, CIS("5.7"), 1, SEV_MEDIUM, "No SSH server runs in a container",
      "no sshd", "It needs keys, users and updates of its own, and is a way past the engine's.",
      "use docker exec, and take openssh-server out of the image", sshd)

static void exec_privileged(Bench *b, Verdict *v)
{
	NOTE(b, v, S(""), "exec leaves no trace in a container; an audit log of the API has it");
}
CHECK(B523, "exec-privileged", SECTION, CIS("5.23"), 2, SEV_HIGH, "Nobody uses exec --privileged",
      "never", "It gives a process in a container what the container was denied.",
      "deny it by an authorization plugin or a proxy", exec_privileged)
CHECK(B524, "exec-root", SECTION, CIS("5.24"), 2, SEV_MEDIUM, "Nobody uses exec --user root",
      "never", "It makes root of a container that was built to have none.",
      "deny it by an authorization plugin or a proxy", exec_privileged)

/* The image that a name stands for now; NULL: none. "web" is "web:latest". */
static const BenchImage *image_called(const Bench *b, Str name)
{
	for (size_t i = 0; i < b->images.n; i++) {
		const Value *tags = b->images.at[i].tags;
		for (size_t k = 0; tags != NULL && k < tags->n; k++) {
			Str tag = tags->items[k]->text;
			if (str_eq(tag, name) ||
			    (str_starts(tag, name) && str_eq(str_skip(tag, name.n), S(":latest"))))
				return &b->images.at[i];
		}
	}
	return NULL;
}

static Judged is_outdated(Bench *b, const Container *c, Buf *seen)
{
	Str name = value_str(c->config, S("Image")), runs = value_str(c->inspect, S("Image"));
	const BenchImage *now = image_called(b, name);
	if (now == NULL)
		return JUDGED_NOT; /* the tag is gone, or it was started by digest */
	buf_fmt(seen, STR_FMT " is another image by now", STR_ARG(name));
	return str_eq(now->id, runs) ? JUDGED_FINE : JUDGED_BAD;
}
ASK(B528, outdated, CIS("5.28"), 1, SEV_MEDIUM, "current-image",
    "Containers run the newest image of their name", "the image that the tag stands for",
    "The fixes are in the new image, not in what runs.",
    "start it again from the new image; 'docker pull' asks the registry for a newer one",
    OUTCOME_WARN, is_outdated)
