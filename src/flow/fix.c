/* fix.c - carries changes out, and takes them back. */
#include "flow/fix.h"

#include <unistd.h>

#include "audit/record.h"
#include "base/limits.h"
#include "fix/prepare.h"
#include "flow/audit_rules.h"
#include "flow/fix_record.h"
#include "io/digest.h"

/* ---- in the worker: what is to be done ---- */

typedef struct Task {
	Str text;
	bool undo;
} Task;

enum { NO_AUDIT = 'n', WITH_AUDIT = 'a' };

static Err *read_task(void *ctx, Probe *p, Reply *reply)
{
	const Task *t = ctx;
	Arena a = {0};
	ActionVec actions = {0};
	bool audit = false;
	Str bytes;
	Buf b = buf_in(&a, LIMIT_WORKER_REPLY_BYTES);
	TRY(t->undo ? undo_parse(t->text, &a, &actions)
		    : fix_prepare(p, t->text, &a, &actions, &audit));
	buf_char(&b, audit ? WITH_AUDIT : NO_AUDIT);
	actions_write(&b, &actions);
	TRY(buf_done(&b, "the changes", &bytes));
	TRY(worker_answer(reply, bytes));
	arena_finish(&a);
	return OK;
}

static Result have_read(const FixRequest *r, Task *t, Arena *a, ActionVec *out, bool *audit)
{
	ProbeRun run = {.root = r->root != NULL ? r->root : "/",
			.allow_unsandboxed = r->allow_unsandboxed,
			.judge = read_task,
			.ctx = t};
	Str answer, missing;
	TRY(probe_run(&run, a, &answer, &missing));
	*audit = answer.n != 0 && answer.p[0] == WITH_AUDIT;
	return actions_read(str_skip(answer, 1), a, out);
}

/* ---- the kernel's audit rules ---- */

static Result rule_of(const Action *act, Arena *a, AuditRule *out)
{
	AuditPair hex = {.value = act->after};
	return audit_rule_decode(audit_pair_text(&hex, a), a, out);
}

static Str hex_of(Str bytes, Arena *a)
{
	Buf b = buf_in(a, 2 * bytes.n + 1);
	for (size_t i = 0; i < bytes.n; i++)
		buf_fmt(&b, "%02x", (uint8_t)bytes.p[i]);
	return buf_str(&b);
}

/* Those that are not recorded yet. */
static Result add_rules(const FixRequest *r, Arena *a, ActionVec *out)
{
	AuditRulesRequest request = {.engine = r->engine,
				     .allow_unsandboxed = r->allow_unsandboxed};
	AuditPlan plan;
	AuditComparison c;
	Str missing;
	if (r->root != NULL)
		FAIL(ERR_INPUT, "the plan loads audit rules, and an unpacked host has no kernel");
	TRY(audit_rules_make(&request, a, &plan, &missing));
	TRY(audit_rules_compare(&plan, a, &c));
	for (size_t i = 0; i < c.rules.n; i++) {
		const AuditJudged *j = &c.rules.at[i];
		Buf bytes = buf_in(a, sizeof(struct audit_rule_data) + LIMIT_AUDIT_RULE_TEXT);
		if (j->standing != STANDS_MISSING && j->standing != STANDS_WEAKER)
			continue;
		TRY(audit_rule_encode(&j->rule, &bytes));
		vec_push(a, out,
			 (Action){.kind = ACT_RULE,
				  .path = audit_rule_path(&j->rule),
				  .before = S("not loaded"),
				  .after = hex_of(buf_str(&bytes), a)});
	}
	if (c.status.enabled == 0)
		vec_push(a, out, (Action){.kind = ACT_ENABLED, .before = S("0"), .after = S("1")});
	return OK;
}

static Result enabled_state(const Action *act, Arena *a, ActState *out, Str *what)
{
	AUTO_AUDIT_LINK AuditLink link = {.fd = -1};
	AuditStatus now;
	Buf b = buf_in(a, 16);
	TRY(audit_open(&link));
	TRY(audit_status(&link, &now));
	buf_fmt(&b, "%u", now.enabled);
	*what = buf_str(&b);
	*out = str_eq(*what, act->before)  ? ACT_BEFORE
	       : str_eq(*what, act->after) ? ACT_AFTER
					   : ACT_OTHER;
	return OK;
}

