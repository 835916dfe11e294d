/* scan.c - the stairs from a name to a report. */
#include "flow/scan.h"

#include "flow/db_locate.h"
#include "flow/look.h"
#include "match/match.h"

static void say_layer(void *ctx, Str layer, uint64_t done, uint64_t total)
{
	progress_say(ctx, layer, done, total);
}

static Result acquire(const ScanRequest *r, Arena *a, ScanOutcome *out)
{
	Look look = {0};
	ImageAnswer got = {0};
	TRY(look_begin(&look, r, a));
	ImageRequest ask = {
		.target = r->target,
		.platform = r->platform,
		.allow_unsandboxed = r->allow_unsandboxed,
		.in_place = !r->export,
		.selector = look.selector,
		.then = look_at_image,
		.then_ctx = &look,
		.progress = say_layer,
		.progress_ctx = (void *)(uintptr_t)&r->progress,
	};
	Err *e = image_read(&ask, a, &got);
	look_end(&look);
	TRY(e);
	Image *image = arena_new(a, Image);
	Facts *facts = arena_new(a, Facts);
	TRY(look_read(got.answer, a, image, facts, &out->remarks));
	out->report.image = image;
	out->report.facts = facts;
	out->road = got.road;
	out->missing = got.missing;
	for (size_t i = 0; i < image->undecided.n; i++)
		vec_push(a, &out->report.not_evaluated, image->undecided.at[i]);
	for (size_t i = 0; i < facts->undecided.n; i++)
		vec_push(a, &out->report.not_evaluated, facts->undecided.at[i]);
	return OK;
}

/* A snapshot is for a first try: a verdict that stops a build needs today's data. */
static Result refuse_stale(const ScanRequest *r, AdvisoryDb *db, Arena *a)
{
	DbStamp stamp = {0};
	TRY(advisory_db_stamp(db, a, &stamp));
	if (stamp.bundled && r->fail_on_set && !r->allow_stale)
		FAIL(ERR_USAGE,
		     "--fail-on needs current advisories, and only the snapshot that came "
		     "with Bulwark is here; run: bulwark db update (or accept it with "
		     "--allow-stale)");
	return OK;
}

Result scan_run(const ScanRequest *r, Arena *a, ScanOutcome *out)
{
	const char *path;
	DbOrigin origin;
	AUTO_ADVISORY_DB AdvisoryDb *db = NULL;
	if ((r->scanners & SCAN_VULN) == 0) {
		TRY_IN(acquire(r, a, out), STR_FMT, STR_ARG(r->target));
		return OK;
	}
	TRY(db_locate(r->db_path, a, &path, &origin));
	TRY(advisory_db_open(path, &db));
	TRY_IN(refuse_stale(r, db, a), "%s", path);
	TRY_IN(acquire(r, a, out), STR_FMT, STR_ARG(r->target));
	MatchOptions options = {.kernel = r->kernel, .now = r->now};
	TRY_IN(match_report(db, &options, a, &out->report), "%s", path);
	out->db_path = str_of(path);
	return OK;
}
