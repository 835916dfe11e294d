/* secrets.h - a folder, a file, standard input or an image, through the secrets engine.
 *
 * Everything foreign is read in a worker (io/worker.h), by as many threads as there are
 * processors; nothing is sent anywhere. */
#pragma once
#include "flow/progress.h"
#include "secrets/rule.h"

typedef struct SecretsRequest {
	Str target;             /* "-", a path, or a target of an image (image/target.h) */
	Str platform;           /* of an image */
	Str rules;              /* more rules, as text; may be empty */
	const char *rules_name; /* their file, for errors; may be NULL */
	StrVec exclude;         /* shell patterns of paths that are left out */
	StrVec fingerprints;    /* findings that are known already: a baseline */
	Confidence least;
	bool git; /* target is a repository: its history is read, not its work tree */
	bool allow_unsandboxed;
	Progress progress;
} SecretsRequest;

typedef struct SecretsOutcome {
	RemarkReport report;
	Str missing; /* sandbox layers that the kernel lacks; empty: none */
} SecretsOutcome;

/* The rules of the program, and `more`; ERR_USAGE names the line of a wrong one. */
Result secrets_rules(Str more, Arena *a, SecretRuleVec *rules);
/* Everything in *out lives in `a`. */
Result secrets_run(const SecretsRequest *r, Arena *a, SecretsOutcome *out);
