/* probe.c - asks: the worker's end of a probe, and the run that joins the two. */
#include "io/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "io/fd.h"
#include "io/probe_wire.h"

struct Probe {
	int to, from;
	uint64_t asked;
	bool endless;
	Str broken;
};

/* ---- the worker's end ---- */

static int broke(Probe *p, Str why)
{
	if (p->broken.n == 0)
		p->broken = why;
	return EPIPE;
}

Str probe_broken(const Probe *p) { return p->broken; }

static bool put(int fd, Str bytes)
{
	Err *e = fd_write(fd, bytes);
	err_free(e);
	return e == OK;
}

static bool take(int fd, void *to, size_t n)
{
	bool end = false;
	Err *e = probe_pipe_read(fd, to, n, &end);
	err_free(e);
	return e == OK && !end;
}

static uint32_t limit_of(ProbeOp op)
{
	return op == PROBE_READ_LARGE ? LIMIT_PROBE_LARGE_BYTES : LIMIT_PROBE_BYTES;
}

static int ask(Probe *p, ProbeOp op, Str path, Arena *a, unsigned *status, Str *out)
{
	ProbeQuestion q = {.op = op, .path_bytes = (uint32_t)path.n};
	ProbeAnswer answer;
	*out = (Str){0};
	if (p->broken.n != 0)
		return EPIPE;
	if (path.n > PROBE_PATH_MAX)
		return ENAMETOOLONG;
	if (memchr(path.p, '\0', path.n) != NULL)
		return EINVAL;
	if (p->asked++ >= LIMIT_PROBE_QUESTIONS && !p->endless)
		return broke(p, S("more questions than one run may ask"));
	if (!put(p->to, (Str){(const char *)&q, sizeof q}) || !put(p->to, path) ||
	    !take(p->from, &answer, sizeof answer) || answer.bytes > limit_of(op))
		return broke(p, S("the process that looks is gone"));
	char *bytes = arena_array(a, char, answer.bytes + 1);
	if (!take(p->from, bytes, answer.bytes))
		return broke(p, S("the process that looks is gone"));
	*out = (Str){bytes, answer.bytes};
	if (status != NULL)
		*status = answer.status;
	return answer.sys;
}

int probe_read(Probe *p, Str path, Arena *a, Str *out)
{
	return ask(p, PROBE_READ, path, a, NULL, out);
}

int probe_read_large(Probe *p, Str path, Arena *a, Str *out)
{
	return ask(p, PROBE_READ_LARGE, path, a, NULL, out);
}

int probe_link(Probe *p, Str path, Arena *a, Str *out)
{
	return ask(p, PROBE_LINK, path, a, NULL, out);
}

int probe_get(Probe *p, Str path, Arena *a, unsigned *status, Str *out)
{
	*status = 0;
	return ask(p, PROBE_GET, path, a, status, out);
}

static int ask_stat(Probe *p, ProbeOp op, Str path, ProbeStat *out)
{
	Arena a = {0};
	Str bytes;
	int sys = ask(p, op, path, &a, NULL, &bytes);
	*out = (ProbeStat){0};
	if (sys == 0 && bytes.n != sizeof *out)
		sys = broke(p, S("an answer of the wrong size"));
	else if (sys == 0)
		memcpy(out, bytes.p, sizeof *out);
	arena_finish(&a);
	return sys;
}

int probe_stat(Probe *p, Str path, ProbeStat *out) { return ask_stat(p, PROBE_STAT, path, out); }
int probe_lstat(Probe *p, Str path, ProbeStat *out) { return ask_stat(p, PROBE_LSTAT, path, out); }

static int by_bytes(const void *a, const void *b)
{
	const Str *x = a, *y = b;
	return str_cmp(*x, *y);
}

int probe_list(Probe *p, Str path, Arena *a, StrVec *names)
{
	Str rest, name;
	*names = (StrVec){0};
	int sys = ask(p, PROBE_LIST, path, a, NULL, &rest);
	while (rest.n != 0 && str_cut(&rest, '\0', &name))
		if (name.n != 0)
			vec_push(a, names, name);
	if (names->n > 1)
		qsort(names->at, names->n, sizeof names->at[0], by_bytes);
	return sys;
}

