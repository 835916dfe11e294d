/* search_opts.h - what `secrets` and `malware` have in common: options, baseline, report, exit
 * code. */
#pragma once
#include "cli/opt.h"
#include "cli/remarks.h"
#include "flow/search.h"
#include "report/remark_format.h"

typedef struct SearchOpts {
	StrVec exclude;
	const char *format, *output, *confidence, *fail_on, *baseline, *platform;
	bool allow_unsandboxed, quiet, no_progress;
} SearchOpts;

/* Rows of an option table whose struct T has a SearchOpts in `field`. */
#define SEARCH_OPTS(T, field)                                                                    \
	OPT_ONE_OF(OPT_STR, 'f', "format", T, field.format, "FORMAT",                            \
		   "how to print the findings (default text)", remark_format_choice),            \
		OPT(OPT_STR, 'o', "output", T, field.output, "FILE",                             \
		    "write the report here, whole or not at all"),                               \
		OPT_ONE_OF(OPT_STR, 'c', "confidence", T, field.confidence, "LEVEL",             \
			   "show findings that are this sure or surer (default medium)",         \
			   remark_confidence_choice),                                            \
		OPT_ONE_OF(OPT_STR, 0, "fail-on", T, field.fail_on, "LEVEL",                     \
			   "exit 1 when a finding is of this level or above (default info)",     \
			   remark_level_choice),                                                 \
		OPT(OPT_LIST, 'x', "exclude", T, field.exclude, "LIST",                          \
		    "leave out paths or names that match these shell patterns"),                 \
		OPT(OPT_STR, 0, "baseline", T, field.baseline, "FILE",                           \
		    "leave out the findings of this JSON report"),                               \
		OPT(OPT_STR, 0, "platform", T, field.platform, "OS/ARCH",                        \
		    "which image of a multi-platform one (default this host's)"),                \
		OPT(OPT_FLAG, 0, "allow-unsandboxed", T, field.allow_unsandboxed, NULL,          \
		    "go on where the kernel cannot confine the reader"),                         \
		OPT(OPT_FLAG, 0, "no-progress", T, field.no_progress, NULL, "show no progress"), \
		OPT(OPT_FLAG, 'q', "quiet", T, field.quiet, NULL, "no warnings and no progress")

#define SEARCH_IMAGES                                                                       \
	"  docker:NAME, podman:NAME, archive:FILE, oci:DIR, oci-archive:FILE, rootfs:DIR\n" \
	"                     every layer of an image, files since removed too"

/* The target of the command line: one. `help`: "bulwark help secrets". */
Result search_target(int argc, char **argv, const char *help);
Result search_request(const SearchOpts *o, const char *target, Arena *a, SearchRequest *out);

typedef struct SearchRun {
	const char *tool; /* "bulwark secrets" */
	const SearchOpts *opts;
	SearchRequest *request;
	Result (*run)(const void *request, Arena *a, SearchOutcome *out);
	const void *whole; /* what `request` is a part of */
} SearchRun;

/* From the place of the report to the exit code. */
Result search_and_print(const SearchRun *r, Arena *a, int *exit_code);
