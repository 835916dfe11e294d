/* runtimes.c - container engines and runtimes: cgroups for them, their age, their files, their
 * sockets. */
#include <errno.h>

#include "base/map.h"
#include "base/time.h"
#include "host/accounts.h"
#include "host/private.h"

#define SECTION "runtimes"

/* ---- cgroups ---- */

CHECK(H31, "cgroup-version", SECTION, SEV_LOW, NULL, "Control groups are of version 2",
      "cgroup2 on /sys/fs/cgroup",
      "Version 1 cannot be given to users safely (CVE-2022-0492), and limits memory less exactly.",
      "systemd.unified_cgroup_hierarchy=1 on the kernel's command line")
{
	enum { TMPFS = 0x01021994, CGROUP2 = 0x63677270 };
	ProbeStat st;
	Str path = S("/sys/fs/cgroup");
	if (!host_is_live(h, v))
		return;
	int sys = see_stat(h, path, &st);
	if (host_is_absent(sys))
		NOT_HERE(h, v, "there is no " STR_FMT, STR_ARG(path));
	else if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	else if (st.fs_type == CGROUP2)
		PASS(h, v, path, "version 2");
	else if (host_is_there(h, S("/sys/fs/cgroup/unified/cgroup.procs")))
		WARN(h, v, path, "version 1, with version 2 beside it");
	else if (st.fs_type == TMPFS)
		WARN(h, v, path, "version 1");
	else
		NOT_HERE(h, v, "no control groups are mounted");
}

/* A line of /proc/cgroups: name, hierarchy, groups, enabled. */
static bool is_enabled(Str text, Str name)
{
	Str line;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		if (!str_eq(host_word(&line), name))
			continue;
		(void)host_word(&line);
		(void)host_word(&line);
		return str_eq(host_word(&line), S("1"));
	}
	return false;
}

CHECK(H32, "cgroup-controllers", SECTION, SEV_HIGH, "CONT-8104",
      "Memory, processes and processor time can be limited", "memory, pids and cpu",
      "Without a controller the engine takes --memory or --pids-limit, and nothing happens: one "
      "container takes the host down.",
      "cgroup_enable=memory swapaccount=1 on the kernel's command line")
{
	static const char *const wanted[] = {"memory", "pids", "cpu"};
	Str text = {0}, path = S("/sys/fs/cgroup/cgroup.controllers");
	if (!host_is_live(h, v))
		return;
	int sys = host_text(h, path, &text);
	bool second = sys == 0;
	if (host_is_absent(sys)) {
		path = S("/proc/cgroups");
		sys = host_text(h, path, &text);
	}
	if (host_is_absent(sys)) {
		NOT_HERE(h, v, "this kernel has no control groups");
		return;
	}
	if (sys != 0) {
		verdict_unread(v, h->a, path, sys);
		return;
	}
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		Str name = str_of(wanted[i]);
		v->subjects++;
		if (!(second ? host_has_word(text, name) : is_enabled(text, name)))
			verdict_item(v, h->a, "controller", name, "not there");
	}
	if (v->items.n != 0)
		WARN(h, v, path, "%zu of %zu are missing", v->items.n, (size_t)v->subjects);
	else
		PASS(h, v, path, "all %zu", (size_t)v->subjects);
}

/* ---- their age ---- */

