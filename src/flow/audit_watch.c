/* audit_watch.c - takes the kernel's stream, has a worker read it, and gives it back. */
#include "flow/audit_watch.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>

#include "base/limits.h"
#include "engine/listen.h"
#include "io/fd.h"

enum {
	BUFFER_MIB = 64, /* 60,000 records, a tenth of a second of a flood */
	BUFFER_MIB_MAX = 1024,
	BACKLOG = 8192, /* records that may wait in the kernel; its own 64 hold calls up */
};

/* ---- stopping ---- */

static int stop_fd = -1;

void audit_watch_stop(void)
{
	int why = errno;
	ssize_t ignored = write(stop_fd, "x", 1);
	(void)ignored;
	errno = why;
}

static void on_signal(int sig)
{
	(void)sig;
	audit_watch_stop();
}

static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPPING = sizeof stopping / sizeof stopping[0] };

/* ---- the stream ---- */

typedef struct Stream {
	AuditLink control;
	int socket, stop[2];
	bool changed; /* the state is not as it was found */
	AuditStatus found;
	struct sigaction before[STOPPING], pipe_before;
	bool signals;
	int64_t since_ms;
	ProbeEngine engine;
} Stream;

static Result open_socket(const AuditWatchRequest *r, Stream *s)
{
	unsigned mib = r->buffer_mib != 0 ? r->buffer_mib : BUFFER_MIB;
	int bytes = (int)(mib < BUFFER_MIB_MAX ? mib : BUFFER_MIB_MAX) << 20;
	struct sockaddr_nl at = {.nl_family = AF_NETLINK};
	if (r->multicast)
		at.nl_groups = 1u << (AUDIT_NLGRP_READLOG - 1);
	s->socket = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT);
	if (s->socket < 0)
		FAIL_SYS("the kernel's audit: %s", strerrordesc_np(errno));
	if (setsockopt(s->socket, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
		setsockopt(s->socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
	if (bind(s->socket, (struct sockaddr *)&at, sizeof at) != 0)
		FAIL_SYS("the kernel's audit: %s; it takes CAP_AUDIT_READ", strerrordesc_np(errno));
	return OK;
}

/* The kernel sends to the socket that says so, and to nobody else. Its answer is not waited for:
 * records may come before it. */
static Result register_reader(Stream *s)
{
	struct {
		struct nlmsghdr h;
		struct audit_status s;
	} m = {.h = {.nlmsg_len = sizeof m, .nlmsg_type = AUDIT_SET, .nlmsg_flags = NLM_F_REQUEST},
	       .s = {.mask = AUDIT_STATUS_PID, .pid = (uint32_t)getpid()}};
	AuditStatus now;
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	if (sendto(s->socket, &m, sizeof m, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0)
		FAIL_SYS("taking the stream of the kernel's audit: %s", strerrordesc_np(errno));
	s->changed = true;
	TRY(audit_status(&s->control, &now));
	if (now.pid != (uint32_t)getpid())
		FAIL(ERR_SYS,
		     "the kernel's audit: process %u reads the stream (auditd?); stop it, or use "
		     "--multicast",
		     now.pid);
	return OK;
}

static Result begin(const AuditWatchRequest *r, Stream *s)
{
	TRY(audit_status(&s->control, &s->found));
	if (!r->multicast && s->found.pid != 0)
		FAIL(ERR_SYS,
		     "the kernel's audit: process %u reads the stream (auditd?); stop it, or use "
		     "--multicast",
		     s->found.pid);
	TRY(open_socket(r, s));
	if (!r->multicast && s->found.enabled == 2)
		FAIL(ERR_SYS, "the kernel's audit is locked until the machine starts anew; use "
			      "--multicast");
	AuditStatus want = s->found;
	if (want.backlog_limit < BACKLOG)
		want.backlog_limit = BACKLOG;
	if (s->found.enabled != 2) {
		s->changed = true;
		TRY(audit_set(&s->control, AUDIT_STATUS_BACKLOG_LIMIT, &want));
	}
	if (!r->multicast)
		TRY(register_reader(s));
	want.enabled = 1;
	return s->found.enabled == 0 ? audit_set(&s->control, AUDIT_STATUS_ENABLED, &want) : OK;
}

static Result put_back(Stream *s, uint32_t mask, const AuditStatus *now)
{
	uint32_t differs = 0;
	if (now->enabled != s->found.enabled)
		differs |= AUDIT_STATUS_ENABLED;
	if (now->backlog_limit != s->found.backlog_limit)
		differs |= AUDIT_STATUS_BACKLOG_LIMIT;
	if (now->pid == (uint32_t)getpid())
		differs |= AUDIT_STATUS_PID;
	return (differs & mask) != 0 ? audit_set(&s->control, differs & mask, &s->found) : OK;
}

/* First what makes records, then who gets them. */
static Result end(Stream *s)
{
	AuditStatus now;
	if (!s->changed)
		return OK;
	TRY(audit_status(&s->control, &now));
	Err *e = put_back(s, AUDIT_STATUS_ENABLED, &now);
	Err *other = put_back(s, AUDIT_STATUS_PID | AUDIT_STATUS_BACKLOG_LIMIT, &now);
	if (e != OK)
		err_free(other);
	return e != OK ? e : other;
}

/* ---- signals ---- */

static Result catch_signals(Stream *s)
{
	struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	if (pipe2(s->stop, O_CLOEXEC | O_NONBLOCK) != 0)
		FAIL_SYS("making a pipe: %s", strerrordesc_np(errno));
	stop_fd = s->stop[1];
	for (size_t i = 0; i < STOPPING; i++)
		sigaction(stopping[i], &act, &s->before[i]);
	sigaction(SIGPIPE, &ignore, &s->pipe_before);
	s->signals = true;
	return OK;
}

static void close_stream(Stream *s)
{
	for (size_t i = 0; i < STOPPING && s->signals; i++)
		sigaction(stopping[i], &s->before[i], NULL);
	if (s->signals)
		sigaction(SIGPIPE, &s->pipe_before, NULL);
	stop_fd = -1;
	fd_closep(&s->stop[0]);
	fd_closep(&s->stop[1]);
	fd_closep(&s->socket);
	audit_close(&s->control);
}

/* ---- the worker ---- */

static void json_line(const void *ctx, const AuditEvent *e, const AuditJoined *j, Buf *to)
{
	const AuditWatchRequest *r = ctx;
	audit_event_json(e, j, r->records, to);
}

static void text_line(const void *ctx, const AuditEvent *e, const AuditJoined *j, Buf *to)
{
	(void)ctx, (void)j;
	audit_event_text(e, to);
}

static Err *watch(void *ctx, Probe *p, Reply *reply)
{
	const AuditWatch *w = ctx;
	Arena a = {0};
	AuditTally tally;
	sigset_t set;
	sigemptyset(&set); /* the parent hears them, and tells */
	for (size_t i = 0; i < STOPPING; i++)
		sigaddset(&set, stopping[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	Buf b = buf_in(&a, 4096);
	TRY(audit_watch(p, w, reply, &tally));
	audit_tally_write(&b, &tally);
	TRY(worker_answer(reply, buf_str(&b)));
	arena_finish(&a);
	return OK;
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static Result receive(const AuditWatchRequest *r, const Stream *s, Arena *a, AuditTally *out,
		      Str *missing)
{
	AuditWatch w = {.socket = s->socket,
			.stop = s->stop[0],
			.keys = r->keys,
			.count = r->count,
			.seconds = r->seconds,
			.since_ms = s->since_ms,
			.line = r->json ? json_line : text_line,
			.ctx = r};
	const int fds[] = {s->socket, s->stop[0], -1};
	const ProbeRun run = {.root = "/",
			      .engine = s->engine,
			      .allow_unsandboxed = r->allow_unsandboxed,
			      .judge = watch,
			      .ctx = &w,
			      .fds = fds,
			      .endless = true,
			      .progress = r->lines,
			      .progress_ctx = r->ctx};
	Str answer;
	TRY(probe_run(&run, a, &answer, missing));
	return audit_tally_read(answer, out);
}

/* The socket counts what it had to leave out. */
static uint32_t overrun_of(const Stream *s)
{
	uint32_t info[SK_MEMINFO_VARS] = {0};
	socklen_t size = sizeof info;
	return getsockopt(s->socket, SOL_SOCKET, SO_MEMINFO, info, &size) == 0
		       ? info[SK_MEMINFO_DROPS]
		       : 0;
}

static Result run(const AuditWatchRequest *r, Stream *s, Arena *a, AuditWatched *out, Str *missing)
{
	Str why;
	AuditRuleVec rules;
	AuditStatus now;
	s->since_ms = now_ms();
	TRY(engine_find_here(r->engine, a, &s->engine, &why));
	TRY(audit_rules(&s->control, a, &rules));
	TRY(begin(r, s));
	TRY(receive(r, s, a, &out->tally, missing));
	TRY(audit_status(&s->control, &now));
	out->rules = (uint32_t)rules.n;
	out->kernel_lost = now.lost - s->found.lost;
	out->overrun = overrun_of(s);
	out->given_up = !r->multicast && now.pid != (uint32_t)getpid();
	out->was_off = s->found.enabled == 0;
	return OK;
}

Result audit_watch_run(const AuditWatchRequest *r, Arena *a, AuditWatched *out, Str *missing)
{
	Stream s = {.control = {.fd = -1}, .socket = -1, .stop = {-1, -1}};
	Err *e = catch_signals(&s);
	if (e == OK)
		e = audit_open(&s.control);
	if (e == OK)
		e = run(r, &s, a, out, missing);
	Err *back = end(&s);
	close_stream(&s);
	if (e != OK)
		err_free(back);
	return e != OK ? e : back;
}
