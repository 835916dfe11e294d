/* cmd_scan.c - bulwark scan: an image's known vulnerabilities, printed and judged. */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "flow/scan.h"
#include "policy/policy.h"
#include "report/format.h"
#include "report/remark_format.h"

typedef struct ScanOpts {
	StrVec scanners, severity, fail_on;
	const char *format, *output, *ignore, *db, *platform;
	bool only_fixed, kernel, allow_stale, allow_unsandboxed, offline, export;
	bool quiet, verbose, no_progress;
} ScanOpts;

enum { DAY_SECONDS = 86400, STALE_DAYS = 7, STALE_FEED_DAYS = 30 };

/* Worst first. */
static const char *severity_choice(size_t i)
{
	return i <= SEV_CRITICAL ? severity_name((Severity)(SEV_CRITICAL - i)) : NULL;
}

static const char *bar_choice(size_t i)
{
	return i == SEV_CRITICAL + 1 ? POLICY_NOT_EVALUATED : severity_choice(i);
}

static const struct {
	const char *name;
	Scanner bit;
} scanners[] = {{"vuln", SCAN_VULN},
		{"lint", SCAN_LINT},
		{"secrets", SCAN_SECRETS},
		{"malware", SCAN_MALWARE}};

enum { SCANNERS = sizeof scanners / sizeof scanners[0] };

static const char *scanner_choice(size_t i) { return i < SCANNERS ? scanners[i].name : NULL; }

static const Opt opts[] = {
	OPT_ONE_OF(OPT_LIST, 0, "scanners", ScanOpts, scanners, "LIST",
		   "what to look for, in one pass (default vuln)", scanner_choice),
	OPT_ONE_OF(OPT_STR, 'f', "format", ScanOpts, format, "FORMAT",
		   "how to print the report (default table)", format_choice),
	OPT(OPT_STR, 'o', "output", ScanOpts, output, "FILE",
	    "write the report here, whole or not at all"),
	OPT_ONE_OF(OPT_LIST, 's', "severity", ScanOpts, severity, "LIST",
		   "show only findings of these severities", severity_choice),
	OPT(OPT_FLAG, 0, "only-fixed", ScanOpts, only_fixed, NULL,
	    "show only findings that a newer version fixes"),
	OPT(OPT_STR, 'i', "ignore", ScanOpts, ignore, "FILE",
	    "leave out the findings this file accepts"),
	OPT_ONE_OF(OPT_LIST, 0, "fail-on", ScanOpts, fail_on, "LIST",
		   "exit 1 when a finding is this severe or worse, or when something could not be "
		   "evaluated",
		   bar_choice),
	OPT(OPT_FLAG, 0, "kernel", ScanOpts, kernel, NULL,
	    "count kernel packages like any other, though a container runs its host's kernel"),
	OPT(OPT_STR, 0, "platform", ScanOpts, platform, "OS/ARCH",
	    "which image of a multi-platform one (default this host's)"),
	OPT(OPT_STR, 0, "db", ScanOpts, db, "FILE",
	    "use this advisory database (default the updated one, else the bundled snapshot)"),
	OPT(OPT_FLAG, 0, "allow-stale", ScanOpts, allow_stale, NULL,
	    "let --fail-on judge by the bundled snapshot"),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", ScanOpts, allow_unsandboxed, NULL,
	    "go on where the kernel cannot confine the reader"),
	OPT(OPT_FLAG, 0, "export", ScanOpts, export, NULL,
	    "have an engine export its layers, in place of reading them where they lie"),
	OPT(OPT_FLAG, 0, "offline", ScanOpts, offline, NULL,
	    "touch no network; a scan never does, this holds it to that"),
	OPT(OPT_FLAG, 0, "no-progress", ScanOpts, no_progress, NULL, "show no progress"),
	OPT(OPT_FLAG, 'q', "quiet", ScanOpts, quiet, NULL, "no warnings and no progress"),
	OPT(OPT_FLAG, 'v', "verbose", ScanOpts, verbose, NULL,
	    "more of each finding, and how the image was read"),
	{0},
};

/* ---- what is asked ---- */

static uint32_t severity_bits(const StrVec *list)
{
	uint32_t bits = 0;
	Severity s = SEV_UNKNOWN;
	for (size_t i = 0; i < list->n; i++)
		if (severity_parse(list->at[i], &s))
			bits |= 1u << s;
	return bits;
}

static Result read_policy(const ScanOpts *o, Arena *a, Policy *p)
{
	Str text;
	*p = (Policy){.severities = severity_bits(&o->severity), .only_fixed = o->only_fixed};
	policy_set_bar(&o->fail_on, p);
	if (o->ignore == NULL)
		return OK;
	TRY(input_read(o->ignore, LIMIT_IGNORE_BYTES, a, &text));
	return policy_read_ignore(str_of(o->ignore), text, a, p);
}

