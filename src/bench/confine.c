/* confine.c - section 5: what holds a container in: capabilities, profiles, namespaces, devices.
 * Where it runs, the kernel's word about its process decides; else what the engine was asked for.
 */
#include "bench/private.h"

#define SECTION "runtime"

/* ASK for what the engine was asked for, ASK_KERNEL for what the kernel knows of those that run. */
#define ASK(ID, FN, NUMBER, LEVEL, SEVERITY, NAME, TITLE, WANTED, WHY, REMEDY, BAD, ONE) \
	static void FN(Bench *b, Verdict *v) { bench_containers(b, v, BAD, ONE); }       \
	CHECK(ID, NAME, SECTION, NUMBER, LEVEL, SEVERITY, TITLE, WANTED, WHY, REMEDY, FN)
#define ASK_KERNEL(ID, FN, NUMBER, LEVEL, SEVERITY, NAME, TITLE, WANTED, WHY, REMEDY, BAD, ONE) \
	static void FN(Bench *b, Verdict *v) { bench_processes(b, v, BAD, ONE); }               \
	CHECK(ID, NAME, SECTION, NUMBER, LEVEL, SEVERITY, TITLE, WANTED, WHY, REMEDY, FN)

static bool is_privileged(const Container *c) { return bench_true(c->host, S("Privileged")); }

/* "seccomp=unconfined", and the old "seccomp:unconfined". */
static bool security_option(const Container *c, Str key, Str *value)
{
	const Value *list = value_items(c->host, S("SecurityOpt"));
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		Str text = list->items[i]->text;
		if (!str_starts(text, key))
			continue;
		*value = str_skip(text, key.n);
		if (value->n == 0)
			return true;
		if (value->p[0] == '=' || value->p[0] == ':') {
			*value = str_skip(*value, 1);
			return true;
		}
	}
	*value = (Str){0};
	return false;
}

/* ---- mandatory access control ---- */

static Judged without_apparmor(Bench *b, const Container *c, Buf *seen)
{
	Str profile = value_str(c->inspect, S("AppArmorProfile"));
	Str runs = c->proc.lsm;
	(void)b;
	if (str_ends(runs, S("(complain)"))) {
		buf_fmt(seen, STR_FMT ": it only complains", STR_ARG(runs));
		return JUDGED_BAD;
	}
	if (runs.n != 0 && !str_eq(runs, S("unconfined")))
		return JUDGED_FINE;
	buf_fmt(seen, "%s", runs.n != 0 ? "its process is unconfined" : "no profile");
	if (runs.n != 0)
		return JUDGED_BAD;
	return profile.n == 0 || str_eq(profile, S("unconfined")) || is_privileged(c) ? JUDGED_BAD
										      : JUDGED_FINE;
}
static void apparmor(Bench *b, Verdict *v)
{
	Str rest;
	if (b->d.info != NULL && !bench_security_option(b, S("apparmor"), &rest))
		NOT_HERE(b, v, "the engine's kernel has no AppArmor");
	else
		bench_processes(b, v, OUTCOME_WARN, without_apparmor);
}
CHECK(B502, "apparmor", SECTION, CIS("5.2"), 1, SEV_MEDIUM,
      "Each container has an AppArmor profile", "docker-default, or a stricter one",
      "Without a profile nothing but the namespaces stands between a container and the host's "
      "files.",
      "remove --security-opt apparmor=unconfined", apparmor)

static Judged without_selinux(Bench *b, const Container *c, Buf *seen)
{
	Str value;
	bool off = security_option(c, S("label"), &value) && str_eq(value, S("disable"));
	(void)b;
	buf_add(seen, off ? S("label=disable") : S("no process label"));
	return off || value_str(c->inspect, S("ProcessLabel")).n == 0 ? JUDGED_BAD : JUDGED_FINE;
}
static void selinux(Bench *b, Verdict *v)
{
	Str rest;
	if (b->d.info != NULL && !bench_security_option(b, S("selinux"), &rest))
		NOT_HERE(b, v, "the engine does not use SELinux");
	else
		bench_containers(b, v, OUTCOME_WARN, without_selinux);
}
CHECK(B503, "selinux", SECTION, CIS("5.3"), 2, SEV_MEDIUM, "Each container has an SELinux label",
      "a label of container_t",
      "Without a label a container that broke out is not held by SELinux.",
      "remove --security-opt label=disable, and set \"selinux-enabled\": true in daemon.json",
      selinux)

