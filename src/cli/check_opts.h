/* check_opts.h - what `bench` and `host` have in common: options, baseline, report, exit code. */
#pragma once
#include "cli/opt.h"
#include "cli/output.h"
#include "policy/policy.h"

typedef struct CheckOpts {
	StrVec sections, only, exclude, fail_on;
	const char *format, *output, *baseline, *explain;
	bool verbose, quiet, list;
} CheckOpts;

const char *check_bar_choice(size_t i);
const char *check_format_names(size_t i);

/* Rows of an option table whose struct T has a CheckOpts in `field`. */
#define CHECK_OPTS(T, field, section_choice)                                                 \
	OPT_ONE_OF(OPT_STR, 'f', "format", T, field.format, "FORMAT",                        \
		   "how to print the report (default text)", check_format_names),            \
		OPT(OPT_STR, 'o', "output", T, field.output, "FILE",                         \
		    "write the report here, whole or not at all"),                           \
		OPT_ONE_OF(OPT_LIST, 's', "section", T, field.sections, "LIST",              \
			   "only these sections", section_choice),                           \
		OPT(OPT_LIST, 'c', "check", T, field.only, "LIST",                           \
		    "only these checks: an id, a name or a number"),                         \
		OPT(OPT_LIST, 'e', "exclude", T, field.exclude, "LIST", "not these checks"), \
		OPT(OPT_STR, 'b', "baseline", T, field.baseline, "FILE",                     \
		    "what is accepted, with a reason and a last day (see "                   \
		    "doc/formats/ignore-file.md)"),                                          \
		OPT_ONE_OF(OPT_LIST, 0, "fail-on", T, field.fail_on, "LIST",                 \
			   "exit 1 for a WARN of this severity or above, or for what is "    \
			   "not-evaluated",                                                  \
			   check_bar_choice),                                                \
		OPT(OPT_STR, 0, "explain", T, field.explain, "CHECK",                        \
		    "tell what a check is about, and stop"),                                 \
		OPT(OPT_FLAG, 0, "list", T, field.list, NULL, "name all checks, and stop"),  \
		OPT(OPT_FLAG, 'v', "verbose", T, field.verbose, NULL,                        \
		    "sources, reasons and remedies, too"),                                   \
		OPT(OPT_FLAG, 'q', "quiet", T, field.quiet, NULL, "no warnings")

CheckSelection check_opts_selection(const CheckOpts *o);

typedef struct CheckRun {
	const CheckOpts *opts;
	const char *tool; /* "bulwark bench" */
	const CheckInfo *(*at)(size_t i);
	Policy policy;
	Output to;
} CheckRun;

/* Before any work: the baseline, the place of the report, and that the checks named exist. */
Result check_run_open(CheckRun *run, const CheckSelection *s, Arena *a);
Result check_run_finish(CheckRun *run, CheckReport *r, Arena *a, int *exit_code);
void check_run_close(CheckRun *run);

Result check_explain(const CheckInfo *(*at)(size_t i), Benchmark b, const char *word);
void check_list(const CheckInfo *(*at)(size_t i), Benchmark b);
