/* cmd_audit_rules.c - bulwark audit rules: what should be recorded, as text, and in the kernel. */
#include <stdio.h>

#include "base/limits.h"
#include "cli/cmd_audit.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "flow/audit_rules.h"
#include "io/json.h"
#include "report/text.h"

typedef struct RulesOpts {
	const char *format, *output, *root, *engine;
	bool check, load, unload, enable, verbose, allow_unsandboxed;
} RulesOpts;

static const char *format_choice(size_t i)
{
	static const char *const names[] = {"text", "json", NULL};
	return names[i];
}

static const Opt opts[] = {
	OPT(OPT_FLAG, 0, "check", RulesOpts, check, NULL,
	    "compare with the rules the kernel has loaded"),
	OPT_ACT(OPT_FLAG, 0, "load", RulesOpts, load, NULL, "load those that are missing"),
	OPT_ACT(OPT_FLAG, 0, "enable", RulesOpts, enable, NULL,
		"with --load: switch auditing on, too"),
	OPT_ACT(OPT_FLAG, 0, "unload", RulesOpts, unload, NULL, "remove those with a key of ours"),
	OPT_ONE_OF(OPT_STR, 'f', "format", RulesOpts, format, "FORMAT",
		   "how to print (default text)", format_choice),
	OPT(OPT_STR, 'o', "output", RulesOpts, output, "FILE",
	    "write it here, whole or not at all"),
	OPT(OPT_FLAG, 'v', "verbose", RulesOpts, verbose, NULL,
	    "rules that are as they should be, too"),
	OPT(OPT_STR, 'H', "engine", RulesOpts, engine, "URL",
	    "unix://PATH (default this machine's, as docker finds it)"),
	OPT(OPT_STR, 0, "root", RulesOpts, root, "DIR", "make rules for an unpacked host"),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", RulesOpts, allow_unsandboxed, NULL,
	    "go on where the kernel cannot confine what looks"),
	{0},
};

static const char *standing_name(AuditStanding s)
{
	static const char *const names[] = {"",        "present", "weaker", "missing", "added",
					    "refused", "extra",   "other",  "removed"};
	return names[s];
}

/* ---- the rules themselves ---- */

static void put_rule(Buf *b, const AuditRule *r)
{
	Arena a = {0};
	Buf text = buf_in(&a, 1u << 16);
	audit_rule_text(r, &text);
	text_clean(b, buf_str(&text));
	arena_finish(&a);
}

static void plan_text(Buf *b, const AuditPlan *plan)
{
	Str before = {0};
	buf_add(b, S("## What is done to the container engine, for the kernel's audit.\n"
		     "## Made by bulwark audit rules from "));
	text_clean(b, plan->engine);
	buf_char(b, '\n');
	for (size_t i = 0; i < plan->rules.n; i++) {
		const AuditRule *r = &plan->rules.at[i].rule;
		Str key = audit_rule_key(r);
		const char *about = audit_key_about(key);
		if (!str_eq(key, before) && about != NULL)
			buf_fmt(b, "\n# %s\n", about);
		before = key;
		if (!audit_rule_writable(r))
			buf_add(b, S("# auditctl cannot read the next one; --load can\n# "));
		put_rule(b, r);
		buf_char(b, '\n');
	}
}

static void member(Buf *b, const char *key, Str value)
{
	buf_fmt(b, ",\"%s\":", key);
	json_quote(b, value);
}

static void rule_json(Buf *b, const AuditRule *r, Str cis)
{
	Buf text = buf_in(b->arena, 1u << 16);
	audit_rule_text(r, &text);
	buf_add(b, S("{\"rule\":"));
	json_quote(b, buf_str(&text));
	member(b, "key", audit_rule_key(r));
	if (audit_rule_path(r).n != 0)
		member(b, "path", audit_rule_path(r));
	if (cis.n != 0)
		member(b, "cis", cis);
}

