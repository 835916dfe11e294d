/* daemon.c - section 2: how the engine is set up, as it really runs. */
#include <errno.h>

#include "bench/private.h"
#include "engine/registries.h"

#define SECTION "daemon"

/* ---- what the API says ---- */

static void rootless(Bench *b, Verdict *v)
{
	if (!bench_has_info(b, v))
		return;
	if (b->d.rootless)
		PASS(b, v, S("GET /info SecurityOptions"), "rootless");
	else
		INFO(b, v, S("GET /info SecurityOptions"), "the engine runs as root");
}

CHECK(B201, "rootless", SECTION, CIS("2.1"), 1, SEV_MEDIUM, "The engine runs without root",
      "rootless mode where the workload allows it",
      "Whoever breaks out of a container, or reaches the engine's socket, is root on the host.",
      "set up rootless mode (dockerd-rootless-setuptool.sh install), or keep the socket to "
      "administrators",
      rootless)

static const Value *network_named(const Bench *b, const char *name)
{
	for (size_t i = 0; b->networks != NULL && i < b->networks->n; i++)
		if (str_eq(value_str(b->networks->items[i], S("Name")), str_of(name)))
			return b->networks->items[i];
	return NULL;
}

/* The network that exists decides; before the engine makes one, the setting does. */
static void icc(Bench *b, Verdict *v)
{
	Setting s;
	const Value *bridge = network_named(b, "bridge");
	const Value *said = value_get(value_get(bridge, S("Options")),
				      S("com.docker.network.bridge.enable_icc"));
	if (said != NULL && str_eq(said->text, S("false")))
		PASS(b, v, S("GET /networks: bridge"), "enable_icc is false");
	else if (said != NULL)
		WARN(b, v, S("GET /networks: bridge"), "enable_icc is " STR_FMT,
		     STR_ARG(said->text));
	else if (b->networks != NULL && bridge == NULL && !b->d.podman)
		NOT_HERE(b, v, "there is no default bridge");
	else if (bench_setting(b, v, "icc", NULL, &s) && setting_on(&s, true))
		WARN(b, v, s.source, "icc is true");
	else if (v->outcome == 0)
		PASS(b, v, s.source, "icc is false");
}

CHECK(B202, "icc", SECTION, CIS("2.2"), 1, SEV_MEDIUM,
      "Containers on the default bridge cannot reach each other", "icc: false",
      "One container that was taken over can attack all others on the default bridge.",
      "set \"icc\": false in daemon.json, and put containers that belong together on a network of "
      "their own",
      icc)

static void log_level(Bench *b, Verdict *v)
{
	Setting s;
	if (!bench_setting(b, v, "log-level", NULL, &s))
		return;
	Str level = s.set ? s.text : S("info");
	Setting debug;
	if (!bench_setting(b, v, "debug", NULL, &debug))
		return;
	if (setting_on(&debug, false))
		WARN(b, v, debug.source, "debug is true");
	else if (str_eq(level, S("info")))
		PASS(b, v, s.source, "log-level is info");
	else
		WARN(b, v, s.source, "log-level is " STR_FMT, STR_ARG(level));
}

CHECK(B203, "log-level", SECTION, CIS("2.3"), 1, SEV_LOW, "The engine logs at level info",
      "log-level: info",
      "Below info, what happened cannot be told afterwards; debug floods the log and may show "
      "secrets.",
      "remove log-level from daemon.json and the arguments, or set it to info", log_level)

static void iptables(Bench *b, Verdict *v)
{
	Setting s;
	if (!bench_setting(b, v, "iptables", NULL, &s))
		return;
	if (setting_on(&s, true))
		PASS(b, v, s.source, "iptables is true");
	else
		WARN(b, v, s.source, "iptables is false");
}

CHECK(B204, "iptables", SECTION, CIS("2.4"), 1, SEV_MEDIUM, "The engine may write firewall rules",
      "iptables: true",
      "Without its rules containers are not kept apart, and a hand-made set is soon out of date.",
      "remove \"iptables\": false from daemon.json; put rules of your own into DOCKER-USER",
      iptables)

