/* group.c - packages with the same findings are read together. */
#include "report/group.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"

typedef VEC(const Finding *) FindingVec;

static void field(Buf *b, Str s)
{
	buf_fmt(b, "%zu:", s.n); /* lengths first: no two different rows make the same key */
	buf_add(b, s);
}

/* Everything that must be the same for two packages to be shown as one. */
static Str sameness(const Pkg *p, const FindingVec *findings, Arena *a)
{
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	buf_fmt(&b, "%d ", (int)p->type);
	field(&b, p->source_name.n != 0 ? p->source_name : p->name);
	field(&b, p->version);
	for (size_t i = 0; i < findings->n; i++) {
		const Finding *f = findings->at[i];
		field(&b, f->id);
		field(&b, f->fixed_version);
		field(&b, f->vendor_state);
		buf_fmt(&b, "%d %d ", (int)f->status, (int)f->severity);
	}
	return buf_str(&b);
}

static bool any_exploited(const Group *g)
{
	for (size_t i = 0; i < g->findings.n; i++)
		if (g->findings.at[i]->exploited)
			return true;
	return false;
}

static int worst_first(const void *x, const void *y)
{
	const Group *a = *(Group *const *)x, *b = *(Group *const *)y;
	Severity worst_a = a->findings.at[0]->severity, worst_b = b->findings.at[0]->severity;
	if (worst_a != worst_b)
		return worst_a < worst_b ? 1 : -1;
	int order = any_exploited(b) - any_exploited(a);
	if (order == 0)
		order = str_cmp(a->pkgs.at[0]->name, b->pkgs.at[0]->name);
	/* The packages are elements of one array, in its order. */
	return order != 0 ? order
			  : (a->pkgs.at[0] > b->pkgs.at[0]) - (a->pkgs.at[0] < b->pkgs.at[0]);
}

static FindingVec *by_package(const Report *r, bool informational, Arena *a)
{
	FindingVec *lists = arena_array(a, FindingVec, r->facts->pkgs.n);
	for (size_t i = 0; i < r->findings.n; i++) {
		const Finding *f = &r->findings.at[i];
		if (f->informational == informational)
			vec_push(a, &lists[f->pkg], f);
	}
	return lists;
}

GroupVec group_findings(const Report *r, bool informational, Arena *a)
{
	FindingVec *lists = by_package(r, informational, a);
	GroupVec all = {0};
	Map same = {0};
	for (size_t i = 0; i < r->facts->pkgs.n; i++) {
		const Pkg *p = &r->facts->pkgs.at[i];
		if (lists[i].n == 0)
			continue;
		Group **slot = (Group **)map_at(&same, a, sameness(p, &lists[i], a));
		if (*slot == NULL) {
			*slot = arena_new(a, Group);
			for (size_t k = 0; k < lists[i].n; k++)
				vec_push(a, &(*slot)->findings, lists[i].at[k]);
			vec_push(a, &all, *slot);
		}
		vec_push(a, &(*slot)->pkgs, p);
	}
	if (all.n > 1)
		qsort(all.at, all.n, sizeof *all.at, worst_first);
	return all;
}
