/* bench.c - finds the engine, and has a worker judge what it and the machine tell. */
#include "flow/bench.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/listen.h"
#include "flow/audit_state.h"

static Err *judge(void *ctx, Probe *p, Reply *reply)
{
	const BenchOptions *o = ctx;
	Arena a = {0};
	CheckReport r = {0};
	Str bytes;
	Buf b = buf_in(&a, LIMIT_WORKER_REPLY_BYTES);
	TRY(bench_judge(p, o, &a, &r));
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

/* An absolute path: the probe has no directory of its own. */
static Result absolute(const char *path, Arena *a, Str *out)
{
	char *full = realpath(path, NULL);
	if (full == NULL)
		FAIL_SYS("%s: %s", path, strerrordesc_np(errno));
	*out = arena_str(a, str_of(full));
	free(full);
	return OK;
}

/* Why no engine can be asked, in words for a person; the API's own error says the rest. */
static Result find_engine(const BenchRequest *r, Arena *a, ProbeRun *run, DaemonWant *want)
{
	Str why;
	if (r->root != NULL || r->config != NULL) {
		want->offline = true;
		want->only_file = r->root == NULL;
		return OK;
	}
	TRY(engine_find_tls(r->engine, &r->tls, a, &run->engine, &why));
	if (run->engine.socket == NULL && run->engine.url == NULL)
		FAIL(ERR_NET,
		     STR_FMT "; start it, name it with --engine, or judge this host without one: "
			     "--root /",
		     STR_ARG(why));
	if (run->engine.socket != NULL)
		TRY_IN(absolute(run->engine.socket, a, &want->socket),
		       "no engine listens (is it running? To judge this host without it: "
		       "--root /)");
	else
		want->port = engine_local_port(run->engine.url);
	return OK;
}

static void read_audit(const BenchRequest *r, Arena *a, BenchOptions *o)
{
	AuditState s;
	AuditedPathVec paths;
	if (r->config != NULL || (r->root != NULL && strcmp(r->root, "/") != 0)) {
		o->watches_why = S("an unpacked host has no kernel to ask");
		return;
	}
	audit_state_read(a, &s);
	audit_state_paths(&s, a, &paths);
	for (size_t i = 0; i < paths.n; i++)
		vec_push(a, &o->watches,
			 (BenchWatch){paths.at[i].path, paths.at[i].tree, paths.at[i].writes});
	o->watches_why = s.why;
	o->audit_off = s.off;
}

static Result run_error(const BenchRequest *r, const ProbeRun *run, Err *e)
{
	if (e == OK || e->kind != ERR_NET || r->root != NULL || r->config != NULL)
		return e;
	const char *at = run->engine.socket != NULL ? run->engine.socket : run->engine.url;
	const char *advice = geteuid() == 0 ? "is it running?" : "run this as root?";
	size_t found;
	bool refused = str_find(str_of(e->text), S("the engine answers"), &found);
	return err_in(e, "the engine at %s %s (%s To judge this host without it: --root /)", at,
		      refused ? "refuses" : "does not answer", advice);
}

Result bench_run(const BenchRequest *r, Arena *a, CheckReport *out, Str *missing)
{
	BenchOptions o = r->options;
	Str answer;
	ProbeRun run = {.root = r->root != NULL ? r->root : "/",
			.allow_unsandboxed = r->allow_unsandboxed,
			.judge = judge,
			.ctx = &o};
	TRY(find_engine(r, a, &run, &o.daemon));
	if (r->config != NULL && r->root == NULL)
		TRY(absolute(r->config, a, &o.daemon.config_path));
	else if (r->config != NULL)
		o.daemon.config_path = str_of(r->config);
	o.host = r->root != NULL ? str_of(r->root) : host_name(a);
	if (o.daemon.only_file)
		o.host = o.daemon.config_path;
	o.now = time(NULL);
	read_audit(r, a, &o);
	TRY(run_error(r, &run, probe_run(&run, a, &answer, missing)));
	out->benchmark = o.selection.benchmark;
	TRY(checks_read(answer, bench_check_named, a, out));
	checks_by_number(out);
	return OK;
}