static bool is_loopback_net(Str cidr)
{
	return str_eq(cidr, S("127.0.0.0/8")) || str_eq(cidr, S("::1/128"));
}

static void add_insecure(Bench *b, Verdict *v, const Value *config)
{
	const Value *nets = value_items(config, S("InsecureRegistryCIDRs"));
	const Value *indexes = value_get(config, S("IndexConfigs"));
	for (size_t i = 0; nets != NULL && i < nets->n; i++)
		if (!is_loopback_net(nets->items[i]->text)) /* always listed, and local */
			verdict_item(v, b->a, "registry", nets->items[i]->text,
				     "any registry there may be spoofed");
	for (size_t i = 0; indexes != NULL && indexes->type == JSON_OBJECT && i < indexes->n; i++) {
		const Value *secure = value_get(indexes->members[i].value, S("Secure"));
		if (secure != NULL && secure->type == JSON_BOOL && !secure->truth)
			verdict_item(v, b->a, "registry", indexes->members[i].key,
				     "its certificate is not checked");
	}
}

/* 0 or an errno; no such file says nothing. */
static int add_insecure_of(Bench *b, Verdict *v, Str path)
{
	Str text;
	StrVec names = {0};
	int sys = probe_read(b->p, path, b->a, &text);
	if (sys == 0)
		registries_insecure(text, b->a, &names);
	for (size_t i = 0; i < names.n; i++)
		verdict_item(v, b->a, "registry", names.at[i], "its certificate is not checked");
	return sys == ENOENT || sys == ENOTDIR ? 0 : sys;
}

/* registries.conf and registries.conf.d of `dir`. */
static int add_insecure_in(Bench *b, Verdict *v, Str dir)
{
	StrVec files;
	Buf path = buf_in(b->a, 8192), parts = buf_in(b->a, 8192);
	buf_fmt(&path, STR_FMT "/registries.conf", STR_ARG(dir));
	int sys = add_insecure_of(b, v, buf_str(&path));
	buf_fmt(&parts, STR_FMT "/registries.conf.d", STR_ARG(dir));
	if (sys == 0 && probe_list(b->p, buf_str(&parts), b->a, &files) != 0)
		files = (StrVec){0};
	for (size_t i = 0; sys == 0 && i < files.n; i++) {
		Buf part = buf_in(b->a, 8192);
		buf_fmt(&part, STR_FMT "/" STR_FMT, STR_ARG(buf_str(&parts)), STR_ARG(files.at[i]));
		if (str_ends(files.at[i], S(".conf")))
			sys = add_insecure_of(b, v, buf_str(&part));
	}
	return sys;
}

/* Podman's API has a list of registries that is always empty. */
static void podman_registries(Bench *b, Verdict *v)
{
	Str source = S("/etc/containers/registries.conf"), home = {0};
	if (!bench_is_near(b, v))
		return;
	int sys = add_insecure_in(b, v, S("/etc/containers"));
	if (b->d.rootless)
		home = daemon_variable(&b->d, S("HOME"));
	if (sys == 0 && home.n != 0) {
		Buf dir = buf_in(b->a, 8192);
		buf_fmt(&dir, STR_FMT "/.config/containers", STR_ARG(home));
		sys = add_insecure_in(b, v, buf_str(&dir));
	}
	if (sys != 0)
		verdict_unread(v, b->a, source, sys);
	else if (v->items.n == 0)
		PASS(b, v, source, "none");
	else
		WARN(b, v, source, "%zu", v->items.n);
}

static void insecure_registries(Bench *b, Verdict *v)
{
	Setting s;
	bool known;
	Str source = S("GET /info RegistryConfig");
	if (b->d.podman) {
		podman_registries(b, v);
		return;
	}
	if (bench_by_setting(b, v, "insecure-registries", "insecure-registry", &s, &known)) {
		if (!known)
			return;
		source = s.source;
		for (size_t i = 0; i < s.all.n; i++)
			verdict_item(v, b->a, "registry", s.all.at[i],
				     "its certificate is not checked");
	} else if (!bench_has_info(b, v)) {
		return;
	} else {
		const Value *config = value_get(b->d.info, S("RegistryConfig"));
		if (value_get(config, S("IndexConfigs")) == NULL) {
			NOT_HERE(b, v, "this engine does not tell its registries");
			return;
		}
		add_insecure(b, v, config);
	}
	if (v->items.n == 0)
		PASS(b, v, source, "none");
	else
		WARN(b, v, source, "%zu", v->items.n);
}

