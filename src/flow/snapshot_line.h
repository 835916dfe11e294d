/* snapshot_line.h - one fact as one line of text, and back (doc/formats/snapshot.md).
 *
 * Fields are parted by tabs, items of a list by blanks, parts of an item by commas; these
 * and the backslash are escaped inside a text. */
#pragma once
#include "advisory/db.h"
#include "base/buf.h"

/* Each appends a line without its '\n'. */
void snapshot_put_advisory(Buf *b, const Advisory *row);
void snapshot_put_exploited(Buf *b, const Exploited *e);
void snapshot_put_epss(Buf *b, const Epss *e);
void snapshot_put_lifecycle(Buf *b, const Lifecycle *l);
void snapshot_put_feed(Buf *b, const FeedInfo *f);

/* Reads any of them and hands it to `w`; `a` holds what it unescapes. */
Result snapshot_take_line(Str line, Arena *a, DbWriter *w);
