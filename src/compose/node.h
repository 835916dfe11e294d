/* node.h - YAML as trees in which everything knows its place.
 *
 * YAML 1.1 as libyaml reads it. Aliases lead to the node they name, merge keys (<<) are carried
 * out as YAML's merge type has it, and a key that stands twice is a problem: the last one counts.
 * Nodes are shared, never cyclic, and not changed once they are read. */
#pragma once
#include "base/err.h"
#include "base/place.h"

typedef enum NodeType {
	NODE_TEXT = 1, /* a scalar */
	NODE_LIST,
	NODE_MAP,
} NodeType;

enum {                   /* what the variables of a text were replaced by */
       VARS_UNSET = 1,   /* at least one has no value: it stays as it is written */
       VARS_DEFAULT = 2, /* the default beside it */
       VARS_ENV = 4,     /* a value of an env file */
};

typedef struct Node Node;

typedef struct NodeEntry {
	const Node *key, *value;
} NodeEntry;

struct Node {
	NodeType type;
	uint16_t file;      /* which of the project's, see ComposeFile */
	bool plain;         /* a scalar without quotes */
	bool anchored;      /* &name stands before it */
	uint8_t vars;       /* VARS_... */
	uint32_t depth;     /* containers within, aliases followed */
	size_t weight;      /* nodes within and itself, aliases followed; 0: not finished */
	Str text;           /* of a scalar, decoded */
	Str tag;            /* "!reset"; empty: none */
	Span span;          /* of a list or map: from its first to the end of its last */
	const Node **items; /* list */
	NodeEntry *entries; /* map, as they stand */
	size_t n;
};

typedef VEC(NodeEntry) NodeEntries;
typedef VEC(const Node *) NodeVec;

typedef struct NodeProblem {
	uint16_t file;
	Span span;
	Str message;
} NodeProblem;

typedef VEC(NodeProblem) NodeProblems;

typedef struct Document {
	uint16_t file; /* what its nodes say */
	Places places;
	NodeVec roots;     /* of each YAML document; none: it is empty, or no YAML */
	VEC(Span) scalars; /* in the order of the text: what is no comment */
	NodeProblems problems;
} Document;

/* ERR_LIMIT for what is over the limits; everything else is a problem. */
Result document_read(Str text, uint16_t file, Arena *a, Document *out);

/* All are fine with NULL or a node of another type: NULL, 0, false. */
const NodeEntry *node_entry(const Node *map, Str key);
const Node *node_get(const Node *map, Str key);
Str node_text(const Node *n);           /* of a scalar */
Str node_str(const Node *map, Str key); /* of a scalar member */
bool node_is_null(const Node *n);       /* absent, "", ~, null */
bool node_is_true(const Node *n);       /* as Compose takes booleans */
/* A list's items, or a single scalar as the only one. */
size_t node_count(const Node *n);
const Node *node_item(const Node *n, size_t i);