static unsigned scanner_bits(const StrVec *list)
{
	unsigned bits = 0;
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < SCANNERS; k++)
			if (str_eq(list->at[i], str_of(scanners[k].name)))
				bits |= scanners[k].bit;
	return bits != 0 ? bits : SCAN_VULN;
}

static ScanRequest request_of(const ScanOpts *o, const char *target, ProgressLine *progress)
{
	return (ScanRequest){.scanners = scanner_bits(&o->scanners),
			     .lint = {.now = time(NULL)},
			     .target = str_of(target),
			     .platform = str_of(o->platform),
			     .db_path = o->db,
			     .kernel = o->kernel,
			     .allow_unsandboxed = o->allow_unsandboxed,
			     .export = o->export,
			     .allow_stale = o->allow_stale,
			     .fail_on_set = o->fail_on.n != 0,
			     .now = time(NULL),
			     .progress = progress_of(progress)};
}

/* ---- what is said ---- */

static void say(const char *before, Str text)
{
	fprintf(stderr, "bulwark scan: %s", before);
	terminal_say(stderr, text);
	fputc('\n', stderr);
}

static void say_warnings(const ScanOpts *o, const ScanOutcome *out)
{
	if (o->quiet)
		return;
	if (o->verbose)
		say("the image was read: ", out->road);
	if (o->verbose && out->db_path.n != 0)
		say("advisories from ", out->db_path);
	if (out->missing.n != 0)
		say("warning: the reader was not fully confined; the kernel lacks ", out->missing);
	for (size_t i = 0; i < out->report.warnings.n; i++)
		say("warning: ", out->report.warnings.at[i]);
}

static bool is_asked(const Report *r, Str feed)
{
	for (size_t i = 0; i < r->asked.n; i++)
		if (str_eq(r->asked.at[i], feed))
			return true;
	return false;
}

/* One that was kept out for long, beside others that are fresh; none that publishes seldom. */
static void warn_stale_feeds(const Report *r, int64_t now, Arena *a)
{
	for (size_t i = 0; i < r->db.feeds.n; i++) {
		Str name = r->db.feeds.at[i].name;
		int64_t as_of = r->db.feeds.at[i].as_of, days = (now - as_of) / DAY_SECONDS;
		if (as_of == 0 || days < STALE_FEED_DAYS || !is_asked(r, name))
			continue;
		fputs("bulwark scan: warning: the advisories of ", stderr);
		terminal_say(stderr, name);
		fprintf(stderr,
			" are of " STR_FMT
			", %lld days ago, and judged this image; see what keeps it "
			"out: bulwark db update\n",
			STR_ARG(date_format(a, as_of)), (long long)days);
	}
}

/* Said here and not in the report, which is the same today and tomorrow. */
static void warn_stale(const ScanOpts *o, const Report *r, int64_t now, Arena *a)
{
	const DbStamp *db = &r->db;
	int64_t days = (now - db->built) / DAY_SECONDS;
	if (o->quiet || db->built == 0)
		return;
	if (!db->bundled && days < STALE_DAYS) {
		warn_stale_feeds(r, now, a);
		return;
	}
	int64_t oldest = db->built;
	for (size_t i = 0; i < db->feeds.n; i++)
		if (db->feeds.at[i].as_of != 0 && db->feeds.at[i].as_of < oldest)
			oldest = db->feeds.at[i].as_of;
	fprintf(stderr,
		"bulwark scan: warning: the advisories are %s, of " STR_FMT " to " STR_FMT
		", %lld days ago; run: bulwark db update\n",
		db->bundled ? "the snapshot that came with bulwark" : "old",
		STR_ARG(date_format(a, oldest)), STR_ARG(date_format(a, db->built)),
		(long long)days);
}

static Result print(const ScanOpts *o, const Report *r, Arena *a, Output *to)
{
	const Format *format = format_named(o->format != NULL ? str_of(o->format) : S("table"));
	FormatStyle style = {.verbose = o->verbose};
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	Str text;
	if (to->path == NULL) {
		style.color = terminal_color(STDOUT_FILENO);
		style.width = terminal_columns(STDOUT_FILENO);
	}
	format->write(r, &style, &b);
	TRY(buf_done(&b, "the report", &text));
	return output_write(to, text);
}

/* Without packages to judge, the report is that of 'bulwark lint'. */
static Result print_remarks(const ScanOpts *o, const RemarkReport *r, Arena *a, Output *to)
{
	Str name = o->format != NULL ? str_of(o->format) : S("table"), text;
	const RemarkFormat *format = remark_format_named(str_eq(name, S("table")) ? S("text")
										  : name);
	FormatStyle style = {.color = to->path == NULL && terminal_color(STDOUT_FILENO)};
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	if (format == NULL)
		FAIL(ERR_USAGE, "--format " STR_FMT " is for --scanners vuln", STR_ARG(name));
	format->write(r, "bulwark scan", &style, &b);
	TRY(buf_done(&b, "the report", &text));
	return output_write(to, text);
}

