/* listeners.c - what listens on the network, and what of it should not. */
#include "host/listeners.h"

#include <errno.h>

#include "base/map.h"

#define SECTION "network"
#define SOURCE S("/proc/net/tcp and tcp6")

/* ---- reading ---- */

static bool read_hex(Str digits, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < digits.n; i++) {
		char c = digits.p[i];
		bool letter = c >= 'A' && c <= 'F';
		if ((!letter && (c < '0' || c > '9')) || i >= 4)
			return false;
		*out = *out * 16 + (unsigned)(letter ? c - 'A' + 10 : c - '0');
	}
	return digits.n != 0;
}

/* As the kernel prints it, four bytes in the machine's order at a time: 127.0.0.1 is 0100007F, ::1
 * is 0..01000000, and ::ffff:127.0.0.1 ends with FFFF00000100007F. */
static Reach reach_of(Str address)
{
	size_t zeros = 0;
	while (zeros < address.n && address.p[zeros] == '0')
		zeros++;
	if (zeros == address.n)
		return REACH_ALL;
	Str last = str_skip(address, address.n - 8);
	if (address.n == 8 || str_starts(address, S("0000000000000000FFFF0000")))
		return str_ends(last, S("7F")) ? REACH_LOCAL : REACH_ONE;
	return zeros == address.n - 7 && str_eq(last, S("01000000")) ? REACH_LOCAL : REACH_ONE;
}

/* "sl local remote st tx:rx tr:tm retrnsmt uid timeout inode ..." */
static bool read_line(Str line, bool udp, Listener *out)
{
	enum { LOCAL = 1, STATE = 3, INODE = 9, FIELDS };
	Str field[FIELDS], address;
	for (size_t i = 0; i < FIELDS; i++)
		if ((field[i] = host_word(&line)).n == 0)
			return false;
	Str port = field[LOCAL];
	bool listens = str_eq(field[STATE], udp ? S("07") : S("0A"));
	if (!listens || !str_cut(&port, ':', &address) || address.n < 8 ||
	    !read_hex(port, &out->port) || !str_u64(field[INODE], &out->inode))
		return false;
	out->reach = reach_of(address);
	out->udp = udp;
	return true;
}

void listeners_read(Str text, bool udp, Arena *a, ListenerVec *out)
{
	Str line;
	Listener l;
	while (text.n != 0 && str_cut(&text, '\n', &line))
		if (read_line(line, udp, &l))
			vec_push(a, out, l);
}

int listeners_look(Host *h, ListenerVec *out)
{
	static const char *const files[] = {"tcp", "tcp6", "udp", "udp6"};
	int first = 0;
	*out = (ListenerVec){0};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		Str text;
		int sys = probe_read(h->p, host_path(h, "/proc/1/net/%s", files[i]), h->a, &text);
		if (sys != 0)
			sys = see_read(h, host_path(h, "/proc/net/%s", files[i]), &text);
		if (sys == 0)
			listeners_read(text, files[i][0] == 'u', h->a, out);
		else if (i == 0) /* the others are missing where IPv6 is off */
			first = sys;
	}
	return first;
}

const char *reach_name(Reach r)
{
	switch (r) {
	case REACH_LOCAL: return "this host only";
	case REACH_ONE: return "one address";
	case REACH_ALL: break;
	}
	return "every address";
}

/* The same port on IPv4 and IPv6 is one. */
static void add_once(Host *h, Verdict *v, const Listener *l, Str seen)
{
	Str name = host_path(h, "%s port %u", l->udp ? "udp" : "tcp", l->port);
	for (size_t i = 0; i < v->items.n; i++)
		if (str_eq(v->items.at[i].name, name) && str_eq(v->items.at[i].seen, seen))
			return;
	verdict_item(v, h->a, "listener", name, STR_FMT, STR_ARG(seen));
}

/* ---- the engine's API ---- */

static bool has_listeners(Host *h, Verdict *v, ListenerVec *out)
{
	if (!host_is_live(h, v))
		return false;
	int sys = listeners_look(h, out);
	if (sys != 0)
		verdict_unread(v, h->a, SOURCE, sys);
	return sys == 0;
}

static bool needs_certificates(const Host *h)
{
	Setting verify = daemon_setting(&h->d, h->a, "tlsverify", NULL);
	return verify.unknown.n == 0 && setting_on(&verify, false);
}

