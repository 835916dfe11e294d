/* stages.c - which instructions belong to which stage, and which stage builds on which. */
#include "base/map.h"
#include "lint/limits.h"
#include "lint/private.h"

static Str lowered(Arena *a, Str s)
{
	char *p = arena_array(a, char, s.n);
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i];
	return (Str){p, s.n};
}

/* The last of that name before; names of stages are in lower case, references are not changed. */
ptrdiff_t stage_named(const LintFile *f, Str name)
{
	for (size_t i = f->stages.n; i-- > 0;)
		if (f->stages.at[i].name.n != 0 && str_eq(f->stages.at[i].name, name))
			return (ptrdiff_t)i;
	return -1;
}

Result find_stages(LintFile *f)
{
	Map names = {0}; /* to 1 + the last stage of that name */
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		if (f->stages.n != 0)
			f->stages.at[f->stages.n - 1].end = i;
		if (in->op != OP_FROM)
			continue;
		LintStage s = {.from = in, .first = i + 1, .parent = -1};
		if (in->args.n != 0) {
			s.base = in->args.at[0].text;
			s.parent = (ptrdiff_t)(uintptr_t)map_get(&names, s.base) - 1;
		}
		if (in->args.n == 3)
			s.name = lowered(f->a, in->args.at[2].text);
		if (f->stages.n == LIMIT_LINT_STAGES)
			FAIL(ERR_LIMIT, "more than %u stages", LIMIT_LINT_STAGES);
		vec_push(f->a, &f->stages, s);
		if (s.name.n != 0)
			*map_at(&names, f->a, s.name) = (void *)(uintptr_t)f->stages.n;
	}
	if (f->stages.n == 0) /* a fragment: one stage without a FROM */
		vec_push(f->a, &f->stages, (LintStage){.parent = -1});
	f->stages.at[f->stages.n - 1].end = f->d->instructions.n;
	return OK;
}

const LintStage *lint_stage_of(const LintFile *f, size_t i)
{
	size_t low = 0, high = f->stages.n;
	while (low < high) { /* the first that ends behind it */
		size_t middle = low + (high - low) / 2;
		if (f->stages.at[middle].end <= i)
			low = middle + 1;
		else
			high = middle;
	}
	bool inside = low < f->stages.n && i >= f->stages.at[low].first;
	return inside ? &f->stages.at[low] : NULL;
}

bool names_are_near(Str a, Str b)
{
	size_t head = 0, tail = 0;
	if (str_eq(a, b) || a.n < 4 || b.n + 1 < a.n || a.n + 1 < b.n)
		return false;
	if (str_eq_nocase(a, b))
		return true;
	while (head < a.n && head < b.n && a.p[head] == b.p[head])
		head++;
	while (tail + head < a.n && tail + head < b.n && a.p[a.n - 1 - tail] == b.p[b.n - 1 - tail])
		tail++;
	return a.n - head - tail <= 1 && b.n - head - tail <= 1;
}
