/* cmd_version.c - bulwark version. */
#include <stdio.h>

#include "cli/command.h"

static Result version_run(const void *from, int argc, char **argv, int *exit_code)
{
	(void)from;
	(void)exit_code;
	if (argc != 0)
		FAIL(ERR_USAGE, "unexpected '%s'", argv[0]);
	printf("bulwark %s\n", BULWARK_VERSION);
	return OK;
}

const Command cmd_version = {.name = "version",
			     .operands = "",
			     .run = version_run,
			     .summary = "say which version this is",
			     .bare = true};
