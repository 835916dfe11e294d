/* machine.c - section 1: the disk, the people and the audit rules of the host. */
#include <errno.h>
#include <time.h>

#include "base/map.h"
#include "bench/private.h"
#include "engine/unit.h"
#include "io/probe_path.h"

#define SECTION "host"

/* ---- the disk ---- */

static void own_filesystem(Bench *b, Verdict *v)
{
	ProbeStat root, data;
	Str path = b->d.root_dir;
	if (!bench_is_near(b, v))
		return;
	int sys = probe_stat(b->p, path, &data);
	if (sys == ENOENT)
		NOT_HERE(b, v, "there is no " STR_FMT, STR_ARG(path));
	else if (sys != 0 || (sys = probe_stat(b->p, S("/"), &root)) != 0)
		verdict_unread(v, b->a, path, sys);
	else if (root.device == data.device)
		WARN(b, v, S("stat"), STR_FMT " is on the root file system", STR_ARG(path));
	else
		PASS(b, v, S("stat"), STR_FMT " has a file system of its own", STR_ARG(path));
}

CHECK(B101, "own-filesystem", SECTION, CIS("1.1.1"), 1, SEV_MEDIUM,
      "Images and containers have a file system of their own", "another device than /",
      "A container or image that fills the disk stops the whole host, its logs first.",
      "mount a volume at the engine's data root before it starts", own_filesystem)

/* ---- the people ---- */

static bool is_trusted(const Bench *b, Str user)
{
	for (size_t i = 0; i < b->o->trusted.n; i++)
		if (str_eq(user, b->o->trusted.at[i]))
			return true;
	return str_eq(user, S("root"));
}

static Str number_text(Bench *b, uint64_t n)
{
	Buf text = buf_in(b->a, 24);
	buf_fmt(&text, "%llu", (unsigned long long)n);
	return buf_str(&text);
}

/* Users whose first group it is, by whatever number: the name may be there more than once. */
static int add_by_primary_group(Bench *b, Verdict *v, const Map *groups)
{
	Str text, line, name, field[3];
	uint64_t id;
	int sys = probe_read(b->p, S("/etc/passwd"), b->a, &text);
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		if (!str_cut(&line, ':', &name) || !str_cut(&line, ':', &field[0]) ||
		    !str_cut(&line, ':', &field[1]) || !str_cut(&line, ':', &field[2]) ||
		    !str_u64(field[2], &id) || is_trusted(b, name) ||
		    map_get(groups, number_text(b, id)) == NULL)
			continue;
		verdict_item(v, b->a, "user", name, "it is the user's own group");
	}
	return sys;
}

static int add_members(Bench *b, Verdict *v, Str group, bool *found)
{
	Str text, line, name, secret, id, user;
	uint64_t number = 0;
	Map numbers = {0};
	int sys = probe_read(b->p, S("/etc/group"), b->a, &text);
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		if (!str_cut(&line, ':', &name) || !str_eq(name, group) ||
		    !str_cut(&line, ':', &secret) || !str_cut(&line, ':', &id))
			continue;
		*found = true;
		while (line.n != 0 && str_cut(&line, ',', &user))
			if (user.n != 0 && !is_trusted(b, user))
				verdict_item(v, b->a, "user", user, "a member");
		if (str_u64(id, &number))
			*map_at(&numbers, b->a, number_text(b, number)) = b;
	}
	return sys == 0 && *found ? add_by_primary_group(b, v, &numbers) : sys;
}

static void docker_group(Bench *b, Verdict *v)
{
	bool found = false;
	Str group, source = S("/etc/group and /etc/passwd");
	if (!bench_is_near(b, v))
		return;
	(void)daemon_group(b->p, &b->d, b->a, &group);
	if (b->d.podman) {
		NOT_HERE(b, v, "no group may use Podman's socket");
		return;
	}
	int sys = add_members(b, v, group, &found);
	if (sys != 0)
		verdict_unread(v, b->a, source, sys);
	else if (!found)
		NOT_HERE(b, v, "there is no group " STR_FMT, STR_ARG(group));
	else if (v->items.n == 0)
		PASS(b, v, source, "nobody but those who are trusted");
	else if (b->o->trusted_said)
		WARN(b, v, source, "%zu who are not on the list of trusted users", v->items.n);
	else
		INFO(b, v, source, "%zu; name those who may with --trusted-users", v->items.n);
}

