/* fix_opts.c - prints plans, and what came of carrying them out. */
#include "cli/fix_opts.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "report/text.h"

enum { WIDTH = 100, INDENT = 6, LONG_VALUE = 160 };

Result fix_opts_check(FixContext *c, int argc, char **argv)
{
	const FixOpts *o = c->opts;
	if (o->plan + o->undo + (o->apply != NULL) > 1)
		FAIL(ERR_USAGE, "one of --plan, --apply and --undo");
	if (o->force && !o->undo)
		FAIL(ERR_USAGE, "--force goes with --undo");
	if (argc > (o->plan || o->undo ? 1 : 0))
		FAIL(ERR_USAGE, "'%s': no such operand is taken; see '%s --help'",
		     argv[o->plan || o->undo ? 1 : 0], c->tool);
	c->operand = argc != 0 ? argv[0] : NULL;
	return OK;
}

/* ---- plans ---- */

static void wrapped(Buf *b, const char *mark, Str text)
{
	buf_fmt(b, "%*s%s", INDENT, "", mark);
	text_wrap(b, text, INDENT + strlen(mark), INDENT + strlen(mark), WIDTH);
	buf_char(b, '\n');
}

static void value(Buf *b, Str s)
{
	text_clean(b, str_first(s, LONG_VALUE));
	if (s.n > LONG_VALUE)
		buf_add(b, S("..."));
}

static void headline(Buf *b, const FixStep *s)
{
	switch (s->kind) {
	case FIX_FILE:
		buf_fmt(b, "file " STR_FMT ": %s with %zu bytes", STR_ARG(s->path),
			s->absent ? "made" : "replaced", s->after.n);
		return;
	case FIX_AUDIT:
		buf_add(b, S("audit rules: loaded into the kernel, and auditing switched on"));
		return;
	case FIX_MODE:
	case FIX_OWNER:
	case FIX_JSON:
	case FIX_SYSCTL: break;
	}
	if (s->kind == FIX_SYSCTL)
		buf_add(b, S("sysctl "));
	else if (s->kind != FIX_JSON)
		buf_fmt(b, "%s of ", fix_kind_name(s->kind));
	if (s->kind != FIX_SYSCTL)
		text_clean(b, s->path);
	buf_add(b, s->kind == FIX_JSON ? S(" ") : S(""));
	text_clean(b, s->key);
	buf_add(b, S(": "));
	value(b, s->absent ? S("not set") : s->before);
	buf_add(b, S(" -> "));
	value(b, s->after);
}

static void put_checks(const FixContext *c, const StrVec *checks, Buf *b)
{
	for (size_t i = 0; i < checks->n; i++) {
		const CheckInfo *info = c->named(checks->at[i]);
		const char *number = info != NULL ? info->cis[c->benchmark] : NULL;
		buf_fmt(b, "%s", i != 0 ? ", " : "");
		text_clean(b, checks->at[i]);
		if (number != NULL)
			buf_fmt(b, " (%s)", number);
	}
}

static void put_step(const FixContext *c, const FixStep *s, size_t number, Buf *b)
{
	Arena a = {0};
	Buf line = buf_in(&a, 65536);
	buf_fmt(b, "%4zu  ", number);
	headline(b, s);
	buf_char(b, '\n');
	put_checks(c, &s->checks, &line);
	wrapped(b, "answers:   ", buf_str(&line));
	wrapped(b, "may break: ", s->risk);
	if (s->restart.n != 0)
		wrapped(b, "restart:   ", s->restart);
	arena_finish(&a);
}

static void plan_text(const FixContext *c, const FixPlan *plan, const char *file, Buf *b)
{
	if (plan->steps.n != 0)
		buf_add(b, S("What would be changed\n\n"));
	for (size_t i = 0; i < plan->steps.n; i++)
		put_step(c, &plan->steps.at[i], i + 1, b);
	if (plan->manual.n != 0)
		buf_add(b, S("\nWhat a person must decide\n\n"));
	for (size_t i = 0; i < plan->manual.n; i++) {
		const FixManual *m = &plan->manual.at[i];
		StrVec one = {.at = (Str[]){m->check}, .n = 1};
		buf_add(b, S("   -  "));
		put_checks(c, &one, b);
		buf_add(b, S(": "));
		text_clean(b, m->title);
		buf_char(b, '\n');
		wrapped(b, "is: ", m->why);
		wrapped(b, "do: ", m->remedy);
	}
	buf_fmt(b, "\n%zu step%s, and %zu left to a person.\n", plan->steps.n,
		plan->steps.n == 1 ? "" : "s", plan->manual.n);
	if (plan->steps.n == 0)
		return;
	if (file != NULL)
		buf_fmt(b, "Take out what you do not want, then: %s --apply %s\n", c->tool, file);
	else
		buf_fmt(b, "To carry it out: %s --plan FILE, then --apply FILE\n", c->tool);
}

static Result write_to(const char *path, const Buf *b)
{
	AUTO_OUTPUT Output to = {.fd = -1};
	Str text;
	TRY(buf_done(b, "the plan", &text));
	TRY(output_open(path, &to));
	return output_write(&to, text);
}

