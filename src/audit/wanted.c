/* wanted.c - looks where the engine's things are, and makes a rule for each. */
#include "audit/wanted.h"

#include <errno.h>
#include <sys/stat.h>

#include "audit/arch.h"
#include "base/limits.h"
#include "engine/unit.h"
#include "io/probe_path.h"

#define PROGRAMS AUDIT_KEY_PREFIX "programs"
#define CONFIGS AUDIT_KEY_PREFIX "config"
#define UNITS AUDIT_KEY_PREFIX "units"
#define SOCKETS AUDIT_KEY_PREFIX "sockets"
#define CONNECTS AUDIT_KEY_PREFIX "connects"
#define PEOPLE AUDIT_KEY_PREFIX "users"
#define OURS AUDIT_KEY_PREFIX "self"
#define STATES AUDIT_KEY_PREFIX "state"

enum {
	CHANGES = AUDIT_PERM_WRITE | AUDIT_PERM_ATTR,
	CHANGES_AND_RUNS = CHANGES | AUDIT_PERM_EXEC,
	RULES_MAX = 1000,    /* of one host; it has about 70 */
	PATH_LONGEST = 4095, /* the kernel takes no more */
};

typedef struct Maker {
	Probe *p;
	Arena *a;
	Daemon d;
	AuditPlan *out;
} Maker;

static Str joined(Maker *m, Str dir, Str name)
{
	Buf b = buf_in(m->a, 2ul * LIMIT_TAR_PATH_BYTES);
	buf_fmt(&b, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(name));
	return buf_str(&b);
}

/* ---- rules ---- */

static void add(Maker *m, AuditRule r, const char *key, const char *cis)
{
	audit_rule_string(&r, m->a, AUDIT_FILTERKEY, str_of(key));
	if (m->out->rules.n < RULES_MAX)
		vec_push(m->a, &m->out->rules, (AuditWanted){r, str_of(cis)});
}

static bool has_path(const Maker *m, Str path)
{
	for (size_t i = 0; i < m->out->rules.n; i++) {
		const AuditRule *r = &m->out->rules.at[i].rule;
		if (audit_rule_field(r, AUDIT_PERM) != NULL && str_eq(audit_rule_path(r), path))
			return true;
	}
	return false;
}

/* `missing`: a rule is made where only its folder is there, for then its making is recorded. */
static bool watch(Maker *m, Str path, uint32_t perms, bool missing, const char *key,
		  const char *cis)
{
	ProbeStat st = {0};
	if (path.n == 0 || path.p[0] != '/')
		return false;
	path = probe_real_path(m->p, path, m->a);
	if (path.n > PATH_LONGEST || path.n == 1)
		return false;
	bool there = probe_stat(m->p, path, &st) == 0, dir = there && S_ISDIR(st.mode);
	if (!there && (!missing || probe_stat(m->p, str_dir(path), &st) != 0 || !S_ISDIR(st.mode)))
		return false;
	if (has_path(m, path))
		return true;
	AuditRule r = audit_rule_of(AUDIT_ALWAYS);
	audit_rule_string(&r, m->a, dir ? AUDIT_DIR : AUDIT_WATCH, path);
	audit_rule_number(&r, m->a, AUDIT_PERM, perms);
	add(m, r, key, cis);
	return true;
}

static void program(Maker *m, const char *name, const char *cis)
{
	static const char *const dirs[] = {
		"/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/libexec/docker",
		"/bin",     "/sbin",     "/opt/bin"};
	if (strcmp(name, "dockerd") == 0)
		watch(m, m->d.exe, CHANGES_AND_RUNS, false, PROGRAMS, cis);
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		watch(m, joined(m, str_of(dirs[i]), str_of(name)), CHANGES_AND_RUNS, false,
		      PROGRAMS, cis);
}

