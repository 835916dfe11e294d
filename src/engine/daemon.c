/* daemon.c - finds the engine's process and configuration, and asks its API about itself. */
#include "engine/daemon.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "engine/api.h"
#include "engine/argv.h"
#include "engine/socket_owner.h"
#include "engine/unit.h"
#include "io/probe_path.h"

/* ---- the API ---- */

static bool says_podman(const Value *version)
{
	const Value *parts = value_items(version, S("Components"));
	for (size_t i = 0; parts != NULL && i < parts->n; i++)
		if (str_starts(value_str(parts->items[i], S("Name")), S("Podman")))
			return true;
	return false;
}

static bool says_rootless(const Value *info)
{
	const Value *list = value_items(info, S("SecurityOptions"));
	for (size_t i = 0; list != NULL && i < list->n; i++)
		if (str_eq(list->items[i]->text, S("name=rootless")))
			return true;
	return false;
}

static void ask_api(Probe *p, Arena *a, Daemon *d)
{
	Str why;
	unsigned status;
	d->info = api_get(p, S("/info"), a, &status, &d->api_why);
	if (d->info == NULL)
		return;
	d->version = api_get(p, S("/version"), a, &status, &why);
	d->podman = says_podman(d->version);
	d->rootless = says_rootless(d->info);
}

/* ---- the process ---- */

static Str proc_path(Arena *a, uint32_t pid, const char *name)
{
	Buf b = buf_in(a, 256);
	buf_fmt(&b, "/proc/%u/%s", pid, name);
	return buf_str(&b);
}

static void read_words(Probe *p, Str path, Arena *a, StrVec *out)
{
	Str text, word;
	if (probe_read(p, path, a, &text) != 0)
		return;
	while (text.n != 0 && str_cut(&text, '\0', &word))
		vec_push(a, out, word);
}

/* The first word is what it was started as, which says nothing. */
static void take_argv(Daemon *d, StrVec words, Str source)
{
	if (words.n == 0)
		return;
	d->argv = (StrVec){.at = words.at + 1, .n = words.n - 1, .cap = words.n - 1};
	d->argv_source = source;
}

static void is_far(Daemon *d, Arena *a, const Owner *o)
{
	Buf b = buf_in(a, 8192);
	if (o->pid != 0)
		buf_fmt(&b,
			"its socket is held by " STR_FMT " (pid %u): the engine may be on another "
			"machine",
			STR_ARG(o->exe.n != 0 ? str_base(o->exe) : S("a process")), o->pid);
	else
		buf_fmt(&b, "the engine may be on another machine: " STR_FMT, STR_ARG(o->why));
	d->far_why = buf_str(&b);
}

static void find_process(Probe *p, const DaemonWant *want, Arena *a, Daemon *d)
{
	Owner o;
	StrVec words = {0};
	if (want->socket.n != 0)
		socket_owner(p, want->socket, a, &o);
	else
		port_owner(p, want->port, a, &o);
	d->pid_why = o.why;
	d->near = o.pid != 0 ? o.is_engine : o.here;
	if (!d->near)
		is_far(d, a, &o);
	if (!d->near || o.pid == 0)
		return;
	d->pid = o.pid;
	d->uid = o.uid;
	d->exe = o.exe;
	d->rootless = d->rootless || o.uid != 0;
	Buf b = buf_in(a, 8192);
	buf_fmt(&b, "argv of " STR_FMT " (pid %u)", STR_ARG(str_base(d->exe)), d->pid);
	read_words(p, proc_path(a, d->pid, "cmdline"), a, &words);
	take_argv(d, words, buf_str(&b));
	read_words(p, proc_path(a, d->pid, "environ"), a, &d->environ);
	if (words.n == 0)
		d->pid_why = S("its command line cannot be read");
}

