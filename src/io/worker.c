/* worker.c - fork, confine, work, answer; and in the parent: listen, wait, judge.
 *
 * The way back is a pipe of messages: one letter, a length of 4 bytes (little
 * endian), and that many bytes. A answer, P progress, E error (kind, errno,
 * text), D done (missing layers). The child is not believed: lengths and
 * totals have ceilings. The signal handler's last words are "X text". */
#include "io/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "io/sandbox.h"

enum { HEAD_BYTES = 5, MESSAGE_MAX = 64 * 1024, KEPT_MAX = 1024 };

struct Reply {
	int fd;
	pthread_mutex_t lock;
};

/* ---- the child's side ---- */

static Result write_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;
	while (n != 0) {
		ssize_t got = write(fd, p, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			FAIL_SYS("worker: answering");
		p += got;
		n -= (size_t)got;
	}
	return OK;
}

static Result send_message(Reply *r, char letter, Str body)
{
	uint32_t n = (uint32_t)body.n;
	char head[HEAD_BYTES] = {letter, (char)(n & 0xff), (char)(n >> 8 & 0xff),
				 (char)(n >> 16 & 0xff), (char)(n >> 24)};
	pthread_mutex_lock(&r->lock);
	Err *e = write_all(r->fd, head, sizeof head);
	if (e == OK)
		e = write_all(r->fd, body.p, body.n);
	pthread_mutex_unlock(&r->lock);
	return e;
}

Result worker_answer(Reply *r, Str bytes)
{
	while (bytes.n != 0) {
		Str part = str_first(bytes, MESSAGE_MAX);
		TRY(send_message(r, 'A', part));
		bytes = str_skip(bytes, part.n);
	}
	return OK;
}

Result worker_progress(Reply *r, Str message)
{
	return send_message(r, 'P', str_first(message, MESSAGE_MAX));
}

static void send_error(Reply *r, Err *e)
{
	Arena a = {0};
	Buf b = buf_in(&a, MESSAGE_MAX);
	buf_fmt(&b, "%d %d ", (int)e->kind, e->sys);
	buf_add(&b, str_first(str_of(e->text), MESSAGE_MAX / 2));
	err_free(send_message(r, 'E', buf_str(&b)));
	err_free(e);
	arena_finish(&a);
}

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;
	return (x > y) - (x < y);
}

static void close_all_but(const WorkerGrant *g, int reply_fd)
{
	int kept[KEPT_MAX + 3] = {STDERR_FILENO, reply_fd};
	size_t n = 2;
	if (g->also_fd > 0)
		kept[n++] = g->also_fd;
	for (const int *fd = g->fds; fd != NULL && *fd >= 0 && n < KEPT_MAX + 3; fd++)
		kept[n++] = *fd;
	qsort(kept, n, sizeof kept[0], by_number);
	unsigned from = 0;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned)kept[i] > from)
			close_range(from, (unsigned)kept[i] - 1, 0);
		from = (unsigned)kept[i] + 1;
	}
	close_range(from, ~0u, 0);
}

static void take_standard_places(void)
{
	/* A descriptor opened later must not become standard input or output. */
	for (int fd = 0; fd < STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR | O_CLOEXEC) < 0)
			return;
}

_Noreturn static void child(const WorkerGrant *g, pid_t parent, Reply *reply,
			    Err *(*work)(void *ctx, Reply *reply), void *ctx)
{
	unsigned missing = 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_DFL);
	close_all_but(g, reply->fd);
	take_standard_places();
	Err *e = sandbox_enter(g, reply->fd, &missing);
	if (e == OK)
		e = work(ctx, reply);
	if (e == OK) {
		Str layers = str_of(sandbox_layer_names(missing));
		err_free(send_message(reply, 'D', layers));
	} else {
		send_error(reply, e);
	}
	_exit(0);
}

/* ---- the parent's side ---- */

typedef struct Listener {
	const WorkerGrant *grant;
	int fd;
	char head[HEAD_BYTES];
	size_t head_n, body_n, body_want;
	char in[MESSAGE_MAX], body[MESSAGE_MAX];
	Buf answer;
	Err *err; /* what the child said went wrong */
	bool done;
	const char *missing; /* one of sandbox_layer_names() */
} Listener;

static Result hear_error(Listener *l, Str body)
{
	Str kind, sys;
	uint64_t k = 0, s = 0;
	if (!str_cut(&body, ' ', &kind) || !str_cut(&body, ' ', &sys) || !str_u64(kind, &k) ||
	    !str_u64(sys, &s) || k < ERR_SYS || k > ERR_BUG || l->err != OK)
		FAIL(ERR_BUG, "worker: an error message that is none");
	l->err = err_make((ErrKind)k, (int)s, "worker", STR_FMT, STR_ARG(body));
	return OK;
}

static Result hear(Listener *l, char letter, Str body)
{
	switch (letter) {
	case 'A': buf_add(&l->answer, body); return OK;
	case 'P':
		if (l->grant->progress != NULL)
			l->grant->progress(l->grant->progress_ctx, body);
		return OK;
	case 'E': return hear_error(l, body);
	case 'D':
		l->done = true;
		for (unsigned bits = 0; bits < 4; bits++)
			if (str_eq(body, str_of(sandbox_layer_names(bits))))
				l->missing = sandbox_layer_names(bits);
		return OK;
	case 'X':
		l->err = err_make(ERR_INPUT, 0, "worker", "worker: " STR_FMT, STR_ARG(body));
		return OK;
	default: FAIL(ERR_BUG, "worker: a message of unknown kind");
	}
}

