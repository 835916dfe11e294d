/* document.h - what a document of a feed is, by its name, else by its first byte. */
#pragma once
#include "advisory/feed.h"
#include "io/json.h"

typedef enum DocumentKind {
	DOCUMENT_OTHER, /* a licence, a README, a directory ... */
	DOCUMENT_JSON,
	DOCUMENT_YAML,
	DOCUMENT_MARKDOWN,
	DOCUMENT_CSV,
} DocumentKind;

/* Names that start with a dot are DOCUMENT_OTHER. A name without one of the known endings is
 * JSON when its first byte that is not blank is '{' or '['. */
DocumentKind document_kind(const FeedDocument *doc);

/* JSON or YAML as a tree; *out = NULL for other kinds. */
Result document_tree(const FeedDocument *doc, Arena *a, const Value **out);
