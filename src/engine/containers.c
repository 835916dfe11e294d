/* containers.c - lists the containers, asks about each, and looks at their first processes. */
#include "engine/containers.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "engine/api.h"

const char *const namespace_names[NAMESPACES] = {"cgroup", "ipc",  "mnt", "net",
						 "pid",    "user", "uts"};

/* ---- the kernel's word ---- */

static Str proc_path(Arena *a, Str pid, const char *name)
{
	Buf b = buf_in(a, 256);
	buf_fmt(&b, "/proc/" STR_FMT "/%s", STR_ARG(pid), name);
	return buf_str(&b);
}

void proc_namespaces(Probe *p, Str pid, Arena *a, Str out[NAMESPACES])
{
	for (size_t i = 0; i < NAMESPACES; i++) {
		Buf b = buf_in(a, 64);
		buf_fmt(&b, "ns/%s%c", namespace_names[i], '\0');
		if (probe_link(p, proc_path(a, pid, buf_str(&b).p), a, &out[i]) != 0)
			out[i] = (Str){0};
	}
}

/* Its cgroup or its mounts name it: the pid is not another machine's, nor was it used again. */
static bool is_of(Probe *p, Arena *a, Str pid, Str id)
{
	Str text;
	size_t at;
	return (probe_read(p, proc_path(a, pid, "cgroup"), a, &text) == 0 &&
		str_find(text, id, &at)) ||
	       (probe_read(p, proc_path(a, pid, "mountinfo"), a, &text) == 0 &&
		str_find(text, id, &at));
}

static void look_at_process(Probe *p, Arena *a, uint32_t number, Str id, ProcFacts *f)
{
	Str text;
	Buf b = buf_in(a, 16);
	buf_fmt(&b, "%u", number);
	Str pid = buf_str(&b);
	f->uid_of_root = UINT32_MAX;
	f->sys = probe_read(p, proc_path(a, pid, "status"), a, &text);
	if (f->sys == 0 && (!proc_status(text, &f->status) || !is_of(p, a, pid, id)))
		f->sys = ESRCH;
	if (f->sys == 0)
		f->sys = probe_read(p, proc_path(a, pid, "uid_map"), a, &text);
	if (f->sys != 0)
		return;
	f->uid_of_root = proc_uid_of_root(text);
	proc_namespaces(p, pid, a, f->ns);
	if (probe_read(p, proc_path(a, pid, "attr/current"), a, &text) == 0)
		f->lsm = str_trim(text);
	f->known = true;
}

/* ---- the engine's word ---- */

static bool is_id(Str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n >= 12 && s.n <= 64;
}

/* Its process is a machine's or a sandbox's own: the kernel's word is about that, not about what
 * runs inside. */
static bool is_sandboxed(const Value *host)
{
	static const char *const words[] = {"kata", "runsc", "gvisor", "firecracker"};
	Str runtime = value_str(host, S("Runtime"));
	size_t at;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_find(runtime, str_of(words[i]), &at))
			return true;
	return false;
}

/* False: the engine did not answer at all. */
static bool inspect(Probe *p, bool near, Arena *a, Container *c)
{
	unsigned status;
	uint64_t pid = 0;
	Buf path = buf_in(a, 256);
	buf_fmt(&path, "/containers/" STR_FMT "/json", STR_ARG(c->id));
	c->inspect = api_get(p, buf_str(&path), a, &status, &c->why);
	c->gone = c->inspect == NULL && status == 404;
	if (c->inspect == NULL)
		return status != 0;
	c->host = value_get(c->inspect, S("HostConfig"));
	c->config = value_get(c->inspect, S("Config"));
	const Value *state = value_get(c->inspect, S("State"));
	Str said = value_str(state, S("Status"));
	c->state = said.n != 0 ? said : c->state;
	if (c->host == NULL || c->config == NULL) {
		c->why = S("the engine's answer has no HostConfig or no Config");
		c->inspect = NULL;
		return true;
	}
	if (str_u64(value_str(state, S("Pid")), &pid) && pid <= UINT32_MAX)
		c->pid = (uint32_t)pid;
	if (c->pid != 0 && near && is_sandboxed(c->host))
		c->proc.sys = ENOTSUP;
	else if (c->pid != 0 && near)
		look_at_process(p, a, c->pid, c->id, &c->proc);
	return true;
}

static int by_name(const void *a, const void *b)
{
	const Container *x = a, *y = b;
	int order = str_cmp(x->name, y->name);
	return order != 0 ? order : str_cmp(x->id, y->id);
}

static Str name_of(const Value *listed, Str id)
{
	const Value *names = value_items(listed, S("Names"));
	for (size_t i = 0; names != NULL && i < names->n; i++) {
		Str name = names->items[i]->text;
		if (str_starts(name, S("/")))
			name = str_skip(name, 1);
		if (name.n != 0 && !str_has(name, '/')) /* "/web/db" is a link of another's */
			return name;
	}
	return str_first(id, 12);
}

static bool is_wanted(Str state, bool ended)
{
	return ended || !(str_eq(state, S("exited")) || str_eq(state, S("dead")) ||
			  str_eq(state, S("removing")));
}

/* The engine's list; NULL, and why, when it cannot be used. */
static const Value *list_all(Probe *p, Arena *a, Str *why)
{
	const Value *list = api_list(p, S("/containers/json?all=1"), a, why);
	if (list != NULL && list->n <= LIMIT_CONTAINERS)
		return list;
	if (list != NULL)
		*why = S("GET /containers/json: more containers than one run looks at (10000)");
	return NULL;
}

void containers_look(Probe *p, bool ended, bool near, Arena *a, ContainerList *out)
{
	enum { SILENT_MOST = 3 }; /* each is waited for, and one may hang alone */
	unsigned silent = 0;
	*out = (ContainerList){0};
	out->listed = list_all(p, a, &out->why);
	for (size_t i = 0; out->listed != NULL && i < out->listed->n; i++) {
		const Value *v = out->listed->items[i];
		Container c = {.id = value_str(v, S("Id")),
			       .image = value_str(v, S("Image")),
			       .state = value_str(v, S("State"))};
		c.name = name_of(v, c.id);
		if (!is_id(c.id) || !is_wanted(c.state, ended))
			continue;
		if (silent >= SILENT_MOST)
			c.why = S("not asked: the engine had stopped to answer");
		else
			silent += !inspect(p, near, a, &c);
		vec_push(a, &out->containers, c);
	}
	if (out->containers.n > 1)
		qsort(out->containers.at, out->containers.n, sizeof out->containers.at[0], by_name);
}
