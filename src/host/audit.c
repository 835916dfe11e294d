/* audit.c - the kernel's audit: on, whole, and watching what belongs to the engine. */
#include <errno.h>

#include "engine/unit.h"
#include "host/private.h"
#include "io/probe_path.h"

#define SECTION "audit"
#define SOURCE S("AUDIT_GET of the kernel")

/* False, and the verdict says why, when its state is not known. */
static bool has_state(Host *h, Verdict *v)
{
	if (!host_is_live(h, v))
		return false;
	if (h->o->audit.why.n != 0)
		ERROR(h, v, SOURCE, STR_FMT, STR_ARG(h->o->audit.why));
	return h->o->audit.why.n == 0;
}

CHECK(H69, "audit-on", SECTION, SEV_HIGH, "ACCT-9628, ACCT-9630",
      "The kernel audits, and somebody keeps the records", "enabled 1 or 2, a daemon, none lost",
      "Without it nobody can tell afterwards who changed what, and from which container.",
      "start auditd, or 'bulwark audit watch'; audit=1 on the kernel's command line")
{
	const HostAudit *a = &h->o->audit;
	if (!has_state(h, v))
		return;
	if (a->enabled == 0)
		WARN(h, v, SOURCE, "it is off");
	else if (a->pid == 0)
		WARN(h, v, SOURCE, "it is on, but no daemon keeps the records");
	else if (a->lost != 0)
		WARN(h, v, SOURCE, "%u records were lost since the start", a->lost);
	else
		PASS(h, v, SOURCE, "enabled %u, kept by pid %u, none lost", a->enabled, a->pid);
}

/* ---- rules ---- */

static bool is_beneath(Str path, Str dir)
{
	return str_starts(path, dir) && (path.n == dir.n || path.p[dir.n] == '/');
}

static bool is_watched(const Host *h, Str path)
{
	for (size_t i = 0; i < h->o->audit.watches.n; i++) {
		const HostWatch *w = &h->o->audit.watches.at[i];
		if (w->writes && (str_eq(w->path, path) || (w->tree && is_beneath(path, w->path))))
			return true;
	}
	return false;
}

static void judge_watch(Host *h, Verdict *v, Str path)
{
	if (path.n == 0 || !host_is_there(h, path))
		return;
	v->subjects++;
	Str real = probe_real_path(h->p, path, h->a); /* where the kernel has to watch */
	if (!is_watched(h, real))
		verdict_item(v, h->a, "file", real, "no rule records writes");
}

CHECK(H70, "audit-rules", SECTION, SEV_HIGH, "CIS 1.1.3 to 1.1.18",
      "Changes to the engine's programs, files and sockets are audited",
      "a rule for writes and attributes of each",
      "What an intruder changes there is root, and cannot be told afterwards.",
      "bulwark audit rules --load")
{
	static const char *const programs[] = {
		"dockerd", "containerd", "containerd-shim", "containerd-shim-runc-v2",
		"runc",    "crun",       "docker",          "podman"};
	static const char *const files[] = {"/etc/docker",         "/etc/containerd/config.toml",
					    "/etc/default/docker", "/etc/sysconfig/docker",
					    "/etc/containers",     "/run/docker.sock",
					    "/run/containerd"};
	static const char *const units[] = {"docker.service", "docker.socket",
					    "containerd.service"};
	const HostAudit *a = &h->o->audit;
	Str source = S("the kernel's audit rules");
	if (!has_state(h, v))
		return;
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
		judge_watch(h, v, host_program(h, programs[i]));
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		judge_watch(h, v, str_of(files[i]));
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		judge_watch(h, v, unit_find(h->p, str_of(units[i]), h->a));
	judge_watch(h, v, h->d.root_dir);
	if (v->subjects == 0)
		NOT_HERE(h, v, "there is no engine");
	else if (v->items.n != 0)
		WARN(h, v, source, "%zu of %llu are not watched", v->items.n,
		     (unsigned long long)v->subjects);
	else if (a->enabled == 0)
		WARN(h, v, source, "all %llu have a rule, but auditing is off",
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, source, "%llu files and directories", (unsigned long long)v->subjects);
	if (v->items.n == 0)
		v->subjects = 0;
}