static bool in_swarm(const Host *h)
{
	Str state = value_str(value_get(h->d.info, S("Swarm")), S("LocalNodeState"));
	return str_eq(state, S("active"));
}

/* NULL: the port is fine as it is. */
static const char *fault_of(const Host *h, unsigned port)
{
	enum { PLAIN = 2375, TLS = 2376, OLD = 4243, SWARM = 2377, GOSSIP = 7946 };
	switch (port) {
	case PLAIN:
	case OLD: return "the engine's API, without TLS by custom";
	case TLS: return needs_certificates(h) ? NULL : "the engine's API; tlsverify is not set";
	case SWARM:
	case GOSSIP: return in_swarm(h) ? NULL : "swarm's, and this host is in no swarm";
	default: return NULL;
	}
}

CHECK(H44, "api-ports", SECTION, SEV_CRITICAL, "NETW-3012, CIS 2.8",
      "The engine's API is not on the network without certificates",
      "nobody on 2375 and 4243; on 2376 only with tlsverify; 2377 and 7946 in a swarm only",
      "Whoever reaches the port is root on this host; scanners find it within hours.",
      "take tcp:// out of hosts and -H, and use ssh:// from clients, or set tlsverify")
{
	ListenerVec all;
	if (!has_listeners(h, v, &all))
		return;
	for (size_t i = 0; i < all.n; i++) {
		const Listener *l = &all.at[i];
		const char *fault = l->udp || l->reach == REACH_LOCAL ? NULL : fault_of(h, l->port);
		if (fault != NULL)
			add_once(h, v, l, host_path(h, "%s: %s", reach_name(l->reach), fault));
	}
	if (v->items.n != 0)
		WARN(h, v, SOURCE, "%zu found", v->items.n);
	else
		PASS(h, v, SOURCE, "none of these ports, of %zu listeners", all.n);
}

/* ---- whose sockets ---- */

static bool is_engine_program(Str name)
{
	static const char *const names[] = {
		"dockerd",           "containerd",          "crio", "buildkitd", "podman",
		"dockerd (deleted)", "containerd (deleted)"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_eq(name, str_of(names[i])))
			return true;
	return false;
}

/* The inodes of a process's sockets, each with the program's name. 0 or errno. */
static int add_sockets(Host *h, Str pid, Str program, Map *to)
{
	StrVec fds;
	Str link;
	int sys = see_list(h, host_path(h, "/proc/" STR_FMT "/fd", STR_ARG(pid)), &fds);
	Str *kept = arena_new(h->a, Str);
	*kept = program;
	for (size_t i = 0; sys == 0 && i < fds.n; i++) {
		Str path = host_path(h, "/proc/" STR_FMT "/fd/" STR_FMT, STR_ARG(pid),
				     STR_ARG(fds.at[i]));
		if (see_link(h, path, &link) == 0 && str_starts(link, S("socket:[")))
			*map_at(to, h->a, link) = kept;
	}
	return sys;
}

/* The program of a process; by the name it gives itself where the link is not to be seen. */
static Str program_of(Host *h, Str pid)
{
	Str exe, name;
	int sys = probe_link(h->p, host_path(h, "/proc/" STR_FMT "/exe", STR_ARG(pid)), h->a, &exe);
	if (sys == 0)
		return str_base(exe);
	if (host_is_absent(sys) ||
	    host_text(h, host_path(h, "/proc/" STR_FMT "/comm", STR_ARG(pid)), &name) != 0)
		return (Str){0};
	return name;
}

/* 0 or errno; *n: processes of engines. */
static int engine_sockets(Host *h, Map *to, size_t *n)
{
	StrVec all;
	uint64_t number;
	int sys = see_list(h, S("/proc"), &all);
	for (size_t i = 0; sys == 0 && i < all.n; i++) {
		if (!str_u64(all.at[i], &number))
			continue;
		Str program = program_of(h, all.at[i]);
		if (!is_engine_program(program))
			continue;
		(*n)++;
		sys = add_sockets(h, all.at[i], program, to);
		if (host_is_absent(sys))
			sys = 0; /* it ended meanwhile */
	}
	return sys;
}

