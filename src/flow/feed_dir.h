/* feed_dir.h - a folder of documents as one tar, so that a feed in a folder is a file like others.
 */
#pragma once
#include "base/err.h"

/* Writes to `to` every regular file below `dir`, in the order of their names. Links are not
 * followed, hidden files and folders (.git) left out. ERR_LIMIT past LIMIT_FEED_ENTRIES files,
 * LIMIT_FEED_FILE_BYTES in all, or LIMIT_FEED_DIR_DEPTH. Both stay the caller's. */
Result feed_dir_pack(int dir, int to);
