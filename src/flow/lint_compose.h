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

/* In the worker, which may read beneath the folders `dirs` (as the user names them). Judges those
 * of `texts` that are Compose files. */
Result lint_compose_projects(const LintTexts *texts, const StrVec *dirs, const LintOptions *o,
			     Arena *a, RemarkReport *out);