static Result set_enabled(bool on)
{
	AUTO_AUDIT_LINK AuditLink link = {.fd = -1};
	const AuditStatus to = {.enabled = on};
	TRY(audit_open(&link));
	return audit_set(&link, AUDIT_STATUS_ENABLED, &to);
}

static Result rule_state(const Action *act, Arena *a, ActState *out)
{
	AUTO_AUDIT_LINK AuditLink link = {.fd = -1};
	AuditRuleVec loaded;
	AuditRule rule;
	TRY(rule_of(act, a, &rule));
	TRY(audit_open(&link));
	TRY(audit_rules(&link, a, &loaded));
	*out = ACT_BEFORE;
	for (size_t i = 0; i < loaded.n; i++)
		if (audit_rule_same(&loaded.at[i], &rule))
			*out = ACT_AFTER;
	return OK;
}

static Result load_rule(const Action *act, bool load, Arena *a)
{
	AUTO_AUDIT_LINK AuditLink link = {.fd = -1};
	AuditRule rule;
	int sys;
	TRY(rule_of(act, a, &rule));
	TRY(audit_open(&link));
	return load ? audit_add(&link, &rule, &sys) : audit_delete(&link, &rule, &sys);
}

/* ---- one change ---- */

static bool is_kernels(const Action *act)
{
	return act->kind == ACT_RULE || act->kind == ACT_ENABLED;
}

static Result set_in_kernel(const Action *act, bool there, Arena *a)
{
	return act->kind == ACT_RULE ? load_rule(act, there, a) : set_enabled(there);
}

static Result look(int root, const Action *act, Arena *a, ActState *out, Str *what)
{
	*what = (Str){0};
	if (act->kind == ACT_RULE)
		return rule_state(act, a, out);
	if (act->kind == ACT_ENABLED)
		return enabled_state(act, a, out, what);
	return act_state(root, act, a, out, what);
}

static void note(FixResult *r, Arena *a, const Action *act, FixOutcome o)
{
	vec_push(a, &r->done, (FixDone){*act, o});
}

static Result changed(const Action *act, Str what)
{
	Str name = act->path.n != 0 ? act->path : S("audit rule");
	if (act->kind == ACT_CONTENT)
		FAIL(ERR_INPUT, STR_FMT ": somebody has changed it", STR_ARG(name));
	FAIL(ERR_INPUT,
	     STR_FMT ": is " STR_FMT ", neither as before (" STR_FMT ") nor as planned (" STR_FMT
		     ")",
	     STR_ARG(name), STR_ARG(what), STR_ARG(act->before), STR_ARG(act->after));
}

/* ---- there ---- */

/* Those that are still to be done. */
static Result look_at_all(int root, const ActionVec *actions, Arena *a, FixResult *result,
			  ActionVec *todo)
{
	for (size_t i = 0; i < actions->n; i++) {
		const Action *act = &actions->at[i];
		ActState state;
		Str what;
		act_tidy(root, act, a);
		TRY(look(root, act, a, &state, &what));
		if (state == ACT_OTHER)
			TRY(changed(act, what));
		if (state == ACT_AFTER)
			note(result, a, act, FIX_ALREADY);
		else
			vec_push(a, todo, *act);
	}
	return OK;
}

static Result do_one(int root, const Action *act, Arena *a)
{
	ActState state;
	Str what;
	TRY(look(root, act, a, &state, &what));
	if (state == ACT_OTHER)
		return changed(act, what);
	if (state == ACT_AFTER)
		return OK;
	return is_kernels(act) ? set_in_kernel(act, true, a) : act_do(root, act, a);
}

static void keep_text(FixResult *r, Err *e, Arena *a)
{
	r->failed = arena_str(a, str_of(e->text));
	err_free(e);
}