CHECK(B205, "insecure-registries", SECTION, CIS("2.5"), 1, SEV_HIGH,
      "Every registry is reached over verified TLS", "no insecure-registries",
      "Whoever stands between can hand out any image under any name.",
      "give the registry a certificate, put its authority into /etc/docker/certs.d/HOST/ca.crt, "
      "and "
      "remove insecure-registries",
      insecure_registries)

static void not_driver(Bench *b, Verdict *v, Str driver)
{
	Setting s;
	bool known;
	Str is, source = S("GET /info Driver");
	if (bench_by_setting(b, v, "storage-driver", NULL, &s, &known)) {
		if (!known)
			return;
		is = s.text;
		source = s.source;
		if (!s.set) {
			NOT_HERE(b, v,
				 "storage-driver is not set: the engine picks one as it starts");
			return;
		}
	} else {
		if (!bench_has_info(b, v))
			return;
		is = value_str(b->d.info, S("Driver"));
	}
	if (is.n == 0)
		ERROR(b, v, source, "the engine does not tell its storage driver");
	else if (str_eq(is, driver))
		WARN(b, v, source, STR_FMT, STR_ARG(is));
	else
		PASS(b, v, source, STR_FMT, STR_ARG(is));
}

static void aufs(Bench *b, Verdict *v) { not_driver(b, v, S("aufs")); }
static void devicemapper(Bench *b, Verdict *v) { not_driver(b, v, S("devicemapper")); }

CHECK(B206, "aufs", SECTION, CIS("2.6"), 1, SEV_LOW, "The storage driver is not aufs", "overlay2",
      "aufs is outside the kernel, gets no fixes, and engines have dropped it.",
      "move to overlay2: save the images, change storage-driver, load them again", aufs)

static void default_ulimits(Bench *b, Verdict *v)
{
	Setting s;
	if (!bench_setting(b, v, "default-ulimits", "default-ulimit", &s))
		return;
	for (size_t i = 0; i < s.all.n; i++)
		verdict_item(v, b->a, "limit", s.all.at[i], "for every container");
	if (s.set)
		PASS(b, v, s.source, "%zu set", s.all.n);
	else
		INFO(b, v, s.source, "none is set: containers have the engine's own limits");
}

CHECK(B208, "default-ulimits", SECTION, CIS_18("2.8", "2.9"), 1, SEV_LOW,
      "Containers have limits of open files and processes by default", "default-ulimits set",
      "One container can use up the host's descriptors or processes.",
      "set \"default-ulimits\" in daemon.json, e.g. nofile and nproc", default_ulimits)

static void userns(Bench *b, Verdict *v)
{
	Setting s;
	bool known;
	Str rest, source = S("GET /info SecurityOptions");
	if (bench_by_setting(b, v, "userns-remap", NULL, &s, &known)) {
		if (known && s.text.n != 0)
			PASS(b, v, s.source, "userns-remap is " STR_FMT, STR_ARG(s.text));
		else if (known)
			WARN(b, v, s.source, "userns-remap is not set");
	} else if (!bench_has_info(b, v)) {
		return;
	} else if (bench_security_option(b, S("userns"), &rest)) {
		PASS(b, v, source, "user namespaces are remapped");
	} else if (b->d.rootless) {
		PASS(b, v, source, "rootless: every container is remapped");
	} else {
		WARN(b, v, source, "not remapped");
	}
}

CHECK(B209, "userns-remap", SECTION, CIS_18("2.9", "2.10"), 2, SEV_MEDIUM,
      "Root in a container is nobody on the host", "userns-remap: default",
      "Root in a container has the host's uid 0: what it reaches on a mount or by a kernel bug, it "
      "owns.",
      "set \"userns-remap\": \"default\" in daemon.json; images and containers made before are not "
      "seen afterwards",
      userns)

