/* lint_beside.h - what the linter is told about a Dockerfile besides its text: the .dockerignore
 * that counts, and the secrets that the engine of another room finds in it. */
#pragma once
#include "flow/lint.h"

typedef struct SecretSet SecretSet;

/* In the parent. NAME.dockerignore, then .dockerignore beside the file, then in this directory when
 * the file is below it. */
void lint_find_ignore(const char *path, Arena *a, LintBeside *out, RemarkReport *unread);
/* In the parent: the sandbox compiles nothing. *out stays NULL when neither D401 nor C129 is asked.
 */
Result lint_secrets_make(const LintOptions *o, Arena *a, SecretSet **out);
/* In the worker. A NULL set finds nothing. */
void lint_find_secrets(const SecretSet *set, const LintText *t, Arena *a, LintBeside *out,
		       RemarkReport *unread);
