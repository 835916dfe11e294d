/* software.c - what is installed on the host: kept up to date, without known holes, no tools for
 * intruders. */
#include <errno.h>

#include "host/private.h"

#define SECTION "software"

/* ---- updates ---- */

/* apt passes over what an editor, dpkg or ucf left beside. */
static bool is_read_by_apt(Str name)
{
	return !str_has(name, '.') || (str_ends(name, S(".conf")) && name.p[0] != '.');
}

/* The last value of APT::Periodic::KEY in apt.conf's files; empty: not set. */
static Str apt_periodic(Host *h, const char *key)
{
	StrVec names;
	Str text, line, found = {0}, wanted = host_path(h, "APT::Periodic::%s", key);
	if (see_list(h, S("/etc/apt/apt.conf.d"), &names) != 0)
		return found;
	for (size_t i = 0; i < names.n; i++) {
		Str path = host_path(h, "/etc/apt/apt.conf.d/" STR_FMT, STR_ARG(names.at[i]));
		if (!is_read_by_apt(names.at[i]) || see_read(h, path, &text) != 0)
			continue;
		while (text.n != 0 && str_cut(&text, '\n', &line)) {
			Str rest = line, value, before;
			if (!str_eq(host_word(&rest), wanted) || !str_cut(&rest, '"', &before) ||
			    !str_cut(&rest, '"', &value))
				continue;
			found = value;
		}
	}
	return found;
}

static void judge_apt(Host *h, Verdict *v)
{
	Str source = S("/etc/apt/apt.conf.d");
	Str upgrades = apt_periodic(h, "Unattended-Upgrade");
	bool installed = host_is_there(h, S("/usr/bin/unattended-upgrade"));
	if (!installed)
		WARN(h, v, source, "unattended-upgrades is not installed");
	else if (upgrades.n == 0 || str_eq(upgrades, S("0")))
		WARN(h, v, source, "APT::Periodic::Unattended-Upgrade is %s",
		     upgrades.n != 0 ? "0" : "not set");
	else
		PASS(h, v, source, "every " STR_FMT " day(s)", STR_ARG(upgrades));
}

static void judge_dnf(Host *h, Verdict *v)
{
	static const char *const timers[] = {"dnf-automatic.timer", "dnf-automatic-install.timer",
					     "dnf5-automatic.timer", "yum-cron.service"};
	Str text, line, key, path = S("/etc/dnf/automatic.conf");
	bool timer = false, applies = false;
	for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++) {
		ProbeStat st;
		bool on = see_lstat(h,
				    host_path(h, "/etc/systemd/system/timers.target.wants/%s",
					      timers[i]),
				    &st) == 0 ||
			  see_lstat(h,
				    host_path(h, "/etc/systemd/system/multi-user.target.wants/%s",
					      timers[i]),
				    &st) == 0;
		timer = timer || on;
		applies = applies || (on && i != 0);
	}
	if (see_read(h, path, &text) == 0)
		while (host_line(&text, &line))
			if (str_cut(&line, '=', &key) && str_eq(str_trim(key), S("apply_updates")))
				applies = str_eq(str_trim(line), S("yes")) ||
					  str_eq(str_trim(line), S("True"));
	if (!timer)
		WARN(h, v, path, "dnf-automatic's timer is not enabled");
	else if (!applies)
		WARN(h, v, path, "dnf-automatic downloads, and applies nothing");
	else
		PASS(h, v, path, "dnf-automatic applies updates");
}

CHECK(H76, "updates", SECTION, SEV_MEDIUM, "PKGS-7420", "Security updates install themselves",
      "unattended-upgrades or dnf-automatic, switched on",
      "Holes are attacked within days of their fix; hosts that wait for a person wait for months.",
      "apt-get install unattended-upgrades and dpkg-reconfigure it; or dnf-automatic with "
      "apply_updates = yes")
{
	if (host_is_there(h, S("/usr/bin/apt-get")))
		judge_apt(h, v);
	else if (host_is_there(h, S("/usr/bin/dnf")) || host_is_there(h, S("/usr/bin/yum")))
		judge_dnf(h, v);
	else
		NOT_HERE(h, v, "neither apt nor dnf is here");
}