CHECK(H78, "engine-age", SECTION, SEV_HIGH, "CIS 1.2.2",
      "Engine and runtimes are of a release that is maintained",
      "before its end of life, or a package that the distribution maintains",
      "After a release's end its holes stay open, and are known to everybody.",
      "move to a release that is maintained")
{
	const HostPackages *p = &h->o->packages;
	size_t past = 0, unknown = 0;
	for (size_t i = 0; i < p->components.n; i++) {
		const HostComponent *c = &p->components.at[i];
		Str name = host_path(h, STR_FMT " " STR_FMT, STR_ARG(c->name), STR_ARG(c->version));
		bool over = c->ends != 0 && c->ends <= h->o->now;
		unknown += c->why.n != 0;
		bool kept = c->by_distribution && !p->os_end_of_life;
		past += over && !kept;
		if (c->why.n != 0)
			verdict_item(v, h->a, "component", name, STR_FMT, STR_ARG(c->why));
		else if (over)
			verdict_item(v, h->a, "component", name,
				     "ended by its makers on " STR_FMT "%s",
				     STR_ARG(date_format(h->a, c->ends)),
				     kept ? "; the distribution still maintains it" : "");
	}
	Str source = p->database;
	v->subjects = p->components.n;
	if (p->components.n == 0 && p->why.n != 0)
		ERROR(h, v, S("advisory database"), STR_FMT, STR_ARG(p->why));
	else if (p->components.n == 0)
		NOT_HERE(h, v, "no engine or runtime is known here");
	else if (past != 0)
		WARN(h, v, source, "%zu of %zu are past their end", past, p->components.n);
	else if (unknown != 0)
		ERROR(h, v, source, "%zu of %zu could not be judged", unknown, p->components.n);
	else if (v->items.n != 0)
		INFO(h, v, source, "%zu of %zu live on in the distribution only", v->items.n,
		     p->components.n);
	else
		PASS(h, v, source, "%zu components", p->components.n);
}

/* ---- their files ---- */

const char *host_engine_package(size_t i)
{
	static const char *const names[] = {"docker.io",     "docker-cli",  "docker-ce",
					    "docker-ce-cli", "containerd",  "containerd.io",
					    "runc",          "crun",        "podman",
					    "conmon",        "moby-engine", "moby-containerd",
					    "moby-runc",     "moby-cli",    "cri-o",
					    "buildah",       NULL};
	return names[i];
}

const char *host_engine_program(size_t i)
{
	static const char *const names[] = {"dockerd",
					    "docker",
					    "docker-proxy",
					    "docker-init",
					    "containerd",
					    "containerd-shim",
					    "containerd-shim-runc-v1",
					    "containerd-shim-runc-v2",
					    "ctr",
					    "runc",
					    "crun",
					    "podman",
					    "conmon",
					    "crio",
					    "buildah",
					    NULL};
	return names[i];
}

static int digest_of(Host *h, Str path, HostSum sum, Str *out)
{
	switch (sum) {
	case HOST_MD5: return see_md5(h, path, out);
	case HOST_SHA1: return see_sha1(h, path, out);
	case HOST_SHA256: break;
	}
	return see_sha256(h, path, out);
}

/* Compares what is on record with what is there. 0 or errno of a file that could not be read. */
static int compare(Host *h, Verdict *v, const HostDigest *d, Map *seen)
{
	Str is, path = host_path(h, "/" STR_FMT, STR_ARG(d->path));
	int sys = digest_of(h, path, d->sum, &is);
	*map_at(seen, h->a, str_base(path)) = h;
	v->subjects++;
	if (host_is_absent(sys))
		verdict_item(v, h->a, "file", path, "gone, of " STR_FMT, STR_ARG(d->package));
	else if (sys == 0 && !str_eq(is, d->hex))
		verdict_item(v, h->a, "file", path, "not what " STR_FMT " brought",
			     STR_ARG(d->package));
	return host_is_absent(sys) ? 0 : sys;
}

/* Programs that are there, and in no list. */
static size_t add_strays(Host *h, Verdict *v, Map *seen)
{
	enum { TYPE = 0170000, LINK = 0120000 };
	size_t n = 0;
	for (size_t i = 0; host_engine_program(i) != NULL; i++) {
		ProbeStat st;
		Str path = host_program(h, host_engine_program(i));
		if (path.n == 0 || map_get(seen, str_of(host_engine_program(i))) != NULL ||
		    see_lstat(h, path, &st) != 0 || (st.mode & TYPE) == LINK)
			continue;
		verdict_item(v, h->a, "file", path, "no package's: nothing to compare it with");
		n++;
	}
	return n;
}