static void cgroup_parent(Bench *b, Verdict *v)
{
	Setting s;
	if (!bench_setting(b, v, "cgroup-parent", NULL, &s))
		return;
	if (!s.set || s.text.n == 0 || str_eq(s.text, S("/docker")) ||
	    str_eq(s.text, S("docker")) || str_eq(s.text, S("system.slice")))
		PASS(b, v, s.source, "the engine's own");
	else
		WARN(b, v, s.source, "cgroup-parent is " STR_FMT, STR_ARG(s.text));
}

CHECK(B210, "cgroup-parent", SECTION, CIS_18("2.10", "2.11"), 2, SEV_LOW,
      "Containers are in the engine's own cgroup", "no cgroup-parent",
      "In another group containers share, or escape, limits that were meant for something else.",
      "remove cgroup-parent, or write down why this group is meant", cgroup_parent)

static void base_size(Bench *b, Verdict *v)
{
	Setting s;
	if (b->d.info != NULL && !str_eq(value_str(b->d.info, S("Driver")), S("devicemapper"))) {
		NOT_HERE(b, v, "the storage driver is " STR_FMT,
			 STR_ARG(value_str(b->d.info, S("Driver"))));
		return;
	}
	if (!bench_setting(b, v, "storage-opts", "storage-opt", &s))
		return;
	for (size_t i = 0; i < s.all.n; i++)
		if (str_starts(s.all.at[i], S("dm.basesize")))
			verdict_item(v, b->a, "option", s.all.at[i], "set");
	if (v->items.n != 0)
		WARN(b, v, s.source, "dm.basesize is set");
	else
		PASS(b, v, s.source, "dm.basesize is not set");
}

CHECK(B211, "base-device-size", SECTION, CIS_18("2.11", "2.12"), 2, SEV_LOW,
      "The base device has its default size", "no dm.basesize",
      "A larger base lets one image or container fill the disk.",
      "remove dm.basesize from storage-opts", base_size)

static void authz(Bench *b, Verdict *v)
{
	Setting s;
	bool known;
	Str source = S("GET /info Plugins");
	if (bench_by_setting(b, v, "authorization-plugins", "authorization-plugin", &s, &known)) {
		if (!known)
			return;
		source = s.source;
		for (size_t i = 0; i < s.all.n; i++)
			verdict_item(v, b->a, "plugin", s.all.at[i], "asked for");
	} else {
		if (!bench_has_info(b, v))
			return;
		const Value *plugins = value_get(b->d.info, S("Plugins"));
		const Value *list = value_items(plugins, S("Authorization"));
		for (size_t i = 0; list != NULL && i < list->n; i++)
			verdict_item(v, b->a, "plugin", list->items[i]->text, "active");
	}
	if (b->d.podman)
		NOT_HERE(b, v, "Podman has no authorization plugins; its socket has one user");
	else if (v->items.n != 0)
		PASS(b, v, source, "%zu", v->items.n);
	else
		WARN(b, v, source, "none: who reaches the socket may do anything");
}

CHECK(B212, "authorization-plugin", SECTION, CIS_18("2.12", "2.13"), 2, SEV_MEDIUM,
      "Requests to the engine are authorized one by one", "an authorization plugin",
      "The API knows no roles: everyone who can connect is root on the host.",
      "put an authorization plugin or a proxy with a policy before the API", authz)

/* syslog without an address, or with that of a local socket, is the host's own. */
static bool is_local_syslog(Bench *b)
{
	Setting options = daemon_setting(&b->d, b->a, "log-opts", "log-opt");
	for (size_t i = 0; i < options.all.n; i++) {
		Str value = options.all.at[i], key = {0};
		if (str_cut(&value, '=', &key) && str_eq(key, S("syslog-address")))
			return str_starts(value, S("unix"));
	}
	return true;
}

