/* cmd_version.c - bulwark version. */
#include <stdio.h>

#include "cli/command.h"

typedef struct VersionOpts {
	bool unused;
} VersionOpts;

static const Opt opts[] = {{0}};

static Result version_run(const void *from, int argc, char **argv, int *exit_code)
{
	(void)from;
	if (argc != 0)
		FAIL(ERR_USAGE, "unexpected '%s'", argv[0]);
	printf("bulwark %s\n", BULWARK_VERSION);
	*exit_code = 0;
	return OK;
}

const Command cmd_version = {"version", "", opts, sizeof(VersionOpts), version_run};
