/* compose.h - a Compose project: its files merged into one model, with the place of everything.
 *
 * Follows the Compose Specification as compose-go 2 carries it out: variables from .env and the
 * defaults beside them, extends (of this file and others), merging in order with the rules of each
 * attribute, !reset and !override, include, short and long syntax. Two things are otherwise:
 * the environment of the process is not looked at, so that the same files give the same
 * answer; and reading goes on after a mistake, which becomes a problem in the list.
 *
 * What has no value here stays as it is written, and its node says so (VARS_UNSET). */
#pragma once
#include "compose/node.h"

typedef struct ComposeFile {
	Str name;          /* as the user would write it */
	Str dir;           /* what relative paths in it start from; "" is the current folder */
	Document document; /* of an env file: its places only */
	bool parsed;       /* the document is there */
	bool env;          /* an env file, no YAML */
	NodeEntries pairs; /* of an env file */
} ComposeFile;

typedef VEC(ComposeFile *) ComposeFileVec;

typedef struct Compose {
	Arena *a;
	ComposeFileVec files;  /* by Node.file: the first, its overrides, then as they were met */
	const Node *root;      /* merged; NULL: nothing could be read */
	const Node *services;  /* a map, or NULL */
	NodeProblems problems; /* what Compose would refuse */
	NodeProblems unread;   /* what could not be followed: it was not judged */
	NodeProblems unset;    /* variables without a value; message: the name */
} Compose;

/* Where files come from. Paths are as ComposeFile.name. OK and out->p NULL: there is none. Errors
 * of a kind other than ERR_LIMIT and ERR_INPUT end the reading. */
typedef struct ComposeSource {
	Err *(*read)(void *ctx, Str path, Arena *a, Str *out);
	void *ctx;
} ComposeSource;

/* `names`: the base, then what overrides it; they must exist. */
Result compose_read(const StrVec *names, const ComposeSource *from, Arena *a, Compose *out);

/* ---- parts of a service, in short or long syntax ---- */

typedef struct ComposePort {
	const Node *node;
	Str ip;        /* empty: all addresses */
	Str published; /* empty: any free one; "80", "3000-3005" */
	Str target;
	Str protocol; /* empty: tcp */
} ComposePort;

typedef struct ComposeMount {
	const Node *node;
	Str type; /* "bind", "volume", "tmpfs", ... */
	Str source, target;
	Str options; /* of the short syntax: "ro,z" */
	bool read_only;
	Str propagation; /* "rshared"; empty: not told */
} ComposeMount;

typedef VEC(ComposePort) ComposePorts;
typedef VEC(ComposeMount) ComposeMounts;

void compose_ports(const Node *service, Arena *a, ComposePorts *out);
void compose_mounts(const Node *service, Arena *a, ComposeMounts *out);
/* NAME=value items of a list, or a map's entries; a name alone has a null for value. */
void compose_pairs(const Node *n, Arena *a, NodeEntries *out);
/* "/a/./b/../c" is "/a/c"; a leading "~" stays. */
Str compose_clean_path(Str path, Arena *a);
/* Whether a bind's source, and not a volume's name. */
bool compose_is_path(Str source);
