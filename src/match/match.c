/* match.c - asks once for each name, judges every package of it, merges what is one and the same.
 */
#include "match/match.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "match/distro.h"
#include "match/enrich.h"
#include "match/judge.h"

typedef struct Query { /* a package and the name its advisories are under */
	Str ecosystem, name, version;
	uint32_t pkg;
	bool language; /* of a language's feed: asked after the distribution */
} Query;

typedef struct Matcher {
	AdvisoryDb *db;
	const MatchOptions *options;
	Arena *arena;
	Report *report;
	const Distro *distro; /* NULL: this distribution is not evaluated */
	Str ecosystem;        /* of the distribution */
	VEC(Query) queries;
	bool *known; /* [package]: the distribution's advisories have its name */
	Map seen;    /* "package index, id" -> 1 + index of the finding */
} Matcher;

static const Pkg *package(const Matcher *m, uint32_t i) { return &m->report->facts->pkgs.at[i]; }

__attribute__((format(printf, 3, 4))) static void undecided(Matcher *m, Str subject,
							    const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		die_oom();
	Str reason = arena_str(m->arena, (Str){text, (size_t)n});
	free(text);
	vec_push(m->arena, &m->report->not_evaluated,
		 (Undecided){arena_str(m->arena, subject), reason});
}

/* ---- what can be evaluated ---- */

static size_t count_of(const Matcher *m, PkgType type)
{
	const Facts *f = m->report->facts;
	size_t n = 0;
	for (size_t i = 0; i < f->pkgs.n; i++)
		n += f->pkgs.at[i].type == type;
	return n;
}

static Str os_name(const Matcher *m)
{
	const OsRelease *os = &m->report->facts->os;
	Buf b = buf_in(m->arena, 600);
	if (os->id.n == 0)
		return S("unknown distribution");
	buf_add(&b, str_first(os->id, 200));
	if (os->version_id.n != 0)
		buf_char(&b, ' ');
	buf_add(&b, str_first(os->version_id, 200));
	return buf_str(&b);
}

static void tell_unjudged(Matcher *m, const Distro *d, PkgType kind, size_t n)
{
	const OsRelease *os = &m->report->facts->os;
	const char *type = pkg_type_name(kind);
	if (m->distro != NULL)
		undecided(m, os_name(m), "%zu %s packages are not of this distribution's kind", n,
			  type);
	else if (os->id.n == 0)
		undecided(m, os_name(m),
			  "%zu %s packages: the image does not say what it is (no os-release)", n,
			  type);
	else if (d == NULL)
		undecided(m, os_name(m),
			  "%zu %s packages: Bulwark has no advisories for this distribution", n,
			  type);
	else if (m->ecosystem.n == 0)
		undecided(m, os_name(m), "%zu %s packages: the release is not known", n, type);
	else
		undecided(m, os_name(m),
			  "%zu %s packages: no advisory feed for " STR_FMT
			  " in this database; run: bulwark db update",
			  n, type, STR_ARG(m->ecosystem));
}

static void choose_distro(Matcher *m)
{
	const OsRelease *os = &m->report->facts->os;
	static const PkgType os_types[] = {PKG_DEB, PKG_APK, PKG_RPM};
	size_t all = 0;
	const Distro *d = distro_of(os);
	if (d != NULL)
		m->ecosystem = d->key(m->arena, os);
	if (d != NULL && m->ecosystem.n != 0 && advisory_db_has(m->db, m->ecosystem))
		m->distro = d;
	for (size_t i = 0; i < sizeof os_types / sizeof os_types[0]; i++) {
		size_t n = count_of(m, os_types[i]);
		all += n;
		if (n != 0 && (m->distro == NULL || m->distro->type != os_types[i]))
			tell_unjudged(m, d, os_types[i], n);
	}
	if (os->id.n != 0 && all == 0) /* pacman's, or removed to save room */
		undecided(m, os_name(m),
			  "none of its packages was found: their database is missing, empty, or of "
			  "a kind that is not read");
}