/* ---- known holes ---- */

static void add_flaw(Host *h, Verdict *v, const HostFlaw *f)
{
	Str name = host_path(h, STR_FMT " " STR_FMT, STR_ARG(f->package), STR_ARG(f->version));
	Str worst = {0};
	if (f->severity > SEV_UNKNOWN)
		worst = host_path(h, ", %s at worst", severity_name(f->severity));
	verdict_item(v, h->a, "package", name, "%zu fixed in " STR_FMT STR_FMT ": " STR_FMT, f->n,
		     STR_ARG(f->fixed), STR_ARG(worst), STR_ARG(f->ids));
}

CHECK(H77, "vulnerable-packages", SECTION, SEV_CRITICAL, "PKGS-7392",
      "Kernel, runtimes, OpenSSL and C library have no hole that is fixed already",
      "no advisory with a fix for kernel, runc, containerd, docker, podman, openssl, glibc",
      "These are what a container is held by: a hole in one of them is a way out of every "
      "container.",
      "install the updates; 'bulwark scan rootfs:/' tells all about them")
{
	const HostPackages *p = &h->o->packages;
	Str source = p->database;
	if (p->why.n != 0) {
		ERROR(h, v, S("advisory database"), STR_FMT, STR_ARG(p->why));
		return;
	}
	for (size_t i = 0; i < p->flaws.n; i++)
		add_flaw(h, v, &p->flaws.at[i]);
	for (size_t i = 0; i < p->not_evaluated.n; i++)
		verdict_item(v, h->a, "not evaluated", p->not_evaluated.at[i].name, STR_FMT,
			     STR_ARG(p->not_evaluated.at[i].seen));
	v->subjects = p->judged.n;
	if (p->flaws.n != 0)
		WARN(h, v, source, "%zu of %zu packages; %zu flaws nobody has a fix for",
		     p->flaws.n, p->judged.n, p->open);
	else if (p->not_evaluated.n != 0)
		ERROR(h, v, source, "%zu could not be evaluated, of %zu packages",
		      p->not_evaluated.n, p->judged.n);
	else if (p->judged.n == 0)
		NOT_HERE(h, v, "none of them is a package of dpkg, rpm or apk here");
	else
		PASS(h, v, source, "%zu packages; %zu flaws nobody has a fix for", p->judged.n,
		     p->open);
}

/* ---- tools ---- */

CHECK(H79, "compilers", SECTION, SEV_LOW, "HRDN-7220, HRDN-7222",
      "Compilers and debuggers are not for everybody", "absent, or for root only",
      "With them an exploit for just this kernel is built where it is needed, and other processes "
      "are read.",
      "remove the packages, or chmod o-x FILE")
{
	static const char *const dirs[] = {"/usr/bin", "/usr/local/bin"};
	static const char *const tools[] = {
		"gcc",   "g++", "cc",   "c++",    "clang",  "clang++", "tcc",      "as",   "go",
		"rustc", "gdb", "lldb", "strace", "ltrace", "perf",    "bpftrace", "make", "nmap"};
	for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
		for (size_t k = 0; k < sizeof dirs / sizeof dirs[0]; k++) {
			ProbeStat st;
			Str path = host_path(h, "%s/%s", dirs[k], tools[i]);
			if (see_stat(h, path, &st) == 0 && (st.mode & 0001) != 0)
				verdict_item(v, h->a, "file", path, "executable for everybody");
		}
	if (v->items.n != 0)
		WARN(h, v, S("stat"), "%zu found", v->items.n);
	else if (host_is_there(h, S("/usr/bin")))
		PASS(h, v, S("stat"), "none that everybody may run");
	else
		NOT_HERE(h, v, "there is no /usr/bin");
}
