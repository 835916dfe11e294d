/* search_opts.c - asks, shows progress, prints, judges. */
#include "cli/search_opts.h"

#include "cli/command.h"
#include "cli/progress.h"
#include "cli/terminal.h"

Result search_target(int argc, char **argv, const char *help)
{
	if (argc == 0)
		FAIL(ERR_USAGE, "say where to look: a folder, a file, '-', or an image; see '%s'",
		     help);
	if (argc > 1)
		FAIL(ERR_USAGE, "one target at a time; '%s' is a second one", argv[1]);
	return OK;
}

Result search_request(const SearchOpts *o, const char *target, Arena *a, SearchRequest *out)
{
	*out = (SearchRequest){.target = str_of(target),
			       .platform = str_of(o->platform),
			       .exclude = o->exclude,
			       .least = remark_confidence_of(o->confidence),
			       .allow_unsandboxed = o->allow_unsandboxed};
	return o->baseline != NULL ? remarks_read_baseline(o->baseline, a, &out->fingerprints) : OK;
}

Result search_and_print(const SearchRun *r, Arena *a, int *exit_code)
{
	const SearchOpts *o = r->opts;
	SearchOutcome out = {0};
	ProgressLine progress;
	AUTO_OUTPUT Output to = {.fd = -1};
	TRY(output_open(o->output, &to));
	progress_init(&progress, !o->quiet && !o->no_progress);
	r->request->progress = progress_of(&progress);
	Err *e = r->run(r->whole, a, &out);
	progress_clear(&progress);
	TRY(e);
	if (!o->quiet)
		terminal_warn_unconfined(r->tool, out.missing);
	TRY(remarks_print(o->format, r->tool, &out.report, a, &to));
	*exit_code = remarks_fail(o->fail_on, &out.report) ? EXIT_FINDINGS : EXIT_CLEAN;
	return OK;
}