static void choose_language(Matcher *m, PkgType type, Str ecosystem)
{
	size_t n = count_of(m, type);
	if (n != 0 && !advisory_db_has(m->db, ecosystem))
		undecided(m, ecosystem,
			  "%zu %s packages: no advisory feed for " STR_FMT
			  " in this database; run: bulwark db update",
			  n, pkg_type_name(type), STR_ARG(ecosystem));
}

/* ---- questions ---- */

/* A language package that the distribution ships is the distribution's to judge; but not what
 * others ship as its packages, of which its advisories know nothing. */
static bool judged_by_distro(const Matcher *m, const Pkg *p)
{
	return p->owner != 0 && m->known[p->owner - 1];
}

static void ask_os(Matcher *m, uint32_t i)
{
	const Pkg *p = package(m, i);
	const Distro *d = m->distro;
	if (d == NULL || d->type != p->type)
		return;
	Query q = {.ecosystem = m->ecosystem, .name = p->name, .version = p->version, .pkg = i};
	if (d->by_source && p->source_name.n != 0)
		q.name = p->source_name;
	if (d->source_version && p->source_version.n != 0)
		q.version = p->source_version;
	vec_push(m->arena, &m->queries, q);
}

static void ask_language(Matcher *m, uint32_t i, Str ecosystem)
{
	const Pkg *p = package(m, i);
	if (advisory_db_has(m->db, ecosystem))
		vec_push(m->arena, &m->queries,
			 (Query){.ecosystem = ecosystem,
				 .name = p->name,
				 .version = p->version,
				 .pkg = i,
				 .language = true});
}

static int by_name(const void *a, const void *b)
{
	const Query *x = a, *y = b;
	int order = x->language - y->language;
	if (order == 0)
		order = str_cmp(x->ecosystem, y->ecosystem);
	if (order == 0)
		order = str_cmp(x->name, y->name);
	return order != 0 ? order : (x->pkg > y->pkg) - (x->pkg < y->pkg);
}

static void ask_all(Matcher *m)
{
	for (uint32_t i = 0; i < m->report->facts->pkgs.n; i++) {
		switch (package(m, i)->type) {
		case PKG_PYPI: ask_language(m, i, S("PyPI")); break;
		case PKG_GOLANG: ask_language(m, i, S("Go")); break;
		case PKG_DEB:
		case PKG_APK:
		case PKG_RPM: ask_os(m, i); break;
		}
	}
	if (m->queries.n > 1)
		qsort(m->queries.at, m->queries.n, sizeof *m->queries.at, by_name);
}

/* ---- answers ---- */

static bool is_cve(Str id) { return str_starts(id, S("CVE-")); }

/* Of names of one vulnerability: a CVE id, else the first. */
static Str best_id(const StrVec *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (is_cve(names->at[i]))
			return names->at[i];
	return names->at[0];
}

static void **place_of(Matcher *m, uint32_t pkg, Str id)
{
	Buf b = buf_in(m->arena, 1024);
	buf_fmt(&b, "%u " STR_FMT, pkg, STR_ARG(str_first(id, 900)));
	return map_at(&m->seen, m->arena, buf_str(&b));
}

/* The finding of this package that has one of the names; NULL: it is new. */
static Finding *known(Matcher *m, uint32_t pkg, const StrVec *names)
{
	void *at = NULL;
	for (size_t i = 0; at == NULL && i < names->n; i++)
		at = *place_of(m, pkg, names->at[i]);
	return at != NULL ? &m->report->findings.at[(uintptr_t)at - 1] : NULL;
}

static void remember(Matcher *m, uint32_t pkg, const StrVec *names, size_t finding)
{
	for (size_t i = 0; i < names->n; i++)
		*place_of(m, pkg, names->at[i]) = (void *)(uintptr_t)(finding + 1);
}

static void add_alias(Matcher *m, Finding *f, Str id)
{
	if (str_eq(id, f->id))
		return;
	for (size_t i = 0; i < f->aliases.n; i++)
		if (str_eq(f->aliases.at[i], id))
			return;
	vec_push(m->arena, &f->aliases, id);
}

