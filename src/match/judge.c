/* judge.c - architecture, module, then ranges, then the versions that are listed. */
#include "match/judge.h"

#include "base/buf.h"
#include "version/scheme.h"

static bool in_list(const StrVec *list, Str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], s))
			return true;
	return false;
}

static bool arch_fits(const Advisory *row, const Pkg *p)
{
	return row->arches.n == 0 || p->arch.n == 0 || in_list(&row->arches, p->arch) ||
	       str_eq(p->arch, S("noarch")) || in_list(&row->arches, S("noarch"));
}

/* A modular advisory is about packages of its stream only; another about those of none. */
static bool module_fits(const Advisory *row, const Pkg *p)
{
	Str label = p->module, name, stream;
	if (label.n == 0 || row->module.n == 0)
		return label.n == row->module.n;
	str_cut(&label, ':', &name);
	if (!str_cut(&label, ':', &stream))
		return false;
	Str want = row->module, want_name;
	str_cut(&want, ':', &want_name);
	return str_eq(name, want_name) && str_eq(stream, want);
}

static Str words(Arena *a, Str version, const char *op, Str bound, const Scheme *s)
{
	Buf b = buf_in(a, 2048);
	buf_fmt(&b, STR_FMT " %s " STR_FMT " (%s)", STR_ARG(str_first(version, 400)), op,
		STR_ARG(str_first(bound, 400)), s->name);
	return buf_str(&b);
}

static bool from_the_start(Str introduced)
{
	return introduced.n == 0 || str_eq(introduced, S("0"));
}

/* Touched, clear, or undecided by one range. */
static Verdict in_range(Arena *a, const Scheme *s, Str version, const Range *r, Judgement *j)
{
	int order;
	if (!from_the_start(r->introduced)) {
		j->refused = r->introduced;
		if (!s->compare(version, r->introduced, &order))
			return VERDICT_UNDECIDED;
		if (order < 0)
			return VERDICT_CLEAR;
	}
	bool fixed = r->fixed.n != 0;
	Str end = fixed ? r->fixed : r->last_affected;
	if (end.n == 0) {
		j->comparison = from_the_start(r->introduced)
					? S("every version; no fix is known")
					: words(a, version, ">=", r->introduced, s);
		return VERDICT_TOUCHED;
	}
	j->refused = end;
	if (!s->compare(version, end, &order))
		return VERDICT_UNDECIDED;
	if (fixed ? order >= 0 : order > 0)
		return VERDICT_CLEAR;
	j->fixed = r->fixed;
	j->comparison = words(a, version, fixed ? "<" : "<=", end, s);
	return VERDICT_TOUCHED;
}

static bool is_listed(const Scheme *s, const Advisory *row, Str version)
{
	int order;
	for (size_t i = 0; i < row->versions.n; i++)
		if (str_eq(row->versions.at[i], version) ||
		    (s->compare(version, row->versions.at[i], &order) && order == 0))
			return true;
	return false;
}

static Verdict by_versions(Arena *a, const Advisory *row, Str version, Judgement *j)
{
	const Scheme *s = scheme_get(row->scheme);
	Verdict worst = VERDICT_CLEAR;
	int order;
	if (s == NULL || !s->compare(version, version, &order)) {
		j->refused = version;
		return VERDICT_UNDECIDED;
	}
	for (size_t i = 0; i < row->ranges.n; i++) {
		Verdict v = in_range(a, s, version, &row->ranges.at[i], j);
		if (v == VERDICT_TOUCHED)
			return v;
		worst = v == VERDICT_UNDECIDED ? v : worst;
	}
	if (!is_listed(s, row, version))
		return worst;
	j->comparison = words(a, version, "is one of the versions of", row->id, s);
	return VERDICT_TOUCHED;
}

Judgement judge(Arena *a, const Advisory *row, const Pkg *p, Str version)
{
	Judgement j = {.verdict = VERDICT_CLEAR};
	if (row->status == STATUS_NOT_AFFECTED || !arch_fits(row, p) || !module_fits(row, p))
		return j;
	j.verdict = by_versions(a, row, version, &j);
	if (j.fixed.n != 0)
		j.status = STATUS_FIXED;
	else
		j.status = row->status == STATUS_FIXED ? STATUS_AFFECTED : row->status;
	return j;
}