/* How systemd would start it, where no process can be looked at. */
static void read_unit(Probe *p, Arena *a, Daemon *d)
{
	StrVec words;
	unit_command(p, S("docker.service"), a, &words, &d->pid_why);
	if (words.n != 0)
		d->exe = words.at[0];
	take_argv(d, words, S("ExecStart of docker.service"));
}

Str daemon_variable(const Daemon *d, Str name)
{
	for (size_t i = 0; i < d->environ.n; i++) {
		Str value = d->environ.at[i], key = {0};
		if (str_cut(&value, '=', &key) && str_eq(key, name))
			return value;
	}
	return (Str){0};
}

/* ---- its configuration file ---- */

/* Of a rootless engine: in its user's home, which its environment names. */
static Str rootless_config(Arena *a, const Daemon *d)
{
	Str home = daemon_variable(d, S("HOME")), config = daemon_variable(d, S("XDG_CONFIG_HOME"));
	Buf b = buf_in(a, 8192);
	if (config.n != 0)
		buf_fmt(&b, STR_FMT "/docker/daemon.json", STR_ARG(config));
	else if (home.n != 0)
		buf_fmt(&b, STR_FMT "/.config/docker/daemon.json", STR_ARG(home));
	return buf_str(&b);
}

static void read_config(Probe *p, Arena *a, Daemon *d)
{
	Str text;
	Value *v = NULL;
	int sys = probe_read(p, d->config_path, a, &text);
	Buf b = buf_in(a, 4096);
	if (sys == ENOENT || sys == ENOTDIR)
		return;
	if (sys != 0) {
		buf_fmt(&b, STR_FMT " cannot be read: %s", STR_ARG(d->config_path),
			strerrordesc_np(sys));
	} else if (str_trim(text).n == 0) {
		return; /* dockerd takes an empty file for none */
	} else {
		Err *e = value_from_json(text, a, &v);
		if (e != OK)
			buf_fmt(&b, STR_FMT ": %s", STR_ARG(d->config_path), e->text);
		else if (v->type != JSON_OBJECT)
			buf_fmt(&b, STR_FMT ": is not an object", STR_ARG(d->config_path));
		err_free(e);
	}
	d->config_why = buf_str(&b);
	d->config = d->config_why.n == 0 ? v : NULL;
}

/* As the process means it. */
static Str of_its_directory(Probe *p, Arena *a, const Daemon *d, Str path)
{
	Str cwd;
	if (path.n == 0 || path.p[0] == '/' || d->pid == 0 ||
	    probe_link(p, proc_path(a, d->pid, "cwd"), a, &cwd) != 0)
		return path;
	Buf b = buf_in(a, 8192);
	buf_fmt(&b, STR_FMT "/" STR_FMT, STR_ARG(cwd), STR_ARG(path));
	return probe_real_path(p, buf_str(&b), a);
}

/* One that was named has to be there: without it the engine does not start. */
static void is_named(Probe *p, Daemon *d)
{
	ProbeStat st;
	if (d->config_path.p[0] != '/')
		d->config_why = S("its path is relative to where the engine was started");
	else if (d->config == NULL && d->config_why.n == 0 &&
		 probe_stat(p, d->config_path, &st) != 0)
		d->config_why = S("there is no such file");
}

static void find_config(Probe *p, const DaemonWant *want, Arena *a, Daemon *d)
{
	const Setting named = argv_setting(d, a, "config-file");
	if (d->far_why.n != 0)
		return;
	d->config_path = want->config_path;
	if (d->config_path.n == 0)
		d->config_path = of_its_directory(p, a, d, named.text);
	bool by_name = d->config_path.n != 0;
	if (d->config_path.n == 0 && d->rootless)
		d->config_path = rootless_config(a, d);
	if (d->config_path.n == 0)
		d->config_path = S("/etc/docker/daemon.json");
	read_config(p, a, d);
	if (by_name)
		is_named(p, d);
}

/* ---- what follows from them ---- */

static bool is_there(Probe *p, Str path)
{
	ProbeStat st;
	return probe_stat(p, path, &st) == 0;
}