static void add_ids(Matcher *m, Finding *f, const StrVec *names, const Advisory *row)
{
	Str best = best_id(names);
	if (f->id.n == 0) {
		f->id = best;
	} else if (!is_cve(f->id) && is_cve(best)) {
		Str old = f->id;
		f->id = best;
		add_alias(m, f, old);
	}
	for (size_t i = 0; i < names->n; i++)
		add_alias(m, f, names->at[i]);
	if (!is_cve(row->id))
		add_alias(m, f, row->id);
	for (size_t i = 0; i < row->aliases.n; i++)
		if (!is_cve(row->aliases.at[i]))
			add_alias(m, f, row->aliases.at[i]);
}

static void tell(Finding *f, const Advisory *row, const Query *q, const Judgement *j)
{
	f->status = j->status;
	f->vendor_state = row->vendor_state;
	f->fixed_version = j->fixed;
	f->evidence = (Evidence){.feed = row->feed,
				 .record = row->id,
				 .ecosystem = row->ecosystem,
				 .package = row->package,
				 .compared = q->version,
				 .comparison = j->comparison};
}

static void add_finding(Matcher *m, const Query *q, const Advisory *row, const Judgement *j,
			const StrVec *names)
{
	Finding *f = known(m, q->pkg, names);
	if (f == NULL) {
		vec_push(m->arena, &m->report->findings,
			 (Finding){.pkg = q->pkg, .epss = -1, .epss_percentile = -1});
		f = &m->report->findings.at[m->report->findings.n - 1];
		f->informational = !m->options->kernel && distro_is_kernel(package(m, q->pkg));
		tell(f, row, q, j);
	} else if (f->fixed_version.n == 0 && j->fixed.n != 0) {
		tell(f, row, q, j); /* a record that knows a fix says more */
	}
	if (row->severity > f->severity) {
		f->severity = row->severity;
		f->severity_source = row->severity_source;
		if (row->cvss.n != 0)
			f->cvss = row->cvss; /* of the same mouth */
	}
	if (f->cvss.n == 0)
		f->cvss = row->cvss;
	if (f->published == 0)
		f->published = row->published;
	add_ids(m, f, names, row);
	remember(m, q->pkg, names, (size_t)(f - m->report->findings.at));
}

/* A language's record is about one vulnerability and says all its names; a distribution's is about
 * what was mended together, and each CVE of it is a vulnerability of its own. */
static void add_findings(Matcher *m, const Query *q, const Advisory *row, const Judgement *j)
{
	StrVec names = {0};
	bool apart = false;
	vec_push(m->arena, &names, row->id);
	for (size_t i = 0; i < row->aliases.n; i++)
		vec_push(m->arena, &names, row->aliases.at[i]);
	for (size_t i = 0; !q->language && i < names.n; i++) {
		if (!is_cve(names.at[i]))
			continue;
		StrVec one = {.at = &names.at[i], .n = 1};
		add_finding(m, q, row, j, &one);
		apart = true;
	}
	if (!apart)
		add_finding(m, q, row, j, &names);
}

/* A version that its order refuses is said once a package. */
static void judge_package(Matcher *m, const Query *q, const AdvisoryVec *rows)
{
	Str refused = {0};
	if (q->version.n == 0 && rows->n != 0) {
		const Pkg *p = package(m, q->pkg);
		undecided(m, p->name, "built from source without a version (" STR_FMT ")",
			  STR_ARG(p->path));
		return;
	}
	for (size_t i = 0; i < rows->n; i++) {
		Judgement j = judge(m->arena, &rows->at[i], package(m, q->pkg), q->version);
		if (j.verdict == VERDICT_TOUCHED)
			add_findings(m, q, &rows->at[i], &j);
		else if (j.verdict == VERDICT_UNDECIDED && refused.p == NULL)
			refused = j.refused;
	}
	if (refused.p != NULL)
		undecided(m, package(m, q->pkg)->name,
			  "version '" STR_FMT "' cannot be compared with '" STR_FMT "'",
			  STR_ARG(str_first(q->version, 200)), STR_ARG(str_first(refused, 200)));
}

static void note_feeds(Matcher *m, const AdvisoryVec *rows)
{
	StrVec *asked = &m->report->asked;
	for (size_t i = 0; i < rows->n; i++) {
		size_t k = 0;
		while (k < asked->n && !str_eq(asked->at[k], rows->at[i].feed))
			k++;
		if (k == asked->n)
			vec_push(m->arena, asked, rows->at[i].feed);
	}
}

