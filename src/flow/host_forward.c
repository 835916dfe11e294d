/* host_forward.c - asks for chains and rules. The kernel's answers are believed: they are read
 * where they are received, within what was received. */
#include "flow/host_forward.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/buf.h"
#include "io/fd.h"

/* ---- attributes ---- */

/* A netlink attribute's body; false at the end. */
static bool next_attribute(Str *rest, unsigned *type, Str *body)
{
	struct nlattr head;
	if (rest->n < sizeof head)
		return false;
	memcpy(&head, rest->p, sizeof head);
	if (head.nla_len < sizeof head || head.nla_len > rest->n)
		return false;
	*type = head.nla_type & (unsigned)NLA_TYPE_MASK;
	*body = str_first(str_skip(*rest, sizeof head), head.nla_len - sizeof head);
	*rest = str_skip(*rest, NLA_ALIGN(head.nla_len));
	return true;
}

static Str attribute(Str all, unsigned wanted)
{
	unsigned type;
	Str body;
	while (next_attribute(&all, &type, &body))
		if (type == wanted)
			return body;
	return (Str){0};
}

static uint32_t number_of(Str body)
{
	uint32_t n = 0;
	if (body.n == sizeof n)
		memcpy(&n, body.p, sizeof n);
	return ntohl(n);
}

static Str text_of(Str body) { return str_first(body, body.n != 0 ? strnlen(body.p, body.n) : 0); }

/* ---- nf_tables ---- */

typedef struct Asked {
	HostForward *out;
	void (*each)(HostForward *out, unsigned family, Str attributes);
} Asked;

static void see_chain(HostForward *out, unsigned family, Str all)
{
	Str hook = attribute(all, NFTA_CHAIN_HOOK);
	bool ip = family == NFPROTO_IPV4 || family == NFPROTO_INET;
	if (ip && str_eq(text_of(attribute(all, NFTA_CHAIN_NAME)), S("DOCKER-USER")))
		out->docker_user = true;
	if (!ip || hook.n == 0 || number_of(attribute(hook, NFTA_HOOK_HOOKNUM)) != NF_INET_FORWARD)
		return;
	out->backend = S("nf_tables");
	Str policy = attribute(all, NFTA_CHAIN_POLICY);
	if (policy.n != 0 && number_of(policy) == NF_DROP)
		out->drops = true;
}

/* A rule that only counts and returns does nothing. */
static bool does_something(Str expression)
{
	Str name = text_of(attribute(expression, NFTA_EXPR_NAME));
	if (str_eq(name, S("counter")) || str_eq(name, S("comment")))
		return false;
	if (!str_eq(name, S("immediate")))
		return true;
	Str data = attribute(attribute(expression, NFTA_EXPR_DATA), NFTA_IMMEDIATE_DATA);
	Str verdict = attribute(data, NFTA_DATA_VERDICT);
	return (int32_t)number_of(attribute(verdict, NFTA_VERDICT_CODE)) != NFT_RETURN;
}

static void see_rule(HostForward *out, unsigned family, Str all)
{
	Str list = attribute(all, NFTA_RULE_EXPRESSIONS), one;
	unsigned type;
	bool works = false;
	(void)family;
	if (!str_eq(text_of(attribute(all, NFTA_RULE_CHAIN)), S("DOCKER-USER")))
		return;
	while (next_attribute(&list, &type, &one))
		works = works || (type == NFTA_LIST_ELEM && does_something(one));
	out->docker_user_rules += works;
}

/* 0 or errno; *more: the answer goes on. */
static int read_messages(Str got, const Asked *asked, bool *more)
{
	struct nlmsghdr head;
	struct nfgenmsg general;
	while (got.n >= sizeof head) {
		memcpy(&head, got.p, sizeof head);
		if (head.nlmsg_len < sizeof head || head.nlmsg_len > got.n)
			return EBADMSG;
		Str body = str_first(str_skip(got, NLMSG_HDRLEN), head.nlmsg_len - NLMSG_HDRLEN);
		got = str_skip(got, NLMSG_ALIGN(head.nlmsg_len));
		if (head.nlmsg_type == NLMSG_DONE) {
			*more = false;
			return 0;
		}
		if (head.nlmsg_type == NLMSG_ERROR) {
			int32_t sys = 0;
			if (body.n >= sizeof sys)
				memcpy(&sys, body.p, sizeof sys);
			*more = false;
			return -sys;
		}
		if (body.n < sizeof general)
			continue;
		memcpy(&general, body.p, sizeof general);
		asked->each(asked->out, general.nfgen_family,
			    str_skip(body, NLMSG_ALIGN(sizeof general)));
	}
	return 0;
}