static void plan_json(Buf *b, const AuditPlan *plan)
{
	buf_add(b, S("{\"engine\":"));
	json_quote(b, plan->engine);
	buf_add(b, S(",\"rules\":["));
	for (size_t i = 0; i < plan->rules.n; i++) {
		buf_add(b, i != 0 ? S(",\n") : S("\n"));
		rule_json(b, &plan->rules.at[i].rule, plan->rules.at[i].cis);
		buf_char(b, '}');
	}
	buf_add(b, S("]}\n"));
}

/* ---- the comparison ---- */

static size_t count(const AuditComparison *c, AuditStanding s)
{
	size_t n = 0;
	for (size_t i = 0; i < c->rules.n; i++)
		n += c->rules.at[i].standing == s;
	return n;
}

static bool is_shown(AuditStanding s, bool verbose)
{
	return verbose || (s != STANDS_PRESENT && s != STANDS_OTHER);
}

static void state_text(Buf *b, const AuditComparison *c)
{
	const AuditStatus *s = &c->status;
	if (s->enabled == 0)
		buf_add(b, S("Auditing is off, so nothing is recorded: switch it on with --load "
			     "--enable.\n"));
	else if (c->off)
		buf_add(b,
			S("A rule keeps what is done from being recorded (never,task, or exclude "
			  "with msgtype=SYSCALL): see auditctl -l, and delete it.\n"));
	if (s->enabled == 2)
		buf_add(b, S("Audit is locked: rules can change with the next start only.\n"));
	if (s->lost != 0)
		buf_fmt(b, "The kernel has lost %u records since it started.\n", s->lost);
}

static void comparison_text(Buf *b, const AuditComparison *c, bool verbose)
{
	static const AuditStanding order[] = {STANDS_PRESENT, STANDS_WEAKER,  STANDS_MISSING,
					      STANDS_ADDED,   STANDS_REFUSED, STANDS_REMOVED,
					      STANDS_EXTRA,   STANDS_OTHER};
	const char *before = "";
	for (size_t i = 0; i < c->rules.n; i++) {
		const AuditJudged *j = &c->rules.at[i];
		if (!is_shown(j->standing, verbose))
			continue;
		buf_fmt(b, "%-8s ", standing_name(j->standing));
		put_rule(b, &j->rule);
		if (j->why.n != 0) {
			buf_add(b, S("\n         "));
			text_clean(b, j->why);
		}
		buf_char(b, '\n');
	}
	state_text(b, c);
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		size_t n = count(c, order[i]);
		if (n == 0)
			continue;
		buf_fmt(b, "%s%zu %s", before, n, standing_name(order[i]));
		before = ", ";
	}
	buf_add(b, before[0] != '\0' ? S("\n") : S("no rules\n"));
}

static void comparison_json(Buf *b, const AuditComparison *c)
{
	const AuditStatus *s = &c->status;
	buf_fmt(b,
		"{\"status\":{\"enabled\":%u,\"failure\":%u,\"pid\":%u,\"rate_limit\":%u,"
		"\"backlog_limit\":%u,\"lost\":%u,\"backlog\":%u},\"recording\":%s,\"rules\":[",
		s->enabled, s->failure, s->pid, s->rate_limit, s->backlog_limit, s->lost,
		s->backlog, c->off ? "false" : "true");
	for (size_t i = 0; i < c->rules.n; i++) {
		const AuditJudged *j = &c->rules.at[i];
		buf_add(b, i != 0 ? S(",\n") : S("\n"));
		rule_json(b, &j->rule, j->cis);
		buf_fmt(b, ",\"standing\":\"%s\"", standing_name(j->standing));
		if (j->why.n != 0)
			member(b, "why", j->why);
		buf_char(b, '}');
	}
	buf_add(b, S("]}\n"));
}

/* ---- the command ---- */

static Result write_out(const RulesOpts *o, const Buf *b)
{
	AUTO_OUTPUT Output to = {.fd = -1};
	Str text;
	TRY(buf_done(b, "the rules", &text));
	TRY(output_open(o->output, &to));
	return output_write(&to, text);
}