CHECK(H45, "engine-listeners", SECTION, SEV_HIGH, NULL,
      "Engines open no other port: metrics, debugging, containerd's API",
      "dockerd, containerd and crio listen on this host only",
      "Metrics name every container; pprof and containerd's API start programs or read memory.",
      "take metrics-addr, [grpc] tcp_address and [debug] address off the network")
{
	ListenerVec all;
	Map sockets = {0};
	size_t n = 0;
	Str source = S("/proc/net/tcp, and /proc/PID/fd of engines");
	if (!has_listeners(h, v, &all))
		return;
	int sys = engine_sockets(h, &sockets, &n);
	for (size_t i = 0; i < all.n; i++) {
		const Listener *l = &all.at[i];
		const Str *who = map_get(
			&sockets, host_path(h, "socket:[%llu]", (unsigned long long)l->inode));
		enum { PLAIN = 2375, TLS = 2376, OLD = 4243, SWARM = 2377, GOSSIP = 7946 };
		bool api = l->port == PLAIN || l->port == TLS || l->port == OLD ||
			   l->port == SWARM || l->port == GOSSIP;
		if (who != NULL && l->reach != REACH_LOCAL && !api && !l->udp)
			add_once(h, v, l,
				 host_path(h, STR_FMT ", %s", STR_ARG(*who), reach_name(l->reach)));
	}
	if (sys != 0)
		verdict_unread(v, h->a, source, sys);
	else if (n == 0)
		NOT_HERE(h, v, "no engine runs");
	else if (v->items.n != 0)
		WARN(h, v, source, "%zu found", v->items.n);
	else
		PASS(h, v, source, "none, of %zu process%s", n, n == 1 ? "" : "es");
}

/* ---- old services ---- */

static const struct {
	unsigned port;
	bool udp;
	const char *name;
} old_services[] = {{21, false, "ftp"},    {23, false, "telnet"},   {69, true, "tftp"},
		    {79, false, "finger"}, {111, false, "rpcbind"}, {111, true, "rpcbind"},
		    {512, false, "rexec"}, {513, false, "rlogin"},  {514, false, "rsh"},
		    {2049, false, "nfs"},  {2049, true, "nfs"},     {873, false, "rsync"},
		    {6000, false, "x11"},  {177, true, "xdmcp"},    {161, true, "snmp"}};

static const char *const old_units[] = {"telnet.socket",         "telnetd.service",
					"inetd.service",         "xinetd.service",
					"openbsd-inetd.service", "rsh.socket",
					"rlogin.socket",         "rexec.socket",
					"tftp.socket",           "tftpd-hpa.service",
					"rpcbind.service",       "rpcbind.socket",
					"nfs-server.service",    "nfs-kernel-server.service",
					"ypserv.service",        "ypbind.service",
					"vsftpd.service",        "cups.service",
					"avahi-daemon.service"};

CHECK(H80, "old-services", "software", SEV_MEDIUM, "INSE-8000, NETW-3012",
      "No old or needless service runs or is enabled",
      "nobody on the ports of telnet, rsh, tftp, rpcbind, nfs and the like; their units not "
      "enabled",
      "They speak without encryption, run as root, and a host of containers needs none of them.",
      "systemctl disable --now UNIT; remove its package")
{
	static const char *const wants[] = {"multi-user.target.wants", "sockets.target.wants"};
	ListenerVec all = {0};
	Str source = S("/proc/net and /etc/systemd/system");
	int sys = h->o->live ? listeners_look(h, &all) : 0;
	if (sys != 0 && !host_is_absent(sys)) {
		verdict_unread(v, h->a, source, sys);
		return;
	}
	for (size_t i = 0; i < all.n; i++)
		for (size_t k = 0; k < sizeof old_services / sizeof old_services[0]; k++)
			if (all.at[i].port == old_services[k].port &&
			    all.at[i].udp == old_services[k].udp && all.at[i].reach != REACH_LOCAL)
				add_once(h, v, &all.at[i],
					 host_path(h, "%s, %s", old_services[k].name,
						   reach_name(all.at[i].reach)));
	for (size_t i = 0; i < sizeof old_units / sizeof old_units[0]; i++)
		for (size_t k = 0; k < sizeof wants / sizeof wants[0]; k++) {
			ProbeStat st;
			Str path = host_path(h, "/etc/systemd/system/%s/%s", wants[k],
					     old_units[i]);
			if (see_lstat(h, path, &st) == 0)
				verdict_item(v, h->a, "unit", str_of(old_units[i]), "enabled");
		}
	if (v->items.n != 0)
		WARN(h, v, source, "%zu found", v->items.n);
	else
		PASS(h, v, source, "none, of %zu listeners", all.n);
}
