/* secdb.h - the shape Alpine, Wolfi and Chainguard publish in: package -> fixed version -> ids.
 *
 * JSON, or YAML of the same shape. The version "0" says that the package was never affected.
 * An id field may hold several ids and a remark in parentheses: a row for each CVE, or for the
 * first id when there is none; ids that are no CVE are its aliases. */
#pragma once
#include "advisory/feed.h"

typedef struct SecdbRules {
	const char *feed;
	Str host;      /* in the document's urlprefix; empty: the distroversion decides */
	Str ecosystem; /* empty: "alpine:" and the document's distroversion */
} SecdbRules;

Result secdb_read(const SecdbRules *rules, const FeedDocument *doc, Arena *a, const FeedSink *to,
		  bool *mine);

/* The ids in one field, CVE ids first, each spelled as its authority does. */
void secdb_ids(Arena *a, Str field, StrVec *out);
