/* cmd_image.c - bulwark image: an image by itself; so far its history. */
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "flow/image_history.h"

typedef struct HistoryOpts {
	const char *format, *output, *platform;
	bool allow_unsandboxed, no_progress;
} HistoryOpts;

static const char *format_choice_of_history(size_t i)
{
	return i == 0 ? "dockerfile" : i == 1 ? "json" : NULL;
}

static const Opt opts[] = {
	OPT_ONE_OF(OPT_STR, 'f', "format", HistoryOpts, format, "FORMAT",
		   "how to print it (default dockerfile)", format_choice_of_history),
	OPT(OPT_STR, 'o', "output", HistoryOpts, output, "FILE",
	    "write it here, whole or not at all"),
	OPT(OPT_STR, 0, "platform", HistoryOpts, platform, "OS/ARCH",
	    "which image of a multi-platform one (default this host's)"),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", HistoryOpts, allow_unsandboxed, NULL,
	    "go on where the kernel cannot confine the reader"),
	OPT(OPT_FLAG, 0, "no-progress", HistoryOpts, no_progress, NULL, "show no progress"),
	{0},
};

static Result print_history(const HistoryOpts *o, const char *target, Arena *a)
{
	Str text;
	ProgressLine progress;
	AUTO_OUTPUT Output to = {.fd = -1};
	TRY(output_open(o->output, &to));
	progress_init(&progress, !o->no_progress);
	const HistoryRequest r = {.target = str_of(target),
				  .platform = str_of(o->platform),
				  .json = o->format != NULL && strcmp(o->format, "json") == 0,
				  .allow_unsandboxed = o->allow_unsandboxed,
				  .progress = progress_of(&progress)};
	Err *e = image_history(&r, a, &text);
	progress_clear(&progress);
	TRY(e);
	if (to.path != NULL || !isatty(STDOUT_FILENO))
		return output_write(&to, text);
	for (Str line; text.n != 0 && str_cut(&text, '\n', &line);) {
		terminal_say(stdout, line);
		putchar('\n');
	}
	return OK;
}

static Result history_command(const void *from, int argc, char **argv, int *exit_code)
{
	Arena a = {0};
	(void)exit_code;
	if (argc != 1)
		FAIL(ERR_USAGE, "name one image, like docker:NAME; see 'bulwark help image'");
	Err *e = print_history(from, argv[0], &a);
	arena_finish(&a);
	return e;
}

static const char *const examples[] = {
	"bulwark image history docker:registry.example/app:1.2",
	"bulwark image history --format json archive:app.tar",
	NULL,
};

static const Command cmd_image_history = {
	.name = "history",
	.operands = "IMAGE",
	.opts = opts,
	.opts_size = sizeof(HistoryOpts),
	.run = history_command,
	.summary = "print the Dockerfile that an image's history tells of",
	.about = "Understands the histories that Docker, BuildKit, Buildah and Kaniko write, and "
		 "puts the layer and its size above each instruction that made one. Stages, "
		 "comments and where the base image ends are not recorded; 'bulwark lint IMAGE' "
		 "judges the same text.",
	.examples = examples,
};

static const Command *const verbs[] = {&cmd_image_history, NULL};

const Command cmd_image = {
	.name = "image",
	.operands = "COMMAND",
	.summary = "look at an image without running it",
	.about = "IMAGE is a target as for 'bulwark scan'.",
	.subcommands = verbs,
};