CHECK(B102, "docker-group", SECTION, CIS("1.1.2"), 1, SEV_HIGH,
      "Only trusted users are in the group docker", "nobody but trusted users",
      "Every member can start a container that owns the host: the group is root by another name.",
      "gpasswd -d USER docker", docker_group)

/* ---- audit rules ---- */

static bool is_beneath(Str path, Str dir)
{
	return str_starts(path, dir) && (path.n == dir.n || path.p[dir.n] == '/');
}

bool bench_is_watched(const BenchOptions *o, Str path, bool is_dir)
{
	for (size_t i = 0; i < o->watches.n; i++) {
		const BenchWatch *w = &o->watches.at[i];
		if (w->writes &&
		    ((!is_dir && str_eq(w->path, path)) || (w->tree && is_beneath(path, w->path))))
			return true;
	}
	return false;
}

static void judge_watch(Bench *b, Verdict *v, Str path)
{
	ProbeStat st;
	if (!bench_is_near(b, v))
		return;
	int sys = path.n != 0 ? probe_stat(b->p, path, &st) : ENOENT;
	if (sys == ENOENT || sys == ENOTDIR) {
		NOT_HERE(b, v, "there is no such file");
		return;
	}
	if (sys != 0) {
		verdict_unread(v, b->a, path, sys);
		return;
	}
	Str source = S("the kernel's audit rules");
	if (b->o->watches_why.n != 0) {
		ERROR(b, v, source, STR_FMT, STR_ARG(b->o->watches_why));
		return;
	}
	bool is_dir = (st.mode & 0170000u) == 0040000u;
	Str real = probe_real_path(b->p, path, b->a);
	if (!bench_is_watched(b->o, real, is_dir))
		WARN(b, v, source, "no rule for " STR_FMT, STR_ARG(real));
	else if (b->o->audit_off)
		WARN(b, v, source, "a rule for " STR_FMT ", but auditing is off", STR_ARG(real));
	else
		PASS(b, v, source, "a rule for " STR_FMT, STR_ARG(real));
}

/* Docker's, of which Podman knows nothing. */
static void judge_docker_watch(Bench *b, Verdict *v, Str path)
{
	if (b->d.podman)
		NOT_HERE(b, v, "Podman does not use it");
	else
		judge_watch(b, v, path);
}

/* The first of a program's usual places. */
static Str program(Bench *b, const char *name)
{
	static const char *const dirs[] = {"/usr/bin", "/usr/sbin", "/usr/local/bin",
					   "/usr/local/sbin", "/usr/libexec/docker"};
	ProbeStat st;
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
		Buf path = buf_in(b->a, 256);
		buf_fmt(&path, "%s/%s", dirs[i], name);
		if (probe_stat(b->p, buf_str(&path), &st) == 0)
			return buf_str(&path);
	}
	return (Str){0};
}

static Str dockerd(Bench *b) { return b->d.exe.n != 0 ? b->d.exe : program(b, "dockerd"); }

static Str engine_socket(Bench *b)
{
	StrVec paths;
	daemon_sockets(&b->d, b->a, &paths);
	return paths.n != 0 ? paths.at[0] : (Str){0};
}

#define WATCH_BY(JUDGE, ID, FN, NUMBER, LEVEL, NAME, WHAT, PATH)                                 \
	static void FN(Bench *b, Verdict *v) { JUDGE(b, v, PATH); }                              \
	CHECK(ID, NAME, SECTION, CIS(NUMBER), LEVEL, SEV_LOW, "Changes to " WHAT " are audited", \
	      "an audit rule for writes and attributes",                                         \
	      "What an intruder changes here cannot be told afterwards.",                        \
	      "bulwark audit rules --load", FN)
#define WATCH(...) WATCH_BY(judge_watch, __VA_ARGS__)
#define WATCH_DOCKER(...) WATCH_BY(judge_docker_watch, __VA_ARGS__)

WATCH(B103, watch_dockerd, "1.1.3", 1, "audit-dockerd", "the engine's program", dockerd(b))
WATCH_DOCKER(B104, watch_run_containerd, "1.1.4", 1, "audit-run-containerd", "/run/containerd",
	     S("/run/containerd"))
WATCH(B105, watch_data_root, "1.1.5", 1, "audit-data-root", "the engine's data root", b->d.root_dir)
WATCH(B106, watch_etc_docker, "1.1.6", 1, "audit-etc-docker", "the engine's directory in /etc",
      b->d.podman ? S("/etc/containers") : S("/etc/docker"))