static Result answer_all(Matcher *m)
{
	AdvisoryVec rows = {0};
	for (size_t i = 0; i < m->queries.n; i++) {
		const Query *q = &m->queries.at[i];
		bool same = i != 0 && str_eq(q->name, m->queries.at[i - 1].name) &&
			    str_eq(q->ecosystem, m->queries.at[i - 1].ecosystem);
		if (!same) {
			rows = (AdvisoryVec){0};
			TRY(advisory_db_package(m->db, m->arena, q->ecosystem, q->name, &rows));
			note_feeds(m, &rows);
		}
		if (!q->language)
			m->known[q->pkg] = rows.n != 0;
		else if (judged_by_distro(m, package(m, q->pkg)))
			continue;
		judge_package(m, q, &rows);
	}
	return OK;
}

/* ---- order ---- */

static int worst_first(const void *a, const void *b, void *facts)
{
	const Finding *x = a, *y = b;
	const Pkg *pkgs = ((const Facts *)facts)->pkgs.at, *p = &pkgs[x->pkg], *q = &pkgs[y->pkg];
	int order = (int)y->severity - (int)x->severity;
	if (order == 0)
		order = str_cmp(p->name, q->name);
	if (order == 0)
		order = str_cmp(p->version, q->version);
	if (order == 0)
		order = str_cmp(p->arch, q->arch);
	if (order == 0)
		order = str_cmp(x->id, y->id);
	return order != 0 ? order : (x->pkg > y->pkg) - (x->pkg < y->pkg);
}

static int str_order(const void *a, const void *b)
{
	return str_cmp(*(const Str *)a, *(const Str *)b);
}

static void sort_report(Report *r)
{
	for (size_t i = 0; i < r->findings.n; i++)
		if (r->findings.at[i].aliases.n > 1)
			qsort(r->findings.at[i].aliases.at, r->findings.at[i].aliases.n,
			      sizeof(Str), str_order);
	if (r->findings.n > 1)
		qsort_r(r->findings.at, r->findings.n, sizeof *r->findings.at, worst_first,
			(void *)(uintptr_t)r->facts);
}

/* Of distributions without advisories, too: their releases are dated as "9.4", "9" or "16.04". */
static Result find_lifecycle(Matcher *m, Lifecycle *l, bool *found)
{
	const OsRelease *os = &m->report->facts->os;
	if (m->ecosystem.n != 0)
		return advisory_db_lifecycle(m->db, m->arena, m->ecosystem, l, found);
	Str release = str_first(os->version_id, 100);
	while (os->id.n != 0 && release.n != 0 && !*found) {
		Buf b = buf_in(m->arena, 300);
		buf_fmt(&b, STR_FMT ":" STR_FMT, STR_ARG(str_first(os->id, 100)), STR_ARG(release));
		TRY(advisory_db_lifecycle(m->db, m->arena, buf_str(&b), l, found));
		const char *dot = memrchr(release.p, '.', release.n);
		release.n = dot != NULL ? (size_t)(dot - release.p) : 0;
	}
	return OK;
}

static Result read_lifecycle(Matcher *m)
{
	Lifecycle l = {0};
	bool found = false;
	TRY(find_lifecycle(m, &l, &found));
	if (found && l.end_of_life != 0) {
		m->report->os_end_date = l.end_of_life;
		m->report->os_end_of_life = m->options->now > l.end_of_life;
	}
	return OK;
}

Result match_report(AdvisoryDb *db, const MatchOptions *o, Arena *a, Report *out)
{
	Matcher m = {.db = db, .options = o, .arena = a, .report = out};
	m.known = arena_array(a, bool, out->facts->pkgs.n);
	TRY(advisory_db_stamp(db, a, &out->db));
	choose_distro(&m);
	choose_language(&m, PKG_PYPI, S("PyPI"));
	choose_language(&m, PKG_GOLANG, S("Go"));
	ask_all(&m);
	TRY(answer_all(&m));
	TRY(enrich_findings(db, a, out));
	TRY(read_lifecycle(&m));
	sort_report(out);
	return OK;
}