/* ---- capabilities ---- */

static const char *const capability_names[] = {"CHOWN",
					       "DAC_OVERRIDE",
					       "DAC_READ_SEARCH",
					       "FOWNER",
					       "FSETID",
					       "KILL",
					       "SETGID",
					       "SETUID",
					       "SETPCAP",
					       "LINUX_IMMUTABLE",
					       "NET_BIND_SERVICE",
					       "NET_BROADCAST",
					       "NET_ADMIN",
					       "NET_RAW",
					       "IPC_LOCK",
					       "IPC_OWNER",
					       "SYS_MODULE",
					       "SYS_RAWIO",
					       "SYS_CHROOT",
					       "SYS_PTRACE",
					       "SYS_PACCT",
					       "SYS_ADMIN",
					       "SYS_BOOT",
					       "SYS_NICE",
					       "SYS_RESOURCE",
					       "SYS_TIME",
					       "SYS_TTY_CONFIG",
					       "MKNOD",
					       "LEASE",
					       "AUDIT_WRITE",
					       "AUDIT_CONTROL",
					       "SETFCAP",
					       "MAC_OVERRIDE",
					       "MAC_ADMIN",
					       "SYSLOG",
					       "WAKE_ALARM",
					       "BLOCK_SUSPEND",
					       "AUDIT_READ",
					       "PERFMON",
					       "BPF",
					       "CHECKPOINT_RESTORE"};
enum { CAPABILITIES = sizeof capability_names / sizeof capability_names[0] };

/* Those that Docker gives unless it is asked for others. */
static const char *const usual[] = {"CHOWN",   "DAC_OVERRIDE", "FSETID",           "FOWNER",
				    "MKNOD",   "NET_RAW",      "SETGID",           "SETUID",
				    "SETFCAP", "SETPCAP",      "NET_BIND_SERVICE", "SYS_CHROOT",
				    "KILL",    "AUDIT_WRITE"};

static uint64_t capability(Str name)
{
	if (str_starts(name, S("CAP_")))
		name = str_skip(name, 4);
	for (size_t i = 0; i < CAPABILITIES; i++)
		if (str_eq_nocase(name, str_of(capability_names[i])))
			return 1ull << i;
	return str_eq_nocase(name, S("ALL")) ? (1ull << CAPABILITIES) - 1 : 0;
}

static uint64_t usual_capabilities(void)
{
	uint64_t set = 0;
	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
		set |= capability(str_of(usual[i]));
	return set;
}

static uint64_t named(const Container *c, Str key)
{
	const Value *list = value_items(c->host, key);
	uint64_t set = 0;
	for (size_t i = 0; list != NULL && i < list->n; i++)
		set |= capability(list->items[i]->text);
	return set;
}

/* Those it can ever have: of its process, where it runs; else as asked for. */
static uint64_t capabilities(const Container *c)
{
	const uint64_t all = (1ull << CAPABILITIES) - 1;
	if (c->proc.known)
		return c->proc.status.cap_bounding & all;
	if (is_privileged(c))
		return all;
	uint64_t add = named(c, S("CapAdd")), drop = named(c, S("CapDrop"));
	/* ALL is the base; single names correct it. */
	uint64_t base = add == all ? all : drop == all ? 0 : usual_capabilities();
	return (base | (add == all ? 0 : add)) & ~(drop == all ? 0 : drop);
}

static void name_capabilities(Buf *to, uint64_t set)
{
	if (set == (1ull << CAPABILITIES) - 1) {
		buf_add(to, S("all"));
		return;
	}
	const char *comma = "";
	for (size_t i = 0; i < CAPABILITIES; i++)
		if ((set >> i & 1) != 0) {
			buf_fmt(to, "%s%s", comma, capability_names[i]);
			comma = " ";
		}
}

/* A name that this program does not know, of a newer kernel. */
static Str unknown_capability(const Container *c)
{
	const Value *list = value_items(c->host, S("CapAdd"));
	for (size_t i = 0; list != NULL && i < list->n; i++)
		if (capability(list->items[i]->text) == 0)
			return list->items[i]->text;
	return (Str){0};
}