static void unit(Maker *m, const char *name, const char *cis)
{
	static const char *const dirs[] = {"/etc/systemd/system", "/run/systemd/system",
					   "/usr/local/lib/systemd/system",
					   "/usr/lib/systemd/system"};
	Str path = unit_find(m->p, str_of(name), m->a);
	if (path.n == 0)
		return;
	watch(m, path, CHANGES, false, UNITS, cis);
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
		Buf b = buf_in(m->a, 256);
		buf_fmt(&b, "%s/%s.d", dirs[i], name);
		watch(m, buf_str(&b), CHANGES, i == 0, UNITS, cis);
	}
}

static void calls_of(Maker *m, AuditWidth w, const char *names, AuditRule r, const char *key)
{
	uint32_t arch = audit_arch_of(w);
	Str rest = str_of(names), name;
	bool any = false;
	if (arch == 0)
		return;
	audit_rule_no_calls(&r);
	while (rest.n != 0 && str_cut(&rest, ' ', &name)) {
		int nr = audit_call_number(arch, arena_cstr(m->a, name));
		if (nr < 0)
			continue;
		audit_rule_call(&r, (uint32_t)nr);
		any = true;
	}
	if (any)
		add(m, r, key, NULL);
}

/* Rules about `path` for every width; all calls of the system with an empty path. */
static void calls(Maker *m, const char *key, const char *names, Str path)
{
	for (AuditWidth w = AUDIT_B64; w < AUDIT_WIDTHS; w++) {
		AuditRule r = audit_rule_of(AUDIT_ALWAYS);
		audit_rule_number(&r, m->a, AUDIT_ARCH, audit_arch_of(w));
		if (path.n != 0)
			audit_rule_string(&r, m->a, AUDIT_WATCH, path);
		calls_of(m, w, names, r, key);
	}
}

static void socket_at(Maker *m, Str path, const char *cis)
{
	Str real = probe_real_path(m->p, path, m->a);
	if (path.n == 0 || has_path(m, real))
		return;
	if (watch(m, path, CHANGES, false, SOCKETS, cis))
		calls(m, CONNECTS, "connect socketcall", real);
}

static void sockets(Maker *m)
{
	StrVec all = {0};
	daemon_sockets(&m->d, m->a, &all);
	for (size_t i = 0; i < all.n; i++)
		socket_at(m, all.at[i], "1.1.9");
	socket_at(m, m->d.containerd, "1.1.8");
}

/* ---- the engine's state ---- */

static void never(Maker *m, Str dir)
{
	ProbeStat st;
	dir = probe_real_path(m->p, dir, m->a);
	if (probe_stat(m->p, dir, &st) != 0 || !S_ISDIR(st.mode))
		return;
	AuditRule r = audit_rule_of(AUDIT_NEVER);
	r.first = true;
	audit_rule_string(&r, m->a, AUDIT_DIR, dir);
	add(m, r, STATES, NULL);
}

static void state(Maker *m, Str dir, const char *cis)
{
	StrVec names;
	static const char *const layers[] = {"overlay2", "fuse-overlayfs", "btrfs", "zfs",
					     "vfs",      "overlay-images"};
	for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++)
		never(m, joined(m, dir, str_of(layers[i])));
	if (probe_list(m->p, dir, m->a, &names) == 0)
		for (size_t i = 0; i < names.n; i++)
			if (str_starts(names.at[i], S("io.containerd.snapshotter.")))
				never(m, joined(m, dir, names.at[i]));
	watch(m, dir, CHANGES, false, STATES, cis);
}

/* ---- keys ---- */

