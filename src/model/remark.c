/* remark.c - order and names. */
#include "model/remark.h"

#include <stdlib.h>

static const char *const levels[] = {"", "style", "info", "warning", "error"};

void remark_accept(RemarkReport *r, Arena *a, const Remark *m, bool in_source, Str why)
{
	Remark kept = *m;
	kept.excerpt = (Str){NULL, 0};
	kept.accepted = why;
	kept.in_source = in_source;
	vec_push(a, &r->accepted, kept);
	r->suppressed++;
}

const char *level_name(Level l) { return levels[l]; }

bool level_parse(Str s, Level *out)
{
	for (size_t i = 1; i < sizeof levels / sizeof levels[0]; i++)
		if (str_eq(s, str_of(levels[i]))) {
			*out = (Level)i;
			return true;
		}
	return false;
}

const char *confidence_name(Confidence c)
{
	return c == CONFIDENCE_HIGH ? "high" : c == CONFIDENCE_MEDIUM ? "medium" : "low";
}

static int by_number(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

static int by_place(const void *x, const void *y)
{
	const Remark *a = x, *b = y;
	int order = str_cmp(a->file, b->file);
	order = order != 0 ? order : by_number(a->line, b->line);
	order = order != 0 ? order : by_number(a->column, b->column);
	order = order != 0 ? order : str_cmp(a->rule, b->rule);
	order = order != 0 ? order : str_cmp(a->layer, b->layer);
	order = order != 0 ? order : str_cmp(a->commit, b->commit);
	return order != 0 ? order : str_cmp(a->message, b->message);
}

void remarks_sort(RemarkVec *v)
{
	if (v->n > 1)
		qsort(v->at, v->n, sizeof *v->at, by_place);
}
