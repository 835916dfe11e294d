/* cmd_db_update.c - bulwark db update, build and import: one outcome, one way to tell it. */
#include <stdio.h>
#include <time.h>

#include "advisory/feed.h"
#include "base/time.h"
#include "cli/cmd_db.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "flow/db_update.h"

typedef struct UpdateOpts {
	const char *db, *mirror;
	StrVec feeds, accept_shrunken;
	bool offline, strict, quiet, no_progress, allow_unsandboxed;
} UpdateOpts;

#define OPTS_OF_ALL                                                                               \
	OPT(OPT_STR, 0, "db", UpdateOpts, db, "FILE",                                             \
	    "write the database here, not into the cache"),                                       \
		OPT(OPT_FLAG, 'q', "quiet", UpdateOpts, quiet, NULL, "say only what went wrong"), \
		OPT(OPT_FLAG, 0, "no-progress", UpdateOpts, no_progress, NULL,                    \
		    "show no progress line"),                                                     \
		OPT(OPT_FLAG, 0, "strict", UpdateOpts, strict, NULL,                              \
		    "exit 3 when a feed was kept out"),                                           \
		OPT(OPT_FLAG, 0, "allow-unsandboxed", UpdateOpts, allow_unsandboxed, NULL,        \
		    "go on where the kernel lacks Landlock or seccomp")

static const Opt update_opts[] = {
	OPT(OPT_STR, 0, "mirror", UpdateOpts, mirror, "URL|DIR", "fetch every feed from here"),
	OPT(OPT_FLAG, 0, "offline", UpdateOpts, offline, NULL, "touch no network"),
	OPT(OPT_LIST, 0, "feed", UpdateOpts, feeds, "NAME", "update only these feeds"),
	OPT(OPT_LIST, 0, "accept-shrunken", UpdateOpts, accept_shrunken, "NAME",
	    "take these feeds even when they lost many rows"),
	OPTS_OF_ALL,
	{0},
};

static const Opt build_opts[] = {OPTS_OF_ALL, {0}};

/* ---- telling ---- */

static void say_feed(const FeedOutcome *f, Arena *a)
{
	static const char *const words[] = {"",          "updated",  "unchanged",
					    "not asked", "kept out", "absent"};
	Str date = f->state.as_of != 0 ? date_format(a, f->state.as_of) : S("no date of its own");
	printf("  %-14s %-10s %9llu rows  %s" STR_FMT "\n", f->feed->name, words[f->fate],
	       (unsigned long long)f->state.rows, f->state.as_of != 0 ? "as of " : "",
	       STR_ARG(date));
	if (f->skipped != 0) {
		printf("  %-14s %llu records were left out, the first: ", "",
		       (unsigned long long)f->skipped);
		terminal_say(stdout, f->first_skipped);
		putchar('\n');
	}
}

/* True when the feed is not as good as it should be; says why in one line. */
static bool warn_of(const FeedOutcome *f, Arena *a)
{
	if (f->why.n == 0)
		return false;
	fprintf(stderr, "bulwark db: feed %s was kept out: ", f->feed->name);
	terminal_say(stderr, f->why);
	if (f->fate == FEED_KEPT_OUT && f->state.as_of != 0)
		fprintf(stderr, "; its last good copy of " STR_FMT " is used",
			STR_ARG(date_format(a, f->state.as_of)));
	else if (f->fate == FEED_KEPT_OUT)
		fputs("; its last good copy is used", stderr);
	else
		fputs("; nothing of it is in the database", stderr);
	fputc('\n', stderr);
	return true;
}

static void tell(const UpdateOpts *o, const UpdateOutcome *out, Arena *a, int *exit_code)
{
	bool kept_out = false;
	for (size_t i = 0; i < out->feeds.n; i++)
		kept_out |= warn_of(&out->feeds.at[i], a);
	if (kept_out && o->strict)
		*exit_code = EXIT_UNFINISHED;
	if (o->quiet)
		return;
	for (size_t i = 0; i < out->feeds.n; i++)
		if (out->feeds.at[i].fate != FEED_ABSENT)
			say_feed(&out->feeds.at[i], a);
	printf("%s%s\n", out->path, out->rebuilt ? "" : " (nothing changed)");
}

static void say_note(void *ctx, Str line)
{
	progress_clear(ctx);
	fprintf(stderr, "bulwark db: " STR_FMT "\n", STR_ARG(line));
}

/* ---- doing ---- */

typedef Result (*Way)(const UpdateRequest *r, void *ctx, Arena *a, UpdateOutcome *out);

static Result run_way(const UpdateOpts *o, Way way, void *ctx, int *exit_code, Arena *a)
{
	ProgressLine line;
	UpdateOutcome out = {0};
	UpdateRequest r = {.output = o->db,
			   .mirror = o->mirror,
			   .offline = o->offline,
			   .allow_unsandboxed = o->allow_unsandboxed,
			   .only = o->feeds,
			   .accept_shrunken = o->accept_shrunken,
			   .now = time(NULL),
			   .note = say_note,
			   .note_ctx = &line};
	TRY(db_cache_path(a, &r.cache));
	progress_init(&line, !o->no_progress && !o->quiet);
	r.progress = progress_of(&line);
	Err *e = way(&r, ctx, a, &out);
	progress_clear(&line);
	if (e != OK) /* what was kept out on the way explains it */
		for (size_t i = 0; i < out.feeds.n; i++)
			(void)warn_of(&out.feeds.at[i], a);
	TRY(e);
	tell(o, &out, a, exit_code);
	return OK;
}