static Judged more_capabilities(Bench *b, const Container *c, Buf *seen)
{
	uint64_t more = capabilities(c) & ~usual_capabilities();
	Str unknown = unknown_capability(c);
	(void)b;
	if (is_privileged(c)) {
		buf_add(seen, S("privileged: all"));
		return JUDGED_BAD;
	}
	name_capabilities(seen, more);
	if (unknown.n != 0)
		buf_fmt(seen, "%s" STR_FMT, more != 0 ? " " : "", STR_ARG(unknown));
	return more != 0 || unknown.n != 0 ? JUDGED_BAD : JUDGED_FINE;
}
ASK_KERNEL(B504, more_than_usual, CIS("5.4"), 1, SEV_HIGH, "capabilities",
	   "Containers have no more capabilities than usual",
	   "nothing added, better: --cap-drop ALL",
	   "Each capability is a part of root's power over the host's kernel.",
	   "start with --cap-drop ALL and add the few that are needed", OUTCOME_WARN,
	   more_capabilities)

static Judged dangerous_capabilities(Bench *b, const Container *c, Buf *seen)
{
	static const char *const names[] = {
		"SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH",
		"BPF",       "PERFMON",    "SYS_BOOT",   "MAC_ADMIN", "MAC_OVERRIDE"};
	uint64_t set = 0;
	(void)b;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		set |= capability(str_of(names[i]));
	set &= capabilities(c);
	name_capabilities(seen, set);
	return set != 0 ? JUDGED_BAD : JUDGED_FINE;
}
static void dangerous(Bench *b, Verdict *v)
{
	bench_processes(b, v, OUTCOME_WARN, dangerous_capabilities);
}
CHECK_REFS(B541, "C.5.3.1,C.5.3.2,C.5.3.3,C.5.3.4", "dangerous-capabilities", SECTION, 0,
	   SEV_CRITICAL, "No container has a capability that is a way out",
	   "no SYS_ADMIN, SYS_MODULE, SYS_PTRACE, SYS_RAWIO, DAC_READ_SEARCH, BPF",
	   "With one of these a container loads kernel code, reads any file or enters other "
	   "processes.",
	   "remove it from --cap-add; most programs that ask for it need less", dangerous)

/* Of those that run as usual, and were given none beyond: do they need what they have? */
static Judged keeps_all(Bench *b, const Container *c, Buf *seen)
{
	uint64_t set = capabilities(c);
	(void)b;
	buf_add(seen, S("all of the usual ones"));
	return (set & usual_capabilities()) == usual_capabilities() ? JUDGED_BAD : JUDGED_FINE;
}
ASK_KERNEL(B543, drops, CIS_NONE, 0, SEV_LOW, "capabilities-dropped",
	   "Containers drop the capabilities they do not need", "--cap-drop ALL, and a few added",
	   "NET_RAW spoofs on the network, MKNOD, SETUID and DAC_OVERRIDE help an intruder on.",
	   "start with --cap-drop ALL and add the few that are needed", OUTCOME_INFO, keeps_all)

static Judged privileged_one(Bench *b, const Container *c, Buf *seen)
{
	(void)b;
	buf_add(seen, S("--privileged"));
	return is_privileged(c) ? JUDGED_BAD : JUDGED_FINE;
}
ASK(B505, privileged, CIS("5.5"), 1, SEV_CRITICAL, "privileged", "No container is privileged",
    "no --privileged",
    "A privileged container is the host: every device, every capability, no filter.",
    "give the one device or capability it needs", OUTCOME_WARN, privileged_one)

static Judged gains_privileges(Bench *b, const Container *c, Buf *seen)
{
	Str value;
	bool said = security_option(c, S("no-new-privileges"), &value);
	bool on = said && (value.n == 0 || str_eq(value, S("true")));
	Setting by_default = daemon_setting(&b->d, b->a, "no-new-privileges", NULL);
	buf_add(seen, said ? S("no-new-privileges=false") : S("no-new-privileges is not set"));
	if (c->proc.known)
		return c->proc.status.no_new_privs ? JUDGED_FINE : JUDGED_BAD;
	return on || (!said && setting_on(&by_default, false)) ? JUDGED_FINE : JUDGED_BAD;
}
ASK_KERNEL(B526, no_new_privileges, CIS("5.26"), 1, SEV_MEDIUM, "no-new-privileges",
	   "Containers cannot gain privileges", "--security-opt no-new-privileges",
	   "A setuid program in the image makes its user root.",
	   "start with --security-opt no-new-privileges, or set it in daemon.json for all",
	   OUTCOME_WARN, gains_privileges)