CHECK(H82, "engine-integrity", SECTION, SEV_HIGH, "FINT-4350, PKGS-7370",
      "Programs of the engine are what their packages brought",
      "the digests that dpkg, rpm or apk has on record",
      "A changed runc or shim runs as root with every container that starts.",
      "install the package anew, and find out who changed it")
{
	Map seen = {0};
	int sys = 0;
	for (size_t i = 0; i < h->o->digests.n && sys == 0; i++)
		sys = compare(h, v, &h->o->digests.at[i], &seen);
	size_t changed = v->items.n, strays = add_strays(h, v, &seen);
	Str source = S("the package database");
	v->subjects += strays;
	if (sys != 0)
		verdict_unread(v, h->a, source, sys);
	else if (v->subjects == 0)
		NOT_HERE(h, v, "there is no engine");
	else if (changed != 0)
		WARN(h, v, source, "%zu of %llu programs", changed,
		     (unsigned long long)v->subjects);
	else if (strays != 0)
		NOTE(h, v, source, "%zu of %llu belong to no package", strays,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, source, "%llu programs", (unsigned long long)v->subjects);
}

/* ---- their sockets ---- */

static bool is_known_group(Host *h, uint32_t gid)
{
	Str text;
	GroupVec groups = {0};
	if (gid == 0)
		return true;
	if (see_read(h, S("/etc/group"), &text) != 0)
		return false;
	accounts_groups(text, h->a, &groups);
	for (size_t i = 0; i < groups.n; i++)
		if (groups.at[i].gid == gid)
			return true;
	return false;
}

static void judge_socket(Host *h, Verdict *v, Str path, uint32_t owner, Str *all)
{
	enum { TYPE = 0170000, SOCKET = 0140000 };
	ProbeStat st;
	if (see_stat(h, path, &st) != 0 || (st.mode & TYPE) != SOCKET)
		return;
	v->subjects++;
	*all = host_path(h, STR_FMT "%s" STR_FMT, STR_ARG(*all), all->n != 0 ? ", " : "",
			 STR_ARG(path));
	if ((st.mode & 0007) != 0)
		verdict_item(v, h->a, "socket", path, "mode %04o: everybody may talk to it",
			     st.mode & 07777u);
	else if (st.uid != owner && st.uid != 0)
		verdict_item(v, h->a, "socket", path, "owner uid %u", st.uid);
	else if (owner == 0 && (st.mode & 0060) != 0 && !is_known_group(h, st.gid))
		verdict_item(v, h->a, "socket", path, "group %u, which has no name", st.gid);
}

CHECK(H83, "runtime-sockets", SECTION, SEV_HIGH, "CONT-8108",
      "Only root, or a group that is known, talks to container runtimes",
      "mode 0660 or less, owner root (a rootless engine: its user), a group with a name",
      "Each socket is root on this host, those that nobody thinks of too.",
      "chmod 0660 FILE; chown root:GROUP FILE, in the unit of the socket")
{
	static const char *const places[] = {"/run/docker.sock",
					     "/run/containerd/containerd.sock",
					     "/run/crio/crio.sock",
					     "/run/podman/podman.sock",
					     "/run/cri-dockerd.sock",
					     "/run/buildkit/buildkitd.sock",
					     "/run/k3s/containerd/containerd.sock",
					     "/run/docker/containerd/containerd.sock",
					     "/var/snap/lxd/common/lxd/unix.socket",
					     "/var/lib/lxd/unix.socket",
					     "/var/lib/incus/unix.socket",
					     "/run/incus/unix.socket",
					     "/run/dockershim.sock"};
	static const char *const of_users[] = {"docker.sock", "podman/podman.sock",
					       "containerd-rootless/api.sock"};
	StrVec uids;
	Str all = {0};
	if (!host_is_live(h, v))
		return;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		judge_socket(h, v, str_of(places[i]), 0, &all);
	if (h->d.socket.n != 0 && !str_starts(h->d.socket, S("/run/")))
		judge_socket(h, v, h->d.socket, 0, &all);
	if (see_list(h, S("/run/user"), &uids) == 0)
		for (size_t i = 0; i < uids.n; i++)
			for (size_t k = 0; k < sizeof of_users / sizeof of_users[0]; k++) {
				uint64_t uid = 0;
				(void)str_u64(uids.at[i], &uid);
				judge_socket(h, v,
					     host_path(h, "/run/user/" STR_FMT "/%s",
						       STR_ARG(uids.at[i]), of_users[k]),
					     (uint32_t)uid, &all);
			}
	if (v->subjects == 0)
		NOT_HERE(h, v, "there are none");
	else if (v->items.n != 0)
		WARN(h, v, S("stat"), "%zu of %llu sockets", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, S("stat"), STR_FMT, STR_ARG(all));
}
