/* compose_host.c - C101, C102, C109, C110: what hands the host to a container. */
#include "lint/compose_rule.h"

#define WEB "services:\n  web:\n    image: a:1\n"

/* ---- C101 the engine ---- */

static bool is_control_socket(Str path)
{
	static const char *const names[] = {
		"docker.sock",      "podman.sock",     "containerd.sock", "crio.sock",
		"cri-dockerd.sock", "dockershim.sock", "buildkitd.sock",  "docker_engine",
	};
	Str name = str_base(path), part;
	while (str_has(name, '\\')) /* \\.\pipe\docker_engine */
		str_cut(&name, '\\', &part);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return false;
}

static bool holds_sockets(Str path)
{
	return str_eq(path, S("/run")) || str_eq(path, S("/var/run")) ||
	       str_eq(path, S("/run/docker")) || str_eq(path, S("/run/containerd"));
}

static void check_sockets(const Compose *c, const NodeEntry *service, LintSink *to)
{
	ComposeMounts mounts = {0};
	const Node *api = node_get(service->value, S("use_api_socket"));
	compose_mounts(service->value, c->a, &mounts);
	for (size_t i = 0; i < mounts.n; i++) {
		const ComposeMount *m = &mounts.at[i];
		if (is_control_socket(m->source))
			compose_say(to, m->node,
				    "'" STR_FMT "' gives '" STR_FMT "' the engine, and with it "
				    "root on the host%s",
				    STR_ARG(m->source), STR_ARG(service->key->text),
				    m->read_only ? "; read-only does not change that" : "");
		else if (holds_sockets(m->source))
			compose_say(to, m->node, "'" STR_FMT "' holds the engine's socket",
				    STR_ARG(m->source));
	}
	if (node_is_true(api))
		compose_say(to, api, "use_api_socket gives '" STR_FMT "' the engine",
			    STR_ARG(service->key->text));
}

static void check_control(const Compose *c, LintSink *to) { compose_each(c, to, check_sockets); }

const LintRule lint_C101 = {
	.id = "C101",
	.name = "control-socket",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "Who can talk to the engine can start a container that mounts the whole host: the "
	       "socket is root. Mounted read-only it is no less: one writes to it by connecting.",
	.help = "do without it, or put a proxy before it that lets through only what is needed",
	.aliases = LIST("CL-0001", "CIS-5.32"),
	.good = LIST(WEB "    volumes: [/run/app.sock:/run/app.sock]\n"),
	.bad = LIST(WEB "    volumes: [/var/run/docker.sock:/var/run/docker.sock:ro]\n",
		    WEB
		    "    volumes:\n    - type: npipe\n      source: \\\\.\\pipe\\docker_engine\n"
		    "      target: /x\n",
		    WEB "    volumes:\n    - type: bind\n      source: /run/podman/podman.sock\n"
			"      target: /s\n",
		    WEB "    volumes: ['/var/run/:/host']\n", WEB "    use_api_socket: true\n"),
	.check_compose = check_control,
};

/* ---- C102 privileged ---- */

static void say_privileged(const Node *in, const char *what, LintSink *to)
{
	const Node *n = node_get(in, S("privileged"));
	if (compose_known(to, n) && node_is_true(n))
		compose_say(to, n, "%s has every privilege of the host's root", what);
}

static void check_privileged(const Compose *c, const NodeEntry *service, LintSink *to)
{
	static const char *const hooks[] = {"pre_start", "post_start", "pre_stop"};
	const Node *build = node_get(service->value, S("build"));
	(void)c;
	say_privileged(service->value, "the container", to);
	say_privileged(build, "the build", to);
	for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++) {
		const Node *list = node_get(service->value, str_of(hooks[i]));
		for (size_t k = 0; k < node_count(list); k++)
			say_privileged(node_item(list, k), "the hook", to);
	}
	const Node *allowed = node_get(build, S("entitlements"));
	for (size_t k = 0; k < node_count(allowed); k++)
		if (str_eq(node_text(node_item(allowed, k)), S("security.insecure")))
			compose_say(to, node_item(allowed, k),
				    "steps of the build may have every privilege");
}

static void check_all_privileged(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_privileged);
}