/* All of a kind of thing, of all tables. 0 or errno. */
static int dump(int fd, unsigned kind, const Asked *asked)
{
	enum { ANSWER_MAX = 12 << 10 }; /* the kernel's dumps come in pieces of 8 KiB */
	struct {
		struct nlmsghdr head;
		struct nfgenmsg general;
	} ask = {.head = {.nlmsg_len = sizeof ask,
			  .nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | kind),
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		 .general = {.nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0}};
	if (send(fd, &ask, sizeof ask, 0) != (ssize_t)sizeof ask)
		return errno;
	for (bool more = true; more;) {
		char answer[ANSWER_MAX];
		ssize_t n = recv(fd, answer, sizeof answer, MSG_TRUNC);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || (size_t)n > sizeof answer)
			return n < 0 ? errno : EMSGSIZE;
		int sys = read_messages((Str){answer, (size_t)n}, asked, &more);
		if (sys != 0)
			return sys;
	}
	return 0;
}

/* A kernel without nf_tables knows no such message, or no such socket. */
static bool is_missing(int sys)
{
	return sys == EINVAL || sys == EOPNOTSUPP || sys == EPROTONOSUPPORT || sys == EAFNOSUPPORT;
}

static int ask_nf_tables(HostForward *out)
{
	static const struct timeval wait = {.tv_sec = 2};
	AUTO_FD int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (fd < 0)
		return is_missing(errno) ? 0 : errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	int sys = dump(fd, NFT_MSG_GETCHAIN, &(Asked){out, see_chain});
	if (sys == 0 && out->docker_user)
		sys = dump(fd, NFT_MSG_GETRULE, &(Asked){out, see_rule});
	return is_missing(sys) ? 0 : sys;
}

/* ---- iptables ---- */

/* The verdict of a standard target: -NF_DROP - 1 and so on; 0: another target. */
static int verdict_of(Str entry, uint16_t at)
{
	struct xt_standard_target target;
	if (at > entry.n || entry.n - at < sizeof target)
		return 0;
	memcpy(&target, entry.p + at, sizeof target);
	return target.target.u.user.name[0] == '\0' ? target.verdict : 0;
}

/* The chain that begins here; empty: none does. */
static Str chain_of(Str entry, uint16_t at)
{
	struct xt_error_target target;
	if (at > entry.n || entry.n - at < sizeof target)
		return (Str){0};
	memcpy(&target, entry.p + at, sizeof target);
	if (strncmp(target.target.u.user.name, XT_ERROR_TARGET, sizeof target.target.u.user.name) !=
	    0)
		return (Str){0};
	size_t n = strnlen(target.errorname, sizeof target.errorname);
	return str_eq((Str){target.errorname, n}, S("DOCKER-USER")) ? S("DOCKER-USER") : S("?");
}

static void see_entries(Str table, size_t policy, HostForward *out)
{
	struct ipt_entry e;
	bool inside = false;
	for (size_t at = 0; table.n - at >= sizeof e; at += e.next_offset) {
		memcpy(&e, table.p + at, sizeof e);
		if (e.next_offset < sizeof e || e.next_offset > table.n - at)
			return;
		Str entry = str_first(str_skip(table, at), e.next_offset);
		Str chain = chain_of(entry, e.target_offset);
		int verdict = verdict_of(entry, e.target_offset);
		if (at == policy)
			out->drops = out->drops || verdict == -NF_DROP - 1;
		if (chain.n != 0)
			inside = str_eq(chain, S("DOCKER-USER"));
		else if (inside)
			out->docker_user_rules += verdict != XT_RETURN;
		out->docker_user = out->docker_user || inside;
	}
}

/* Is the older table there? Asking for it by socket would load it. */
static bool has_old_filter(void)
{
	char names[512];
	AUTO_FD int fd = open("/proc/net/ip_tables_names", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, names, sizeof names) : 0;
	Str rest = {names, n > 0 ? (size_t)n : 0}, name;
	while (rest.n != 0 && str_cut(&rest, '\n', &name))
		if (str_eq(name, S("filter")))
			return true;
	return false;
}

static int ask_iptables(Arena *a, HostForward *out)
{
	enum { TABLE_MAX = 64 << 20 };
	struct ipt_getinfo info = {.name = "filter"};
	socklen_t n = sizeof info;
	if (!has_old_filter())
		return 0;
	AUTO_FD int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (fd < 0 || getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, &info, &n) != 0)
		return errno;
	if (info.size > TABLE_MAX)
		return EFBIG;
	n = (socklen_t)(sizeof(struct ipt_get_entries) + info.size);
	struct ipt_get_entries *table = arena_alloc(a, 1, n, _Alignof(struct ipt_get_entries));
	memcpy(table->name, "filter", sizeof "filter");
	table->size = info.size;
	if (getsockopt(fd, IPPROTO_IP, IPT_SO_GET_ENTRIES, table, &n) != 0)
		return errno;
	out->backend = S("iptables");
	see_entries((Str){(const char *)table->entrytable, info.size},
		    info.underflow[NF_INET_FORWARD], out);
	return 0;
}

void host_forward_ask(Arena *a, HostForward *out)
{
	HostForward f = {0};
	int sys = ask_nf_tables(&f);
	if (sys == 0)
		sys = ask_iptables(a, &f);
	if (sys != 0) {
		Buf why = buf_in(a, 256);
		f = (HostForward){0};
		buf_fmt(&why, "the kernel does not tell: %s", strerrordesc_np(sys));
		f.why = buf_str(&why);
	}
	*out = f;
}