WATCH(B107, watch_service, "1.1.7", 2, "audit-service-unit", "the engine's service unit",
      unit_find(b->p, b->d.podman ? S("podman.service") : S("docker.service"), b->a))
WATCH_DOCKER(B108, watch_containerd_socket, "1.1.8", 2, "audit-containerd-socket",
	     "containerd's socket", b->d.containerd)
WATCH(B109, watch_socket, "1.1.9", 2, "audit-engine-socket", "the engine's socket",
      engine_socket(b))
WATCH_DOCKER(B110, watch_default, "1.1.10", 2, "audit-etc-default", "/etc/default/docker",
	     S("/etc/default/docker"))
WATCH(B111, watch_config, "1.1.11", 2, "audit-daemon-json", "daemon.json", b->d.config_path)
WATCH_DOCKER(B112, watch_containerd_config, "1.1.12", 2, "audit-containerd-config",
	     "containerd's configuration", S("/etc/containerd/config.toml"))
WATCH_DOCKER(B113, watch_sysconfig, "1.1.13", 2, "audit-etc-sysconfig", "/etc/sysconfig/docker",
	     S("/etc/sysconfig/docker"))
WATCH_DOCKER(B114, watch_containerd, "1.1.14", 2, "audit-containerd", "containerd's program",
	     program(b, "containerd"))
WATCH_DOCKER(B115, watch_shim, "1.1.15", 2, "audit-containerd-shim", "containerd-shim",
	     program(b, "containerd-shim"))
WATCH_DOCKER(B116, watch_shim_v1, "1.1.16", 2, "audit-containerd-shim-runc-v1",
	     "containerd-shim-runc-v1", program(b, "containerd-shim-runc-v1"))
WATCH_DOCKER(B117, watch_shim_v2, "1.1.17", 2, "audit-containerd-shim-runc-v2",
	     "containerd-shim-runc-v2", program(b, "containerd-shim-runc-v2"))
WATCH(B118, watch_runc, "1.1.18", 2, "audit-runc", "runc", program(b, "runc"))

/* ---- general ---- */

static void hardened(Bench *b, Verdict *v)
{
	NOTE(b, v, S(""), "see 'bulwark host' for the host itself");
}

CHECK(B121, "host-hardened", SECTION, CIS("1.2.1"), 1, SEV_MEDIUM, "The host is hardened",
      "a host that was audited", "A container is only as safe as the kernel and the host under it.",
      "run 'bulwark host' and do what it says", hardened)

/* "2026-03-05T14:25:57.000000000+00:00", "Thu Feb  5 ..." of older engines: the first form only. */
static bool read_date(Str s, int64_t *out)
{
	enum { FIRST_ENGINE = 2013 }; /* 1970 is no time at all */
	struct tm tm = {0};
	uint64_t year, month, day;
	if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-' || !str_u64(str_first(s, 4), &year) ||
	    !str_u64((Str){s.p + 5, 2}, &month) || !str_u64((Str){s.p + 8, 2}, &day) ||
	    year > 9999 || year < FIRST_ENGINE)
		return false;
	tm.tm_year = (int)year - 1900;
	tm.tm_mon = (int)month - 1;
	tm.tm_mday = (int)day;
	*out = timegm(&tm);
	return true;
}

static void current(Bench *b, Verdict *v)
{
	enum { DAY = 24 * 3600, OLD_DAYS = 180 };
	int64_t built = 0;
	Str source = S("GET /version");
	if (!bench_has_info(b, v))
		return;
	Str version = value_str(b->d.info, S("ServerVersion"));
	if (!read_date(value_str(b->d.version, S("BuildTime")), &built)) {
		NOTE(b, v, source, STR_FMT ", which does not tell when it was built",
		     STR_ARG(version));
		return;
	}
	long long days = (long long)(b->o->now - built) / DAY;
	if (days > OLD_DAYS)
		WARN(b, v, source, STR_FMT " was built %lld days ago", STR_ARG(version), days);
	else
		PASS(b, v, source, STR_FMT " was built %lld days ago", STR_ARG(version), days);
}

CHECK(B122, "engine-current", SECTION, CIS("1.2.2"), 1, SEV_HIGH, "The engine is up to date",
      "built within the last 180 days",
      "Known ways out of a container are closed only in newer engines.",
      "update docker, containerd and runc from their vendor; 'bulwark host' names those with known "
      "vulnerabilities",
      current)
