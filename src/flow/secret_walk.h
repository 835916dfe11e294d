/* secret_walk.h - the files of a folder, found in order and read by several threads. */
#pragma once
#include "flow/owned.h"
#include "flow/secret_crew.h"

typedef struct SecretFile { /* that somebody else looks at, too */
	Str path, shown;    /* from the root; in the report */
	int fd;             /* open, to be read from its start; -1: */
	Str bytes;          /* it is here */
} SecretFile;

typedef struct SecretWalk {
	int root; /* the folder */
	Str name; /* as the user named it; the report's paths begin with it */
	const StrVec *exclude;
	const SecretSet *set;
	Owned *owned; /* whose unchanged files are left out */
	Confidence least;
	Str help;        /* behind what is found; empty: what one does about secrets */
	bool everything; /* objects of Git too */
	/* Instead of leaving out what `owned` has unchanged: another look at each file. From any
	 * thread; may be NULL. */
	void (*look)(void *ctx, SecretReader *r, const SecretFile *f);
	void *look_ctx;
	void (*progress)(void *ctx, uint64_t done, uint64_t total); /* bytes; may be NULL */
	void *progress_ctx;
} SecretWalk;

/* Links are not followed, /proc and its like and the objects of Git are left out. What it found
 * is in `a`, sorted. */
Result secret_walk(const SecretWalk *w, Arena *a, RemarkReport *out);