static Result do_way(const void *from, Way way, void *ctx, int *exit_code)
{
	Arena a = {0};
	Err *e = run_way(from, way, ctx, exit_code, &a);
	arena_finish(&a);
	return e;
}

static Result check_feeds(const StrVec *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (feed_named(names->at[i]) == NULL)
			FAIL(ERR_USAGE, "no feed '" STR_FMT "'; see 'bulwark db mirror-list'",
			     STR_ARG(names->at[i]));
	return OK;
}

static Result way_update(const UpdateRequest *r, void *ctx, Arena *a, UpdateOutcome *out)
{
	(void)ctx;
	return db_update(r, a, out);
}

static Result update_run(const void *from, int argc, char **argv, int *exit_code)
{
	const UpdateOpts *o = from;
	if (argc != 0)
		FAIL(ERR_USAGE, "unexpected '%s'", argv[0]);
	TRY(check_feeds(&o->feeds));
	TRY(check_feeds(&o->accept_shrunken));
	return do_way(from, way_update, NULL, exit_code);
}

static Result way_build(const UpdateRequest *r, void *ctx, Arena *a, UpdateOutcome *out)
{
	(void)ctx;
	return db_build(r, a, out);
}

static Result build_run(const void *from, int argc, char **argv, int *exit_code)
{
	if (argc != 0)
		FAIL(ERR_USAGE, "unexpected '%s'", argv[0]);
	return do_way(from, way_build, NULL, exit_code);
}

static Result way_import(const UpdateRequest *r, void *ctx, Arena *a, UpdateOutcome *out)
{
	char *const *argv = ctx; /* FEED FILE... NULL */
	return db_import(r, feed_named(str_of(argv[0])), argv + 1, a, out);
}

static Result import_run(const void *from, int argc, char **argv, int *exit_code)
{
	if (argc < 2)
		FAIL(ERR_USAGE, "name a feed and its files");
	if (feed_named(str_of(argv[0])) == NULL)
		FAIL(ERR_USAGE, "no feed '%s'; see 'bulwark db mirror-list'", argv[0]);
	return do_way(from, way_import, argv, exit_code);
}

static Result mirror_list_run(const void *from, int argc, char **argv, int *exit_code)
{
	(void)from;
	(void)exit_code;
	if (argc != 0)
		FAIL(ERR_USAGE, "unexpected '%s'", argv[0]);
	for (const Feed *const *f = feeds; *f != NULL; f++)
		for (const FeedUrl *u = (*f)->urls; u->url != NULL; u++)
			printf("%s\t%s\n", u->url, u->file);
	return OK;
}

static const char *const update_examples[] = {
	"bulwark db update",
	"bulwark db update --feed debian,kev,epss",
	"bulwark db update --mirror https://mirror.example/bulwark",
	"bulwark db update --offline --mirror /media/advisories",
	NULL,
};

const Command cmd_db_update = {
	.name = "update",
	.opts = update_opts,
	.opts_size = sizeof(UpdateOpts),
	.operands = "",
	.run = update_run,
	.summary = "fetch what has changed, and build the database",
	.about = "Asks each feed whether it has changed, fetches what has, checks it, and builds "
		 "the "
		 "database from the last good copy of every feed. A feed that cannot be fetched or "
		 "read, or "
		 "that lost more than 30 % of its rows, in all or of one release, is kept out with "
		 "a warning, and the rest "
		 "goes on.\n\n"
		 "Exit status: 0 when the database is in place, 3 when it is not, or with --strict "
		 "when a "
		 "feed was kept out.",
	.examples = update_examples,
};

const Command cmd_db_build = {
	.name = "build",
	.opts = build_opts,
	.opts_size = sizeof(UpdateOpts),
	.operands = "",
	.run = build_run,
	.summary = "build the database from the cache alone",
};

static const char *const import_examples[] = {
	"bulwark db import debian tracker.json.zst",
	"bulwark db import osv-go all.zip",
	"bulwark db import osv-pypi advisory-database/vulns",
	NULL,
};

static const char *feed_choice(size_t i) { return feeds[i] != NULL ? feeds[i]->name : NULL; }

const Command cmd_db_import = {
	.name = "import",
	.operands = "FEED FILE...",
	.operand = feed_choice,
	.opts = build_opts,
	.opts_size = sizeof(UpdateOpts),
	.run = import_run,
	.summary = "take your own files as a feed, and build the database",
	.about = "The files become the feed's last good copy: plain, gzip or zstd documents, zip "
		 "or tar "
		 "archives of them, or a folder of documents. The next update fetches the feed "
		 "again.",
	.examples = import_examples,
};

static const char *const mirror_examples[] = {
	"bulwark db mirror-list | while read -r u f; do curl -fsS --create-dirs -o \"$f\" \"$u\"; "
	"done",
	NULL,
};

const Command cmd_db_mirror_list = {
	.name = "mirror-list",
	.operands = "",
	.run = mirror_list_run,
	.summary = "print the address and the mirror path of every file of every feed",
	.examples = mirror_examples,
	.bare = true,
};