static Judged without_seccomp(Bench *b, const Container *c, Buf *seen)
{
	Str value, rest;
	bool off = security_option(c, S("seccomp"), &value) && str_eq(value, S("unconfined"));
	bool none = off || is_privileged(c) || !bench_security_option(b, S("seccomp"), &rest);
	buf_add(seen, is_privileged(c) ? S("privileged: no filter")
		      : off            ? S("seccomp=unconfined")
				       : S("no filter"));
	if (c->proc.known)
		none = c->proc.status.seccomp == 0;
	return none ? JUDGED_BAD : JUDGED_FINE;
}
ASK_KERNEL(B522, seccomp_on, CIS("5.22"), 1, SEV_HIGH, "seccomp",
	   "Each container has a seccomp filter", "the built-in profile, or a stricter one",
	   "Without one it may use every system call that the kernel has a bug in.",
	   "remove --security-opt seccomp=unconfined and --privileged", OUTCOME_WARN,
	   without_seccomp)

static Judged unmasked(Bench *b, const Container *c, Buf *seen)
{
	const Value *masked = value_items(c->host, S("MaskedPaths"));
	const Value *readonly = value_items(c->host, S("ReadonlyPaths"));
	bool open = masked != NULL && readonly != NULL && (masked->n == 0 || readonly->n == 0);
	(void)b;
	buf_add(seen, S("systempaths=unconfined: /proc and /sys lie open"));
	return open && !is_privileged(c) ? JUDGED_BAD : JUDGED_FINE;
}
ASK(B542, masked_paths, CIS_NONE, 0, SEV_HIGH, "masked-paths",
    "/proc and /sys are masked in containers", "no --security-opt systempaths=unconfined",
    "/proc/kcore, /proc/sysrq-trigger and the like tell of the host, or stop it.",
    "remove --security-opt systempaths=unconfined", OUTCOME_WARN, unmasked)

/* ---- namespaces ---- */

/* By the kernel's word where it is known, else by the mode that was asked for. */
static bool is_hosts(Bench *b, const Container *c, Str mode, Namespace ns)
{
	Str is = c->proc.ns[ns];
	if (is.n != 0 && b->host_ns[ns].n != 0)
		return str_eq(is, b->host_ns[ns]);
	return str_eq(mode, S("host"));
}

static Judged shares(Bench *b, const Container *c, Buf *seen, const char *key, Namespace ns)
{
	Str mode = value_str(c->host, str_of(key)), other = S("container:");
	if (is_hosts(b, c, mode, ns)) {
		buf_add(seen, S("the host's"));
		return JUDGED_BAD;
	}
	if (!str_starts(mode, other))
		return JUDGED_FINE;
	buf_fmt(seen, "shares that of another container: " STR_FMT,
		STR_ARG(str_first(str_skip(mode, other.n), 12)));
	return JUDGED_BAD;
}
/* Sidecars share a network among themselves; the host's is what is asked about. */
static Judged shares_net(Bench *b, const Container *c, Buf *seen)
{
	buf_add(seen, S("the host's"));
	return is_hosts(b, c, value_str(c->host, S("NetworkMode")), NS_NET) ? JUDGED_BAD
									    : JUDGED_FINE;
}
static Judged shares_pid(Bench *b, const Container *c, Buf *seen)
{
	return shares(b, c, seen, "PidMode", NS_PID);
}
static Judged shares_ipc(Bench *b, const Container *c, Buf *seen)
{
	return shares(b, c, seen, "IpcMode", NS_IPC);
}
static Judged shares_uts(Bench *b, const Container *c, Buf *seen)
{
	return shares(b, c, seen, "UTSMode", NS_UTS);
}
static Judged shares_user(Bench *b, const Container *c, Buf *seen)
{
	Str rest;
	bool remapped = bench_security_option(b, S("userns"), &rest) || b->d.rootless;
	bool host = str_eq(value_str(c->host, S("UsernsMode")), S("host"));
	buf_add(seen, host ? S("--userns host")
			   : S("root is the host's root: the engine remaps nothing"));
	if (c->proc.ns[NS_USER].n != 0 && b->host_ns[NS_USER].n != 0)
		return str_eq(c->proc.ns[NS_USER], b->host_ns[NS_USER]) ? JUDGED_BAD : JUDGED_FINE;
	return host || !remapped ? JUDGED_BAD : JUDGED_FINE;
}
ASK_KERNEL(B510, host_network, CIS("5.10"), 1, SEV_HIGH, "host-network",
	   "No container has the host's network", "no --network host",
	   "It sees the host's traffic and reaches what listens only locally.",
	   "publish the ports that are needed", OUTCOME_WARN, shares_net)
