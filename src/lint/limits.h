/* limits.h - ceilings of this room, each with its reason. */
#pragma once

/* Remarks of one rule about one file; a person reads the first hundred. */
#define LIMIT_LINT_REMARKS 2000u
/* One message, which may quote the file, and the line that is shown with it. */
#define LIMIT_LINT_MESSAGE_BYTES 1000u
/* What a fingerprint is made of; more of a place tells no more. */
#define LIMIT_LINT_WORDS_BYTES 4096u
/* Scripts and commands of one file; the largest real ones have 300 and 3000, and rules look back
 * from each. More of them are not judged. */
#define LIMIT_LINT_SCRIPTS 1000u
#define LIMIT_LINT_COMMANDS 8000u
/* Stages of one file, which rules compare with one another; the largest real ones have 100. */
#define LIMIT_LINT_STAGES 1000u
/* Empty lines that one fix takes out. */
#define LIMIT_LINT_GAPS 1000u
/* passwd, group or shadow of an image; 10,000 accounts are 600 KB. */
#define LIMIT_LINT_ACCOUNTS_BYTES (16u << 20)
/* Variables that are compared with a name, over a whole file; real files need a thousand. */
#define LIMIT_LINT_LOOKUPS 20000000u
/* A key or a file of logins; key stores and states of tools that are larger are told by others. */
#define LIMIT_LINT_KEY_BYTES (1u << 20)
/* Comments that accept findings; each remark is held against those of the whole file. */
#define LIMIT_LINT_PRAGMAS 2000u
/* Steps of one rule that compares everything with everything: a second of them. */
#define LIMIT_LINT_STEPS 50000000u
