/* git.h - the objects of a Git repository and the names its references have, and nothing else.
 *
 * Only the object database is opened (libgit2's git_odb): no configuration, hook, attribute,
 * index or work tree of a hostile repository is ever read, so none can be obeyed. References are
 * read here: packed-refs, and every file under refs/.
 *
 * repo_start() belongs before a worker is made: the sandbox maps no library. All else is for the
 * worker, with the repository's folder granted (io/worker.h). */
#pragma once
#include "base/arena.h"
#include "base/vec.h"
#include "io/git_object.h"

typedef enum GitKind { GIT_IS_COMMIT = 1, GIT_IS_TREE, GIT_IS_BLOB, GIT_IS_TAG } GitKind;

typedef struct GitObject {
	GitKind kind;
	Str body;
	void *impl;
} GitObject;

typedef struct Git Git;

/* ERR_SYS, with what to install, when libgit2 is not there. Once is enough. */
Result repo_start(void);
/* `dir`: the folder with "objects", ".git" of a work tree. ERR_INPUT when it is none, or of a form
 * that is not read (SHA-256 names, reftable). */
Result repo_open(const char *dir, Git **out);
void repo_close(Git *g); /* NULL is fine */

/* Any thread. ERR_INPUT: it is missing or damaged; ERR_LIMIT past `max` bytes. */
Result repo_read(const Git *g, const GitName *name, uint64_t max, GitObject *out);
void repo_object_free(const Git *g, GitObject *o);

typedef struct GitNames {
	GitName *at;
	size_t n, cap;
} GitNames;

/* What every reference and HEAD lead to, in `a`. */
Result repo_references(const Git *g, Arena *a, GitNames *out);
/* Commits whose parents were left behind by whoever made this copy; empty: it is whole. */
Result repo_shallow(const Git *g, Arena *a, GitNames *out);
