/* cmd_completion.c - bulwark completion: a script that lets a shell complete. */
#include "cli/completion.h"
#include "cli/help.h"

static Result completion_run(const void *from, int argc, char **argv, int *exit_code)
{
	Arena a = {0};
	(void)from;
	(void)exit_code;
	if (argc != 1)
		FAIL(ERR_USAGE, "say which shell: bash, zsh or fish");
	CompletionWriter *write = completion_writer(str_of(argv[0]));
	if (write == NULL)
		FAIL(ERR_USAGE, "no completion for '%s'; there is bash, zsh and fish", argv[0]);
	Buf b = help_buf(&a);
	write(&b);
	Err *e = help_print(&b);
	arena_finish(&a);
	return e;
}

static const char *const examples[] = {
	"bulwark completion bash > /etc/bash_completion.d/bulwark",
	"source <(bulwark completion zsh)",
	"bulwark completion fish > ~/.config/fish/completions/bulwark.fish",
	NULL,
};

const Command cmd_completion = {
	.name = "completion",
	.operands = "SHELL",
	.operand = completion_shell,
	.run = completion_run,
	.summary = "print a completion script for bash, zsh or fish",
	.examples = examples,
	.bare = true,
};
