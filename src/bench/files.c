/* files.c - section 3: who owns the engine's files, and who may touch them. Each pair of checks
 * looks at the same files: one at the owner, one at the mode. A mode is fine when it grants nothing
 * beyond the limit: (mode & ~limit) == 0. */
#include <errno.h>
#include <stdio.h>

#include "bench/private.h"
#include "engine/unit.h"

#define SECTION "files"

enum { WALK_DEPTH = 4 };

typedef struct FileRule {
	uint32_t limit;    /* of the mode; 0: the owner is judged */
	bool group_docker; /* the group may be the engine's */
} FileRule;

/* ---- owners ---- */

/* Root always; of a rootless engine its user, too. */
static bool owner_is_fine(Bench *b, const FileRule *r, const ProbeStat *st)
{
	bool rootless = b->d.rootless && b->d.pid != 0;
	Str group;
	if (st->uid != 0 && !(rootless && st->uid == b->d.uid))
		return false;
	if (st->gid == 0 || (rootless && st->uid == b->d.uid))
		return true;
	return r->group_docker && (int64_t)st->gid == daemon_group(b->p, &b->d, b->a, &group);
}

/* ---- one file ---- */

static void unread(Bench *b, Verdict *v, Str path, int sys)
{
	verdict_item(v, b->a, "file", path, "cannot be read: %s", strerrordesc_np(sys));
	v->outcome = OUTCOME_ERROR;
}

static void judge_one(Bench *b, Verdict *v, const FileRule *r, Str path)
{
	ProbeStat st;
	int sys = probe_stat(b->p, path, &st);
	if (sys != 0) {
		unread(b, v, path, sys);
		return;
	}
	v->subjects++;
	uint32_t mode = st.mode & 07777u;
	bool bad = r->limit == 0 ? !owner_is_fine(b, r, &st) : bench_exceeds(mode, r->limit);
	if (bad && r->limit == 0)
		verdict_item(v, b->a, "file", path, "owner %u, group %u", st.uid, st.gid);
	else if (bad)
		verdict_item(v, b->a, "file", path, "mode %04o", mode);
}

static size_t count_unread(const Verdict *v)
{
	size_t n = 0;
	for (size_t i = 0; i < v->items.n; i++)
		n += str_starts(v->items.at[i].seen, S("cannot be read"));
	return n;
}

static void conclude(Bench *b, Verdict *v, const FileRule *r)
{
	Str source = S("stat");
	size_t unknown = count_unread(v), bad = v->items.n - unknown;
	v->unread = unknown;
	if (bad != 0 && r->limit != 0)
		WARN(b, v, source, "%zu with more than %04o", bad, r->limit);
	else if (bad != 0)
		WARN(b, v, source, "%zu with another owner", bad);
	else if (unknown != 0)
		ERROR(b, v, source, "%zu could not be read", unknown);
	else if (v->subjects == 0)
		NOT_HERE(b, v, "there is no such file");
	else
		PASS(b, v, source, "%llu file%s", (unsigned long long)v->subjects,
		     v->subjects == 1 ? "" : "s");
}

static bool is_there(Bench *b, Str path)
{
	ProbeStat st;
	int sys = path.n != 0 ? probe_stat(b->p, path, &st) : ENOENT;
	return sys != ENOENT && sys != ENOTDIR;
}

static void judge_file(Bench *b, Verdict *v, const FileRule *r, Str path)
{
	if (!bench_is_near(b, v))
		return;
	if (is_there(b, path))
		judge_one(b, v, r, path);
	conclude(b, v, r);
}

/* ---- which files ---- */

/* Docker's, of which Podman knows nothing. */
static void judge_docker_file(Bench *b, Verdict *v, const FileRule *r, Str path)
{
	if (b->d.podman)
		NOT_HERE(b, v, "Podman does not use it");
	else
		judge_file(b, v, r, path);
}

static void judge_unit(Bench *b, Verdict *v, const FileRule *r, const char *docker,
		       const char *podman)
{
	StrVec parts;
	Str name = str_of(b->d.podman ? podman : docker);
	if (!bench_is_near(b, v))
		return;
	Str path = unit_find(b->p, name, b->a);
	if (path.n != 0)
		judge_one(b, v, r, path);
	int sys = unit_drop_ins(b->p, name, b->a, &parts);
	if (sys != 0)
		unread(b, v, name, sys);
	for (size_t i = 0; i < parts.n; i++)
		judge_one(b, v, r, parts.at[i]);
	conclude(b, v, r);
}

