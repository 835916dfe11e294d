/* secret_git.h - every version of every file in a repository's history, read once.
 *
 * From HEAD and every reference: commits in the order of their dates, the trees of each, and
 * of these what no earlier one had. Messages of commits and tags are read too. Memory is 30
 * bytes an object; files are unpacked one a processor, at most LIMIT_SECRET_BLOB_BYTES each.
 * Called in a worker. */
#pragma once
#include "flow/secret_crew.h"

typedef struct SecretGit {
	const char *dir; /* with "objects": .git */
	const StrVec *exclude;
	const SecretSet *set;
	Confidence least;
	void (*progress)(void *ctx, uint64_t done, uint64_t total); /* commits; may be NULL */
	void *progress_ctx;
} SecretGit;

/* A value that stays in a file is told once, for the earliest commit that has it. */
Result secret_git(const SecretGit *g, Arena *a, RemarkReport *out);
