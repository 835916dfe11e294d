/* registry.c - the table of commands. */
#include <string.h>

#include "cli/command.h"

#define COMMAND(name) extern const Command cmd_##name;
#include "cli/commands.def"
#undef COMMAND

const Command *const commands[] = {
#define COMMAND(name) &cmd_##name,
#include "cli/commands.def"
#undef COMMAND
	NULL};

const Command *command_named(const Command *const *table, const char *name)
{
	for (; *table != NULL; table++)
		if (strcmp((*table)->name, name) == 0)
			return *table;
	return NULL;
}