ASK_KERNEL(B516, host_pid, CIS("5.16"), 1, SEV_HIGH, "host-pid",
	   "No container sees other processes", "no --pid host or container:",
	   "It sees, signals and perhaps enters processes that are not its own.", "remove --pid",
	   OUTCOME_WARN, shares_pid)
ASK_KERNEL(B517, host_ipc, CIS("5.17"), 1, SEV_MEDIUM, "host-ipc",
	   "No container shares memory with others", "no --ipc host or container:",
	   "It reads and changes shared memory of processes that are not its own.", "remove --ipc",
	   OUTCOME_WARN, shares_ipc)
ASK_KERNEL(B521, host_uts, CIS("5.21"), 1, SEV_LOW, "host-uts", "No container has the host's name",
	   "no --uts host", "It can rename the host.", "remove --uts host", OUTCOME_WARN,
	   shares_uts)
ASK_KERNEL(B531, host_userns, CIS("5.31"), 1, SEV_MEDIUM, "host-userns",
	   "No container has the host's user namespace", "userns-remap, and no --userns host",
	   "Root in the container is root to the host's kernel.",
	   "set \"userns-remap\": \"default\" in daemon.json, and remove --userns host",
	   OUTCOME_WARN, shares_user)

/* ---- devices, cgroups ---- */

static Judged has_devices(Bench *b, const Container *c, Buf *seen)
{
	const Value *devices = value_items(c->host, S("Devices"));
	const Value *rules = value_items(c->host, S("DeviceCgroupRules"));
	const Value *requests = value_items(c->host, S("DeviceRequests"));
	size_t n = 0;
	(void)b;
	if (is_privileged(c)) {
		buf_add(seen, S("privileged: every device"));
		return JUDGED_BAD;
	}
	for (size_t i = 0; devices != NULL && i < devices->n; i++)
		buf_fmt(seen, "%s" STR_FMT, n++ != 0 ? ", " : "",
			STR_ARG(value_str(devices->items[i], S("PathOnHost"))));
	for (size_t i = 0; rules != NULL && i < rules->n; i++)
		buf_fmt(seen, "%srule '" STR_FMT "'", n++ != 0 ? ", " : "",
			STR_ARG(rules->items[i]->text));
	for (size_t i = 0; requests != NULL && i < requests->n; i++)
		buf_fmt(seen, "%s%s", n++ != 0 ? ", " : "", "devices of a driver (--gpus)");
	return n != 0 ? JUDGED_BAD : JUDGED_FINE;
}
ASK(B518, devices_given, CIS("5.18"), 1, SEV_MEDIUM, "devices",
    "No container has devices of the host", "no --device",
    "What a device's driver lets root do, the container can do.",
    "remove --device, or give it read-only (:r)", OUTCOME_WARN, has_devices)

static Judged other_cgroup(Bench *b, const Container *c, Buf *seen)
{
	Str parent = value_str(c->host, S("CgroupParent"));
	Str usual_parent = daemon_setting(&b->d, b->a, "cgroup-parent", NULL).text;
	buf_fmt(seen, STR_FMT, STR_ARG(parent));
	return parent.n == 0 || str_eq(parent, usual_parent) ? JUDGED_FINE : JUDGED_BAD;
}
ASK(B525, cgroup, CIS("5.25"), 1, SEV_LOW, "container-cgroup",
    "Containers are in the engine's own cgroup", "no --cgroup-parent",
    "In another group it shares, or escapes, limits meant for something else.",
    "remove --cgroup-parent", OUTCOME_WARN, other_cgroup)
