/* lsm.c - what confines root and containers: Linux security modules, seccomp, lockdown, and who may
 * load code into the kernel. */
#include <errno.h>

#include "host/private.h"

#define SECURITY "/sys/kernel/security"

/* "integrity" of "none [integrity] confidentiality". */
static Str chosen(Str text)
{
	Str before, word = {0};
	if (!str_cut(&text, '[', &before) || text.n == 0)
		return (Str){0};
	(void)str_cut(&text, ']', &word);
	return word;
}

static int lockdown(Host *h, Str *out)
{
	Str text;
	int sys = host_text(h, S(SECURITY "/lockdown"), &text);
	*out = sys == 0 ? chosen(text) : (Str){0};
	return sys;
}

static bool is_locked(Str state)
{
	return str_eq(state, S("integrity")) || str_eq(state, S("confidentiality"));
}

/* ---- modules ---- */

static bool can_load(Host *h) { return host_is_there(h, S("/proc/modules")); }

CHECK(H21, "module-signing", "modules", SEV_MEDIUM, NULL,
      "The kernel loads only modules that are signed",
      "module.sig_enforce, lockdown, or kernel.modules_disabled = 1",
      "A module is the kernel: who got root on the host hides there from everything, for good.",
      "start the kernel with module.sig_enforce=1, or with lockdown=integrity")
{
	Str enforced = {0}, state;
	int64_t disabled = 0;
	Str source = S("sig_enforce, lockdown and modules_disabled");
	if (!host_is_live(h, v))
		return;
	int sys = host_text(h, S("/sys/module/module/parameters/sig_enforce"), &enforced);
	(void)host_sysctl(h, "kernel/modules_disabled", &disabled);
	(void)lockdown(h, &state);
	if (!can_load(h))
		NOT_HERE(h, v, "this kernel loads no modules");
	else if (disabled == 1)
		PASS(h, v, source, "no more modules are loaded until the next start");
	else if (str_eq(enforced, S("Y")))
		PASS(h, v, source, "module.sig_enforce is on");
	else if (is_locked(state))
		PASS(h, v, source, "lockdown is " STR_FMT, STR_ARG(state));
	else if (sys != 0 && !host_is_absent(sys))
		verdict_unread(v, h->a, source, sys);
	else
		WARN(h, v, source, "root can load any module");
}

/* ---- security modules ---- */

CHECK(H22, "lockdown", "lsm", SEV_LOW, NULL, "Root cannot change the running kernel",
      "lockdown is integrity or confidentiality",
      "Without it root writes to the kernel's memory by /dev/mem, kexec, or unsigned modules.",
      "start the kernel with lockdown=integrity")
{
	Str state, path = S(SECURITY "/lockdown");
	if (!host_is_live(h, v))
		return;
	int sys = lockdown(h, &state);
	if (host_is_absent(sys))
		NOT_HERE(h, v, "this kernel has no lockdown, or securityfs is not mounted");
	else if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	else if (is_locked(state))
		PASS(h, v, path, "lockdown is " STR_FMT, STR_ARG(state));
	else
		WARN(h, v, path, "lockdown is %s", state.n != 0 ? "none" : "not chosen");
}

/* Whether a module is among the active ones; 0 or errno. */
static int has_lsm(Host *h, const char *name, bool *has, Str *all)
{
	Str rest, word;
	int sys = host_text(h, S(SECURITY "/lsm"), all);
	*has = false;
	for (rest = *all; sys == 0 && rest.n != 0 && str_cut(&rest, ',', &word);)
		*has = *has || str_eq(word, str_of(name));
	return sys;
}

CHECK(H23, "lsm-active", "lsm", SEV_HIGH, "MACF-6204, MACF-6208", "AppArmor or SELinux is active",
      "apparmor or selinux in " SECURITY "/lsm",
      "The second lock on every container: it holds where capabilities and seccomp do not.",
      "start the kernel with apparmor or selinux in lsm=")
{
	bool apparmor, selinux;
	Str all, path = S(SECURITY "/lsm");
	if (!host_is_live(h, v))
		return;
	int sys = has_lsm(h, "apparmor", &apparmor, &all);
	if (host_is_absent(sys)) {
		NOT_HERE(h, v, "securityfs is not mounted on " SECURITY);
		return;
	}
	if (sys == 0)
		sys = has_lsm(h, "selinux", &selinux, &all);
	if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	else if (apparmor || selinux)
		PASS(h, v, path, "%s is active", apparmor ? "AppArmor" : "SELinux");
	else
		WARN(h, v, path, "neither: " STR_FMT, STR_ARG(all));
}

typedef struct Profiles {
	size_t enforced, others;
	Str docker; /* the mode of docker-default; empty: it is not loaded */
} Profiles;

