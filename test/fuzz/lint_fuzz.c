/* lint_fuzz.c - any bytes as a Dockerfile before all rules: every remark stands in the file, its
 * edits are in order, and the file that they make can be read again. */
#include <stdlib.h>

#include "lint/lint.h"
#include "lint/mend.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
	if (!holds)
		abort();
}

static void check(const Remark *r, Str text)
{
	uint32_t at = 0;
	need(r->line >= 1 && r->column >= 1 && r->end_line >= r->line && r->message.n != 0);
	for (size_t i = 0; i < r->fix.n; i++) {
		const Edit *e = &r->fix.at[i];
		need(e->at >= at && e->end >= e->at && e->end <= text.n);
		at = e->end;
	}
}

static void tell(Arena *a, Str text, LintOptions *o, LintBeside *beside)
{
	*beside = (LintBeside){.known = true, .has_ignore = text.n % 2 != 0};
	beside->ignore_name = S(".dockerignore");
	beside->ignore = S("*.md\n!a\n**/b\n");
	*o = (LintOptions){.now = 1764000000, .beside = beside};
	vec_push(a, &o->registries, S("docker.io"));
	vec_push(a, &o->labels, (LabelRule){S("version"), LABEL_SEMVER});
	for (const LintRule *const *r = lint_rules; *r != NULL; r++)
		if ((*r)->off)
			vec_push(a, &o->overrides,
				 (LintOverride){.rule = str_of((*r)->id), .level = LEVEL_INFO});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena a = {0};
	Str text = {(const char *)data, size};
	LintOptions o;
	LintBeside beside;
	RemarkReport r = {0};
	Mended m = {0};
	tell(&a, text, &o, &beside);
	Err *e = lint_dockerfile(S("x"), text, &o, &a, &r);
	for (size_t i = 0; e == OK && i < r.remarks.n; i++)
		check(&r.remarks.at[i], text);
	if (e == OK) {
		lint_mend(&r.remarks, S("x"), text, true, &a, &m);
		e = lint_dockerfile(S("x"), m.text, &o, &a, &r);
	}
	err_free(e);
	arena_finish(&a);
	return 0;
}
