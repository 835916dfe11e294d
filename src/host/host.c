/* host.c - asks every selected check, and what the checks share. */
#include "host/host.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "host/registry.h"

/* ---- looking ---- */

/* ESRCH: a process that ended; EINVAL: of readlink, no link. */
static int noted(Host *h, Str path, int sys)
{
	if (sys == 0 || host_is_absent(sys) || sys == ESRCH || sys == EINVAL)
		return sys;
	if (h->unseen_n++ == 0) {
		h->unseen = path;
		h->unseen_sys = sys;
	}
	return sys;
}

int see_read(Host *h, Str path, Str *out)
{
	return noted(h, path, probe_read(h->p, path, h->a, out));
}

int see_list(Host *h, Str path, StrVec *names)
{
	return noted(h, path, probe_list(h->p, path, h->a, names));
}

int see_dir(Host *h, Str path, ProbeEntryVec *out)
{
	return noted(h, path, probe_dir(h->p, path, h->a, out));
}

int see_stat(Host *h, Str path, ProbeStat *out)
{
	return noted(h, path, probe_stat(h->p, path, out));
}

int see_lstat(Host *h, Str path, ProbeStat *out)
{
	return noted(h, path, probe_lstat(h->p, path, out));
}

int see_link(Host *h, Str path, Str *out)
{
	return noted(h, path, probe_link(h->p, path, h->a, out));
}

int see_md5(Host *h, Str path, Str *out)
{
	return noted(h, path, probe_md5(h->p, path, h->a, out));
}

int see_sha1(Host *h, Str path, Str *out)
{
	return noted(h, path, probe_sha1(h->p, path, h->a, out));
}

int see_sha256(Host *h, Str path, Str *out)
{
	return noted(h, path, probe_sha256(h->p, path, h->a, out));
}

/* Nothing wrong was found, but not all of it was seen. */
static void doubt(Host *h, Verdict *v)
{
	bool fine = v->outcome == OUTCOME_PASS || v->outcome == OUTCOME_NA;
	if (h->unseen_n == 0 || !fine)
		return;
	if (h->unseen_n == 1)
		ERROR(h, v, h->unseen, STR_FMT " cannot be read: %s", STR_ARG(h->unseen),
		      strerrordesc_np(h->unseen_sys));
	else
		ERROR(h, v, h->unseen, STR_FMT " and %zu more cannot be read: %s",
		      STR_ARG(h->unseen), h->unseen_n - 1, strerrordesc_np(h->unseen_sys));
}

/* ---- what is there ---- */

bool host_is_live(Host *h, Verdict *v)
{
	if (!h->o->live)
		NOT_HERE(h, v, "only a running machine can tell");
	return h->o->live;
}

bool host_is_there(Host *h, Str path)
{
	ProbeStat st;
	return see_stat(h, path, &st) == 0;
}

bool host_has_engine(Host *h)
{
	static const char *const signs[] = {
		"/run/docker.sock",       "/run/containerd/containerd.sock",
		"/run/crio/crio.sock",    "/run/podman/podman.sock",
		"/sys/class/net/docker0", "/sys/class/net/podman0",
		"/sys/class/net/cni0",    "/sys/class/net/cni-podman0"};
	bool found = h->d.info != NULL;
	for (size_t i = 0; i < sizeof signs / sizeof signs[0] && !found; i++)
		found = host_is_there(h, str_of(signs[i]));
	return found;
}

Str host_path(Host *h, const char *fmt, ...)
{
	char path[4096];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(path, sizeof path, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof path)
		return (Str){0};
	return (Str){arena_cstr(h->a, (Str){path, (size_t)n}), (size_t)n};
}

int host_text(Host *h, Str path, Str *out)
{
	int sys = see_read(h, path, out);
	*out = str_trim(*out);
	return sys;
}

bool host_line(Str *rest, Str *line)
{
	while (rest->n != 0 && str_cut(rest, '\n', line)) {
		Str bare = *line;
		(void)str_cut(line, '#', &bare);
		*line = str_trim(bare);
		if (line->n != 0)
			return true;
	}
	return false;
}

Str host_word(Str *rest)
{
	Str s = str_trim(*rest);
	size_t n = 0;
	while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t' && s.p[n] != '\n')
		n++;
	*rest = str_trim(str_skip(s, n));
	return str_first(s, n);
}

bool host_has_word(Str text, Str word)
{
	while (text.n != 0)
		if (str_eq(host_word(&text), word))
			return true;
	return false;
}

Str host_program(Host *h, const char *name)
{
	static const char *const dirs[] = {
		"/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/libexec/docker",
		"/bin",     "/sbin"};
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
		Str path = host_path(h, "%s/%s", dirs[i], name);
		if (host_is_there(h, path))
			return path;
	}
	return (Str){0};
}

bool host_is_trusted(const Host *h, Str user)
{
	for (size_t i = 0; i < h->o->trusted.n; i++)
		if (str_eq(user, h->o->trusted.at[i]))
			return true;
	return str_eq(user, S("root"));
}

/* ---- kernel switches ---- */

