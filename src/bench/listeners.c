/* listeners.c - what the engine's process listens on, as the kernel has it. */
#include <stdio.h>

#include "bench/private.h"

#define SECTION "daemon"

typedef VEC(uint64_t) Inodes;

static bool sockets_of(Bench *b, Inodes *out)
{
	StrVec fds;
	char dir[64];
	snprintf(dir, sizeof dir, "/proc/%u/fd", b->d.pid);
	if (b->d.pid == 0 || probe_list(b->p, str_of(dir), b->a, &fds) != 0)
		return false;
	for (size_t i = 0; i < fds.n; i++) {
		Str link;
		uint64_t inode;
		Buf path = buf_in(b->a, 256);
		buf_fmt(&path, "%s/" STR_FMT, dir, STR_ARG(fds.at[i]));
		if (probe_link(b->p, buf_str(&path), b->a, &link) != 0 ||
		    !str_starts(link, S("socket:[")))
			continue;
		Str number = str_skip(link, strlen("socket:["));
		if (number.n != 0 && str_u64(str_first(number, number.n - 1), &inode))
			vec_push(b->a, out, inode);
	}
	return true;
}

static bool has(const Inodes *set, uint64_t inode)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->at[i] == inode)
			return true;
	return false;
}

/* A line of /proc/net/tcp: "sl local remote st ... uid timeout inode ...", addresses in hex. */
static bool read_line(Str line, Str *local, uint64_t *inode)
{
	Str field[10];
	for (size_t i = 0; i < 10; i++) {
		line = str_trim(line);
		if (!str_cut(&line, ' ', &field[i]))
			return false;
	}
	*local = field[1];
	return str_eq(field[3], S("0A")) && str_u64(field[9], inode); /* TCP_LISTEN */
}

static unsigned port_of(Str local)
{
	unsigned port = 0;
	Str address, digits = local;
	(void)str_cut(&digits, ':', &address);
	for (size_t i = 0; i < digits.n && i < 4; i++) {
		char c = digits.p[i];
		port = port * 16 + (unsigned)(c >= 'A' ? c - 'A' + 10 : c - '0');
	}
	return port;
}

/* "0100007F" and "0...01000000" as the kernel prints 127.0.0.1 and ::1. */
static const char *scope_of(Str local)
{
	Str address = local, rest = local;
	(void)str_cut(&rest, ':', &address);
	bool any = true;
	for (size_t i = 0; i < address.n; i++)
		any = any && address.p[i] == '0';
	if (any)
		return "every address";
	if (str_ends(address, S("7F")) || str_ends(address, S("01000000")))
		return "this host only";
	return "one address";
}

/* Ports of swarm mode, which has certificates of its own, and of the metrics. */
static bool is_other(Bench *b, unsigned port)
{
	Setting metrics = daemon_setting(&b->d, b->a, "metrics-addr", NULL);
	Str state = value_str(value_get(b->d.info, S("Swarm")), S("LocalNodeState"));
	char tail[16];
	snprintf(tail, sizeof tail, ":%u", port);
	return (str_eq(state, S("active")) && (port == 2377 || port == 7946)) ||
	       (metrics.set && str_ends(metrics.text, str_of(tail)));
}

static bool add_listeners(Bench *b, Verdict *v, const Inodes *mine, const char *file, bool tls)
{
	Str text, line, local;
	uint64_t inode;
	char path[64];
	snprintf(path, sizeof path, "/proc/%u/net/%s", b->d.pid, file);
	if (probe_read(b->p, str_of(path), b->a, &text) != 0)
		return false;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		if (!read_line(line, &local, &inode) || !has(mine, inode) ||
		    is_other(b, port_of(local)))
			continue;
		char name[32];
		snprintf(name, sizeof name, "tcp port %u", port_of(local));
		verdict_item(v, b->a, "listener", str_of(name), "%s, %s", scope_of(local),
			     tls ? "clients need a certificate" : "clients need no certificate");
	}
	return true;
}

/* What was asked for, where the process cannot be looked at. */
static size_t asked_for(Bench *b, Verdict *v, const Setting *hosts, bool tls)
{
	size_t n = 0;
	for (size_t i = 0; i < hosts->all.n; i++) {
		if (!str_starts(hosts->all.at[i], S("tcp://")))
			continue;
		verdict_item(v, b->a, "listener", hosts->all.at[i], "%s",
			     tls ? "clients need a certificate" : "clients need no certificate");
		n++;
	}
	return n;
}

static void tls(Bench *b, Verdict *v)
{
	Inodes mine = {0};
	Setting verify, hosts;
	if (!bench_setting(b, v, "tlsverify", NULL, &verify) ||
	    !bench_setting(b, v, "hosts", "host", &hosts))
		return;
	bool verified = setting_on(&verify, false);
	Str source = verify.source;
	bool seen = sockets_of(b, &mine) && add_listeners(b, v, &mine, "tcp", verified) &&
		    add_listeners(b, v, &mine, "tcp6", verified);
	if (seen)
		source = S("/proc/PID/net/tcp of the engine, and tlsverify");
	else
		(void)asked_for(b, v, &hosts, verified);
	if (v->items.n == 0)
		PASS(b, v, seen ? source : hosts.source, "no TCP port");
	else if (verified)
		PASS(b, v, source, "%zu TCP listeners, tlsverify is true", v->items.n);
	else
		WARN(b, v, source, "%zu TCP listeners, tlsverify is not set", v->items.n);
}

CHECK(B207, "tls", SECTION, CIS_18("2.7", "2.8"), 1, SEV_CRITICAL,
      "The API is on TCP only with client certificates", "no tcp:// host, or tlsverify: true",
      "Whoever can reach the port is root on this host; scanners find it within hours.",
      "take tcp:// out of hosts and -H and use ssh:// from clients, or set tlsverify with "
      "tlscacert, "
      "tlscert and tlskey",
      tls)