const LintRule lint_C102 = {
	.id = "C102",
	.name = "privileged-service",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "A privileged container has all capabilities and all devices, without seccomp and "
	       "AppArmor: it can mount the host's disk and load kernel modules.",
	.help = "give it the device or the capability that it needs: devices, cap_add",
	.aliases = LIST("CL-0002", "CIS-5.4"),
	.good = LIST(WEB "    privileged: false\n", WEB "    privileged: ${P:-no}\n"),
	.bad = LIST(WEB "    privileged: true\n", WEB "    privileged: \"yes\"\n",
		    "services:\n  web:\n    build: {context: ., privileged: true}\n",
		    "services:\n  web:\n    build:\n      context: .\n      entitlements: "
		    "[security.insecure]\n"),
	.check_compose = check_all_privileged,
};

/* ---- C109 namespaces ---- */

static const struct {
	const char *key, *what;
} namespaces[] = {
	{"network_mode", "network: it reaches what listens on localhost, and sees its traffic"},
	{"pid", "processes: it can see them all, and signal those of its user"},
	{"ipc", "shared memory: it can read and write that of the host's programs"},
	{"uts", "name: it can change it"},
	{"userns_mode", "users: root in it is root outside"},
	{"cgroup", "control groups"},
};

static void check_namespaces(const Compose *c, const NodeEntry *service, LintSink *to)
{
	(void)c;
	for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++) {
		const Node *n = node_get(service->value, str_of(namespaces[i].key));
		if (compose_known(to, n) && str_eq(node_text(n), S("host")))
			compose_say(to, n, "'" STR_FMT "' shares the host's %s",
				    STR_ARG(service->key->text), namespaces[i].what);
	}
	const Node *network = node_get(node_get(service->value, S("build")), S("network"));
	if (str_eq(node_text(network), S("host")))
		compose_say(to, network, "the build shares the host's network");
}

static void check_all_namespaces(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_namespaces);
}

const LintRule lint_C109 = {
	.id = "C109",
	.name = "host-namespace",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A namespace is the wall between a container and the rest. Without the network's, "
	       "services that trust localhost are open to it; without that of processes, their "
	       "environment and their files under /proc.",
	.help = "publish the ports that are needed, or share with another service: service:name",
	.aliases = LIST("CL-0008", "CL-0010", "CIS-5.10", "CIS-5.16", "CIS-5.17", "CIS-5.21",
			"CIS-5.31"),
	.good = LIST(WEB "    network_mode: bridge\n    pid: service:db\n    ipc: shareable\n"),
	.bad = LIST(WEB "    network_mode: host\n", WEB "    pid: host\n",
		    WEB "    ipc: \"host\"\n", WEB "    userns_mode: host\n", WEB "    uts: host\n",
		    "services:\n  web:\n    build: {context: ., network: host}\n"),
	.check_compose = check_all_namespaces,
};

/* ---- C110 confinement ---- */

static const struct {
	const char *name, *value, *what;
} loosened[] = {
	{"seccomp", "unconfined", "every system call is allowed"},
	{"apparmor", "unconfined", "AppArmor is off"},
	{"label", "disable", "SELinux is off"},
	{"systempaths", "unconfined", "the kernel's files under /proc and /sys are open"},
	{"no-new-privileges", "false", "setuid programs may raise privileges"},
};

static void check_confinement(const Compose *c, const NodeEntry *service, LintSink *to)
{
	(void)c;
	for (size_t i = 0; i < sizeof loosened / sizeof loosened[0]; i++) {
		Str value;
		const Node *n = compose_security(service->value, str_of(loosened[i].name), &value);
		if (compose_known(to, n) && n != NULL && str_eq(value, str_of(loosened[i].value)))
			compose_say(to, n, "%s for '" STR_FMT "'", loosened[i].what,
				    STR_ARG(service->key->text));
	}
}

static void check_all_confinement(const Compose *c, LintSink *to)
{
	compose_each(c, to, check_confinement);
}

const LintRule lint_C110 = {
	.id = "C110",
	.name = "unconfined-service",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "The default profiles keep about fifty system calls and the kernel's settings from "
	       "containers; most escapes of the last years needed one of them.",
	.help = "write a profile that allows the call which is missing, and leave the rest closed",
	.aliases = LIST("CL-0009", "CIS-5.22"),
	.good = LIST(WEB "    security_opt: [no-new-privileges:true, seccomp:./profile.json]\n"),
	.bad = LIST(WEB "    security_opt: [seccomp:unconfined]\n",
		    WEB "    security_opt:\n    - apparmor=unconfined\n",
		    WEB "    security_opt: ['label:disable']\n"),
	.check_compose = check_all_confinement,
};