static bool read_number(Str text, int64_t *out)
{
	uint64_t n;
	bool below = text.n > 1 && text.p[0] == '-';
	if (!str_u64(below ? str_skip(text, 1) : text, &n) || n > INT64_MAX)
		return false;
	*out = below ? -(int64_t)n : (int64_t)n;
	return true;
}

int host_sysctl(Host *h, const char *key, int64_t *out)
{
	Str text;
	int sys = host_text(h, host_path(h, "/proc/sys/%s", key), &text);
	if (sys == 0 && !read_number(text, out))
		sys = ERANGE;
	return sys;
}

static Str dotted(Host *h, const char *key)
{
	Buf b = buf_in(h->a, 256);
	for (const char *c = key; *c != '\0'; c++)
		buf_char(&b, *c == '/' ? '.' : *c);
	return buf_str(&b);
}

static Str wanted(Host *h, const Sysctl *s)
{
	if (s->min == s->max)
		return host_path(h, "%lld", (long long)s->min);
	if (s->max == ANY_MORE)
		return host_path(h, "%lld or more", (long long)s->min);
	return host_path(h, "%lld to %lld", (long long)s->min, (long long)s->max);
}

/* True: the value is known, and *seen tells it. */
static bool look_at(Host *h, Verdict *v, const Sysctl *s, bool *good, Str *seen)
{
	int64_t is = 0;
	int sys = host_sysctl(h, s->key, &is);
	if (sys != 0 && !host_is_absent(sys))
		verdict_unread(v, h->a, host_path(h, "/proc/sys/%s", s->key), sys);
	if (sys != 0)
		return false;
	*good = is >= s->min && is <= s->max;
	*seen = host_path(h, "%lld", (long long)is);
	if (!*good)
		*seen = host_path(h, "%lld, not " STR_FMT, (long long)is, STR_ARG(wanted(h, s)));
	return true;
}

static void judge_one(Host *h, Verdict *v, const Sysctl *s)
{
	Str seen, key = dotted(h, s->key), path = host_path(h, "/proc/sys/%s", s->key);
	bool good;
	if (!look_at(h, v, s, &good, &seen)) {
		if (v->outcome == 0)
			NOT_HERE(h, v, "this kernel has no " STR_FMT, STR_ARG(key));
	} else if (good) {
		PASS(h, v, path, STR_FMT " is " STR_FMT, STR_ARG(key), STR_ARG(seen));
	} else {
		WARN(h, v, path, STR_FMT " is " STR_FMT, STR_ARG(key), STR_ARG(seen));
	}
}

static void judge_many(Host *h, Verdict *v, const Sysctl *all, size_t n)
{
	Str seen;
	bool good;
	for (size_t i = 0; i < n; i++) {
		if (!look_at(h, v, &all[i], &good, &seen))
			continue;
		v->subjects++;
		if (!good)
			verdict_item(v, h->a, "sysctl", dotted(h, all[i].key), STR_FMT,
				     STR_ARG(seen));
	}
	if (v->outcome == OUTCOME_ERROR)
		return;
	if (v->subjects == 0)
		NOT_HERE(h, v, "this kernel has no such switch");
	else if (v->items.n != 0)
		WARN(h, v, S("/proc/sys"), "%zu of %llu switches", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, S("/proc/sys"), "%llu switches", (unsigned long long)v->subjects);
}

void host_sysctls(Host *h, Verdict *v, const Sysctl *all, size_t n)
{
	if (!host_is_live(h, v))
		return;
	if (n == 1)
		judge_one(h, v, all);
	else
		judge_many(h, v, all, n);
}

/* ---- the run ---- */

static Str engine_name(Host *h)
{
	if (h->d.info == NULL)
		return (Str){0};
	return host_path(h, "%s " STR_FMT "%s", h->d.podman ? "Podman" : "Docker",
			 STR_ARG(value_str(h->d.info, S("ServerVersion"))),
			 h->d.rootless ? ", rootless" : "");
}

/* Podman keeps its storage elsewhere; it has no daemon that would say so. */
static void find_data_root(Host *h)
{
	static const char podman[] = "/var/lib/containers/storage";
	if (!host_is_there(h, h->d.root_dir) && host_is_there(h, str_of(podman)))
		h->d.root_dir = str_of(podman);
}

Result host_judge(Probe *p, const HostOptions *o, Arena *a, CheckReport *out)
{
	Host h = {.p = p, .a = a, .o = o};
	daemon_look(p, &o->daemon, a, &h.d);
	find_data_root(&h);
	*out = (CheckReport){
		.host = o->host, .engine = engine_name(&h), .benchmark = o->selection.benchmark};
	for (size_t i = 0; host_checks[i] != NULL; i++) {
		const HostCheck *c = host_checks[i];
		Verdict v = {.check = &c->info};
		if (!check_is_selected(&c->info, &o->selection))
			continue;
		h.unseen_n = 0;
		c->judge(&h, &v);
		doubt(&h, &v);
		verdict_sort(&v);
		vec_push(a, &out->verdicts, v);
	}
	if (probe_broken(p).n != 0)
		FAIL(ERR_BUG, "looking at the machine: " STR_FMT, STR_ARG(probe_broken(p)));
	return OK;
}
