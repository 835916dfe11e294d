/* baseline.c - what an earlier report said is said no more. */
#include "cli/baseline.h"

#include "base/map.h"
#include "cli/input.h"
#include "secrets/limits.h"

static Str key_of(Arena *a, Str file, Str fingerprint)
{
	Buf b = buf_in(a, SIZE_MAX);
	buf_add(&b, fingerprint);
	buf_char(&b, ' ');
	buf_add(&b, file);
	return buf_str(&b);
}

static size_t *count_at(Map *m, Arena *a, Str key)
{
	void **slot = map_at(m, a, key);
	if (*slot == NULL)
		*slot = arena_new(a, size_t);
	return *slot;
}

Result baseline_read(const char *path, Arena *a, const Value **findings)
{
	Str text;
	Value *report = NULL;
	TRY(input_read(path, LIMIT_SECRET_BASELINE_BYTES, a, &text));
	TRY_IN(err_usage(value_from_json(text, a, &report)), "%s: no report of '--format json'",
	       path);
	const Value *items = value_items(report, S("findings"));
	if (items == NULL)
		FAIL(ERR_USAGE, "%s: no report of '--format json'", path);
	*findings = items;
	return OK;
}

static Result read_known(const char *path, Arena *a, Map *out)
{
	const Value *findings = NULL;
	TRY(baseline_read(path, a, &findings));
	for (size_t i = 0; i < findings->n; i++) {
		Str print = value_str(findings->items[i], S("fingerprint"));
		Str file = value_str(findings->items[i], S("file"));
		if (print.n != 0)
			++*count_at(out, a, key_of(a, file, print));
	}
	return OK;
}

Result baseline_apply(const char *path, Arena *a, RemarkReport *r)
{
	Map known = {0};
	size_t kept = 0;
	TRY(read_known(path, a, &known));
	for (size_t i = 0; i < r->remarks.n; i++) {
		const Remark *m = &r->remarks.at[i];
		size_t *left = map_get(&known, key_of(a, m->file, m->fingerprint));
		if (m->fingerprint.n != 0 && left != NULL && *left != 0) {
			--*left;
			remark_accept(r, a, m, false, S("in the baseline"));
		} else {
			r->remarks.at[kept++] = *m;
		}
	}
	r->remarks.n = kept;
	remarks_sort(&r->accepted);
	return OK;
}