/* Lines of "name (mode)"; names have blanks and parentheses. */
static Profiles read_profiles(Str text)
{
	Profiles p = {0};
	Str line;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		size_t at = line.n;
		while (at != 0 && line.p[at - 1] != '(')
			at--;
		if (at == 0 || !str_ends(line, S(")")))
			continue;
		Str mode = str_first(str_skip(line, at), line.n - at - 1);
		Str name = str_trim(str_first(line, at - 1));
		p.enforced += str_eq(mode, S("enforce"));
		p.others += !str_eq(mode, S("enforce"));
		if (str_eq(name, S("docker-default")))
			p.docker = mode;
	}
	return p;
}

CHECK(H24, "apparmor-profiles", "lsm", SEV_HIGH, "MACF-6208, CIS 5.2",
      "AppArmor's profile for containers is loaded, and enforced", "docker-default (enforce)",
      "A container without the profile writes to /proc and /sys, and mounts, as its capabilities "
      "let it.",
      "start the engine anew: it loads docker-default; 'aa-enforce' what is in complain mode")
{
	Str text, all, path = S(SECURITY "/apparmor/profiles");
	bool active;
	if (!host_is_live(h, v))
		return;
	int sys = has_lsm(h, "apparmor", &active, &all);
	if ((sys == 0 && !active) || host_is_absent(sys)) {
		NOT_HERE(h, v, "AppArmor is not active");
		return;
	}
	if (sys == 0)
		sys = host_text(h, path, &text);
	if (sys != 0) {
		verdict_unread(v, h->a, path, sys);
		return;
	}
	Profiles p = read_profiles(text);
	bool docker = host_is_there(h, S("/run/docker.sock")) ||
		      (h->d.info != NULL && !h->d.podman);
	if (str_eq(p.docker, S("enforce")))
		PASS(h, v, path, "docker-default is enforced; %zu profiles are, %zu are not",
		     p.enforced, p.others);
	else if (p.docker.n != 0)
		WARN(h, v, path, "docker-default is in the mode '" STR_FMT "'", STR_ARG(p.docker));
	else if (docker)
		WARN(h, v, path, "docker-default is not loaded");
	else if (p.enforced != 0)
		PASS(h, v, path, "no Docker runs; %zu profiles are enforced, %zu are not",
		     p.enforced, p.others);
	else
		WARN(h, v, path, "no profile is enforced");
}

/* Of a family whose policy expects SELinux. */
static bool is_red_hat(Host *h)
{
	Str text, line;
	if (host_text(h, S("/etc/os-release"), &text) != 0)
		return false;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		size_t at;
		if ((str_starts(line, S("ID=")) || str_starts(line, S("ID_LIKE="))) &&
		    (str_find(line, S("rhel"), &at) || str_find(line, S("fedora"), &at) ||
		     str_find(line, S("centos"), &at)))
			return true;
	}
	return false;
}

static bool labels_containers(const Host *h)
{
	const Value *list = value_items(h->d.info, S("SecurityOptions"));
	for (size_t i = 0; list != NULL && i < list->n; i++)
		if (str_starts(list->items[i]->text, S("name=selinux")))
			return true;
	return h->d.podman;
}

CHECK(H25, "selinux", "lsm", SEV_HIGH, "MACF-6232, MACF-6234, CIS 5.3",
      "SELinux is enforced where the distribution counts on it",
      "enforcing, and the engine labels its containers",
      "On these systems nothing else keeps a container from the host's files once it is root.",
      "SELINUX=enforcing in /etc/selinux/config; \"selinux-enabled\": true in daemon.json")
{
	Str text, path = S("/sys/fs/selinux/enforce");
	if (!host_is_live(h, v))
		return;
	int sys = host_text(h, path, &text);
	if (host_is_absent(sys) && is_red_hat(h))
		WARN(h, v, path, "SELinux is off, and this distribution counts on it");
	else if (host_is_absent(sys))
		NOT_HERE(h, v, "SELinux is not active");
	else if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	else if (!str_eq(text, S("1")))
		WARN(h, v, path, "it is permissive: it forbids nothing");
	else if (h->d.info != NULL && !labels_containers(h))
		WARN(h, v, path, "it is enforced, but the engine labels no container");
	else
		PASS(h, v, path, "it is enforced");
}

CHECK(H26, "seccomp", "lsm", SEV_CRITICAL, NULL, "The kernel filters system calls",
      "seccomp with filters",
      "Without it, every container may try every system call, and the engine's profile does "
      "nothing.",
      "use a kernel with CONFIG_SECCOMP_FILTER")
{
	Str text, path = S("/proc/sys/kernel/seccomp/actions_avail");
	size_t at;
	if (!host_is_live(h, v))
		return;
	int sys = host_text(h, path, &text);
	if (sys == 0 && text.n != 0) {
		PASS(h, v, path, STR_FMT, STR_ARG(text));
		return;
	}
	if (!host_is_absent(sys)) {
		verdict_unread(v, h->a, path, sys != 0 ? sys : ENODATA);
		return;
	}
	path = S("/proc/1/status");
	sys = host_text(h, path, &text);
	if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	else if (str_find(text, S("\nSeccomp:"), &at))
		PASS(h, v, path, "there, of an older kernel");
	else
		WARN(h, v, path, "this kernel has none");
}