/* In the order in which they are loaded: where several rules fit, the first one's key is told. */
static const struct {
	const char *key, *about;
} classes[] = {
	{PROGRAMS, "the engine's programs: changed, or run"},
	{CONFIGS, "its configuration"},
	{UNITS, "its units"},
	{SOCKETS, "its sockets: replaced, or opened to others"},
	{CONNECTS, "who connects to its sockets"},
	{PEOPLE, "which users a container's users are"},
	{OURS, "Bulwark itself"},
	{STATES, "its state; the layers of containers are left out, first"},
	{AUDIT_KEY_PREFIX "namespaces", "calls that enter or leave a namespace"},
	{AUDIT_KEY_PREFIX "mounts", "calls that mount"},
	{AUDIT_KEY_PREFIX "modules", "calls that load or remove a kernel module"},
	{AUDIT_KEY_PREFIX "kernel", "calls that reach into processes and the kernel"},
};
enum { CLASSES = sizeof classes / sizeof classes[0] };

static size_t class_of(Str key)
{
	size_t i = 0;
	while (i < CLASSES && !str_eq(key, str_of(classes[i].key)))
		i++;
	return i;
}

const char *audit_key_about(Str key)
{
	size_t i = class_of(key);
	return i < CLASSES ? classes[i].about : NULL;
}

/* Keeps the order within a class. */
static void by_class(AuditWantedVec *rules)
{
	for (size_t i = 1; i < rules->n; i++) {
		AuditWanted one = rules->at[i];
		size_t at = i, class = class_of(audit_rule_key(&one.rule));
		for (; at != 0 && class_of(audit_rule_key(&rules->at[at - 1].rule)) > class; at--)
			rules->at[at] = rules->at[at - 1];
		rules->at[at] = one;
	}
}

bool audit_rule_is_ours(const AuditRule *r)
{
	Str keys = audit_rule_key(r), key;
	while (keys.n != 0 && str_cut(&keys, '\1', &key))
		if (str_starts(key, S(AUDIT_KEY_PREFIX)))
			return true;
	return false;
}

/* ---- all of it ---- */

static void tls_files(Maker *m)
{
	static const char *const keys[] = {"tlscacert", "tlscert", "tlskey"};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		watch(m, daemon_setting(&m->d, m->a, keys[i], NULL).text, CHANGES, false, CONFIGS,
		      NULL);
}

static Str engine_name(Maker *m)
{
	if (m->d.argv_source.n != 0)
		return m->d.argv_source;
	return m->d.pid_why.n != 0 ? m->d.pid_why : S("its usual places");
}

void audit_plan(Probe *p, const AuditPlace *place, Arena *a, AuditPlan *out)
{
	*out = (AuditPlan){0};
	Maker m = {.p = p, .a = a, .out = out};
	daemon_look(p, &place->daemon, a, &m.d);
	if (!m.d.near && !m.d.offline) /* behind that socket is another machine's */
		daemon_look(p, &(DaemonWant){.offline = true}, a, &m.d);
	out->engine = engine_name(&m);
#define PROGRAM(name, cis) program(&m, name, cis);
#define CONFIG(path, cis) watch(&m, S(path), CHANGES, true, CONFIGS, cis);
#define PRESENT(path, cis) watch(&m, S(path), CHANGES, false, CONFIGS, cis);
#define UNIT(name, cis) unit(&m, name, cis);
#define SOCKET(path, cis) socket_at(&m, S(path), cis);
#define USERS(path, cis) watch(&m, S(path), CHANGES, true, PEOPLE, cis);
#define SELF(path, cis) watch(&m, S(path), CHANGES, false, OURS, cis);
#define STATE(path, cis) state(&m, S(path), cis);
#define CALLS(key, names) calls(&m, key, names, S(""));
	watch(&m, m.d.config_path, CHANGES, false, CONFIGS, "1.1.11");
	tls_files(&m);
	watch(&m, place->self, CHANGES_AND_RUNS & ~(uint32_t)AUDIT_PERM_EXEC, false, OURS, NULL);
	sockets(&m);
#include "audit/wanted.def"
	state(&m, m.d.root_dir, "1.1.5");
#undef PROGRAM
#undef CONFIG
#undef PRESENT
#undef UNIT
#undef SOCKET
#undef USERS
#undef SELF
#undef STATE
#undef CALLS
	by_class(&out->rules);
}
