/* cmd_bench.c - bulwark bench: the CIS Docker Benchmark of this machine, or of an unpacked one. */
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/check_opts.h"
#include "cli/command.h"
#include "cli/fix_opts.h"
#include "cli/help.h"
#include "cli/terminal.h"
#include "flow/bench.h"

typedef struct BenchOpts {
	CheckOpts check;
	FixOpts fix;
	StrVec containers, images, labels, trusted;
	const char *engine, *root, *config_file, *benchmark;
	unsigned level;
	const char *tls_ca, *tls_cert, *tls_key;
	bool all, tls, allow_unsandboxed;
} BenchOpts;

static const char *benchmark_choice(size_t i)
{
	static const char *const names[] = {"1.8.0", "1.7.0", "1.6.0", NULL};
	return i < sizeof names / sizeof names[0] ? names[i] : NULL;
}

static const char *section_choice(size_t i)
{
	static const char *const names[] = {"host",    "daemon",     "files", "images",
					    "runtime", "operations", "swarm", NULL};
	return i < sizeof names / sizeof names[0] ? names[i] : NULL;
}

static const Opt opts[] = {
	CHECK_OPTS(BenchOpts, check, section_choice),
	OPT_ONE_OF(OPT_STR, 0, "benchmark", BenchOpts, benchmark, "VERSION",
		   "whose numbers to show and understand (default 1.8.0)", benchmark_choice),
	OPT(OPT_UINT, 0, "level", BenchOpts, level, "N", "1: only checks of profile level 1"),
	OPT(OPT_LIST, 0, "container", BenchOpts, containers, "LIST",
	    "judge these containers only; * and ? match"),
	OPT(OPT_LIST, 0, "image", BenchOpts, images, "LIST",
	    "judge these images only; * and ? match"),
	OPT(OPT_LIST, 0, "label", BenchOpts, labels, "LIST",
	    "judge containers with these labels only: KEY or KEY=VALUE"),
	OPT(OPT_LIST, 0, "trusted-users", BenchOpts, trusted, "LIST",
	    "who may be in the group docker"),
	OPT(OPT_FLAG, 'a', "all", BenchOpts, all, NULL, "judge containers that ended, too"),
	OPT(OPT_STR, 'H', "engine", BenchOpts, engine, "URL",
	    "unix://PATH or tcp://HOST:PORT (default as docker finds it; see below)"),
	OPT(OPT_FLAG, 0, "tls", BenchOpts, tls, NULL,
	    "speak TLS to tcp:// (default when DOCKER_TLS_VERIFY or DOCKER_CERT_PATH is set)"),
	OPT(OPT_STR, 0, "tlscacert", BenchOpts, tls_ca, "FILE",
	    "the authority of the engine's certificate (default ca.pem in DOCKER_CERT_PATH)"),
	OPT(OPT_STR, 0, "tlscert", BenchOpts, tls_cert, "FILE", "the certificate to show to it"),
	OPT(OPT_STR, 0, "tlskey", BenchOpts, tls_key, "FILE", "the key of that certificate"),
	OPT(OPT_STR, 0, "root", BenchOpts, root, "DIR", "judge an unpacked host"),
	OPT(OPT_STR, 0, "config-file", BenchOpts, config_file, "FILE", "judge this daemon.json"),
	FIX_OPTS(BenchOpts, fix),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", BenchOpts, allow_unsandboxed, NULL,
	    "go on where the kernel cannot confine the judge"),
	{0},
};

static Benchmark benchmark_of(const BenchOpts *o)
{
	for (int i = 0; i < BENCHMARKS && o->benchmark != NULL; i++)
		if (strcmp(benchmark_name((Benchmark)i), o->benchmark) == 0)
			return (Benchmark)i;
	return CIS_180;
}

static BenchRequest request_of(const BenchOpts *o)
{
	const char *trust = getenv("DOCKER_CONTENT_TRUST");
	BenchRequest r = {.root = o->root,
			  .engine = o->engine,
			  .tls = {o->tls, o->tls_ca, o->tls_cert, o->tls_key},
			  .config = o->config_file,
			  .allow_unsandboxed = o->allow_unsandboxed,
			  .options = {.ended = o->all,
				      .containers = o->containers,
				      .images = o->images,
				      .labels = o->labels,
				      .trusted = o->trusted,
				      .trusted_said = o->trusted.n != 0,
				      .content_trust = str_of(trust)}};
	r.options.selection = check_opts_selection(&o->check);
	r.options.selection.level = o->level;
	r.options.selection.benchmark = benchmark_of(o);
	return r;
}

