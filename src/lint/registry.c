/* registry.c - the table of rules, by id: C before D. */
#include "lint/rule.h"

#define RULE(id) extern const LintRule lint_##id;
#include "lint/compose_rules.def"
#include "lint/rules.def"
#undef RULE

const LintRule *const lint_rules[] = {
#define RULE(id) &lint_##id,
#include "lint/compose_rules.def"
#include "lint/rules.def"
#undef RULE
	NULL};
