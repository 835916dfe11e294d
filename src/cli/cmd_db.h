/* cmd_db.h - the verbs of `bulwark db`, and what they share. */
#pragma once
#include "cli/command.h"

extern const Command cmd_db_update, cmd_db_build, cmd_db_import, cmd_db_info, cmd_db_verify,
	cmd_db_search, cmd_db_mirror_list, cmd_db_snapshot;
