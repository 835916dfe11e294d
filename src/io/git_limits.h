/* git_limits.h - the ceilings of reading repositories, each with its reason; see base/limits.h. */
#pragma once

/* Packs of a repository that are mapped at once, and objects kept for the next delta. */
#define LIMIT_GIT_MAPPED_BYTES (1ull << 30)
#define LIMIT_GIT_CACHE_BYTES (96u << 20)
/* References; the largest hosts see a million of pull requests. */
#define LIMIT_GIT_REFS 4000000u
#define LIMIT_GIT_REFS_BYTES (512u << 20)
/* Folders inside each other, of references and of trees. */
#define LIMIT_GIT_DEPTH 200u
/* Objects of one history, at 30 bytes each; Linux has 10 million. */
#define LIMIT_GIT_OBJECTS 30000000u
/* A commit, a tag or a tree; a folder of 100,000 files has 5 MB. */
#define LIMIT_GIT_TREE_BYTES (64u << 20)
