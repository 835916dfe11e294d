/* secrets.h - a folder, a file, standard input, an image (flow/search.h) or a repository's history,
 * through the secrets engine. Nothing is sent anywhere. */
#pragma once
#include "flow/search.h"

typedef struct SecretsRequest {
	SearchRequest search;
	UserText rules; /* more rules */
	bool git;       /* target is a repository: its history is read, not its work tree */
} SecretsRequest;

/* The rules of the program, and `more`. */
Result secrets_rules(UserText more, Arena *a, SecretRuleVec *rules);
/* The same, made ready. */
Result secrets_set(UserText more, Arena *a, SecretSet **out);
/* Everything in *out lives in `a`. */
Result secrets_run(const SecretsRequest *r, Arena *a, SearchOutcome *out);
