/* cmd_host.c - bulwark host: the audit of this machine as a host of containers, or of an unpacked
 * one. */
#include "cli/check_opts.h"
#include "cli/command.h"
#include "cli/fix_opts.h"
#include "cli/terminal.h"
#include "flow/host.h"

typedef struct HostOpts {
	CheckOpts check;
	FixOpts fix;
	StrVec trusted;
	const char *root, *db;
	bool allow_unsandboxed;
} HostOpts;

static const Opt opts[] = {
	CHECK_OPTS(HostOpts, check, host_section_at),
	OPT(OPT_LIST, 0, "trusted-users", HostOpts, trusted, "LIST",
	    "who may have root's power: docker's group, sudo without a password"),
	OPT(OPT_STR, 0, "db", HostOpts, db, "FILE",
	    "the advisory database for the host's own packages (default as 'scan')"),
	OPT(OPT_STR, 0, "root", HostOpts, root, "DIR", "judge an unpacked host"),
	FIX_OPTS(HostOpts, fix),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", HostOpts, allow_unsandboxed, NULL,
	    "go on where the kernel cannot confine the judge"),
	{0},
};

static Result host(const HostOpts *o, const FixContext *fix, Arena *a, int *exit_code)
{
	CheckReport report = {0};
	Str missing = {0};
	CheckRun run = {.opts = &o->check, .tool = "bulwark host", .at = host_check_at};
	HostRequest request = {.root = o->root,
			       .db_path = o->db,
			       .allow_unsandboxed = o->allow_unsandboxed,
			       .options = {.selection = check_opts_selection(&o->check),
					   .trusted = o->trusted,
					   .trusted_said = o->trusted.n != 0}};
	TRY(check_run_open(&run, &request.options.selection, a));
	Err *e = host_run(&request, a, &report, &missing);
	terminal_warn_unconfined(run.tool, missing);
	const FixPlanRequest wanted = {.root = o->root, .allow_unsandboxed = o->allow_unsandboxed};
	if (e == OK && o->fix.plan)
		e = fix_plan_report(fix, &wanted, &run, &report, a);
	else if (e == OK)
		e = check_run_finish(&run, &report, a, exit_code);
	check_run_close(&run);
	return e;
}

static Result host_command(const void *from, int argc, char **argv, int *exit_code)
{
	const HostOpts *o = from;
	Arena a = {0};
	FixContext fix = {.opts = &o->fix,
			  .tool = "bulwark host",
			  .root = o->root,
			  .format = o->check.format,
			  .allow_unsandboxed = o->allow_unsandboxed,
			  .named = host_check_named,
			  .benchmark = CIS_180};
	TRY(fix_opts_check(&fix, argc, argv));
	if (o->check.explain != NULL)
		return check_explain(host_check_at, CIS_180, o->check.explain);
	if (o->check.list) {
		check_list(host_check_at, CIS_180);
		return OK;
	}
	Err *e = o->fix.undo || o->fix.apply != NULL ? fix_change(&fix, &a, exit_code)
						     : host(o, &fix, &a, exit_code);
	arena_finish(&a);
	return e;
}

static const HelpSection sections[] = {
	{"Outcomes", "  PASS   as it should be\n"
		     "  WARN   not as it should be\n"
		     "  INFO   a fact somebody should look at\n"
		     "  NOTE   only a person can judge it\n"
		     "  N/A    does not apply here, or this kernel has no such thing\n"
		     "  ERROR  could not be read: not evaluated, and the reason\n"},
	{"Hardening index",
	 "The score, 0 to 100: of all checks that pass or warn, the sum of weights earned, times "
	 "100, by the sum of weights. A check weighs by its severity: low 1, medium 2, high 4, "
	 "critical 8. One that passes earns all of it; one that warns earns the share of its "
	 "subjects that are fine, and nothing where the machine is the only subject. What is "
	 "INFO, NOTE, N/A or ERROR does not count.\n"},
	{"What is read",
	 "/proc, /sys, files, the engine's API, and from the kernel the state of its clock, its "
	 "audit and its packet filter. No program is started. A worker without rights judges; it "
	 "sees only what it asks for. As another user than root much cannot be read, and is "
	 "ERROR.\n"},
	FIX_HELP,
	{"Exit status",
	 "  0  nothing at or above the bar of --fail-on; without it, the run finished\n"
	 "  1  a WARN at or above the bar, or something not evaluated\n"
	 "  2  the command line, the configuration or the baseline is wrong\n"
	 "  3  it could not finish\n"},
	{0},
};

static const char *const examples[] = {
	"bulwark host",
	"bulwark host --section kernel,network --verbose",
	"bulwark host --trusted-users alice --baseline accepted.yaml --fail-on high,not-evaluated",
	"bulwark host --root /mnt/disk --format json --output host.json",
	"bulwark host --section kernel --plan plan.json",
	"bulwark host --apply plan.json",
	NULL,
};

const Command cmd_host = {
	.name = "host",
	.operands = "[FILE|ID]",
	.opts = opts,
	.opts_size = sizeof(HostOpts),
	.run = host_command,
	.summary = "judge this machine as a host of containers",
	.about = "Judges how the kernel, the network, mounts, users, ssh, files, audit, logs and "
		 "software of a container host are set up: 84 checks, in well under a second.\n",
	.sections = sections,
	.examples = examples,
};
