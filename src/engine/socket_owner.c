/* socket_owner.c - from a socket's path or port to its inode (/proc/net), to the process that has
 * it open (/proc/PID/fd). */
#include "engine/socket_owner.h"

#include <errno.h>

#include "base/buf.h"
#include "engine/proc_text.h"

static Str proc_path(Arena *a, uint32_t pid, const char *name)
{
	Buf b = buf_in(a, 128);
	buf_fmt(&b, "/proc/%u/%s", pid, name);
	return buf_str(&b);
}

bool inodes_have(const Inodes *set, uint64_t inode)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->at[i] == inode)
			return true;
	return false;
}

int sockets_of(Probe *p, uint32_t pid, Arena *a, Inodes *out)
{
	StrVec fds;
	Str dir = proc_path(a, pid, "fd");
	*out = (Inodes){0};
	int sys = probe_list(p, dir, a, &fds);
	for (size_t i = 0; sys == 0 && i < fds.n; i++) {
		Str link;
		uint64_t inode;
		Buf b = buf_in(a, 256);
		buf_fmt(&b, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(fds.at[i]));
		if (probe_link(p, buf_str(&b), a, &link) == 0 && proc_socket(link, &inode))
			vec_push(a, out, inode);
	}
	return sys;
}

/* ---- whose sockets are meant ---- */

typedef struct Wanted {
	Str path; /* of a Unix socket; empty: `port` is meant */
	unsigned port;
	uint32_t uid; /* of the socket's file */
} Wanted;

/* /var/run/docker.sock and /run/docker.sock are one file. */
static bool same_file(Probe *p, Str one, Str other)
{
	ProbeStat x, y;
	return str_eq(one, other) ||
	       (probe_stat(p, one, &x) == 0 && probe_stat(p, other, &y) == 0 &&
		x.device == y.device && x.inode == y.inode);
}

/* `net`: "/proc/net" or "/proc/PID/net". */
static int add_unix(Probe *p, const Wanted *w, Str net, Arena *a, Inodes *out)
{
	Str text, line, at;
	uint64_t inode;
	Buf file = buf_in(a, 128);
	buf_fmt(&file, STR_FMT "/unix", STR_ARG(net));
	int sys = probe_read(p, buf_str(&file), a, &text);
	while (sys == 0 && text.n != 0 && str_cut(&text, '\n', &line))
		if (proc_unix_listener(line, &at, &inode) &&
		    str_eq(str_base(at), str_base(w->path)) && same_file(p, at, w->path))
			vec_push(a, out, inode);
	return sys;
}

static int add_tcp(Probe *p, const Wanted *w, Str net, const char *name, Arena *a, Inodes *out)
{
	Str text, line;
	TcpListener l;
	Buf file = buf_in(a, 128);
	buf_fmt(&file, STR_FMT "/%s", STR_ARG(net), name);
	int sys = probe_read(p, buf_str(&file), a, &text);
	while (sys == 0 && text.n != 0 && str_cut(&text, '\n', &line))
		if (proc_tcp_listener(line, &l) && l.port == w->port)
			vec_push(a, out, l.inode);
	return sys;
}

static int find_inodes(Probe *p, const Wanted *w, Str net, Arena *a, Inodes *out)
{
	*out = (Inodes){0};
	if (w->path.n != 0)
		return add_unix(p, w, net, a, out);
	int sys = add_tcp(p, w, net, "tcp", a, out);
	if (sys == 0)
		sys = add_tcp(p, w, net, "tcp6", a, out);
	return sys == ENOENT ? 0 : sys; /* a kernel without IPv6 */
}

/* ---- which process has them ---- */

static Str exe_of(Probe *p, uint32_t pid, Arena *a)
{
	Str link, gone = S(" (deleted)"); /* replaced by an update */
	if (probe_link(p, proc_path(a, pid, "exe"), a, &link) != 0)
		return (Str){0};
	return str_ends(link, gone) ? str_first(link, link.n - gone.n) : link;
}

static bool is_engine(Str exe)
{
	static const char *const names[] = {"dockerd", "podman", "dockerd-current", "balenad",
					    "balena-engine-daemon"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(str_base(exe), str_of(names[i])))
			return true;
	return false;
}

/* By its status: /proc/PID belongs to root, too, when a user's process hides its memory. */
static bool may_own(Probe *p, const Wanted *w, uint32_t pid, Arena *a, uint32_t *uid)
{
	Str text;
	ProcStatus st;
	if (probe_read(p, proc_path(a, pid, "status"), a, &text) != 0 || !proc_status(text, &st))
		return false;
	*uid = st.uid;
	return st.uid == 0 || st.uid == w->uid || w->path.n == 0;
}

static bool has_open(Probe *p, uint32_t pid, const Inodes *wanted, Arena *a)
{
	Inodes open;
	if (sockets_of(p, pid, a, &open) != 0)
		return false;
	for (size_t i = 0; i < open.n; i++)
		if (inodes_have(wanted, open.at[i]))
			return true;
	return false;
}

/* A process in a network namespace of its own has a list of sockets of its own. */
static bool owns(Probe *p, const Wanted *w, uint32_t pid, const Inodes *here, Arena *a)
{
	Inodes its;
	if (here->n != 0)
		return has_open(p, pid, here, a);
	return w->path.n != 0 && find_inodes(p, w, proc_path(a, pid, "net"), a, &its) == 0 &&
	       its.n != 0 && has_open(p, pid, &its, a);
}

typedef struct Host { /* as the kernel lists it */
	StrVec pids;
	Inodes here; /* of the socket that is meant */
} Host;

static bool look_through(Probe *p, const Host *h, const Wanted *w, bool engines, Arena *a,
			 Owner *out)
{
	for (size_t i = 0; i < h->pids.n; i++) {
		uint64_t n;
		uint32_t uid;
		if (!str_u64(h->pids.at[i], &n) || n < 2 || n > UINT32_MAX)
			continue;
		uint32_t pid = (uint32_t)n;
		Str exe = exe_of(p, pid, a);
		if (is_engine(exe) != engines || !may_own(p, w, pid, a, &uid) ||
		    !owns(p, w, pid, &h->here, a))
			continue;
		*out = (Owner){
			.pid = pid, .uid = uid, .exe = exe, .is_engine = engines, .here = true};
		return true;
	}
	return false;
}

static void look(Probe *p, const Wanted *w, Arena *a, Owner *out)
{
	Host h = {0};
	*out = (Owner){0};
	int sys = find_inodes(p, w, S("/proc/net"), a, &h.here);
	if (sys == 0)
		sys = probe_list(p, S("/proc"), a, &h.pids);
	if (sys != 0) {
		out->why = str_of(strerrordesc_np(sys));
		return;
	}
	bool listens = h.here.n != 0;
	if (look_through(p, &h, w, true, a, out) ||
	    (listens && look_through(p, &h, w, false, a, out)))
		return;
	out->here = listens;
	out->why = listens ? S("the process that listens cannot be seen; run this as root")
			   : S("nobody is seen to listen there on this machine");
}

void socket_owner(Probe *p, Str path, Arena *a, Owner *out)
{
	ProbeStat st = {0};
	int sys = probe_stat(p, path, &st);
	Wanted w = {.path = path, .uid = st.uid};
	*out = (Owner){.why = str_of(sys != 0 ? strerrordesc_np(sys) : "")};
	if (sys == 0)
		look(p, &w, a, out);
}

void port_owner(Probe *p, unsigned port, Arena *a, Owner *out)
{
	look(p, &(Wanted){.port = port}, a, out);
}
