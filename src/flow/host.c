/* host.c - gathers what only a system call tells, and has a worker judge the host. */
#include "flow/host.h"

#include <stdlib.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "engine/listen.h"
#include "flow/audit_state.h"
#include "flow/host_facts.h"
#include "flow/host_forward.h"

static Err *judge(void *ctx, Probe *p, Reply *reply)
{
	const HostOptions *o = ctx;
	Arena a = {0};
	CheckReport r = {0};
	Str bytes;
	Buf b = buf_in(&a, LIMIT_WORKER_REPLY_BYTES);
	TRY(host_judge(p, o, &a, &r));
	checks_write(&b, &r);
	TRY(buf_done(&b, "the verdicts", &bytes));
	TRY(worker_answer(reply, bytes));
	arena_finish(&a);
	return OK;
}

static Str host_name(Arena *a)
{
	char name[256] = "";
	if (gethostname(name, sizeof name - 1) != 0)
		return S("");
	return arena_str(a, str_of(name));
}

static void ask_clock(HostClock *out)
{
	struct timex t = {.modes = 0};
	int state = adjtimex(&t);
	if (state < 0) {
		out->why = str_of(strerrordesc_np(errno));
		return;
	}
	out->synced = state != TIME_ERROR && (t.status & STA_UNSYNC) == 0;
	out->offset_us = (t.status & STA_NANO) != 0 ? t.offset / 1000 : t.offset;
	out->error_us = t.maxerror;
}

static void ask_audit(Arena *a, HostAudit *out)
{
	AuditState s;
	AuditedPathVec paths;
	audit_state_read(a, &s);
	audit_state_paths(&s, a, &paths);
	*out = (HostAudit){.why = s.why,
			   .enabled = s.off ? 0 : s.status.enabled,
			   .failure = s.status.failure,
			   .pid = s.status.pid,
			   .backlog_limit = s.status.backlog_limit,
			   .lost = s.status.lost};
	for (size_t i = 0; i < paths.n; i++)
		vec_push(a, &out->watches,
			 (HostWatch){paths.at[i].path, paths.at[i].tree, paths.at[i].writes});
}

/* No engine is no error: there is much else to look at. *unfound says why one that was named is
 * not looked at. */
static void find_engine(bool live, Arena *a, ProbeRun *run, DaemonWant *want, Str *unfound)
{
	Str why;
	ProbeEngine found = {0};
	want->offline = true;
	if (!live)
		return;
	Err *e = engine_find_here(NULL, a, &found, &why);
	char *full = e == OK && found.socket != NULL ? realpath(found.socket, NULL) : NULL;
	if (e != OK)
		*unfound = arena_str(a, str_of(e->text));
	err_free(e);
	if (full == NULL)
		return;
	run->engine = found;
	*want = (DaemonWant){.socket = arena_str(a, str_of(full))};
	free(full);
}

/* Reading the databases takes longer than all else: only for those who ask. */
static bool wants_facts(const CheckSelection *s)
{
	static const char *const ids[] = {"H29", "H77", "H78", "H82"};
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		if (check_is_selected(host_check_named(str_of(ids[i])), s))
			return true;
	return false;
}

Result host_run(const HostRequest *r, Arena *a, CheckReport *out, Str *missing)
{
	HostOptions o = r->options;
	Str answer, unfound = {0};
	ProbeRun run = {.root = r->root != NULL ? r->root : "/",
			.allow_unsandboxed = r->allow_unsandboxed,
			.judge = judge,
			.ctx = &o};
	o.live = strcmp(run.root, "/") == 0;
	o.host = o.live ? host_name(a) : str_of(r->root);
	o.now = time(NULL);
	find_engine(o.live, a, &run, &o.daemon, &unfound);
	if (o.live) {
		ask_clock(&o.clock);
		ask_audit(a, &o.audit);
		host_forward_ask(a, &o.forward);
	}
	const HostFactsRequest facts = {
		.run = run, .db_path = r->db_path, .live = o.live, .now = o.now};
	if (wants_facts(&o.selection))
		TRY(host_facts(&facts, a, &o));
	TRY(probe_run(&run, a, &answer, missing));
	TRY(checks_read(answer, host_check_named, a, out));
	if (unfound.n != 0) {
		Buf b = buf_in(a, unfound.n + 64);
		buf_fmt(&b, "the engine was not looked at: " STR_FMT, STR_ARG(unfound));
		vec_push(a, &out->warnings, buf_str(&b));
	}
	return OK;
}
