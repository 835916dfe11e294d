/* watch.c - receives in batches, hands on in batches, and stops without losing what has come. */
#include "audit/watch.h"

#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "audit/container.h"
#include "model/walk.h"

enum {
	BATCH = 32,
	MESSAGE_MAX = 12 * 1024, /* the kernel's longest is 8970 */
	FLUSH_AT = 32 * 1024,
	LINES_MAX = 64 << 20, /* of one batch */
	PROGRESS_MAX = 64 * 1024,
	WAKE_MS = 250,    /* to see to events without an end */
	QUIET_MS = 200,   /* after the stop: nothing came for so long, nothing will */
	PAST_MS = 500,    /* a record of so long after the stop: those of before have come */
	DRAIN_MS = 10000, /* after the stop, at most */
};

typedef struct Loop {
	Probe *p;
	const AuditWatch *w;
	Reply *reply;
	AuditJoiner *joiner;
	AuditWhere *where;
	AuditTally tally;
	Arena event, lines;
	Buf out;
	char *room;
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	struct sockaddr_nl from[BATCH];
	int64_t stopped_ms; /* since 1970; 0: not yet */
	bool past;
	int64_t drained_ms; /* of the steady clock: by then it ends in any case */
} Loop;

static int64_t clock_ms(clockid_t which)
{
	struct timespec t;
	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t steady_ms(void) { return clock_ms(CLOCK_MONOTONIC); }

/* ---- out ---- */

static Result flush(Loop *l)
{
	Str text;
	TRY(buf_done(&l->out, "the lines of one moment", &text));
	while (text.n != 0) {
		Str part = str_first(text, PROGRESS_MAX);
		TRY(worker_progress(l->reply, part));
		text = str_skip(text, part.n);
	}
	arena_reset(&l->lines);
	l->out = buf_in(&l->lines, LINES_MAX);
	return OK;
}

static bool is_full(const Loop *l) { return l->w->count != 0 && l->tally.shown >= l->w->count; }

static Result show(Loop *l, const AuditJoined *j, int64_t now)
{
	AuditEvent e;
	arena_reset(&l->event);
	audit_event_read(j, &l->event, &e);
	if (is_full(l) || !audit_event_has_key(&e, &l->w->keys))
		return OK;
	audit_where(l->where, &e, now);
	if (probe_broken(l->p).n != 0)
		FAIL(ERR_BUG, STR_FMT, STR_ARG(probe_broken(l->p)));
	l->w->line(l->w->ctx, &e, j, &l->out);
	l->tally.shown++;
	return l->out.n >= FLUSH_AT ? flush(l) : OK;
}

static Result show_all(Loop *l)
{
	const AuditJoined *j;
	int64_t now = steady_ms();
	while ((j = audit_joined(l->joiner, now)) != NULL)
		TRY(show(l, j, now));
	return OK;
}

/* ---- in ---- */

static Result take(Loop *l, const struct sockaddr_nl *from, Str message)
{
	struct nlmsghdr h;
	AuditRecord r;
	if (from->nl_pid != 0) {
		l->tally.foreign++;
		return OK;
	}
	if (message.n < sizeof h)
		return OK;
	memcpy(&h, message.p, sizeof h);
	if (h.nlmsg_type < AUDIT_FIRST_USER_MSG && h.nlmsg_type != AUDIT_USER &&
	    h.nlmsg_type != AUDIT_LOGIN)
		return OK; /* answers to the parent's questions */
	/* The length in the head leaves out the head or does not, by kernel and way. */
	Str line = str_skip(message, sizeof h);
	if (l->stopped_ms != 0 && audit_record_read(h.nlmsg_type, line, &r) &&
	    r.time_ms > l->stopped_ms) {
		l->past = l->past || r.time_ms > l->stopped_ms + PAST_MS;
		return OK;
	}
	audit_join(l->joiner, h.nlmsg_type, line, steady_ms());
	return show_all(l);
}

/* *got: how many messages came; none is -1 when the socket's buffer ran over. */
static Result receive(Loop *l, int *got)
{
	for (size_t i = 0; i < BATCH; i++) {
		l->parts[i] = (struct iovec){l->room + i * MESSAGE_MAX, MESSAGE_MAX};
		l->messages[i].msg_hdr = (struct msghdr){.msg_name = &l->from[i],
							 .msg_namelen = sizeof l->from[i],
							 .msg_iov = &l->parts[i],
							 .msg_iovlen = 1};
	}
	*got = recvmmsg(l->w->socket, l->messages, BATCH, MSG_DONTWAIT, NULL);
	if (*got < 0 && errno == ENOBUFS)
		l->tally.overruns++;
	else if (*got < 0 && (errno == EAGAIN || errno == EINTR))
		*got = 0;
	else if (*got < 0)
		FAIL_SYS("receiving from the kernel's audit: %s", strerrordesc_np(errno));
	for (int i = 0; i < *got; i++)
		TRY(take(l, &l->from[i], (Str){l->parts[i].iov_base, l->messages[i].msg_len}));
	return OK;
}

static void stop(Loop *l)
{
	if (l->stopped_ms != 0)
		return;
	l->stopped_ms = clock_ms(CLOCK_REALTIME);
	l->drained_ms = steady_ms() + DRAIN_MS;
}

static int wait_ms(const Loop *l, int64_t end)
{
	int64_t left = end - steady_ms();
	if (l->stopped_ms != 0)
		return QUIET_MS;
	return end != 0 && left < WAKE_MS ? (int)(left > 0 ? left : 0) : WAKE_MS;
}

static Result run(Loop *l)
{
	int64_t end = l->w->seconds != 0 ? steady_ms() + l->w->seconds * 1000 : 0;
	for (;;) {
		struct pollfd fds[2] = {
			{.fd = l->w->socket, .events = POLLIN},
			{.fd = l->stopped_ms == 0 ? l->w->stop : -1, .events = POLLIN}};
		int got = 0;
		TRY(receive(l, &got));
		TRY(show_all(l));
		if (l->past || (l->stopped_ms != 0 && steady_ms() > l->drained_ms))
			return OK;
		if (is_full(l) || (end != 0 && steady_ms() >= end))
			stop(l);
		if (got != 0) /* the stop may come while there is always more */
			fds[0].fd = -1;
		else
			TRY(flush(l));
		int ready = poll(fds, 2, got != 0 ? 0 : wait_ms(l, end));
		if (ready == 0 && got == 0 && l->stopped_ms != 0)
			return OK;
		if (fds[1].revents != 0)
			stop(l);
	}
}

static Result finish(Loop *l)
{
	audit_join_end(l->joiner);
	TRY(show_all(l));
	TRY(flush(l));
	l->tally.counts = audit_join_counts(l->joiner);
	return OK;
}

Result audit_watch(Probe *p, const AuditWatch *w, Reply *reply, AuditTally *out)
{
	Arena a = {0};
	Loop *l = arena_new(&a, Loop);
	*l = (Loop){.p = p,
		    .w = w,
		    .reply = reply,
		    .joiner = audit_joiner_create(w->since_ms),
		    .where = audit_where_create(p),
		    .room = arena_array(&a, char, (size_t)BATCH *MESSAGE_MAX)};
	l->out = buf_in(&l->lines, LINES_MAX);
	Err *e = run(l);
	if (e == OK)
		e = finish(l);
	*out = l->tally;
	audit_joiner_destroy(l->joiner);
	audit_where_destroy(l->where);
	arena_finish(&l->event);
	arena_finish(&l->lines);
	arena_finish(&a);
	return e;
}

/* ---- through the pipe ---- */

static void all(Walk *w, AuditTally *t)
{
	uint64_t *const numbers[] = {&t->counts.records, &t->counts.events, &t->counts.incomplete,
				     &t->counts.missing, &t->counts.unread, &t->shown,
				     &t->overruns,       &t->foreign};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		walk_number(w, numbers[i]);
}

void audit_tally_write(Buf *to, const AuditTally *t)
{
	AuditTally copy = *t;
	all(&(Walk){.to = to}, &copy);
}

Result audit_tally_read(Str from, AuditTally *out)
{
	Walk w = {.from = from};
	AuditTally t = {0};
	all(&w, &t);
	if (w.bad || w.from.n != 0)
		FAIL(ERR_BUG, "the worker's answer is garbled");
	*out = t;
	return OK;
}