static void judge_log_driver(Bench *b, Verdict *v, Str driver, Str source)
{
	static const char *const far[] = {"fluentd", "gelf",    "awslogs",
					  "splunk",  "gcplogs", "logentries"};
	bool sends = str_eq(driver, S("syslog")) && !is_local_syslog(b);
	for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
		sends = sends || str_eq(driver, str_of(far[i]));
	if (driver.n == 0)
		NOTE(b, v, source,
		     "the engine does not tell; each container has a driver of its own");
	else if (str_eq(driver, S("none")))
		WARN(b, v, source, "none: what containers print is lost");
	else if (str_eq(driver, S("json-file")) || str_eq(driver, S("local")))
		WARN(b, v, source, STR_FMT ": kept on this host only", STR_ARG(driver));
	else if (sends)
		PASS(b, v, source, STR_FMT, STR_ARG(driver));
	else
		INFO(b, v, source, STR_FMT ": is it forwarded?", STR_ARG(driver));
}

static void central_log(Bench *b, Verdict *v)
{
	Setting s;
	bool known;
	if (bench_by_setting(b, v, "log-driver", NULL, &s, &known)) {
		if (known)
			judge_log_driver(b, v, s.set ? s.text : S("json-file"), s.source);
	} else if (bench_has_info(b, v)) {
		judge_log_driver(b, v, value_str(b->d.info, S("LoggingDriver")),
				 S("GET /info LoggingDriver"));
	}
}

CHECK(B213, "central-logging", SECTION, CIS_18("2.13", "2.14"), 2, SEV_LOW,
      "Containers' logs leave the host", "a log driver that sends elsewhere",
      "Who takes over the host takes the logs with it.",
      "set \"log-driver\" to syslog, fluentd, gelf or another that sends, or have an agent forward "
      "them",
      central_log)

static void no_new_privileges(Bench *b, Verdict *v)
{
	Setting s;
	Str rest;
	if (b->d.info != NULL && bench_security_option(b, S("no-new-privileges"), &rest)) {
		PASS(b, v, S("GET /info SecurityOptions"), "no-new-privileges");
		return;
	}
	if (!bench_setting(b, v, "no-new-privileges", NULL, &s))
		return;
	if (setting_on(&s, false))
		PASS(b, v, s.source, "no-new-privileges is true");
	else
		WARN(b, v, s.source, "no-new-privileges is false");
}

CHECK(B214, "no-new-privileges-default", SECTION, CIS_18("2.14", "2.15"), 1, SEV_MEDIUM,
      "Containers cannot gain privileges by default", "no-new-privileges: true",
      "A setuid program in an image makes its user root.",
      "set \"no-new-privileges\": true in daemon.json", no_new_privileges)

static void live_restore(Bench *b, Verdict *v)
{
	Setting s;
	bool known, on;
	Str source = S("GET /info LiveRestoreEnabled");
	if (bench_by_setting(b, v, "live-restore", NULL, &s, &known)) {
		if (!known)
			return;
		on = setting_on(&s, false);
		source = s.source;
	} else {
		if (!bench_has_info(b, v))
			return;
		on = bench_true(b->d.info, S("LiveRestoreEnabled"));
	}
	Str swarm = value_str(value_get(b->d.info, S("Swarm")), S("LocalNodeState"));
	if (b->d.podman)
		NOT_HERE(b, v, "Podman's containers do not depend on a daemon");
	else if (str_eq(swarm, S("active")))
		NOT_HERE(b, v, "swarm mode does not work with it");
	else if (on)
		PASS(b, v, source, "live-restore is true");
	else
		WARN(b, v, source, "live-restore is false");
}

CHECK(B215, "live-restore", SECTION, CIS_18("2.15", "2.16"), 1, SEV_LOW,
      "Containers outlive a restart of the engine", "live-restore: true",
      "Every security update of the engine stops every container, so it is put off.",
      "set \"live-restore\": true in daemon.json", live_restore)

static void userland_proxy(Bench *b, Verdict *v)
{
	Setting s;
	if (!bench_setting(b, v, "userland-proxy", NULL, &s))
		return;
	if (setting_on(&s, true))
		WARN(b, v, s.source, "userland-proxy is true");
	else
		PASS(b, v, s.source, "userland-proxy is false");
}

