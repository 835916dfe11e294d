/* new_file.h - a file that appears under its name whole and synced, or not at all. */
#pragma once
#include "base/arena.h"
#include "base/err.h"

typedef struct NewFile {
	int fd; /* write here, from offset 0 */
	const char *path;
	char *temp; /* beside it, locked while it is written; NULL: nothing to finish */
} NewFile;

/* It takes over mode and owner of what it replaces. Also removes what dead writers of the same path
 * left behind. `path` is borrowed. */
Result new_file_open(const char *path, NewFile *out);
/* Syncs, renames, syncs the folder; what had the name is gone. */
Result new_file_publish(NewFile *f);
void new_file_drop(NewFile *f); /* fine after publish */
#define AUTO_NEW_FILE __attribute__((cleanup(new_file_drop), unused))