static Result bench(const BenchOpts *o, const FixContext *fix, Arena *a, int *exit_code)
{
	CheckReport report = {0};
	Str missing = {0};
	CheckRun run = {.opts = &o->check, .tool = "bulwark bench", .at = bench_check_at};
	BenchRequest request = request_of(o);
	TRY(check_run_open(&run, &request.options.selection, a));
	Err *e = bench_run(&request, a, &report, &missing);
	terminal_warn_unconfined(run.tool, missing);
	const FixPlanRequest wanted = {request.root, request.engine, request.config, request.tls,
				       request.allow_unsandboxed};
	if (e == OK && o->fix.plan)
		e = fix_plan_report(fix, &wanted, &run, &report, a);
	else if (e == OK)
		e = check_run_finish(&run, &report, a, exit_code);
	check_run_close(&run);
	return e;
}

static FixContext fix_context(const BenchOpts *o)
{
	return (FixContext){.opts = &o->fix,
			    .tool = "bulwark bench",
			    .root = o->root,
			    .engine = o->engine,
			    .format = o->check.format,
			    .allow_unsandboxed = o->allow_unsandboxed,
			    .named = bench_check_named,
			    .benchmark = benchmark_of(o)};
}

static Result bench_command(const void *from, int argc, char **argv, int *exit_code)
{
	const BenchOpts *o = from;
	Arena a = {0};
	FixContext fix = fix_context(o);
	TRY(fix_opts_check(&fix, argc, argv));
	if (o->level > 2)
		FAIL(ERR_USAGE, "--level %u: a check is of level 1 or 2", o->level);
	if (o->check.explain != NULL)
		return check_explain(bench_check_at, benchmark_of(o), o->check.explain);
	if (o->check.list) {
		check_list(bench_check_at, benchmark_of(o));
		return OK;
	}
	Err *e = o->fix.undo || o->fix.apply != NULL ? fix_change(&fix, &a, exit_code)
						     : bench(o, &fix, &a, exit_code);
	arena_finish(&a);
	return e;
}

static const HelpSection sections[] = {
	{"Outcomes", "  PASS   as it should be\n"
		     "  WARN   not as it should be\n"
		     "  INFO   a fact somebody should look at\n"
		     "  NOTE   only a person can judge it\n"
		     "  N/A    does not apply here\n"
		     "  ERROR  could not be read: not evaluated, and the reason\n"},
	{"Score", "0 to 100. Each check that passes or warns counts by its severity (low 1, medium "
		  "2, high 4, "
		  "critical 8). One that warns earns the share of its subjects that are fine.\n"},
	{"What is read",
	 "The engine's API, /proc, and files; no program is started, and nothing is run in a "
	 "container. A worker without rights judges; it sees only what it asks for.\n"},
	ENGINE_HELP,
	FIX_HELP,
	{"Exit status",
	 "  0  nothing at or above the bar of --fail-on; without it, the run finished\n"
	 "  1  a WARN at or above the bar, or something not evaluated\n"
	 "  2  the command line, the configuration or the baseline is wrong\n"
	 "  3  it could not finish\n"},
	{0},
};

static const char *const examples[] = {
	"bulwark bench",
	"bulwark bench --section daemon,files --level 1 --verbose",
	"bulwark bench --container 'web-*' --format json --output bench.json",
	"bulwark bench --baseline accepted.yaml --fail-on high,not-evaluated",
	"bulwark bench --config-file daemon.json --section daemon",
	"bulwark bench --plan plan.json",
	"bulwark bench --apply plan.json",
	NULL,
};

const Command cmd_bench = {
	.name = "bench",
	.operands = "[FILE|ID]",
	.opts = opts,
	.opts_size = sizeof(BenchOpts),
	.run = bench_command,
	.summary = "judge the container engine: the CIS Docker Benchmark",
	.about = "Judges how this host's container engine, its files, images and containers are "
		 "set up, as "
		 "they really are: by the engine's word, its process, and the kernel's word about "
		 "each "
		 "container.\n",
	.sections = sections,
	.examples = examples,
};
