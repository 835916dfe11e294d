/* group.c - packages with the same findings are read together. */
#include "report/group.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"

static void field(Buf *b, Str s)
{
	buf_fmt(b, "%zu:", s.n); /* lengths first: no two different rows make the same key */
	buf_add(b, s);
}

/* Everything that must be the same for two packages to be shown as one. */
static Str sameness(const Report *r, const Pkg *p, const IndexVec *findings, Arena *a)
{
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	buf_fmt(&b, "%d ", (int)p->type);
	field(&b, p->source_name.n != 0 ? p->source_name : p->name);
	field(&b, p->version);
	for (size_t i = 0; i < findings->n; i++) {
		const Finding *f = &r->findings.at[findings->at[i]];
		field(&b, f->id);
		field(&b, f->fixed_version);
		field(&b, f->vendor_state);
		buf_fmt(&b, "%d %d ", (int)f->status, (int)f->severity);
	}
	return buf_str(&b);
}

static int worst_first(const void *x, const void *y)
{
	const Group *a = x, *b = y;
	if (a->worst != b->worst)
		return a->worst < b->worst ? 1 : -1;
	if (a->exploited != b->exploited)
		return a->exploited ? -1 : 1;
	int order = str_cmp(a->name, b->name);
	return order != 0 ? order
			  : (a->pkgs.at[0] > b->pkgs.at[0]) - (a->pkgs.at[0] < b->pkgs.at[0]);
}

static IndexVec *by_package(const Report *r, bool informational, Arena *a)
{
	IndexVec *lists = arena_array(a, IndexVec, r->facts->pkgs.n);
	for (size_t i = 0; i < r->findings.n; i++) {
		const Finding *f = &r->findings.at[i];
		if (f->informational == informational)
			vec_push(a, &lists[f->pkg], (uint32_t)i);
	}
	return lists;
}

static Group group_of(const Report *r, IndexVec pkgs, IndexVec findings)
{
	Group g = {.pkgs = pkgs, .findings = findings};
	g.name = r->facts->pkgs.at[pkgs.at[0]].name;
	g.worst = r->findings.at[findings.at[0]].severity;
	for (size_t i = 0; i < findings.n; i++)
		g.exploited = g.exploited || r->findings.at[findings.at[i]].exploited;
	return g;
}

GroupVec group_findings(const Report *r, bool informational, Arena *a)
{
	size_t n = r->facts->pkgs.n;
	IndexVec *lists = by_package(r, informational, a);
	IndexVec *members = arena_array(a, IndexVec, n); /* of the group a package leads */
	GroupVec all = {0};
	Map leaders = {0};
	for (uint32_t i = 0; i < n; i++) {
		if (lists[i].n == 0)
			continue;
		Str key = sameness(r, &r->facts->pkgs.at[i], &lists[i], a);
		IndexVec **leader = (IndexVec **)map_at(&leaders, a, key);
		if (*leader == NULL)
			*leader = &members[i];
		vec_push(a, *leader, i);
	}
	for (size_t i = 0; i < n; i++)
		if (members[i].n != 0)
			vec_push(a, &all, group_of(r, members[i], lists[i]));
	if (all.n > 1)
		qsort(all.at, all.n, sizeof *all.at, worst_first);
	return all;
}