static bool wants_json(const RulesOpts *o) { return o->format != NULL && o->format[0] == 'j'; }

static Result change(const RulesOpts *o, const AuditPlan *plan, Arena *a, int *exit_code)
{
	AuditComparison c;
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	if (o->unload)
		TRY(audit_rules_unload(a, &c));
	else if (o->load)
		TRY(audit_rules_load(plan, o->enable, a, &c));
	else
		TRY(audit_rules_compare(plan, a, &c));
	if (wants_json(o))
		comparison_json(&b, &c);
	else
		comparison_text(&b, &c, o->verbose);
	bool lacks = count(&c, STANDS_MISSING) + count(&c, STANDS_WEAKER) +
			     count(&c, STANDS_REFUSED) !=
		     0;
	*exit_code = lacks || (o->check && c.off) ? EXIT_FINDINGS : EXIT_CLEAN;
	return write_out(o, &b);
}

static Result rules(const RulesOpts *o, Arena *a, int *exit_code)
{
	AuditRulesRequest r = {o->root, o->engine, o->allow_unsandboxed};
	AuditPlan plan = {0};
	Str missing = {0};
	if (!o->unload)
		TRY(audit_rules_make(&r, a, &plan, &missing));
	terminal_warn_unconfined("bulwark audit rules", missing);
	if (o->check || o->load || o->unload)
		return change(o, &plan, a, exit_code);
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	if (wants_json(o))
		plan_json(&b, &plan);
	else
		plan_text(&b, &plan);
	return write_out(o, &b);
}

static Result rules_run(const void *from, int argc, char **argv, int *exit_code)
{
	const RulesOpts *o = from;
	Arena a = {0};
	if (argc != 0)
		FAIL(ERR_USAGE, "'%s': no operand is taken; see 'bulwark help audit rules'",
		     argv[0]);
	if (o->check + o->load + o->unload > 1)
		FAIL(ERR_USAGE, "one of --check, --load and --unload");
	if (o->enable && !o->load)
		FAIL(ERR_USAGE, "--enable goes with --load");
	if (o->root != NULL && (o->check || o->load || o->unload))
		FAIL(ERR_USAGE, "--root: an unpacked host has no kernel to compare with");
	Err *e = rules(o, &a, exit_code);
	arena_finish(&a);
	return e;
}

static const HelpSection sections[] = {
	{"Output",
	 "Without --check, --load or --unload, the rules in the syntax of auditctl, ready for "
	 "/etc/audit/rules.d. With one of them, a line for each rule:\n\n"
	 "  present  what it asks for is recorded, by one rule or several\n"
	 "  weaker   only a part of it is, and which is not\n"
	 "  missing  nothing of it is\n"
	 "  added    it is loaded now; refused: the kernel did not take it\n"
	 "  removed  it is loaded no more; auditing stays on or off as it is\n"
	 "  extra    it has a key of ours, and is not asked for any more\n"
	 "  other    somebody else's (--verbose)\n"},
	{"Exit status",
	 "  0  all are present, or were loaded\n"
	 "  1  one is missing, weaker or refused; with --check also: auditing is off\n"
	 "  2  the command line or the configuration is wrong\n"
	 "  3  the kernel's audit could not be read\n"},
	{0},
};

static const char *const examples[] = {
	"bulwark audit rules --output /etc/audit/rules.d/50-bulwark.rules",
	"bulwark audit rules --check", "bulwark audit rules --load --enable", NULL};

const Command cmd_audit_rules = {
	.name = "rules",
	.operands = "",
	.opts = opts,
	.opts_size = sizeof(RulesOpts),
	.run = rules_run,
	.summary = "audit rules for the container engine as it is here",
	.about = "The engine's program, files, sockets and units are found by its process, its "
		 "API and its units, by their real paths.",
	.sections = sections,
	.examples = examples,
};