static int entry_by_name(const void *a, const void *b)
{
	const ProbeEntry *x = a, *y = b;
	return str_cmp(x->name, y->name);
}

int probe_dir(Probe *p, Str path, Arena *a, ProbeEntryVec *out)
{
	Str rest, name;
	ProbeEntryHead head;
	*out = (ProbeEntryVec){0};
	int sys = ask(p, PROBE_DIR, path, a, NULL, &rest);
	while (sys == 0 && rest.n > sizeof head) {
		memcpy(&head, rest.p, sizeof head);
		rest = str_skip(rest, sizeof head);
		if (!str_cut(&rest, '\0', &name) || name.n == 0)
			break;
		vec_push(a, out,
			 (ProbeEntry){.name = name,
				      .mode = head.mode,
				      .uid = head.uid,
				      .gid = head.gid,
				      .capable = head.capable != 0,
				      .size = head.size,
				      .device = head.device});
	}
	if (out->n > 1)
		qsort(out->at, out->n, sizeof out->at[0], entry_by_name);
	return sys;
}

int probe_md5(Probe *p, Str path, Arena *a, Str *out)
{
	return ask(p, PROBE_MD5, path, a, NULL, out);
}

int probe_sha1(Probe *p, Str path, Arena *a, Str *out)
{
	return ask(p, PROBE_SHA1, path, a, NULL, out);
}

int probe_sha256(Probe *p, Str path, Arena *a, Str *out)
{
	return ask(p, PROBE_SHA256, path, a, NULL, out);
}

/* ---- the run ---- */

enum { FDS_MAX = 8 };

typedef struct Joined {
	const ProbeRun *run;
	int ask[2], answer[2]; /* pipes: the worker writes into ask[1], reads answer[0] */
} Joined;

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void joined_close(Joined *j)
{
	for (int i = 0; i < 2; i++) {
		close_end(&j->ask[i]);
		close_end(&j->answer[i]);
	}
}
#define AUTO_JOINED __attribute__((cleanup(joined_close)))

static Err *judge(void *ctx, Reply *reply)
{
	const Joined *j = ctx;
	Probe p = {.to = j->ask[1], .from = j->answer[0], .endless = j->run->endless};
	return j->run->judge(j->run->ctx, &p, reply);
}

/* In a thread of the parent. */
static Err *serve(void *ctx)
{
	Joined *j = ctx;
	sigset_t pipe_signal;
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
	close_end(&j->ask[1]);
	close_end(&j->answer[0]);
	Err *e = probe_serve(j->run, j->ask[0], j->answer[1]);
	joined_close(j);
	return e;
}

Result probe_run(const ProbeRun *r, Arena *a, Str *answer, Str *missing)
{
	AUTO_JOINED Joined j = {r, {-1, -1}, {-1, -1}};
	if (pipe2(j.ask, O_CLOEXEC) != 0 || pipe2(j.answer, O_CLOEXEC) != 0)
		FAIL_SYS("making a pipe: %s", strerrordesc_np(errno));
	int fds[FDS_MAX + 3] = {j.ask[1], j.answer[0]};
	size_t n = 2;
	for (const int *fd = r->fds; fd != NULL && *fd >= 0 && n < FDS_MAX + 2; fd++)
		fds[n++] = *fd;
	fds[n] = -1;
	WorkerGrant grant = {.fds = fds,
			     .allow_unsandboxed = r->allow_unsandboxed,
			     .receives = r->endless,
			     .cpu_seconds = r->endless ? UINT32_MAX : 0,
			     .progress = r->progress,
			     .progress_ctx = r->progress_ctx,
			     .meanwhile = serve,
			     .meanwhile_ctx = &j};
	return worker_run(&grant, judge, &j, a, answer, missing);
}
