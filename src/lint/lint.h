/* lint.h - a Dockerfile against all rules. */
#pragma once
#include "lint/rule.h"

/* Adds to *out, unsorted. `name` is what the user called the file. */
Result lint_dockerfile(Str name, Str text, const LintOptions *o, Arena *a, RemarkReport *out);
/* A Compose project against the rules about them; `names` as compose_read(). Remarks are about the
 * file they stand in. What could not be followed or has no value is not evaluated. */
Result lint_compose(const StrVec *names, const ComposeSource *from, const LintOptions *o, Arena *a,
		    RemarkReport *out);
bool lint_asks(const LintOptions *o, Str rule); /* by its id */
/* By id, name or an alias, in any case; NULL when there is none. */
const LintRule *lint_rule_named(Str word);