static Str joined(Arena *a, Str dir, const char *name)
{
	Buf b = buf_in(a, 8192);
	buf_fmt(&b, STR_FMT "/%s", STR_ARG(dir), name);
	return buf_str(&b);
}

/* One that it was told of, one that it runs itself, the host's. */
static Str containerd_socket(Probe *p, Arena *a, const Daemon *d)
{
	Setting told = argv_setting(d, a, "containerd"), exec = argv_setting(d, a, "exec-root");
	if (!told.set)
		told.text = value_str(d->config, S("containerd"));
	if (told.text.n != 0)
		return told.text;
	if (!exec.set)
		exec.text = value_str(d->config, S("exec-root"));
	Str runtime = daemon_variable(d, S("XDG_RUNTIME_DIR"));
	Str dir = exec.text.n != 0                ? exec.text
		  : d->rootless && runtime.n != 0 ? joined(a, runtime, "docker")
						  : S("/run/docker");
	Str own = joined(a, dir, "containerd/containerd.sock");
	return is_there(p, own) ? own : S("/run/containerd/containerd.sock");
}

static Str data_root(Arena *a, const Daemon *d)
{
	Str said = value_str(d->info, S("DockerRootDir"));
	if (said.n == 0)
		said = daemon_setting(d, a, "data-root", NULL).text;
	return said.n != 0 ? said : S("/var/lib/docker");
}

void daemon_sockets(const Daemon *d, Arena *a, StrVec *out)
{
	Setting hosts = daemon_setting(d, a, "hosts", "host");
	*out = (StrVec){0};
	if (d->socket.n != 0)
		vec_push(a, out, d->socket);
	for (size_t i = 0; i < hosts.all.n; i++) {
		Str path = str_skip(hosts.all.at[i], strlen("unix://"));
		if (str_starts(hosts.all.at[i], S("unix:///")) && !str_eq(path, d->socket))
			vec_push(a, out, path);
	}
	if (out->n == 0 && !d->podman)
		vec_push(a, out, S("/run/docker.sock"));
}

int64_t daemon_group(Probe *p, const Daemon *d, Arena *a, Str *name)
{
	Setting said = daemon_setting(d, a, "group", NULL);
	Str text, line, one, field;
	uint64_t id;
	*name = said.set && said.text.n != 0 ? said.text : S("docker");
	if (probe_read(p, S("/etc/group"), a, &text) != 0)
		text = (Str){0};
	while (text.n != 0 && str_cut(&text, '\n', &line))
		if (str_cut(&line, ':', &one) && str_eq(one, *name) &&
		    str_cut(&line, ':', &field) && str_cut(&line, ':', &field) &&
		    str_u64(field, &id) && id < UINT32_MAX)
			return (int64_t)id;
	return str_u64(*name, &id) && id < UINT32_MAX ? (int64_t)id : -1;
}

static bool has_nothing(Probe *p, const Daemon *d)
{
	return d->argv_source.n == 0 && d->pid_why.n == 0 && !is_there(p, d->config_path) &&
	       !is_there(p, S("/usr/bin/dockerd")) && !is_there(p, S("/usr/sbin/dockerd"));
}

void daemon_look(Probe *p, const DaemonWant *want, Arena *a, Daemon *out)
{
	*out = (Daemon){
		.offline = want->offline, .only_file = want->only_file, .socket = want->socket};
	if (!want->offline)
		ask_api(p, a, out);
	if (want->offline && !want->only_file)
		read_unit(p, a, out);
	else if (!want->offline && (want->socket.n != 0 || want->port != 0))
		find_process(p, want, a, out);
	else if (!want->offline)
		out->far_why = S("the engine is on another machine; run this there");
	find_config(p, want, a, out);
	out->absent = want->offline && !want->only_file && has_nothing(p, out);
	out->root_dir = data_root(a, out);
	if (out->near || want->offline)
		out->containerd = containerd_socket(p, a, out);
}
