/* daemon.c - finds the engine's process and configuration, and asks its API about itself. */
#include "engine/daemon.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "engine/api.h"
#include "engine/argv.h"
#include "engine/socket_owner.h"

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

static void find_process(Probe *p, Arena *a, Daemon *d)
{
	Str text, word;
	d->pid = socket_owner(p, d->socket, a, &d->exe, &d->pid_why);
	if (d->pid == 0)
		return;
	int sys = probe_read(p, proc_path(a, d->pid, "cmdline"), a, &text);
	if (sys != 0) {
		d->pid_why = str_of(strerrordesc_np(sys));
		return;
	}
	for (size_t i = 0; text.n != 0 && str_cut(&text, '\0', &word); i++)
		if (i != 0)
			vec_push(a, &d->argv, word);
	Buf b = buf_in(a, 8192);
	Str name = str_base(d->exe);
	buf_fmt(&b, "argv of " STR_FMT " (pid %u)", STR_ARG(name), d->pid);
	d->argv_source = buf_str(&b);
	ProbeStat st;
	if (probe_stat(p, proc_path(a, d->pid, ""), &st) == 0 && st.uid != 0)
		d->rootless = true;
}

/* ---- units ---- */

static const char *const unit_dirs[] = {"/etc/systemd/system", "/run/systemd/system",
					"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
					"/lib/systemd/system"};

Str unit_find(Probe *p, Str name, Arena *a)
{
	ProbeStat st;
	for (size_t i = 0; i < sizeof unit_dirs / sizeof unit_dirs[0]; i++) {
		Buf b = buf_in(a, 4096);
		buf_fmt(&b, "%s/" STR_FMT, unit_dirs[i], STR_ARG(name));
		if (probe_stat(p, buf_str(&b), &st) == 0)
			return buf_str(&b);
	}
	return (Str){0};
}

/* systemd.service(5): a later ExecStart= adds, an empty one forgets those before. */
static void read_exec_start(Str text, Str *command)
{
	Str line;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (str_starts(line, S("ExecStart=")))
			*command = str_trim(str_skip(line, strlen("ExecStart=")));
	}
}

static void add_drop_ins(Probe *p, Str name, Arena *a, Str *command)
{
	for (size_t i = sizeof unit_dirs / sizeof unit_dirs[0]; i != 0; i--) {
		StrVec files;
		Buf dir = buf_in(a, 4096);
		buf_fmt(&dir, "%s/" STR_FMT ".d", unit_dirs[i - 1], STR_ARG(name));
		if (probe_list(p, buf_str(&dir), a, &files) != 0)
			continue;
		for (size_t k = 0; k < files.n; k++) {
			Str text;
			Buf path = buf_in(a, 4096);
			buf_fmt(&path, STR_FMT "/" STR_FMT, STR_ARG(buf_str(&dir)),
				STR_ARG(files.at[k]));
			if (str_ends(files.at[k], S(".conf")) &&
			    probe_read(p, buf_str(&path), a, &text) == 0)
				read_exec_start(text, command);
		}
	}
}

/* How systemd would start it, where no process can be looked at. */
static void read_unit(Probe *p, Arena *a, Daemon *d)
{
	Str path = unit_find(p, S("docker.service"), a), text, command = {0};
	if (path.n == 0 || probe_read(p, path, a, &text) != 0)
		return;
	read_exec_start(text, &command);
	add_drop_ins(p, S("docker.service"), a, &command);
	argv_split(command, a, &d->argv);
	if (d->argv.n == 0)
		return;
	d->exe = d->argv.at[0];
	d->argv.at++;
	d->argv.n--;
	d->argv.cap--;
	d->argv_source = S("ExecStart of docker.service");
}

/* ---- its configuration file ---- */

/* Of a rootless engine: in its user's home, which its environment names. */
static Str rootless_config(Probe *p, Arena *a, const Daemon *d)
{
	Str text, word, home = {0}, config = {0};
	if (d->pid == 0 || probe_read(p, proc_path(a, d->pid, "environ"), a, &text) != 0)
		return (Str){0};
	while (text.n != 0 && str_cut(&text, '\0', &word)) {
		if (str_starts(word, S("HOME=")))
			home = str_skip(word, strlen("HOME="));
		if (str_starts(word, S("XDG_CONFIG_HOME=")))
			config = str_skip(word, strlen("XDG_CONFIG_HOME="));
	}
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

static void find_config(Probe *p, const DaemonWant *want, Arena *a, Daemon *d)
{
	const Setting named = argv_setting(d, a, "config-file");
	d->config_path = want->config_path;
	if (d->config_path.n == 0)
		d->config_path = named.text;
	if (d->config_path.n == 0 && d->rootless)
		d->config_path = rootless_config(p, a, d);
	if (d->config_path.n == 0)
		d->config_path = S("/etc/docker/daemon.json");
	read_config(p, a, d);
}

void daemon_look(Probe *p, const DaemonWant *want, Arena *a, Daemon *out)
{
	*out = (Daemon){.offline = want->offline, .socket = want->socket};
	if (!want->offline)
		ask_api(p, a, out);
	if (want->near && want->socket.n != 0)
		find_process(p, a, out);
	else
		out->pid_why = want->offline ? S("an unpacked host has no processes")
					     : S("the engine is on another machine");
	if (want->offline && want->config_path.n == 0)
		read_unit(p, a, out);
	find_config(p, want, a, out);
	out->root_dir = value_str(out->info, S("DockerRootDir"));
	if (out->root_dir.n == 0)
		out->root_dir = daemon_setting(out, a, "data-root", NULL).text;
	if (out->root_dir.n == 0)
		out->root_dir = S("/var/lib/docker");
}
