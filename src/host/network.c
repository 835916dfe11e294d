/* network.c - the kernel's switches of the network, for all interfaces and for each. */
#include <errno.h>

#include "host/private.h"

#define SECTION "network"
#define LYNIS "KRNL-6000"
#define SET(line) "put '" line "' into a file of /etc/sysctl.d, and run 'sysctl --system'"

CHECK(H33, "ip-forward", SECTION, SEV_LOW, LYNIS, "Packets are forwarded only where containers run",
      "net.ipv4.ip_forward = 1 with an engine, else 0",
      "A host that forwards joins networks that were meant to be apart; bridges of containers need "
      "it.",
      "leave it to the engine; without one, " SET("net.ipv4.ip_forward = 0"))
{
	int64_t is;
	Str path = S("/proc/sys/net/ipv4/ip_forward");
	if (!host_is_live(h, v))
		return;
	int sys = host_sysctl(h, "net/ipv4/ip_forward", &is);
	bool engine = host_has_engine(h), installed = false;
	for (size_t i = 0; host_engine_program(i) != NULL && !installed; i++)
		installed = host_program(h, host_engine_program(i)).n != 0;
	if (host_is_absent(sys))
		NOT_HERE(h, v, "this kernel has no net.ipv4.ip_forward");
	else if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	else if (is != 0 && !engine && installed)
		INFO(h, v, path, "it is on; an engine is installed, but none runs");
	else if (is != 0 && !engine)
		WARN(h, v, path, "it is on, and no container engine is here");
	else if (is == 0 && engine)
		INFO(h, v, path, "it is off: containers behind a bridge reach nothing");
	else
		PASS(h, v, path, "it is %s, %s", is != 0 ? "on" : "off",
		     engine ? "and an engine is here" : "and no engine is here");
}

CHECK(H36, "bridge-filter", SECTION, SEV_MEDIUM, "CIS 2.4", "What passes a bridge is filtered, too",
      "net.bridge.bridge-nf-call-iptables = 1 and the same for ip6tables",
      "Rules against traffic between containers of one network do nothing otherwise.",
      "load br_netfilter, and " SET("net.bridge.bridge-nf-call-iptables = 1"))
{
	static const Sysctl all[] = {{"net/bridge/bridge-nf-call-iptables", 1, 1},
				     {"net/bridge/bridge-nf-call-ip6tables", 1, 1}};
	host_sysctls(h, v, all, sizeof all / sizeof all[0]);
	if (v->outcome == OUTCOME_NA && h->o->live)
		NOT_HERE(h, v, "br_netfilter is not loaded: nothing on a bridge is filtered by IP");
}

/* ---- of each interface ---- */

static bool is_uplink(Str name)
{
	return !str_eq(name, S("all")) && !str_eq(name, S("default")) && !str_eq(name, S("lo"));
}

/* Those of a container's end, or a bridge that an engine made. */
static bool is_of_containers(Str name)
{
	static const char *const starts[] = {"docker", "br-",     "veth", "cni",
					     "podman", "flannel", "cali"};
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (str_starts(name, str_of(starts[i])))
			return true;
	return false;
}

static int interface_value(Host *h, const char *family, Str name, const char *key, int64_t *out)
{
	return host_sysctl(
		h, host_path(h, "net/%s/conf/" STR_FMT "/%s", family, STR_ARG(name), key).p, out);
}

/* The names below conf; false, and the verdict says why, when there are none. */
static bool interfaces(Host *h, Verdict *v, const char *family, StrVec *out)
{
	Str path = host_path(h, "/proc/sys/net/%s/conf", family);
	if (!host_is_live(h, v))
		return false;
	int sys = see_list(h, path, out);
	if (host_is_absent(sys))
		NOT_HERE(h, v, "this kernel has no %s", family);
	else if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	return sys == 0;
}

/* When no interface decided. */
static void conclude(Host *h, Verdict *v, const char *family)
{
	Str source = host_path(h, "/proc/sys/net/%s/conf", family);
	if (v->subjects == 0)
		NOT_HERE(h, v, "no interface that it applies to");
	else if (v->items.n != 0)
		WARN(h, v, source, "%zu of %llu interfaces", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, source, "%llu interface%s", (unsigned long long)v->subjects,
		     v->subjects == 1 ? "" : "s");
}

CHECK(H37, "rp-filter", SECTION, SEV_MEDIUM, LYNIS,
      "Packets from where they cannot come from are dropped",
      "net.ipv4.conf.*.rp_filter = 1 or 2, the larger of all and the interface",
      "Without it, whoever is on the wire sends packets that seem to come from a container or "
      "from this host.",
      SET("net.ipv4.conf.all.rp_filter = 2"))
{
	StrVec names;
	int64_t all = 0, one = 0;
	if (!interfaces(h, v, "ipv4", &names))
		return;
	(void)interface_value(h, "ipv4", S("all"), "rp_filter", &all);
	for (size_t i = 0; i < names.n; i++) {
		if (!is_uplink(names.at[i]) ||
		    interface_value(h, "ipv4", names.at[i], "rp_filter", &one) != 0)
			continue;
		v->subjects++;
		if (all <= 0 && one <= 0)
			verdict_item(v, h->a, "interface", names.at[i], "rp_filter is 0");
	}
	conclude(h, v, "ipv4");
}

