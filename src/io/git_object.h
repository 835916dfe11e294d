/* git_object.h - what Git's objects say, from their bytes (git-scm.com/docs/gitformat-pack,
 * git-mktree, git-commit-tree); SHA-1 names. Nothing is believed: a false answer is a damaged
 * object. What comes out is borrowed. */
#pragma once
#include "base/err.h"
#include "base/str.h"

enum { GIT_NAME_BYTES = 20, GIT_NAME_DIGITS = 40 };

typedef struct GitName { /* of an object */
	uint8_t b[GIT_NAME_BYTES];
} GitName;

typedef struct GitCommit {
	GitName tree;
	Str parents; /* lines; repo_commit_parent() */
	int64_t authored;
	Str message;
} GitCommit;

typedef enum GitEntryKind { GIT_FILE, GIT_FOLDER, GIT_OTHER } GitEntryKind;

typedef struct GitEntry {
	Str name; /* one component; not empty, no '/' */
	GitName object;
	GitEntryKind kind; /* GIT_OTHER: a link, or a commit of another repository */
} GitEntry;

bool repo_name_parse(Str digits, GitName *out); /* 40 hex digits, nothing else */
void repo_name_text(const GitName *n, char out[static GIT_NAME_DIGITS + 1]);

bool repo_commit_read(Str body, GitCommit *out);
bool repo_commit_parent(const GitCommit *c, size_t i, GitName *out); /* false: no more */
/* The next entry of a tree's bytes; *bad when they are damaged. */
bool repo_tree_next(Str *rest, GitEntry *out, bool *bad);
bool repo_tag_read(Str body, GitName *target, Str *message);
/* The name in a line of packed-refs, or in a file under refs/; false: none ("ref: ...", "#"). */
bool repo_ref_read(Str line, GitName *out);
bool repo_ref_is_sha256(Str line); /* a name of 64 digits: of a repository that is not read */
