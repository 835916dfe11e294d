/* cmd_db_snapshot.c - bulwark db snapshot: facts of feeds as one small file, and back into a
 * database. */
#include <fcntl.h>
#include <stdio.h>

#include "base/time.h"
#include "cli/cmd_db.h"
#include "flow/db_make.h"
#include "flow/snapshot.h"
#include "io/fd.h"

enum { FEEDS_MAX = 32 };

typedef struct SnapshotOpts {
	const char *output, *compile;
	bool allow_unsandboxed;
} SnapshotOpts;

static const Opt opts[] = {
	OPT(OPT_STR, 'o', "output", SnapshotOpts, output, "FILE", "write it here"),
	OPT(OPT_STR, 0, "compile", SnapshotOpts, compile, "FILE",
	    "instead, make a database of this snapshot"),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", SnapshotOpts, allow_unsandboxed, NULL,
	    "go on where the kernel lacks Landlock or seccomp"),
	{0},
};

static Result open_read(const char *path, int *out)
{
	*out = open(path, O_RDONLY | O_CLOEXEC);
	if (*out < 0)
		FAIL_SYS("%s: %s", path, strerror(errno));
	return OK;
}

static Result compile(const SnapshotOpts *o)
{
	AUTO_FD int fd = -1;
	MakeOptions make = {.allow_unsandboxed = o->allow_unsandboxed};
	TRY(open_read(o->compile, &fd));
	TRY_IN(db_make_bundled(fd, o->output, &make), "%s", o->compile);
	return OK;
}

/* "FEED=FILE" or "FEED@DATE=FILE" */
static Result take_feed(char *word, FeedInput *in, Str *name, int *fd)
{
	char *file = strchr(word, '=');
	Str feed = file != NULL ? (Str){word, (size_t)(file - word)} : str_of(word);
	Str rest = feed;
	str_cut(&rest, '@', &feed);
	if (rest.p != NULL && !time_parse(rest, &in->dated))
		FAIL(ERR_USAGE, "'%s': what follows the @ is not a date such as 2026-11-24", word);
	in->feed = feed_named(feed);
	if (file == NULL || in->feed == NULL)
		FAIL(ERR_USAGE, "'%s' is not FEED=FILE with a feed of 'bulwark db mirror-list'",
		     word);
	TRY(open_read(file + 1, fd));
	*name = str_base(str_of(file + 1));
	in->n = 1;
	in->names = name;
	in->fds = fd;
	return OK;
}

static Result gather(const SnapshotOpts *o, int argc, char **argv)
{
	FeedInput in[FEEDS_MAX] = {0};
	Str names[FEEDS_MAX];
	int fds[FEEDS_MAX], n = 0;
	MakeOptions make = {.allow_unsandboxed = o->allow_unsandboxed};
	Err *e = OK;
	if (argc > FEEDS_MAX)
		FAIL(ERR_USAGE, "more than %d feeds", FEEDS_MAX);
	for (; e == OK && n < argc; n++) {
		fds[n] = -1;
		e = take_feed(argv[n], &in[n], &names[n], &fds[n]);
	}
	if (e == OK)
		e = snapshot_write(in, (size_t)n, o->output, &make);
	while (n-- > 0)
		if (fds[n] >= 0)
			close(fds[n]);
	return e;
}

static Result snapshot_run(const void *from, int argc, char **argv, int *exit_code)
{
	const SnapshotOpts *o = from;
	(void)exit_code;
	if (o->output == NULL)
		FAIL(ERR_USAGE, "say where to with --output FILE");
	if (o->compile != NULL && argc != 0)
		FAIL(ERR_USAGE, "unexpected '%s' beside --compile", argv[0]);
	if (o->compile == NULL && argc == 0)
		FAIL(ERR_USAGE, "name the feeds: FEED=FILE...");
	return o->compile != NULL ? compile(o) : gather(o, argc, argv);
}

static const char *const examples[] = {
	"bulwark db snapshot --output data/snapshot.tsv.zst debian@2026-11-24=tracker.json "
	"kev=kev.json",
	"bulwark db snapshot --compile data/snapshot.tsv.zst --output bulwark-snapshot.bwdb",
	NULL,
};

const Command cmd_db_snapshot = {
	.name = "snapshot",
	.operands = "[FEED[@DATE]=FILE...]",
	.opts = opts,
	.opts_size = sizeof(SnapshotOpts),
	.run = snapshot_run,
	.summary = "make the facts file that comes with Bulwark, or a database of it",
	.about = "Facts only: package, release, id, versions, severity, date and source, of feeds "
		 "that may be handed on. "
		 "DATE is of when a file is, by your word and not the data's. The build compiles "
		 "the "
		 "one in data/ into the database for a first try.",
	.examples = examples,
	.bare = true,
};