static Result show_plan(const FixContext *c, const FixPlan *plan, Arena *a)
{
	const char *operand = c->operand;
	Buf json = buf_in(a, LIMIT_REPORT_BYTES), text = buf_in(a, LIMIT_REPORT_BYTES);
	bool as_json = c->format != NULL && strcmp(c->format, "json") == 0;
	fix_plan_json(plan, &json);
	if (operand != NULL)
		TRY(write_to(operand, &json));
	if (operand != NULL && strcmp(operand, "-") == 0)
		return OK;
	if (as_json)
		return operand == NULL ? write_to(NULL, &json) : OK;
	plan_text(c, plan, operand, &text);
	return write_to(NULL, &text);
}

Result fix_plan_report(const FixContext *c, const FixPlanRequest *r, const CheckRun *run,
		       CheckReport *report, Arena *a)
{
	FixPlan plan;
	policy_apply_checks(&run->policy, time(NULL), a, report);
	TRY(fix_plan_run(r, report, a, &plan));
	return show_plan(c, &plan, a);
}

/* ---- changes ---- */

static void put_action(Buf *b, const FixDone *d, bool undo)
{
	static const char *const kinds[] = {"",       "mode",       "owner",   "content",
					    "sysctl", "audit rule", "auditing"};
	static const char *const outcomes[] = {"", "done", "already", "over"};
	const Action *act = &d->action;
	buf_fmt(b, "%-8s %s ", outcomes[d->outcome], kinds[act->kind]);
	if (act->kind == ACT_RULE && act->path.n == 0)
		buf_add(b, S("of system calls"));
	else if (act->kind == ACT_ENABLED)
		buf_add(b, undo ? S("off") : S("on"));
	else
		text_clean(b, act->path);
	if (act->kind == ACT_MODE || act->kind == ACT_OWNER || act->kind == ACT_SYSCTL) {
		buf_add(b, S(": "));
		text_clean(b, undo ? act->after : act->before);
		buf_add(b, S(" -> "));
		text_clean(b, undo ? act->before : act->after);
	} else if (act->kind == ACT_CONTENT && act->absent) {
		buf_add(b, undo ? S(": removed") : S(": made"));
	}
	buf_char(b, '\n');
}

static bool is_engine_file(const FixResult *r)
{
	for (size_t i = 0; i < r->done.n; i++)
		if (r->done.at[i].action.kind == ACT_CONTENT &&
		    str_ends(r->done.at[i].action.path, S(".json")) &&
		    r->done.at[i].outcome != FIX_ALREADY)
			return true;
	return false;
}

static void put_result(const FixContext *c, const FixResult *r, Buf *b)
{
	bool undo = c->opts->undo;
	size_t done = 0;
	for (size_t i = 0; i < r->done.n; i++) {
		put_action(b, &r->done.at[i], undo);
		done += r->done.at[i].outcome != FIX_ALREADY;
	}
	buf_fmt(b, "%zu %s, %zu %s\n", done, undo ? "taken back" : "done", r->done.n - done,
		undo ? "not there" : "already so");
	if (is_engine_file(r))
		buf_add(b, S("The engine reads its file at its next start: restart it.\n"));
	if (!undo && r->id.n != 0)
		buf_fmt(b, "To take it back: %s%s%s --undo " STR_FMT "\n", c->tool,
			c->root != NULL ? " --root " : "", c->root != NULL ? c->root : "",
			STR_ARG(r->id));
}

/* What it says is done as root: it has to be what somebody read. */
static Result read_plan(const char *path, Arena *a, Str *out)
{
	int fd = -1;
	struct stat st;
	TRY(input_open(path, &fd));
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IWOTH) != 0) {
		close(fd);
		FAIL(ERR_INPUT,
		     "%s: everybody can write it (mode %04o); chmod o-w, read it again, then apply "
		     "it",
		     path, (unsigned)st.st_mode & 07777u);
	}
	return input_all(fd, path, LIMIT_PLAN_BYTES, a, out);
}

static Result carry_out(const FixContext *c, Arena *a, FixResult *out)
{
	FixRequest r = {.root = c->root,
			.undo_dir = c->opts->undo_dir,
			.engine = c->engine,
			.force = c->opts->force,
			.allow_unsandboxed = c->allow_unsandboxed};
	Str text;
	if (c->opts->undo)
		return fix_undo_run(&r, c->operand, a, out);
	TRY(read_plan(c->opts->apply, a, &text));
	TRY_IN(fix_apply_run(&r, text, a, out), "%s", c->opts->apply);
	return OK;
}

Result fix_change(const FixContext *c, Arena *a, int *exit_code)
{
	FixResult r = {0};
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	TRY(carry_out(c, a, &r));
	put_result(c, &r, &b);
	TRY(write_to(NULL, &b));
	*exit_code = EXIT_CLEAN;
	if (r.failed.n != 0)
		FAIL(ERR_SYS, "stopped: " STR_FMT, STR_ARG(r.failed));
	return OK;
}
