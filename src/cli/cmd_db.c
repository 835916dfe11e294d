/* cmd_db.c - bulwark db: the advisory database; its verbs are in cmd_db_*.c. */
#include "cli/cmd_db.h"

static const Command *const verbs[] = {
	&cmd_db_update, &cmd_db_info,        &cmd_db_search,   &cmd_db_verify, &cmd_db_import,
	&cmd_db_build,  &cmd_db_mirror_list, &cmd_db_snapshot, NULL,
};

const Command cmd_db = {
	.name = "db",
	.operands = "COMMAND",
	.summary = "keep and ask the advisory database",
	.about = "Advisories are downloaded per feed into a cache, and built into one file that "
		 "any number "
		 "of scans read at once. A feed that is broken or has shrunk never replaces a good "
		 "one.",
	.subcommands = verbs,
};
