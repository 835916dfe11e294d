/* cmd_secrets.c - bulwark secrets: keys, tokens and passwords in files, masked and judged. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/remarks.h"
#include "cli/terminal.h"
#include "flow/secrets.h"
#include "report/remark_format.h"
#include "secrets/limits.h"

typedef struct SecretsOpts {
	StrVec exclude;
	const char *format, *output, *confidence, *fail_on, *rules, *baseline, *platform;
	bool git, list, allow_unsandboxed, quiet, no_progress;
} SecretsOpts;

static const Opt opts[] = {
	OPT_ONE_OF(OPT_STR, 'f', "format", SecretsOpts, format, "FORMAT",
		   "how to print the findings (default text)", remark_format_choice),
	OPT(OPT_STR, 'o', "output", SecretsOpts, output, "FILE",
	    "write the report here, whole or not at all"),
	OPT_ONE_OF(OPT_STR, 'c', "confidence", SecretsOpts, confidence, "LEVEL",
		   "show findings that are this sure or surer (default medium)",
		   remark_confidence_choice),
	OPT_ONE_OF(OPT_STR, 0, "fail-on", SecretsOpts, fail_on, "LEVEL",
		   "exit 1 when a finding is of this level or above (default info)",
		   remark_level_choice),
	OPT(OPT_FLAG, 0, "git", SecretsOpts, git, NULL,
	    "search the whole history of the repository TARGET (default .)"),
	OPT(OPT_LIST, 'x', "exclude", SecretsOpts, exclude, "LIST",
	    "leave out paths or names that match these shell patterns"),
	OPT(OPT_STR, 0, "baseline", SecretsOpts, baseline, "FILE",
	    "leave out the findings of this JSON report"),
	OPT(OPT_STR, 0, "rules", SecretsOpts, rules, "FILE", "more rules"),
	OPT(OPT_FLAG, 0, "list", SecretsOpts, list, NULL, "name all rules, and stop"),
	OPT(OPT_STR, 0, "platform", SecretsOpts, platform, "OS/ARCH",
	    "which image of a multi-platform one (default this host's)"),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", SecretsOpts, allow_unsandboxed, NULL,
	    "go on where the kernel cannot confine the reader"),
	OPT(OPT_FLAG, 0, "no-progress", SecretsOpts, no_progress, NULL, "show no progress"),
	OPT(OPT_FLAG, 'q', "quiet", SecretsOpts, quiet, NULL, "no warnings and no progress"),
	{0},
};

/* ---- what is asked ---- */

static Result read_request(const SecretsOpts *o, const char *target, Arena *a, SecretsRequest *out)
{
	*out = (SecretsRequest){.target = str_of(target),
				.platform = str_of(o->platform),
				.rules_name = o->rules,
				.exclude = o->exclude,
				.git = o->git,
				.least = remark_confidence_of(o->confidence),
				.allow_unsandboxed = o->allow_unsandboxed};
	if (o->rules != NULL)
		TRY(input_read(o->rules, LIMIT_SECRET_RULES_BYTES, a, &out->rules));
	if (o->baseline != NULL)
		TRY(remarks_read_baseline(o->baseline, a, &out->fingerprints));
	return OK;
}

static Result list_rules(const SecretsRequest *r, Arena *a)
{
	SecretRuleVec rules = {0};
	TRY_IN(secrets_rules(r->rules, a, &rules), "%s", r->rules_name);
	for (size_t i = 0; i < rules.n; i++)
		printf("%-42s " STR_FMT ": " STR_FMT "\n", arena_cstr(a, rules.at[i].id),
		       STR_ARG(rules.at[i].provider), STR_ARG(rules.at[i].about));
	return OK;
}

/* ---- what is said ---- */

static Result search(const SecretsOpts *o, const char *target, Arena *a, int *exit_code)
{
	SecretsRequest request;
	SecretsOutcome out = {0};
	ProgressLine progress;
	AUTO_OUTPUT Output to = {.fd = -1};
	TRY(read_request(o, target, a, &request));
	if (o->list)
		return list_rules(&request, a);
	TRY(output_open(o->output, &to));
	progress_init(&progress, !o->quiet && !o->no_progress);
	request.progress = progress_of(&progress);
	Err *e = secrets_run(&request, a, &out);
	progress_clear(&progress);
	TRY(e);
	if (!o->quiet)
		terminal_warn_unconfined("bulwark secrets", out.missing);
	TRY(remarks_print(o->format, "bulwark secrets", &out.report, a, &to));
	*exit_code = remarks_fail(o->fail_on, &out.report) ? EXIT_FINDINGS : EXIT_CLEAN;
	return OK;
}

static Result secrets_command(const void *from, int argc, char **argv, int *exit_code)
{
	const SecretsOpts *o = from;
	Arena a = {0};
	if (argc == 0 && !o->list && !o->git)
		FAIL(ERR_USAGE, "say where to look: a folder, a file, '-', or an image; see "
				"'bulwark help secrets'");
	if (argc > 1)
		FAIL(ERR_USAGE, "one target at a time; '%s' is a second one", argv[1]);
	Err *e = search(o, argc != 0 ? argv[0] : o->git ? "." : "-", &a, exit_code);
	arena_finish(&a);
	return e;
}

static const HelpSection sections[] = {
	{"Where it looks",
	 "  DIR or FILE        files as they lie there, archives opened\n"
	 "  -                  standard input\n"
	 "  --git [DIR]        every version of every file in a repository's history, and the\n"
	 "                     messages; its configuration and hooks are not read\n"
	 "  docker:NAME, podman:NAME, archive:FILE, oci:DIR, oci-archive:FILE, rootfs:DIR\n"
	 "                     every layer of an image, files since removed too, and what its\n"
	 "                     config says; a file as a package brought it is left out\n"
	 "\n"
	 "Texts are searched with every rule, binaries with those whose secrets have a form of "
	 "their own. Zip, tar, gzip and zstd are opened; base64 and percent-encoding undone.\n"},
	{"What is left out",
	 "A line that has \"bulwark:allow\" or \"gitleaks:allow\", what --exclude and --baseline "
	 "name, placeholders, and findings below --confidence. \"low\" shows values that merely "
	 "look random.\n"
	 "\n"
	 "Values are never printed: only up to four leading characters of a long one. Nothing is "
	 "sent anywhere.\n"},
	{"Exit status", "  0  nothing found at or above --fail-on\n"
			"  1  a secret was found\n"
			"  2  the command line, the rules or the baseline are wrong\n"
			"  3  the search could not be finished\n"},
	{0},
};

static const char *const examples[] = {
	"bulwark secrets .",
	"git diff | bulwark secrets -",
	"bulwark secrets --git",
	"bulwark secrets --format json --output known.json . ; bulwark secrets --baseline "
	"known.json .",
	NULL,
};

const Command cmd_secrets = {
	.name = "secrets",
	.operands = "TARGET",
	.opts = opts,
	.opts_size = sizeof(SecretsOpts),
	.run = secrets_command,
	.summary = "find keys, tokens and passwords in files",
	.about = "Searches files for secrets of some two hundred providers, for private keys, "
		 "passwords in addresses and values that look random. Says where they are, masked.",
	.sections = sections,
	.examples = examples,
};
