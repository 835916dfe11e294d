/* db_locate.h - which advisory database answers. */
#pragma once
#include "base/arena.h"
#include "base/err.h"

typedef enum DbOrigin {
	DB_GIVEN = 1, /* the user named it */
	DB_UPDATED,   /* made by `bulwark db update` */
	DB_BUNDLED,   /* the snapshot that came with the program */
} DbOrigin;

/* `given` when it is not NULL; else the updated database; else the bundled snapshot, beside
 * the program or in its data folder. ERR_INPUT, saying what to do, when there is none. */
Result db_locate(const char *given, Arena *a, const char **path, DbOrigin *origin);