static void walk(Bench *b, Verdict *v, const FileRule *r, Str dir, unsigned depth)
{
	StrVec names;
	ProbeStat st;
	int sys = depth > WALK_DEPTH ? ELOOP : probe_list(b->p, dir, b->a, &names);
	if (sys == ENOENT && depth == 0)
		return;
	if (sys != 0) {
		unread(b, v, dir, sys);
		return;
	}
	for (size_t i = 0; i < names.n; i++) {
		Buf path = buf_in(b->a, 8192);
		buf_fmt(&path, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(names.at[i]));
		bool is_dir = probe_lstat(b->p, buf_str(&path), &st) == 0 &&
			      (st.mode & 0170000u) == 0040000u;
		if (is_dir)
			walk(b, v, r, buf_str(&path), depth + 1);
		else
			judge_one(b, v, r, buf_str(&path));
	}
}

static void judge_registries(Bench *b, Verdict *v, const FileRule *r)
{
	Str dir = b->d.podman ? S("/etc/containers/certs.d") : S("/etc/docker/certs.d");
	if (!bench_is_near(b, v))
		return;
	walk(b, v, r, dir, 0);
	conclude(b, v, r);
}

/* Where dockerd looks when TLS is on and no file is named. */
static Str usual_tls_file(Bench *b, const char *name)
{
	Str dir = daemon_variable(&b->d, S("DOCKER_CERT_PATH"));
	Str home = daemon_variable(&b->d, S("HOME"));
	Buf path = buf_in(b->a, 8192);
	if (dir.n != 0)
		buf_fmt(&path, STR_FMT "/%s", STR_ARG(dir), name);
	else
		buf_fmt(&path, STR_FMT "/.docker/%s", STR_ARG(home.n != 0 ? home : S("/root")),
			name);
	return buf_str(&path);
}

static void judge_tls_file(Bench *b, Verdict *v, const FileRule *r, const char *key,
			   const char *usual)
{
	Setting s, on, verify;
	if (!bench_is_near(b, v) || !bench_setting(b, v, key, NULL, &s) ||
	    !bench_setting(b, v, "tls", NULL, &on) ||
	    !bench_setting(b, v, "tlsverify", NULL, &verify))
		return;
	if (s.set)
		judge_file(b, v, r, s.text);
	else if (setting_on(&on, false) || setting_on(&verify, false))
		judge_file(b, v, r, usual_tls_file(b, usual));
	else
		NOT_HERE(b, v, "the engine uses no TLS");
}

static void judge_sockets(Bench *b, Verdict *v, const FileRule *r)
{
	StrVec paths;
	if (!bench_is_near(b, v))
		return;
	daemon_sockets(&b->d, b->a, &paths);
	for (size_t i = 0; i < paths.n; i++)
		if (is_there(b, paths.at[i]))
			judge_one(b, v, r, paths.at[i]);
	conclude(b, v, r);
}

static Str engine_dir(const Bench *b)
{
	return b->d.podman ? S("/etc/containers") : S("/etc/docker");
}

/* Podman's nearest thing to daemon.json. */
static Str engine_config(const Bench *b)
{
	return b->d.podman ? S("/etc/containers/containers.conf") : b->d.config_path;
}

/* ---- the checks ---- */

static const FileRule owner = {0}, owner_docker = {.group_docker = true},
		      mode_644 = {.limit = 0644}, mode_755 = {.limit = 0755},
		      mode_444 = {.limit = 0444}, mode_660 = {.limit = 0660},
		      mode_400 = {.limit = 0400};

static void service_unit_owner(Bench *b, Verdict *v)
{
	judge_unit(b, v, &owner, "docker.service", "podman.service");
}

static void service_unit_mode(Bench *b, Verdict *v)
{
	judge_unit(b, v, &mode_644, "docker.service", "podman.service");
}

CHECK(B301, "service-unit-owner", SECTION, CIS("3.1"), 1, SEV_HIGH,
      "The engine's service unit belongs to root", "owner root, group root",
      "Who can write it decides with which arguments, and as what, the engine starts.",
      "chown root:root FILE", service_unit_owner)

CHECK(B302, "service-unit-mode", SECTION, CIS("3.2"), 1, SEV_HIGH,
      "The engine's service unit can be changed by nobody else", "mode 0644 or less",
      "Who can write it decides with which arguments, and as what, the engine starts.",
      "chmod 0644 FILE", service_unit_mode)

static void socket_unit_owner(Bench *b, Verdict *v)
{
	judge_unit(b, v, &owner, "docker.socket", "podman.socket");
}

static void socket_unit_mode(Bench *b, Verdict *v)
{
	judge_unit(b, v, &mode_644, "docker.socket", "podman.socket");
}