static Result take_head(Listener *l)
{
	const unsigned char *h = (const unsigned char *)l->head;
	l->body_want = h[1] | (size_t)h[2] << 8 | (size_t)h[3] << 16 | (size_t)h[4] << 24;
	if (l->body_want > MESSAGE_MAX)
		FAIL(ERR_BUG, "worker: a message of %zu bytes", l->body_want);
	return OK;
}

static Result hear_bytes(Listener *l, Str in)
{
	while (in.n != 0 && l->err == OK) {
		bool in_head = l->head_n < HEAD_BYTES;
		size_t room = in_head ? HEAD_BYTES - l->head_n : l->body_want - l->body_n;
		Str part = str_first(in, room);
		if (part.n != 0)
			memcpy(in_head ? l->head + l->head_n : l->body + l->body_n, part.p, part.n);
		in = str_skip(in, part.n);
		if (in_head) {
			l->head_n += part.n;
			if (l->head_n < HEAD_BYTES)
				return OK;
			if (l->head[0] == 'X') /* from a signal handler: no length, one write */
				return hear(l, 'X', str_trim(in));
			TRY(take_head(l));
			l->body_n = 0;
		} else {
			l->body_n += part.n;
		}
		if (l->body_n < l->body_want)
			continue;
		TRY(hear(l, l->head[0], (Str){l->body, l->body_n}));
		l->head_n = 0;
	}
	return OK;
}

static Result listen_to_end(Listener *l)
{
	for (;;) {
		ssize_t n = read(l->fd, l->in, sizeof l->in);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			FAIL_SYS("worker: listening");
		if (n == 0)
			return OK;
		TRY(hear_bytes(l, (Str){l->in, (size_t)n}));
	}
}

static Result judge_death(int status, const WorkerGrant *g)
{
	uint64_t memory = g->memory_bytes != 0 ? g->memory_bytes : LIMIT_WORKER_MEMORY_BYTES;
	unsigned cpu = g->cpu_seconds != 0 ? g->cpu_seconds : LIMIT_WORKER_CPU_SECONDS;
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (sig == SIGXCPU)
		FAIL(ERR_LIMIT,
		     "worker: more than %u seconds of processor time; the input is a "
		     "bomb or far too large",
		     cpu);
	if (sig == SIGXFSZ)
		FAIL(ERR_LIMIT, "worker: wrote more than %llu bytes",
		     (unsigned long long)g->file_bytes);
	if (sig == SIGABRT)
		FAIL(ERR_LIMIT, "worker: out of memory (at most %llu MiB)",
		     (unsigned long long)(memory >> 20));
	if (sig == SIGKILL)
		FAIL(ERR_LIMIT, "worker: killed from outside, perhaps for memory");
	if (sig != 0)
		FAIL(ERR_BUG, "worker: crashed (signal %d); please report this input", sig);
	if (WEXITSTATUS(status) == 128 + SIGSYS)
		FAIL(ERR_INPUT, "worker: the system-call filter stopped it");
	FAIL(ERR_BUG, "worker: ended without an answer (exit %d)", WEXITSTATUS(status));
}

typedef struct Meanwhile {
	const WorkerGrant *grant;
	Err *err;
} Meanwhile;

static void *run_meanwhile(void *from)
{
	Meanwhile *m = from;
	m->err = m->grant->meanwhile(m->grant->meanwhile_ctx);
	return NULL;
}

/* The child's story, the helper thread's and the kernel's become one verdict. */
static Result verdict(Listener *l, Err *heard, Err *meanwhile, int status)
{
	Err *e = OK;
	if (heard != OK) {
		e = heard;
	} else if (l->err != OK) {
		e = l->err;
		l->err = OK;
	} else if (!l->done) {
		e = judge_death(status, l->grant);
	}
	err_free(l->err);
	if (e != OK && meanwhile != OK) {
		err_free(e);
		return meanwhile;
	}
	err_free(meanwhile);
	return e;
}

static Result wait_and_judge(Listener *l, pid_t pid, Meanwhile *m)
{
	pthread_t thread;
	bool threaded = l->grant->meanwhile != NULL;
	if (threaded && pthread_create(&thread, NULL, run_meanwhile, m) != 0)
		die_oom();
	Err *heard = listen_to_end(l);
	if (heard != OK || l->err != OK)
		kill(pid, SIGKILL);
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (threaded)
		pthread_join(thread, NULL);
	return verdict(l, heard, m->err, status);
}

Result worker_run(const WorkerGrant *grant, Err *(*work)(void *ctx, Reply *reply), void *ctx,
		  Arena *a, Str *out, Str *missing)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		FAIL_SYS("worker: making a pipe");
	pid_t parent = getpid(), pid = fork();
	if (pid < 0) {
		close(ends[0]);
		close(ends[1]);
		FAIL_SYS("worker: starting a process");
	}
	if (pid == 0) {
		Reply reply = {.fd = ends[1], .lock = PTHREAD_MUTEX_INITIALIZER};
		child(grant, parent, &reply, work, ctx);
	}
	close(ends[1]);

	Listener *l = arena_new(a, Listener);
	*l = (Listener){
		.grant = grant, .fd = ends[0], .answer = buf_in(a, LIMIT_WORKER_REPLY_BYTES)};
	Meanwhile m = {.grant = grant};
	Err *e = wait_and_judge(l, pid, &m);
	close(ends[0]);
	TRY(e);
	TRY(buf_done(&l->answer, "the worker's answer", out));
	if (missing != NULL)
		*missing = str_of(l->missing);
	return OK;
}