static Result scan(const ScanOpts *o, const char *target, Arena *a, int *exit_code)
{
	Policy policy;
	ScanOutcome out = {0};
	ProgressLine progress;
	AUTO_OUTPUT Output to = {.fd = -1};
	TRY(read_policy(o, a, &policy));
	TRY(output_open(o->output, &to));
	progress_init(&progress, !o->quiet && !o->no_progress);
	ScanRequest request = request_of(o, target, &progress);
	Err *e = scan_run(&request, a, &out);
	progress_clear(&progress);
	TRY(e);
	if (request.scanners != SCAN_VULN)
		out.report.remarks = &out.remarks;
	policy_apply(&policy, request.now, a, &out.report);
	say_warnings(o, &out);
	warn_stale(o, &out.report, request.now, a);
	if ((request.scanners & SCAN_VULN) != 0)
		TRY(print(o, &out.report, a, &to));
	else
		TRY(print_remarks(o, &out.remarks, a, &to));
	*exit_code = policy_fails(&policy, &out.report) ? EXIT_FINDINGS : EXIT_CLEAN;
	return OK;
}

static Result scan_command(const void *from, int argc, char **argv, int *exit_code)
{
	Arena a = {0};
	if (argc == 0)
		FAIL(ERR_USAGE, "say what to scan, like docker:NAME; see 'bulwark help scan'");
	if (argc > 1)
		FAIL(ERR_USAGE, "one target at a time; '%s' is a second one", argv[1]);
	Err *e = scan(from, argv[0], &a, exit_code);
	arena_finish(&a);
	return e;
}

/* ---- what help says ---- */

static const char about[] =
	"Reads an image without running it, lists the packages in it (dpkg, apk, rpm, Python, the\n"
	"modules of Go programs), and compares them with the advisory database. What could not be\n"
	"decided is listed as not evaluated, and never taken for clean.\n";

static const HelpSection sections[] = {
	{"Targets",
	 "  docker:NAME        an image of the Docker engine\n"
	 "  podman:NAME        an image of Podman\n"
	 "  archive:FILE       what `docker save` or `podman save` wrote\n"
	 "  oci:DIR[:TAG]      an OCI layout; DIR@DIGEST too\n"
	 "  oci-archive:FILE   an OCI layout as a tar\n"
	 "  rootfs:DIR         a root file system\n"
	 "\n"
	 "A bare word is tried as a folder, a file, an image of Docker, an image of Podman.\n"
	 "Docker's engine is found as docker finds it: DOCKER_HOST, DOCKER_CONTEXT, the context\n"
	 "that 'docker context use' chose, the usual sockets; Podman's by CONTAINER_HOST, the\n"
	 "usual sockets. Its socket must be on this machine.\n"},
	{"Scanners",
	 "  vuln    packages against the advisory database\n"
	 "  lint    settings, history and files against the rules of 'bulwark lint IMAGE'\n"
	 "  secrets keys, tokens and passwords in every layer, also in files since deleted\n"
	 "  malware signs of malware in every layer\n"
	 "\n"
	 "All of them look at the same pass over the layers.\n"},
	{"Exit status",
	 "  0  nothing at or above the bar of --fail-on; without --fail-on, the scan finished\n"
	 "  1  a finding at or above the bar\n"
	 "  2  the command line, the configuration or the ignore file is wrong, or --fail-on\n"
	 "     would have judged by the bundled snapshot\n"
	 "  3  the scan could not be finished\n"
	 "\n"
	 "What --severity, --only-fixed and --ignore leave out does not count for --fail-on.\n"
	 "For it and for --severity, findings of lint, secrets and malware are high (error),\n"
	 "medium (warning), low (info) and unknown (style).\n"},
	{"Environment",
	 "Each option has a variable, --fail-on is BULWARK_FAIL_ON; and a place in the\n"
	 "configuration file, under \"scan:\". NO_COLOR switches colour off.\n"},
	{0},
};

static const char *const examples[] = {
	"bulwark scan docker:registry.example/app:1.2",
	"bulwark scan --fail-on high,not-evaluated --ignore accepted.yaml app.tar",
	"bulwark scan --format json --output report.json rootfs:/",
	NULL,
};

const Command cmd_scan = {
	.name = "scan",
	.operands = "TARGET",
	.opts = opts,
	.opts_size = sizeof(ScanOpts),
	.run = scan_command,
	.summary = "find known vulnerabilities in an image or a root file system",
	.about = about,
	.sections = sections,
	.examples = examples,
};