CHECK(H71, "audit-buffer", SECTION, SEV_MEDIUM, "ACCT-9632",
      "The kernel's audit keeps up, and speaks when it does not",
      "backlog_limit >= 8192, failure 1 or 2",
      "A burst of starting containers fills 64 records at once; what does not fit is not recorded.",
      "'-b 8192' and '-f 1' in /etc/audit/rules.d, and audit_backlog_limit=8192 for the start")
{
	enum { ENOUGH = 8192 };
	const HostAudit *a = &h->o->audit;
	if (!has_state(h, v))
		return;
	if (a->backlog_limit < ENOUGH && a->backlog_limit != 0)
		WARN(h, v, SOURCE, "backlog_limit is %u, not %d or more", a->backlog_limit, ENOUGH);
	else if (a->failure == 0)
		WARN(h, v, SOURCE, "failure is 0: it says nothing of what it loses");
	else
		PASS(h, v, SOURCE, "backlog_limit %u, failure %u", a->backlog_limit, a->failure);
}

/* ---- what is kept ---- */

CHECK(H72, "audit-log", SECTION, SEV_MEDIUM, "ACCT-9634", "The audit's log is root's alone",
      "/var/log/audit 0750 or less, its files 0640 or less, owner root",
      "The log tells what was typed and read; who can write it erases the traces.",
      "chmod 0640 FILE; chown root FILE")
{
	ProbeEntryVec all;
	ProbeStat st;
	Str dir = S("/var/log/audit");
	int sys = see_stat(h, dir, &st);
	if (sys == 0)
		sys = see_dir(h, dir, &all);
	if (host_is_absent(sys)) {
		NOT_HERE(h, v, "there is no " STR_FMT, STR_ARG(dir));
		return;
	}
	if (sys != 0) {
		verdict_unread(v, h->a, dir, sys);
		return;
	}
	v->subjects = 1 + all.n;
	if (st.uid != 0 || (st.mode & 07027) != 0)
		verdict_item(v, h->a, "directory", dir, "uid %u, mode %04o", st.uid,
			     st.mode & 07777u);
	for (size_t i = 0; i < all.n; i++)
		if (all.at[i].uid != 0 || (all.at[i].mode & 07137) != 0)
			verdict_item(v, h->a, "file",
				     host_path(h, STR_FMT "/" STR_FMT, STR_ARG(dir),
					       STR_ARG(all.at[i].name)),
				     "uid %u, mode %04o", all.at[i].uid, all.at[i].mode & 07777u);
	if (v->items.n != 0)
		WARN(h, v, S("stat"), "%zu of %llu files", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, S("stat"), "%zu files", all.n);
}

CHECK(H84, "audit-boot", SECTION, SEV_LOW, NULL, "Auditing begins with the kernel",
      "audit=1 and audit_backlog_limit=8192 on the kernel's command line",
      "What starts before the audit daemon is never audited, with all its children.",
      "GRUB_CMDLINE_LINUX=\"audit=1 audit_backlog_limit=8192\" in /etc/default/grub, and "
      "update-grub")
{
	enum { ENOUGH = 8192 };
	Str text, word, path = S("/proc/cmdline");
	bool on = false;
	uint64_t limit = 0;
	if (!host_is_live(h, v))
		return;
	int sys = host_text(h, path, &text);
	if (sys != 0) {
		verdict_unread(v, h->a, path, sys);
		return;
	}
	while ((word = host_word(&text)).n != 0) {
		on = on || str_eq(word, S("audit=1"));
		if (str_starts(word, S("audit_backlog_limit=")))
			(void)str_u64(str_skip(word, strlen("audit_backlog_limit=")), &limit);
	}
	if (on && limit >= ENOUGH)
		PASS(h, v, path, "both are there");
	else if (on)
		WARN(h, v, path, "audit=1, without audit_backlog_limit=%d or more", ENOUGH);
	else
		WARN(h, v, path, "audit=1 is not there");
}
