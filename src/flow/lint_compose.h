/* lint_compose.h - which Compose files make a project, and where its other files are read.
 *
 * A base (compose.yaml, docker-compose.yml) is a project with the override beside it. Any other
 * Compose file is one of its own when each of its services has an image or a build; else it is
 * judged as what it is: something on top of the base in its folder. */
#pragma once
#include "flow/lint.h"

/* By its name: compose.yaml, compose.prod.yml, docker-compose.yaml. */
bool lint_is_compose(Str path);
/* Of a file that was named: any YAML file is taken for one. */
bool lint_is_yaml(Str path);

typedef struct SecretSet SecretSet;

typedef struct LintProjects {
	const LintTexts *texts;
	const StrVec *dirs;       /* folders that may be read beneath, as the user names them */
	const SecretSet *secrets; /* NULL: not asked */
} LintProjects;

/* In the worker. Judges those of the texts that are Compose files. */
Result lint_compose_projects(const LintProjects *given, Arena *a, RemarkReport *out);
