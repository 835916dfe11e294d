/* netlink.c - asks the kernel's audit one question at a time, and hears its answer to the end. */
#include "audit/netlink.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { MESSAGE_MAX = 12 * 1024, WAIT_SECONDS = 10, STATUS_MIN = 32 };

static Result because(const char *what, int sys)
{
	const char *hint = "";
	if (sys == EPERM || sys == EACCES)
		hint = "; it takes CAP_AUDIT_CONTROL, outside of containers, and audit that is "
		       "not locked";
	else if (sys == ECONNREFUSED || sys == EPROTONOSUPPORT)
		hint = "; this kernel has no audit, or this is a container";
	return err_make(ERR_SYS, sys, ERR_HERE, "%s: %s%s", what, strerrordesc_np(sys), hint);
}

Result audit_open(AuditLink *out)
{
	struct timeval wait = {.tv_sec = WAIT_SECONDS};
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	if (fd < 0)
		return because("the kernel's audit", errno);
	/* Connected, it takes messages from the kernel only. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0 ||
	    connect(fd, (struct sockaddr *)&kernel, sizeof kernel) != 0) {
		int sys = errno;
		close(fd);
		return because("the kernel's audit", sys);
	}
	*out = (AuditLink){.fd = fd};
	return OK;
}

void audit_close(AuditLink *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

typedef struct Answer {
	uint16_t type;
	Str body;
} Answer;

static Result ask(AuditLink *l, uint16_t type, uint16_t flags, Str body)
{
	struct nlmsghdr h = {.nlmsg_len = (uint32_t)(sizeof h + body.n),
			     .nlmsg_type = type,
			     .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
			     .nlmsg_seq = ++l->serial};
	char message[sizeof h + sizeof(struct audit_rule_data) + LIMIT_AUDIT_RULE_TEXT];
	if (body.n > sizeof message - sizeof h)
		FAIL(ERR_BUG, "a question of %zu bytes to the kernel's audit", body.n);
	memcpy(message, &h, sizeof h);
	if (body.n != 0)
		memcpy(message + sizeof h, body.p, body.n);
	ssize_t sent;
	do
		sent = send(l->fd, message, sizeof h + body.n, 0);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return because("the kernel's audit", errno);
	return OK;
}

/* The next message that answers the last question. */
static Result hear(AuditLink *l, char *room, size_t size, Answer *out)
{
	for (;;) {
		struct nlmsghdr h;
		ssize_t n = recv(l->fd, room, size, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return because("the kernel's audit does not answer", errno);
		if ((size_t)n < sizeof h)
			FAIL(ERR_BUG, "the kernel's audit: a message of %zd bytes", n);
		memcpy(&h, room, sizeof h);
		if (h.nlmsg_seq != l->serial)
			continue;
		/* nlmsg_len of audit's own messages leaves out their header; the datagram's
		 * length counts. */
		*out = (Answer){h.nlmsg_type, {room + sizeof h, (size_t)n - sizeof h}};
		return OK;
	}
}

static int error_of(const Answer *a)
{
	int32_t error = 0;
	if (a->body.n < sizeof error)
		return EPROTO;
	memcpy(&error, a->body.p, sizeof error);
	return -error;
}

static Result do_it(AuditLink *l, uint16_t type, Str body, const char *what, int *sys)
{
	char room[MESSAGE_MAX];
	Answer a = {0};
	TRY(ask(l, type, NLM_F_ACK, body));
	do
		TRY(hear(l, room, sizeof room, &a));
	while (a.type != NLMSG_ERROR);
	int error = error_of(&a);
	if (sys != NULL && (error == 0 || error == EEXIST || error == ENOENT))
		*sys = error;
	else if (error != 0)
		return because(what, error);
	return OK;
}

Result audit_status(AuditLink *l, AuditStatus *out)
{
	char room[MESSAGE_MAX];
	struct audit_status s = {0};
	Answer a;
	TRY(ask(l, AUDIT_GET, 0, (Str){0}));
	for (;;) {
		TRY(hear(l, room, sizeof room, &a));
		if (a.type == NLMSG_ERROR && error_of(&a) != 0)
			return because("the kernel's audit", error_of(&a));
		if (a.type == AUDIT_GET)
			break;
	}
	if (a.body.n < STATUS_MIN)
		FAIL(ERR_BUG, "the kernel's audit: a state of %zu bytes", a.body.n);
	memcpy(&s, a.body.p, a.body.n < sizeof s ? a.body.n : sizeof s);
	*out = (AuditStatus){s.enabled,       s.failure, s.pid,    s.rate_limit,
			     s.backlog_limit, s.lost,    s.backlog};
	return OK;
}

Result audit_set(AuditLink *l, uint32_t mask, const AuditStatus *to)
{
	struct audit_status s = {.mask = mask,
				 .enabled = to->enabled,
				 .failure = to->failure,
				 .pid = to->pid,
				 .rate_limit = to->rate_limit,
				 .backlog_limit = to->backlog_limit};
	return do_it(l, AUDIT_SET, (Str){(const char *)&s, sizeof s},
		     "changing the state of the kernel's audit", NULL);
}

Result audit_rules(AuditLink *l, Arena *a, AuditRuleVec *out)
{
	char room[MESSAGE_MAX];
	Answer answer;
	AuditRuleVec rules = {0};
	TRY(ask(l, AUDIT_LIST_RULES, NLM_F_DUMP, (Str){0}));
	for (;;) {
		AuditRule r;
		TRY(hear(l, room, sizeof room, &answer));
		if (answer.type == NLMSG_ERROR && error_of(&answer) != 0)
			return because("the rules of the kernel's audit", error_of(&answer));
		if (answer.type == NLMSG_DONE)
			break;
		if (answer.type != AUDIT_LIST_RULES)
			continue;
		if (rules.n >= LIMIT_AUDIT_RULES)
			FAIL(ERR_LIMIT, "more than %u audit rules", LIMIT_AUDIT_RULES);
		TRY(audit_rule_decode(arena_str(a, answer.body), a, &r));
		vec_push(a, &rules, r);
	}
	*out = rules;
	return OK;
}

static Result change(AuditLink *l, uint16_t type, const AuditRule *r, const char *what, int *sys)
{
	Arena a = {0};
	Buf b = buf_in(&a, sizeof(struct audit_rule_data) + LIMIT_AUDIT_RULE_TEXT);
	Err *e = audit_rule_encode(r, &b);
	if (e == OK)
		e = do_it(l, type, buf_str(&b), what, sys);
	arena_finish(&a);
	return e;
}

Result audit_add(AuditLink *l, const AuditRule *r, int *sys)
{
	return change(l, AUDIT_ADD_RULE, r, "loading an audit rule", sys);
}

Result audit_delete(AuditLink *l, const AuditRule *r, int *sys)
{
	AuditRule loaded = *r;
	loaded.first = false; /* a loaded rule does not know where it was put */
	return change(l, AUDIT_DEL_RULE, &loaded, "removing an audit rule", sys);
}
