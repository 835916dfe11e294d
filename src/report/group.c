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

/* As findings are sorted in a report; among the equally severe, what is exploited, then what
 * is likelier to be. */
static int riskiest_first(const void *x, const void *y, void *ctx)
{
	const Report *r = ctx;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const Finding *a = &r->findings.at[i], *b = &r->findings.at[j];
	if (a->severity != b->severity)
		return a->severity < b->severity ? 1 : -1;
	if (a->exploited != b->exploited)
		return a->exploited ? -1 : 1;
	if (a->epss < b->epss || a->epss > b->epss)
		return a->epss < b->epss ? 1 : -1;
	return (i > j) - (i < j);
}

static Group group_of(const Report *r, IndexVec pkgs, IndexVec findings)
{
	Group g = {.pkgs = pkgs, .findings = findings};
	g.name = r->facts->pkgs.at[pkgs.at[0]].name;
	g.worst = r->findings.at[findings.at[0]].severity;
	qsort_r(findings.at, findings.n, sizeof *findings.at, riskiest_first, (void *)(uintptr_t)r);
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
