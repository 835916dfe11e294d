/* snapshot.h - facts of feeds that may be handed on, as one text file (doc/formats/snapshot.md).
 *
 * Facts: package, release, id, aliases, status, versions, severity, date, source; and KEV,
 * EPSS and life cycles. No titles, texts or references. Lines are sorted: the same facts
 * give the same bytes. */
#pragma once
#include "flow/feed_job.h"

/* Reads the feeds, in a worker, and writes their facts, zstd-compressed, to `path`. EPSS rows
 * are kept for ids that an earlier feed has. ERR_USAGE for a feed that may not be handed on. */
Result snapshot_write(const FeedInput *in, size_t n, const char *path, const MakeOptions *o);
/* Into `w`, from a descriptor. */
Result snapshot_read(int fd, DbWriter *w);
