/* forward.c - the packet filter between networks and containers. */
#include "host/private.h"

#define SECTION "network"
#define SOURCE S("the kernel's packet filter")

/* False, and the verdict says why, when it is not known. */
static bool has_filter(Host *h, Verdict *v)
{
	if (!host_is_live(h, v))
		return false;
	if (h->o->forward.why.n != 0)
		ERROR(h, v, SOURCE, STR_FMT, STR_ARG(h->o->forward.why));
	return h->o->forward.why.n == 0;
}

CHECK(H34, "forward-policy", SECTION, SEV_HIGH, "FIRE-4508",
      "What no rule lets pass is not forwarded", "policy drop of the forward chain",
      "Where forwarding is on for containers, the host joins its networks for everybody else, too.",
      "leave iptables to the engine, which sets it; or 'iptables -P FORWARD DROP'")
{
	const HostForward *f = &h->o->forward;
	int64_t on = 1;
	if (!has_filter(h, v))
		return;
	(void)host_sysctl(h, "net/ipv4/ip_forward", &on);
	if (f->drops)
		PASS(h, v, SOURCE, "policy drop (" STR_FMT ")", STR_ARG(f->backend));
	else if (on == 0)
		NOT_HERE(h, v, "nothing is forwarded");
	else if (f->backend.n == 0)
		WARN(h, v, SOURCE, "there is no forward chain: everything is forwarded");
	else
		WARN(h, v, SOURCE, "policy accept (" STR_FMT ")", STR_ARG(f->backend));
}

/* Where ports go that are published without an address. */
static bool binds_locally(const Host *h, Str *ip)
{
	Setting s = daemon_setting(&h->d, h->a, "ip", NULL);
	*ip = s.text;
	return s.unknown.n == 0 && s.set &&
	       (str_starts(s.text, S("127.")) || str_eq(s.text, S("::1")));
}

CHECK(H35, "docker-user-rules", SECTION, SEV_MEDIUM, NULL,
      "Somebody decides who reaches published ports", "rules in the chain DOCKER-USER",
      "Ports that containers publish pass by the host's own firewall: ufw and firewalld do not see "
      "them.",
      "put rules into DOCKER-USER, or publish on an address: -p 127.0.0.1:8080:80")
{
	const HostForward *f = &h->o->forward;
	Str ip;
	if (!has_filter(h, v))
		return;
	if (!f->docker_user)
		NOT_HERE(h, v, "there is no chain DOCKER-USER");
	else if (f->docker_user_rules == 0 && binds_locally(h, &ip))
		PASS(h, v, h->d.config_path, "ports are published on " STR_FMT, STR_ARG(ip));
	else if (f->docker_user_rules == 0)
		WARN(h, v, SOURCE,
		     "DOCKER-USER lets everything pass: published ports are open to everybody");
	else
		PASS(h, v, SOURCE, "%u rule%s (" STR_FMT ")", f->docker_user_rules,
		     f->docker_user_rules == 1 ? "" : "s", STR_ARG(f->backend));
}
