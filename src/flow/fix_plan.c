/* fix_plan.c - has a worker make a plan of a report. */
#include "flow/fix.h"

#include <stdlib.h>

#include "audit/wanted.h"
#include "base/limits.h"
#include "fix/advise.h"

typedef struct Planner {
	FixPlace place;
	const CheckReport *report;
	Str self;
} Planner;

/* As `bulwark audit rules` prints them; the rules of one host are made by the same words. */
static Str rules_text(const AuditPlan *plan, Arena *a)
{
	Buf b = buf_in(a, LIMIT_FIX_FILE_BYTES);
	buf_add(&b, S("## What is done to the container engine; made by bulwark.\n"));
	for (size_t i = 0; i < plan->rules.n; i++) {
		const AuditRule *r = &plan->rules.at[i].rule;
		if (!audit_rule_writable(r))
			continue;
		audit_rule_text(r, &b);
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

static Err *make(void *ctx, Probe *p, Reply *reply)
{
	Planner *pl = ctx;
	Arena a = {0};
	FixPlan plan;
	AuditPlan rules;
	Str bytes;
	const AuditPlace place = {.daemon = pl->place.daemon, .self = pl->self};
	Buf b = buf_in(&a, LIMIT_WORKER_REPLY_BYTES);
	audit_plan(p, &place, &a, &rules);
	pl->place.audit_rules = rules_text(&rules, &a);
	fix_advise(p, &pl->place, pl->report, &a, &plan);
	if (probe_broken(p).n != 0)
		FAIL(ERR_BUG, STR_FMT, STR_ARG(probe_broken(p)));
	fix_plan_write(&b, &plan);
	TRY(buf_done(&b, "the plan", &bytes));
	TRY(worker_answer(reply, bytes));
	arena_finish(&a);
	return OK;
}

static Result absolute(const char *path, Arena *a, Str *out)
{
	char *full = realpath(path, NULL);
	if (full == NULL)
		FAIL_SYS("%s: %s", path, strerrordesc_np(errno));
	*out = arena_str(a, str_of(full));
	free(full);
	return OK;
}

/* The same engine that was judged; what is judged offline is planned for offline. */
static Result find_engine(const FixPlanRequest *r, Arena *a, ProbeRun *run, FixPlace *place)
{
	Str why;
	if (r->root != NULL || r->config != NULL) {
		place->daemon.offline = true;
		place->daemon.only_file = r->root == NULL;
	} else {
		TRY(engine_find_tls(r->engine, &r->tls, a, &run->engine, &why));
		if (run->engine.socket != NULL)
			TRY(absolute(run->engine.socket, a, &place->daemon.socket));
		else
			place->daemon.offline = true;
		place->live = true;
	}
	if (r->config != NULL && r->root == NULL)
		return absolute(r->config, a, &place->daemon.config_path);
	if (r->config != NULL)
		place->daemon.config_path = str_of(r->config);
	return OK;
}

Result fix_plan_run(const FixPlanRequest *r, const CheckReport *report, Arena *a, FixPlan *out)
{
	Planner pl = {.report = report, .self = S("/usr/bin/bulwark")};
	ProbeRun run = {.root = r->root != NULL ? r->root : "/",
			.allow_unsandboxed = r->allow_unsandboxed,
			.judge = make,
			.ctx = &pl};
	Str answer, missing;
	TRY(find_engine(r, a, &run, &pl.place));
	if (pl.place.daemon.offline)
		run.engine = (ProbeEngine){0};
	TRY(probe_run(&run, a, &answer, &missing));
	return fix_plan_read(answer, a, out);
}
