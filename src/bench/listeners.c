/* listeners.c - what the engine's process listens on, as the kernel has it. */
#include <errno.h>
#include <stdio.h>

#include "bench/private.h"
#include "engine/socket_owner.h"
#include "engine/unit.h"

#define SECTION "daemon"

static const char *scope_of(const TcpListener *l)
{
	return l->any ? "every address" : l->loopback ? "this host only" : "one address";
}

static bool ends_in_port(Str host, unsigned port)
{
	char tail[16];
	snprintf(tail, sizeof tail, ":%u", port);
	return str_ends(host, str_of(tail));
}

/* Without its userland proxy the engine holds the ports that containers publish. */
static bool is_published(const Bench *b, unsigned port)
{
	for (size_t i = 0; b->listed != NULL && i < b->listed->n; i++) {
		const Value *ports = value_items(b->listed->items[i], S("Ports"));
		for (size_t k = 0; ports != NULL && k < ports->n; k++)
			if (bench_number(ports->items[k], S("PublicPort")) == (int64_t)port)
				return true;
	}
	return false;
}

/* Ports of swarm mode, which has certificates of its own, of the metrics, and of containers. */
static bool is_other(Bench *b, const Setting *hosts, unsigned port)
{
	Setting metrics = daemon_setting(&b->d, b->a, "metrics-addr", NULL);
	Str state = value_str(value_get(b->d.info, S("Swarm")), S("LocalNodeState"));
	for (size_t i = 0; i < hosts->all.n; i++)
		if (ends_in_port(hosts->all.at[i], port))
			return false;
	return (str_eq(state, S("active")) && (port == 2377 || port == 7946)) ||
	       (metrics.set && ends_in_port(metrics.text, port)) || is_published(b, port);
}

static const char *certificates(bool tls)
{
	return tls ? "clients need a certificate" : "clients need no certificate";
}

/* 0, or why the kernel's list cannot be read. */
static int add_listeners(Bench *b, Verdict *v, const Inodes *mine, const char *file,
			 const Setting *hosts, bool tls)
{
	Str text, line;
	TcpListener l;
	char path[64];
	snprintf(path, sizeof path, "/proc/%u/net/%s", b->d.pid, file);
	int sys = probe_read(b->p, str_of(path), b->a, &text);
	while (sys == 0 && text.n != 0 && str_cut(&text, '\n', &line)) {
		if (!proc_tcp_listener(line, &l) || !inodes_have(mine, l.inode) ||
		    is_other(b, hosts, l.port))
			continue;
		char name[32];
		snprintf(name, sizeof name, "tcp port %u", l.port);
		verdict_item(v, b->a, "listener", str_of(name), "%s, %s", scope_of(&l),
			     certificates(tls));
	}
	return sys == ENOENT && strcmp(file, "tcp6") == 0 ? 0 : sys; /* without IPv6 */
}

static bool kernel_tells(Bench *b, Verdict *v, const Setting *hosts, bool tls)
{
	Inodes mine;
	return b->d.pid != 0 && sockets_of(b->p, b->d.pid, b->a, &mine) == 0 &&
	       add_listeners(b, v, &mine, "tcp", hosts, tls) == 0 &&
	       add_listeners(b, v, &mine, "tcp6", hosts, tls) == 0;
}

/* "fd://": systemd listens, as the engine's socket unit says. */
static Str asked_of_systemd(Bench *b, Verdict *v, bool tls)
{
	StrVec all;
	Str why;
	unit_listens(b->p, S("docker.socket"), b->a, &all, &why);
	for (size_t i = 0; i < all.n; i++)
		if (!str_starts(all.at[i], S("/")) && !str_starts(all.at[i], S("@")))
			verdict_item(v, b->a, "listener", all.at[i], "by docker.socket, %s",
				     certificates(tls));
	return why;
}

/* What was asked for, where the process cannot be looked at; why it cannot be known. */
static Str asked_for(Bench *b, Verdict *v, const Setting *hosts, bool tls)
{
	Str why = {0};
	v->items.n = 0;
	for (size_t i = 0; i < hosts->all.n; i++)
		if (str_starts(hosts->all.at[i], S("tcp://")))
			verdict_item(v, b->a, "listener", hosts->all.at[i], "%s",
				     certificates(tls));
		else if (str_starts(hosts->all.at[i], S("fd://")) && !b->d.only_file)
			why = asked_of_systemd(b, v, tls);
	return why;
}

static void tls(Bench *b, Verdict *v)
{
	Setting verify, hosts;
	if (!bench_setting(b, v, "tlsverify", NULL, &verify) ||
	    !bench_setting(b, v, "hosts", "host", &hosts))
		return;
	bool verified = setting_on(&verify, false);
	Str why = {0};
	bool told = kernel_tells(b, v, &hosts, verified);
	Str source = told ? S("/proc/PID/net/tcp of the engine, and tlsverify") : hosts.source;
	if (!told)
		why = asked_for(b, v, &hosts, verified);
	if (why.n != 0)
		ERROR(b, v, S("docker.socket"), STR_FMT, STR_ARG(why));
	else if (v->items.n == 0)
		PASS(b, v, source, "no TCP port");
	else if (verified)
		PASS(b, v, source, "%zu TCP listener%s, tlsverify is true", v->items.n,
		     v->items.n == 1 ? "" : "s");
	else
		WARN(b, v, source, "%zu TCP listener%s, tlsverify is not set", v->items.n,
		     v->items.n == 1 ? "" : "s");
}

CHECK(B207, "tls", SECTION, CIS_18("2.7", "2.8"), 1, SEV_CRITICAL,
      "The API is on TCP only with client certificates", "no tcp:// host, or tlsverify: true",
      "Whoever can reach the port is root on this host; scanners find it within hours.",
      "take tcp:// out of hosts and -H and use ssh:// from clients, or set tlsverify with "
      "tlscacert, "
      "tlscert and tlskey",
      tls)
