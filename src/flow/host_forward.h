/* host_forward.h - what the kernel's packet filter does with what is not for this host: nf_tables
 * by netlink, and the older iptables by getsockopt. Takes CAP_NET_ADMIN. */
#pragma once
#include "host/host.h"

/* Never fails: `why` says. Everything lives in `a`. */
void host_forward_ask(Arena *a, HostForward *out);
