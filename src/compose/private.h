/* private.h - between the files of this room. */
#pragma once
#include "base/map.h"
#include "compose/compose.h"

void node_problem(NodeProblems *to, Arena *a, uint16_t file, Span span, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* ---- variables ---- */

typedef struct Variables {
	Map values;                    /* name: const Node * */
	const struct Variables *outer; /* asked first; may be NULL */
} Variables;

typedef struct Expansion {
	Arena *a;
	const Variables *variables;
	NodeProblems *problems, *unset;
	size_t *budget; /* bytes that may still be made */
} Expansion;

void set_variable(Variables *v, Arena *a, const Node *key, const Node *value);
/* An env file's lines; what is no line of one is a problem of `file`. */
void env_read(Str text, uint16_t file, Arena *a, NodeProblems *problems, NodeEntries *pairs,
	      Variables *out);
/* All scalars but keys. ERR_LIMIT past the budget. */
Result expand_node(Expansion *x, const Node *n, const Node **out);

/* ---- parts ---- */

Str mount_target(const Node *n); /* as written; empty: it has none */

/* ---- merging ---- */

typedef struct Merging {
	Arena *a;
	NodeProblems *problems;
	size_t *budget; /* nodes that may still be made */
} Merging;

/* `over` on `base`; either may be NULL. `path`: "services.*.ports", "" for a whole file. */
Result merge_nodes(Merging *m, Str path, const Node *base, const Node *over, const Node **out);
/* What is left at the end: without what !reset took out, lists by the keys of their items. */
Result settle_nodes(Merging *m, Str path, const Node *n, const Node **out);