CHECK(B303, "socket-unit-owner", SECTION, CIS("3.3"), 1, SEV_HIGH,
      "The engine's socket unit belongs to root", "owner root, group root",
      "Who can write it decides who may talk to the engine.", "chown root:root FILE",
      socket_unit_owner)

CHECK(B304, "socket-unit-mode", SECTION, CIS("3.4"), 1, SEV_HIGH,
      "The engine's socket unit can be changed by nobody else", "mode 0644 or less",
      "Who can write it decides who may talk to the engine.", "chmod 0644 FILE", socket_unit_mode)

static void etc_docker_owner(Bench *b, Verdict *v) { judge_file(b, v, &owner, engine_dir(b)); }

static void etc_docker_mode(Bench *b, Verdict *v) { judge_file(b, v, &mode_755, engine_dir(b)); }

CHECK(B305, "etc-docker-owner", SECTION, CIS("3.5"), 1, SEV_HIGH,
      "The engine's directory in /etc belongs to root", "owner root, group root",
      "Who can write in it sets up the engine and its certificates.",
      "chown root:root /etc/docker (Podman: /etc/containers)", etc_docker_owner)

CHECK(B306, "etc-docker-mode", SECTION, CIS("3.6"), 1, SEV_HIGH,
      "The engine's directory in /etc can be changed by nobody else", "mode 0755 or less",
      "Who can write in it sets up the engine and its certificates.",
      "chmod 0755 /etc/docker (Podman: /etc/containers)", etc_docker_mode)

static void registry_certificates_owner(Bench *b, Verdict *v) { judge_registries(b, v, &owner); }

static void registry_certificates_mode(Bench *b, Verdict *v) { judge_registries(b, v, &mode_444); }

CHECK(B307, "registry-certificates-owner", SECTION, CIS("3.7"), 1, SEV_HIGH,
      "Certificates of registries belong to root", "owner root, group root",
      "Who can write them decides which registries are believed; keys lie there, too.",
      "chown root:root FILE", registry_certificates_owner)

CHECK(B308, "registry-certificates-mode", SECTION, CIS("3.8"), 1, SEV_HIGH,
      "Certificates of registries can be changed by nobody else", "mode 0444 or less",
      "Who can write them decides which registries are believed; keys lie there, too.",
      "chmod 0444 FILE", registry_certificates_mode)

static void tls_authority_owner(Bench *b, Verdict *v)
{
	judge_tls_file(b, v, &owner, "tlscacert", "ca.pem");
}

static void tls_authority_mode(Bench *b, Verdict *v)
{
	judge_tls_file(b, v, &mode_444, "tlscacert", "ca.pem");
}

CHECK(B309, "tls-authority-owner", SECTION, CIS("3.9"), 1, SEV_HIGH,
      "The TLS authority belongs to root", "owner root, group root",
      "Who can write it decides which clients the engine believes.", "chown root:root FILE",
      tls_authority_owner)

CHECK(B310, "tls-authority-mode", SECTION, CIS("3.10"), 1, SEV_HIGH,
      "The TLS authority can be changed by nobody else", "mode 0444 or less",
      "Who can write it decides which clients the engine believes.", "chmod 0444 FILE",
      tls_authority_mode)

static void tls_certificate_owner(Bench *b, Verdict *v)
{
	judge_tls_file(b, v, &owner, "tlscert", "cert.pem");
}

static void tls_certificate_mode(Bench *b, Verdict *v)
{
	judge_tls_file(b, v, &mode_444, "tlscert", "cert.pem");
}

CHECK(B311, "tls-certificate-owner", SECTION, CIS("3.11"), 1, SEV_HIGH,
      "The TLS certificate belongs to root", "owner root, group root",
      "Who can write it can stand in for the engine.", "chown root:root FILE",
      tls_certificate_owner)

CHECK(B312, "tls-certificate-mode", SECTION, CIS("3.12"), 1, SEV_HIGH,
      "The TLS certificate can be changed by nobody else", "mode 0444 or less",
      "Who can write it can stand in for the engine.", "chmod 0444 FILE", tls_certificate_mode)

static void tls_key_owner(Bench *b, Verdict *v)
{
	judge_tls_file(b, v, &owner, "tlskey", "key.pem");
}

static void tls_key_mode(Bench *b, Verdict *v)
{
	judge_tls_file(b, v, &mode_400, "tlskey", "key.pem");
}

CHECK(B313, "tls-key-owner", SECTION, CIS("3.13"), 1, SEV_CRITICAL, "The TLS key belongs to root",
      "owner root, group root", "Who can read it can stand in for the engine.",
      "chown root:root FILE", tls_key_owner)

