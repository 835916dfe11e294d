/* search.h - a folder, a file, standard input or an image, looked through in a worker by the engine
 * of the secrets room; what `secrets` and `malware` have in common.
 *
 * Everything foreign is read in a worker (io/worker.h), by as many threads as there are
 * processors. */
#pragma once
#include "flow/file_sieve.h"
#include "flow/owned.h"
#include "flow/progress.h"
#include "flow/secret_walk.h"

typedef struct SearchRequest {
	Str target;          /* "-", a path, or a target of an image (image/target.h) */
	Str platform;        /* of an image */
	StrVec exclude;      /* shell patterns of paths that are left out */
	StrVec fingerprints; /* findings that are known already: a baseline */
	Confidence least;
	bool allow_unsandboxed;
	Progress progress;
} SearchRequest;

typedef struct UserText { /* of a file that the user brought: rules, a list */
	const char *name; /* NULL: there is none */
	Str text;
} UserText;

typedef struct SearchOutcome {
	RemarkReport report;
	Str missing; /* sandbox layers that the kernel lacks; empty: none */
} SearchOutcome;

typedef struct Search Search;
struct Search {
	const SearchRequest *request;
	const SecretSet *set;
	Str help;     /* behind what is found; empty: what one does about secrets */
	int also_fd;  /* kept open in the worker; 0: none */
	bool objects; /* look into objects of Git, too */
	void *ctx;    /* of what follows; all of it may be NULL, and is called in the worker */
	/* Instead of leaving out what a package brought: as SecretWalk.look. */
	void (*look)(void *ctx, SecretReader *r, const SecretFile *f);
	/* Instead of reading the target as files; it may read below `dir`. */
	Err *(*instead)(void *ctx, Search *s, Arena *a, RemarkReport *out);
	const char *dir;
	/* Of an image: what the sieves keep, and what is told of it. */
	FileSieves *sieves;
	void (*tell)(void *ctx, const Image *files, const Image *databases, Arena *a,
		     RemarkReport *out);
	const SecretSet *hide; /* masks what made the layers */
	Owned *owned;          /* what packages brought, while a folder is read */
	struct Reply *reply;   /* for search_progress() */
};

/* Everything in *out lives in `a`. */
Result search_run(Search *s, Arena *a, SearchOutcome *out);
/* In the worker; `ctx` is the Search. In bytes, or in commits where `instead` is set. */
void search_progress(void *ctx, uint64_t done, uint64_t total);