SYSCTLS(H38, "redirects", SECTION, SEV_MEDIUM, LYNIS, "Redirects are neither heard nor sent",
	"accept_redirects = 0 and send_redirects = 0, for all and default",
	"One ICMP packet of a neighbour leads this host's traffic through the neighbour.",
	SET("net.ipv4.conf.all.accept_redirects = 0") ", the same for the others that are named",
	{"net/ipv4/conf/all/accept_redirects", 0, 0},
	{"net/ipv4/conf/default/accept_redirects", 0, 0},
	{"net/ipv4/conf/all/send_redirects", 0, 0}, {"net/ipv4/conf/default/send_redirects", 0, 0},
	{"net/ipv6/conf/all/accept_redirects", 0, 0},
	{"net/ipv6/conf/default/accept_redirects", 0, 0})

SYSCTLS(H39, "source-routing", SECTION, SEV_MEDIUM, LYNIS,
	"Packets do not choose their way themselves",
	"accept_source_route = 0, for all and default",
	"A sender that names the way reaches networks behind this host that have no route to it.",
	SET("net.ipv4.conf.all.accept_source_route = 0") ", the same for the others that are named",
	{"net/ipv4/conf/all/accept_source_route", 0, 0},
	{"net/ipv4/conf/default/accept_source_route", 0, 0},
	{"net/ipv6/conf/all/accept_source_route", -1, 0},
	{"net/ipv6/conf/default/accept_source_route", -1, 0})

SYSCTLS(H40, "martians", SECTION, SEV_LOW, LYNIS, "Packets with impossible addresses are logged",
	"net.ipv4.conf.all.log_martians = 1",
	"They tell of a neighbour that forges, or of a network that is not as it was meant.",
	SET("net.ipv4.conf.all.log_martians = 1"), {"net/ipv4/conf/all/log_martians", 1, 1})

CHECK(H41, "route-localnet", SECTION, SEV_MEDIUM, "CVE-2020-8558",
      "Neighbours do not reach services on 127.0.0.1",
      "net.ipv4.conf.*.route_localnet = 0, but on bridges of containers",
      "What listens on 127.0.0.1 believes to be asked by this host; with route_localnet the whole "
      "network asks.",
      SET("net.ipv4.conf.all.route_localnet = 0"))
{
	StrVec names;
	int64_t all = 0, one = 0;
	if (!interfaces(h, v, "ipv4", &names))
		return;
	(void)interface_value(h, "ipv4", S("all"), "route_localnet", &all);
	for (size_t i = 0; i < names.n; i++) {
		if (!is_uplink(names.at[i]) || is_of_containers(names.at[i]) ||
		    interface_value(h, "ipv4", names.at[i], "route_localnet", &one) != 0)
			continue;
		v->subjects++;
		if (all != 0 || one != 0)
			verdict_item(v, h->a, "interface", names.at[i], "route_localnet is 1%s",
				     all != 0 ? " for all" : "");
	}
	conclude(h, v, "ipv4");
}

SYSCTLS(H42, "icmp-and-syn", SECTION, SEV_LOW, LYNIS,
	"Floods of SYN and answers to broadcasts are held off",
	"net.ipv4.tcp_syncookies = 1, icmp_echo_ignore_broadcasts = 1, "
	"icmp_ignore_bogus_error_responses = 1",
	"Otherwise a few packets fill the table of connections, or make this host attack another.",
	SET("net.ipv4.tcp_syncookies = 1") ", the same for the others that are named",
	{"net/ipv4/tcp_syncookies", 1, 2}, {"net/ipv4/icmp_echo_ignore_broadcasts", 1, 1},
	{"net/ipv4/icmp_ignore_bogus_error_responses", 1, 1})

/* 2: always; 1: unless it forwards. */
static bool hears_routers(Host *h, Str name)
{
	int64_t accepts = 0, forwards = 0, off = 0;
	if (interface_value(h, "ipv6", name, "disable_ipv6", &off) == 0 && off != 0)
		return false;
	(void)interface_value(h, "ipv6", name, "accept_ra", &accepts);
	(void)interface_value(h, "ipv6", name, "forwarding", &forwards);
	return accepts == 2 || (accepts == 1 && forwards == 0);
}

CHECK(H43, "router-advertisements", SECTION, SEV_LOW, LYNIS,
      "Neighbours do not name themselves a router", "net.ipv6.conf.*.accept_ra = 0",
      "One packet of a neighbour, or of a container on a shared network, makes it the way to "
      "everywhere.",
      SET("net.ipv6.conf.default.accept_ra = 0") ", the same for each interface")
{
	StrVec names;
	int64_t is;
	if (!interfaces(h, v, "ipv6", &names))
		return;
	for (size_t i = 0; i < names.n; i++) {
		if (!is_uplink(names.at[i]) || is_of_containers(names.at[i]) ||
		    interface_value(h, "ipv6", names.at[i], "accept_ra", &is) != 0)
			continue;
		v->subjects++;
		if (hears_routers(h, names.at[i]))
			verdict_item(v, h->a, "interface", names.at[i], "accept_ra is %lld",
				     (long long)is);
	}
	conclude(h, v, "ipv6");
}
