/* audit_rules.c - has a worker make the rules, and brings them and the kernel's together. */
#include "flow/audit_rules.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/listen.h"

/* ---- making ---- */

static Err *make(void *ctx, Probe *p, Reply *reply)
{
	const AuditPlace *place = ctx;
	Arena a = {0};
	AuditPlan plan;
	Str bytes;
	Buf b = buf_in(&a, LIMIT_WORKER_REPLY_BYTES);
	audit_plan(p, place, &a, &plan);
	if (probe_broken(p).n != 0)
		FAIL(ERR_BUG, STR_FMT, STR_ARG(probe_broken(p)));
	audit_plan_write(&b, &plan);
	TRY(buf_done(&b, "the rules", &bytes));
	TRY(worker_answer(reply, bytes));
	arena_finish(&a);
	return OK;
}

static Str own_program(Arena *a)
{
	char path[LIMIT_TAR_PATH_BYTES];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);
	return n > 0 && (size_t)n < sizeof path ? arena_str(a, (Str){path, (size_t)n}) : S("");
}

static Result find_engine(const AuditRulesRequest *r, Arena *a, ProbeRun *run, DaemonWant *want)
{
	Str why;
	if (r->root == NULL)
		TRY(engine_find_here(r->engine, a, &run->engine, &why));
	if (run->engine.socket == NULL) { /* none, or one whose files are elsewhere */
		run->engine = (ProbeEngine){0};
		want->offline = true;
		return OK;
	}
	char *full = realpath(run->engine.socket, NULL);
	if (full == NULL)
		FAIL_SYS("%s: %s", run->engine.socket, strerrordesc_np(errno));
	want->socket = arena_str(a, str_of(full));
	free(full);
	return OK;
}

Result audit_rules_make(const AuditRulesRequest *r, Arena *a, AuditPlan *out, Str *missing)
{
	AuditPlace place = {.self = r->root == NULL ? own_program(a) : S("/usr/bin/bulwark")};
	ProbeRun run = {.root = r->root != NULL ? r->root : "/",
			.allow_unsandboxed = r->allow_unsandboxed,
			.judge = make,
			.ctx = &place};
	Str answer;
	TRY(find_engine(r, a, &run, &place.daemon));
	TRY(probe_run(&run, a, &answer, missing));
	return audit_plan_read(answer, a, out);
}

/* ---- comparing ---- */

static void put(Arena *a, AuditComparison *c, AuditStanding s, const AuditRule *r, Str cis, Str why)
{
	vec_push(a, &c->rules, (AuditJudged){s, *r, cis, why});
}

static bool is_wanted(const AuditPlan *plan, const AuditRule *r)
{
	for (size_t i = 0; i < plan->rules.n; i++)
		if (audit_rule_same(&plan->rules.at[i].rule, r))
			return true;
	return false;
}

static void add_others(const AuditPlan *plan, const AuditRuleVec *loaded, Arena *a,
		       AuditComparison *c)
{
	for (size_t i = 0; i < loaded->n; i++) {
		const AuditRule *r = &loaded->at[i];
		if (!is_wanted(plan, r))
			put(a, c, audit_rule_is_ours(r) ? STANDS_EXTRA : STANDS_OTHER, r, S(""),
			    S(""));
	}
}

static Result look(AuditLink *link, Arena *a, AuditComparison *c, AuditRuleVec *loaded)
{
	*c = (AuditComparison){0};
	TRY(audit_status(link, &c->status));
	TRY(audit_rules(link, a, loaded));
	c->off = c->status.enabled == 0 || audit_is_muted(loaded);
	return OK;
}

static void compare(const AuditPlan *plan, const AuditRuleVec *loaded, Arena *a, AuditComparison *c)
{
	static const AuditStanding standing[] = {[AUDIT_MISSING] = STANDS_MISSING,
						 [AUDIT_WEAKER] = STANDS_WEAKER,
						 [AUDIT_PRESENT] = STANDS_PRESENT};
	AuditRuleVec resolved;
	audit_rules_resolve(loaded, a, &resolved);
	for (size_t i = 0; i < plan->rules.n; i++) {
		const AuditWanted *w = &plan->rules.at[i];
		Str why;
		AuditCovered covered = audit_cover(&resolved, &w->rule, a, &why);
		put(a, c, standing[covered], &w->rule, w->cis,
		    covered == AUDIT_WEAKER ? why : S(""));
	}
	add_others(plan, loaded, a, c);
}

Result audit_rules_compare(const AuditPlan *plan, Arena *a, AuditComparison *out)
{
	AUTO_AUDIT_LINK AuditLink link = {.fd = -1};
	AuditRuleVec loaded;
	AuditComparison c;
	TRY(audit_open(&link));
	TRY(look(&link, a, &c, &loaded));
	compare(plan, &loaded, a, &c);
	*out = c;
	return OK;
}

/* ---- changing ---- */

static Str own_text(Arena *a, Err *e)
{
	Str text = arena_str(a, str_of(e->text));
	err_free(e);
	return text;
}

static void load_one(AuditLink *link, Arena *a, AuditJudged *j)
{
	int sys = 0;
	Err *e = audit_add(link, &j->rule, &sys);
	j->standing = e == OK && sys != ENOENT ? STANDS_ADDED : STANDS_REFUSED;
	if (e != OK)
		j->why = own_text(a, e);
	else if (sys == ENOENT)
		j->why = S("there is no such folder");
	else if (sys == EEXIST) {
		j->standing = STANDS_WEAKER;
	} else {
		j->why = S("");
	}
}

Result audit_rules_load(const AuditPlan *plan, bool enable, Arena *a, AuditComparison *out)
{
	AUTO_AUDIT_LINK AuditLink link = {.fd = -1};
	AuditRuleVec loaded;
	AuditComparison c;
	TRY(audit_open(&link));
	TRY(look(&link, a, &c, &loaded));
	if (c.status.enabled == 2)
		FAIL(ERR_SYS, "the kernel's audit is locked until the machine starts anew");
	compare(plan, &loaded, a, &c);
	for (size_t i = 0; i < c.rules.n; i++)
		if (c.rules.at[i].standing == STANDS_MISSING ||
		    c.rules.at[i].standing == STANDS_WEAKER)
			load_one(&link, a, &c.rules.at[i]);
	if (enable && c.status.enabled == 0) {
		c.status.enabled = 1;
		TRY(audit_set(&link, AUDIT_STATUS_ENABLED, &c.status));
		c.off = audit_is_muted(&loaded);
	}
	*out = c;
	return OK;
}

Result audit_rules_unload(Arena *a, AuditComparison *out)
{
	AUTO_AUDIT_LINK AuditLink link = {.fd = -1};
	AuditRuleVec loaded;
	AuditComparison c;
	TRY(audit_open(&link));
	TRY(look(&link, a, &c, &loaded));
	for (size_t i = 0; i < loaded.n; i++) {
		int sys = 0;
		if (!audit_rule_is_ours(&loaded.at[i]))
			continue;
		Err *e = audit_delete(&link, &loaded.at[i], &sys);
		put(a, &c, e == OK ? STANDS_REMOVED : STANDS_REFUSED, &loaded.at[i], S(""),
		    e != OK ? own_text(a, e) : S(""));
	}
	*out = c;
	return OK;
}
