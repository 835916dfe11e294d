/* compose_model.c - C001, C122 to C125: what Compose refuses, or no longer reads. */
#include "lint/compose_rule.h"

const LintRule lint_C001 = {
	.id = "C001",
	.name = "unused-ignore-in-compose",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "An ignore that accepts nothing hides the next finding of that rule.",
	.help = "remove the comment, or renew its date",
	.good = LIST("services:\n  # bulwark:ignore C102 -- a test\n  a:\n    image: a:1\n"
		     "    privileged: true\n"),
	.bad = LIST("# bulwark:ignore C102 -- gone since\nservices:\n  a:\n    image: a:1\n",
		    "services:\n  a:\n    image: a:1 # bulwark:ignore C104 until=2001-01-01\n"),
};

static void say_problems(const Compose *c, LintSink *to)
{
	for (size_t i = 0; i < c->problems.n; i++) {
		const NodeProblem *p = &c->problems.at[i];
		const Node at = {.file = p->file, .span = p->span};
		compose_say(to, &at, STR_FMT, STR_ARG(p->message));
	}
}

const LintRule lint_C122 = {
	.id = "C122",
	.name = "invalid-compose",
	.level = LEVEL_ERROR,
	.confidence = CONFIDENCE_HIGH,
	.why = "Compose refuses the project, or takes the last of what stands twice.",
	.help = "correct the file; 'docker compose config' then shows what is read",
	.good = LIST("services:\n  a: {image: 'a:1'}\n"),
	.bad = LIST("services:\n  a: {image: a:1, image: b:1}\n", "services: [\n",
		    "services:\n  a:\n    image: ${X\n"),
	.check_compose = say_problems,
};