CHECK(B216, "userland-proxy", SECTION, CIS_18("2.16", "2.17"), 1, SEV_LOW,
      "Published ports need no proxy process", "userland-proxy: false",
      "A process of the engine's user stands between every client and the container, and hides who "
      "calls.",
      "set \"userland-proxy\": false in daemon.json, where the kernel can do hairpin NAT",
      userland_proxy)

static void judge_profile(Bench *b, Verdict *v, Str profile, Str source)
{
	if (str_eq(profile, S("unconfined")))
		WARN(b, v, source, "the default profile is unconfined");
	else if (profile.n == 0 || str_eq(profile, S("default")) || str_eq(profile, S("builtin")))
		PASS(b, v, source, "the built-in profile");
	else
		INFO(b, v, source, "a profile of your own: " STR_FMT, STR_ARG(profile));
}

static void seccomp(Bench *b, Verdict *v)
{
	Setting s;
	bool known;
	Str rest, source = S("GET /info SecurityOptions");
	if (bench_by_setting(b, v, "seccomp-profile", NULL, &s, &known)) {
		if (known)
			judge_profile(b, v, s.text, s.source);
	} else if (!bench_has_info(b, v)) {
		return;
	} else if (!bench_security_option(b, S("seccomp"), &rest)) {
		WARN(b, v, source, "no seccomp: no system call is refused to containers");
	} else {
		judge_profile(b, v, str_skip(rest, strlen(",profile=")), source);
	}
}

CHECK(B217, "seccomp-default", SECTION, CIS_18("2.17", "2.18"), 2, SEV_HIGH,
      "A seccomp profile confines containers by default", "the built-in profile, or a stricter one",
      "Without one, a container may use every system call that the kernel has a bug in.",
      "remove \"seccomp-profile\": \"unconfined\" from daemon.json; an own profile should start "
      "from "
      "the built-in one",
      seccomp)

static void experimental(Bench *b, Verdict *v)
{
	Setting s;
	bool known, on;
	Str source = S("GET /info ExperimentalBuild");
	if (bench_by_setting(b, v, "experimental", NULL, &s, &known)) {
		if (!known)
			return;
		on = setting_on(&s, false);
		source = s.source;
	} else {
		if (!bench_has_info(b, v))
			return;
		on = bench_true(b->d.info, S("ExperimentalBuild"));
	}
	if (b->d.podman)
		NOT_HERE(b, v, "Podman has no such switch");
	else if (on)
		WARN(b, v, source, "experimental is true");
	else
		PASS(b, v, source, "experimental is false");
}

CHECK(B218, "experimental", SECTION, CIS_18("2.18", "2.19"), 1, SEV_LOW,
      "Experimental features are off", "experimental: false",
      "They are not yet held to the same care as the rest.",
      "remove \"experimental\": true from daemon.json", experimental)

CHECK(B219, "devicemapper", SECTION, CIS_18(NULL, "2.7"), 1, SEV_LOW,
      "The storage driver is not devicemapper", "overlay2",
      "devicemapper was removed from Docker 25; a host that needs it cannot be updated.",
      "move to overlay2: save the images, change storage-driver, load them again", devicemapper)

/* ---- ours ---- */

static void config_is_valid(Bench *b, Verdict *v)
{
	if (b->d.podman)
		NOT_HERE(b, v, "Podman has no daemon.json");
	else if (!b->d.only_file && !bench_is_near(b, v))
		return;
	else if (b->d.config_why.n != 0)
		WARN(b, v, b->d.config_path, STR_FMT, STR_ARG(b->d.config_why));
	else if (b->d.config == NULL)
		NOT_HERE(b, v, "there is no " STR_FMT, STR_ARG(b->d.config_path));
	else
		PASS(b, v, b->d.config_path, "it parses");
}

CHECK(B241, "daemon-json-valid", SECTION, CIS_NONE, 0, SEV_MEDIUM, "daemon.json can be read",
      "valid JSON", "The engine does not start again with a file that it cannot read.",
      "correct it, and try it with dockerd --validate", config_is_valid)