CHECK(B314, "tls-key-mode", SECTION, CIS("3.14"), 1, SEV_CRITICAL,
      "The TLS key can be read by root only", "mode 0400 or less",
      "Who can read it can stand in for the engine.", "chmod 0400 FILE", tls_key_mode)

static void engine_socket_owner(Bench *b, Verdict *v) { judge_sockets(b, v, &owner_docker); }

static void engine_socket_mode(Bench *b, Verdict *v) { judge_sockets(b, v, &mode_660); }

CHECK(B315, "engine-socket-owner", SECTION, CIS("3.15"), 1, SEV_CRITICAL,
      "The engine's socket belongs to root", "owner root, group docker or root",
      "Who can write to it is root on this host.", "chown root:docker FILE", engine_socket_owner)

CHECK(B316, "engine-socket-mode", SECTION, CIS("3.16"), 1, SEV_CRITICAL,
      "The engine's socket can be reached by root and its group only", "mode 0660 or less",
      "Who can write to it is root on this host.", "chmod 0660 FILE", engine_socket_mode)

static void daemon_json_owner(Bench *b, Verdict *v) { judge_file(b, v, &owner, engine_config(b)); }

static void daemon_json_mode(Bench *b, Verdict *v)
{
	judge_file(b, v, &mode_644, engine_config(b));
}

CHECK(B317, "daemon-json-owner", SECTION, CIS("3.17"), 2, SEV_HIGH, "daemon.json belongs to root",
      "owner root, group root",
      "Who can write it can switch off every protection at the next start.", "chown root:root FILE",
      daemon_json_owner)

CHECK(B318, "daemon-json-mode", SECTION, CIS("3.18"), 2, SEV_HIGH,
      "daemon.json can be changed by nobody else", "mode 0644 or less",
      "Who can write it can switch off every protection at the next start.", "chmod 0644 FILE",
      daemon_json_mode)

static void etc_default_owner(Bench *b, Verdict *v)
{
	judge_docker_file(b, v, &owner, S("/etc/default/docker"));
}

static void etc_default_mode(Bench *b, Verdict *v)
{
	judge_docker_file(b, v, &mode_644, S("/etc/default/docker"));
}

CHECK(B319, "etc-default-owner", SECTION, CIS("3.19"), 2, SEV_HIGH,
      "/etc/default/docker belongs to root", "owner root, group root",
      "Who can write it adds arguments to the engine.", "chown root:root /etc/default/docker",
      etc_default_owner)

CHECK(B320, "etc-default-mode", SECTION, CIS("3.20"), 2, SEV_HIGH,
      "/etc/default/docker can be changed by nobody else", "mode 0644 or less",
      "Who can write it adds arguments to the engine.", "chmod 0644 /etc/default/docker",
      etc_default_mode)

static void etc_sysconfig_owner(Bench *b, Verdict *v)
{
	judge_docker_file(b, v, &owner, S("/etc/sysconfig/docker"));
}

static void etc_sysconfig_mode(Bench *b, Verdict *v)
{
	judge_docker_file(b, v, &mode_644, S("/etc/sysconfig/docker"));
}

CHECK(B322, "etc-sysconfig-owner", SECTION, CIS("3.22"), 2, SEV_HIGH,
      "/etc/sysconfig/docker belongs to root", "owner root, group root",
      "Who can write it adds arguments to the engine.", "chown root:root /etc/sysconfig/docker",
      etc_sysconfig_owner)

CHECK(B321, "etc-sysconfig-mode", SECTION, CIS("3.21"), 2, SEV_HIGH,
      "/etc/sysconfig/docker can be changed by nobody else", "mode 0644 or less",
      "Who can write it adds arguments to the engine.", "chmod 0644 /etc/sysconfig/docker",
      etc_sysconfig_mode)

static void containerd_socket_owner(Bench *b, Verdict *v)
{
	judge_docker_file(b, v, &owner, b->d.containerd);
}

static void containerd_socket_mode(Bench *b, Verdict *v)
{
	judge_docker_file(b, v, &mode_660, b->d.containerd);
}

CHECK(B323, "containerd-socket-owner", SECTION, CIS("3.23"), 1, SEV_CRITICAL,
      "containerd's socket belongs to root", "owner root, group root",
      "Who can write to it starts containers behind the engine's back.", "chown root:root FILE",
      containerd_socket_owner)

CHECK(B324, "containerd-socket-mode", SECTION, CIS("3.24"), 1, SEV_CRITICAL,
      "containerd's socket can be reached by root and its group only", "mode 0660 or less",
      "Who can write to it starts containers behind the engine's back.", "chmod 0660 FILE",
      containerd_socket_mode)
