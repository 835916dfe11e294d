/* secret_told.c - equal values side by side, then what is left in the report's order. */
#include "flow/secret_told.h"

#include <stdlib.h>

static Str key_of(const SecretMark *m) { return (Str){(const char *)m->value, sizeof m->value}; }

void secret_told_add(SecretTold *t, const Remark *r, const SecretMark *m)
{
	vec_push(&t->scratch, &t->all, (SecretFound){r, m});
	if (m->owned)
		*map_at(&t->owned, &t->scratch, key_of(m)) = t;
}

static int by_number(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

/* The same value in the same file, the earliest first. */
static int by_value(const void *a, const void *b)
{
	const SecretFound *x = a, *y = b;
	int order = memcmp(x->mark->value, y->mark->value, sizeof x->mark->value);
	order = order != 0 ? order : str_cmp(x->remark->file, y->remark->file);
	order = order != 0 ? order : by_number(x->mark->round, y->mark->round);
	order = order != 0 ? order : by_number(x->remark->line, y->remark->line);
	return order != 0 ? order : by_number(x->remark->column, y->remark->column);
}

static bool same(const SecretFound *a, const SecretFound *b)
{
	return memcmp(a->mark->value, b->mark->value, sizeof a->mark->value) == 0 &&
	       str_eq(a->remark->file, b->remark->file);
}

/* Copies: what was found lives as long as its reader. */
static void keep(const Remark *from, Arena *a, RemarkReport *out)
{
	Remark r = *from;
	Str *const texts[] = {&r.file,  &r.message, &r.masked, &r.fingerprint,
			      &r.layer, &r.origin,  &r.commit, &r.date};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = arena_str(a, *texts[i]);
	vec_push(a, &out->remarks, r);
}

void secret_told_report(SecretTold *t, bool once, Arena *a, RemarkReport *out)
{
	if (t->all.n > 1)
		qsort(t->all.at, t->all.n, sizeof t->all.at[0], by_value);
	for (size_t i = 0; i < t->all.n; i++) {
		const SecretFound *f = &t->all.at[i];
		bool again = once && i != 0 && same(f, f - 1);
		if (map_get(&t->owned, key_of(f->mark)) != NULL)
			out->suppressed += !again;
		else if (!again)
			keep(f->remark, a, out);
	}
	remarks_sort(&out->remarks);
	arena_finish(&t->scratch);
	*t = (SecretTold){0};
}