Result fix_apply_run(const FixRequest *r, Str plan, Arena *a, FixResult *out)
{
	AUTO_FIX_RECORDS FixRecords f = {.root = -1, .dir = -1};
	Task t = {.text = plan};
	ActionVec actions, todo = {0};
	bool audit = false;
	FixResult result = {0};
	TRY(have_read(r, &t, a, &actions, &audit));
	if (audit)
		TRY(add_rules(r, a, &actions));
	TRY(fix_records_open(r, true, &f));
	TRY(look_at_all(f.root, &actions, a, &result, &todo));
	if (todo.n != 0)
		TRY(fix_record_make(&f, &todo, a, &result.id));
	for (size_t i = 0; i < todo.n && result.failed.n == 0; i++) {
		Err *e = do_one(f.root, &todo.at[i], a);
		if (e != OK)
			keep_text(&result, e, a);
		else
			note(&result, a, &todo.at[i], FIX_DONE);
	}
	*out = result;
	return OK;
}

/* ---- and back ---- */

typedef struct Back {
	const FixRequest *r;
	FixRecords f;
	int dir; /* of the record */
	Arena *a;
	FixResult result;
} Back;

/* What was there, as it was: the copy is checked. */
static Result saved_bytes(Back *b, const Action *act, Str *out)
{
	uint8_t sha[SHA256_BYTES];
	*out = (Str){0};
	if (act->kind != ACT_CONTENT || act->absent)
		return OK;
	TRY_IN(fix_record_saved(b->dir, act->bytes, b->a, out), "the copy of " STR_FMT,
	       STR_ARG(act->path));
	sha256_of(*out, sha);
	if (!str_eq(digest_text(b->a, sha), act->before))
		FAIL(ERR_INPUT, "the copy of " STR_FMT " is not what was there",
		     STR_ARG(act->path));
	return OK;
}

static Result may_go_back(Back *b, const Action *act)
{
	ActState state;
	Str what, saved;
	act_tidy(b->f.root, act, b->a);
	TRY(saved_bytes(b, act, &saved));
	TRY(look(b->f.root, act, b->a, &state, &what));
	if (state == ACT_OTHER && !b->r->force)
		TRY_IN(changed(act, what), "nothing was taken back (see --force)");
	return OK;
}

static Result back_one(Back *b, const Action *act)
{
	ActState state;
	Str what, saved;
	TRY(saved_bytes(b, act, &saved));
	TRY(look(b->f.root, act, b->a, &state, &what));
	if (state == ACT_BEFORE) {
		note(&b->result, b->a, act, FIX_ALREADY);
		return OK;
	}
	if (state == ACT_OTHER && !b->r->force)
		return changed(act, what);
	TRY(is_kernels(act) ? set_in_kernel(act, false, b->a)
			    : act_undo(b->f.root, act, saved, b->a));
	note(&b->result, b->a, act, state == ACT_OTHER ? FIX_OVER : FIX_DONE);
	return OK;
}

/* A tree that somebody else made may hold a record, too: it must not reach the kernel. */
static Result stays_in_tree(const Back *b, const ActionVec *actions)
{
	for (size_t i = 0; i < actions->n; i++)
		if (b->r->root != NULL && is_kernels(&actions->at[i]))
			FAIL(ERR_INPUT,
			     STR_FMT ": is about the kernel's audit, and an unpacked host has no "
				     "kernel",
			     STR_ARG(b->result.id));
	return OK;
}

static Result back(Back *b, const char *id)
{
	Task t = {.undo = true};
	ActionVec actions;
	bool audit = false;
	TRY(fix_record_open(&b->f, id, b->a, &b->dir, &b->result.id, &t.text));
	TRY_IN(have_read(b->r, &t, b->a, &actions, &audit), STR_FMT, STR_ARG(b->result.id));
	TRY(stays_in_tree(b, &actions));
	for (size_t i = actions.n; i != 0; i--)
		TRY(may_go_back(b, &actions.at[i - 1]));
	for (size_t i = actions.n; i != 0 && b->result.failed.n == 0; i--) {
		Err *e = back_one(b, &actions.at[i - 1]);
		if (e != OK)
			keep_text(&b->result, e, b->a);
	}
	return b->result.failed.n == 0 ? fix_record_close(b->dir) : OK;
}

Result fix_undo_run(const FixRequest *r, const char *id, Arena *a, FixResult *out)
{
	Back b = {.r = r, .f = {.root = -1, .dir = -1}, .dir = -1, .a = a};
	Err *e = fix_records_open(r, false, &b.f);
	if (e == OK)
		e = back(&b, id);
	if (b.dir >= 0)
		close(b.dir);
	fix_records_close(&b.f);
	*out = b.result;
	return e;
}
