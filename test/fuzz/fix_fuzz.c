/* fix_fuzz.c - any bytes as a plan, as a record of changes, as a file of sysctl.d, and as
 * daemon.json: what is set there is there afterwards, and setting it again changes nothing. */
#include <stdlib.h>

#include "fix/json_edit.h"
#include "fix/prepare.h"
#include "fix/switch_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_plan(Str text)
{
	Arena a = {0};
	FixPlan plan, again;
	Buf b = buf_in(&a, 16u << 20);
	Str json;
	Err *e = fix_plan_parse(text, &a, &plan);
	if (e == OK) {
		fix_plan_json(&plan, &b);
		Err *other = buf_done(&b, "a plan", &json);
		if (other == OK)
			other = fix_plan_parse(json, &a, &again);
		if (other != OK || again.steps.n != plan.steps.n)
			abort();
	}
	err_free(e);
	arena_finish(&a);
}

static void as_record(Str text)
{
	Arena a = {0};
	ActionVec v;
	err_free(undo_parse(text, &a, &v));
	arena_finish(&a);
}

static void as_config(Str text)
{
	Arena a = {0};
	Str once, twice;
	Err *e = json_edit_set(text, S("icc"), S("false"), &a, &once);
	if (e == OK) {
		e = json_edit_set(once, S("icc"), S("false"), &a, &twice);
		if (e != OK || !str_eq(once, twice))
			abort();
	} else if (e->kind == ERR_BUG) {
		abort();
	}
	err_free(e);
	arena_finish(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Str text = {(const char *)data, size};
	as_plan(text);
	as_record(text);
	as_config(text);
	Str value;
	if (switch_says(text, S("kernel.sysrq"), &value) &&
	    (value.p < text.p || value.p + value.n > text.p + text.n))
		abort();
	return 0;
}
