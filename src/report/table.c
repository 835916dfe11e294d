/* table.c - a report for a person at a terminal. */
#include "base/limits.h"
#include "base/time.h"
#include "report/format.h"
#include "report/group.h"
#include "report/remark_format.h"
#include "report/summary.h"
#include "report/text.h"

enum {
	WIDTH = 100,
	LEAST_WIDTH = 60,
	LABEL = 12,    /* column of what stands behind "Target" */
	SEVERITY = 10, /* columns: "negligible" */
	ID = 20,       /* "GHSA-xxxx-xxxx-xxxx" */
	RISK = 10,     /* "94.1% KEV" */
	ID_COLUMN = 2 + SEVERITY + 1,
	FIX_COLUMN = ID_COLUMN + ID + 1 + RISK + 1,
	SHOWN_UNDECIDED = 20,
};

typedef struct Table {
	const Report *r;
	FormatStyle style;
	Buf *b;
	Arena *a;
} Table;

/* ---- colour ---- */

static void paint(Table *t, const char *code)
{
	if (t->style.color)
		buf_fmt(t->b, "\033[%sm", code);
}

static const char *color_of(Severity s)
{
	static const char *const codes[] = {
		[SEV_UNKNOWN] = "2", [SEV_NEGLIGIBLE] = "2", [SEV_LOW] = "36",
		[SEV_MEDIUM] = "33", [SEV_HIGH] = "31",      [SEV_CRITICAL] = "1;31",
	};
	return codes[s];
}

static void painted_cell(Table *t, const char *code, Str s, size_t columns)
{
	if (code != NULL)
		paint(t, code);
	text_cell(t->b, s, columns);
	if (code != NULL)
		paint(t, "0");
}

/* ---- head ---- */

static void label(Table *t, const char *name, Str text)
{
	painted_cell(t, "1", str_of(name), LABEL);
	text_wrap(t->b, text, LABEL, LABEL, t->style.width);
	buf_char(t->b, '\n');
}

static Str os_name(const OsRelease *os, Arena *a)
{
	if (os->pretty.n != 0)
		return os->pretty;
	if (os->id.n == 0)
		return S("unknown system");
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	buf_fmt(&b, STR_FMT " " STR_FMT, STR_ARG(os->id), STR_ARG(os->version_id));
	return str_trim(buf_str(&b));
}

static void end_of_life(Table *t)
{
	Buf b = buf_in(t->a, LIMIT_REPORT_BYTES);
	Str name = os_name(&t->r->facts->os, t->a);
	buf_fmt(&b, "End of life: " STR_FMT " ", STR_ARG(name));
	if (t->r->os_end_date != 0) {
		Str day = date_format(t->a, t->r->os_end_date);
		buf_fmt(&b, "has been out of regular security support since " STR_FMT,
			STR_ARG(day));
	} else {
		buf_add(&b, S("is out of regular security support"));
	}
	buf_add(&b, S(". Newer vulnerabilities may not be recorded for it, so this report may be "
		      "incomplete; move to a supported release."));
	paint(t, "1;31");
	text_wrap(t->b, buf_str(&b), 0, 2, t->style.width);
	paint(t, "0");
	buf_add(t->b, S("\n\n"));
}

static void system_line(Table *t)
{
	const Image *i = t->r->image;
	size_t n = t->r->facts->pkgs.n;
	Buf b = buf_in(t->a, LIMIT_REPORT_BYTES);
	buf_add(&b, os_name(&t->r->facts->os, t->a));
	if (i->os.n != 0 || i->arch.n != 0)
		buf_fmt(&b, ", " STR_FMT "/" STR_FMT "%s" STR_FMT, STR_ARG(i->os), STR_ARG(i->arch),
			i->variant.n != 0 ? "/" : "", STR_ARG(i->variant));
	if (i->layers.n != 0)
		buf_fmt(&b, ", %zu layer%s", i->layers.n, i->layers.n != 1 ? "s" : "");
	buf_fmt(&b, ", %zu package%s", n, n != 1 ? "s" : "");
	label(t, "System", buf_str(&b));
}

static void database_line(Table *t)
{
	const DbStamp *db = &t->r->db;
	Buf b = buf_in(t->a, LIMIT_REPORT_BYTES);
	Str day = db->built != 0 ? date_format(t->a, db->built) : S("an unknown date");
	buf_fmt(&b, "as of " STR_FMT "%s", STR_ARG(day),
		db->bundled ? ", the snapshot that came with bulwark" : "");
	label(t, "Advisories", buf_str(&b));
	for (size_t i = 0; t->style.verbose && i < db->feeds.n; i++) {
		const struct FeedStamp *f = &db->feeds.at[i];
		Buf line = buf_in(t->a, LIMIT_REPORT_BYTES);
		Str as_of = f->as_of != 0 ? date_format(t->a, f->as_of) : S("-");
		buf_fmt(&line, STR_FMT " " STR_FMT ", %llu rows", STR_ARG(f->name), STR_ARG(as_of),
			(unsigned long long)f->rows);
		label(t, "", buf_str(&line));
	}
}

static void head(Table *t)
{
	const Report *r = t->r;
	if (r->os_end_of_life)
		end_of_life(t);
	label(t, "Target", r->image->target);
	if (r->image->id.n != 0)
		label(t, "Image", r->image->id);
	if (t->style.verbose && r->image->road.n != 0)
		label(t, "Read", r->image->road);
	system_line(t);
	database_line(t);
	if (r->facts->pkgs.n == 0)
		buf_add(t->b, S("\nNo package was found, so nothing was compared.\n"));
}

/* ---- findings ---- */

static const Pkg *pkg_of(const Table *t, const Group *g, size_t i)
{
	return &t->r->facts->pkgs.at[g->pkgs.at[i]];
}

static Str names_of(const Table *t, const Group *g)
{
	Buf b = buf_in(t->a, LIMIT_REPORT_BYTES);
	Str last = {0};
	for (size_t i = 0; i < g->pkgs.n; i++) {
		Str name = pkg_of(t, g, i)->name;
		if (!str_eq(last, name))
			buf_fmt(&b, "%s" STR_FMT, i != 0 ? ", " : "", STR_ARG(name));
		last = name;
	}
	return buf_str(&b);
}

/* "deb of openssl, layer 2 of 5", or for a language the file that told. */
static Str origin_of(const Table *t, const Group *g)
{
	const Pkg *p = pkg_of(t, g, 0);
	Buf b = buf_in(t->a, LIMIT_REPORT_BYTES);
	bool same_layer = true;
	buf_add(&b, str_of(pkg_type_name(p->type)));
	if (p->source_name.n != 0 && (g->pkgs.n > 1 || !str_eq(p->source_name, p->name)))
		buf_fmt(&b, " of " STR_FMT, STR_ARG(p->source_name));
	for (size_t i = 1; i < g->pkgs.n; i++)
		same_layer = same_layer && pkg_of(t, g, i)->layer == p->layer;
	if (same_layer && p->layer != LAYER_NONE && t->r->image->layers.n > 1)
		buf_fmt(&b, ", layer %u of %zu", p->layer + 1, t->r->image->layers.n);
	if (p->type == PKG_PYPI || p->type == PKG_GOLANG) {
		buf_fmt(&b, ", " STR_FMT, STR_ARG(p->path));
		if (g->pkgs.n > 1)
			buf_fmt(&b, " and %zu more", g->pkgs.n - 1);
	}
	return buf_str(&b);
}

static Str fix_of(const Finding *f, Arena *a)
{
	static const char *const words[] = {
		[STATUS_AFFECTED] = "none yet",
		[STATUS_FIXED] = "none known",
		[STATUS_WILL_NOT_FIX] = "will not be fixed",
		[STATUS_DEFERRED] = "put off",
		[STATUS_END_OF_LIFE] = "none: end of life",
		[STATUS_UNDER_INVESTIGATION] = "under investigation",
		[STATUS_NOT_AFFECTED] = "not affected",
	};
	if (f->fixed_version.n != 0)
		return f->fixed_version;
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	buf_add(&b, str_of(words[f->status]));
	if (f->vendor_state.n != 0)
		buf_fmt(&b, " (" STR_FMT ")", STR_ARG(f->vendor_state));
	return buf_str(&b);
}

static Str risk_of(const Finding *f, Arena *a)
{
	Buf b = buf_in(a, 64);
	if (f->epss >= 0)
		buf_fmt(&b, "%5.1f%%", f->epss * 100);
	else
		buf_fmt(&b, "%6s", "");
	if (f->exploited)
		buf_add(&b, S(" KEV"));
	return buf_str(&b);
}

static void detail(Table *t, Str text)
{
	if (text.n == 0)
		return;
	buf_fmt(t->b, "%*s", (int)ID_COLUMN, "");
	paint(t, "2");
	text_wrap(t->b, text, ID_COLUMN, ID_COLUMN, t->style.width);
	paint(t, "0");
	buf_char(t->b, '\n');
}

static void row(Table *t, const Finding *f)
{
	buf_add(t->b, S("  "));
	painted_cell(t, color_of(f->severity), str_of(severity_name(f->severity)), SEVERITY);
	buf_char(t->b, ' ');
	size_t at = text_wrap(t->b, f->id, ID_COLUMN, ID_COLUMN, t->style.width);
	if (at > ID_COLUMN + ID)
		buf_fmt(t->b, "\n%*s", ID_COLUMN + ID, "");
	buf_fmt(t->b, "%*s ", at < ID_COLUMN + ID ? (int)(ID_COLUMN + ID - at) : 0, "");
	painted_cell(t, f->exploited ? "1;31" : NULL, risk_of(f, t->a), RISK);
	buf_char(t->b, ' ');
	text_wrap(t->b, fix_of(f, t->a), FIX_COLUMN, FIX_COLUMN, t->style.width);
	buf_char(t->b, '\n');
	if (!t->style.verbose)
		return;
	detail(t, f->title);
	detail(t, f->evidence.comparison);
	if (f->references.n != 0)
		detail(t, f->references.at[0]);
}

static void group(Table *t, const Group *g)
{
	const Pkg *p = pkg_of(t, g, 0);
	Buf line = buf_in(t->a, LIMIT_REPORT_BYTES);
	Str names = names_of(t, g), origin = origin_of(t, g);
	buf_fmt(&line, STR_FMT " " STR_FMT, STR_ARG(names), STR_ARG(p->version));
	buf_char(t->b, '\n');
	paint(t, "1");
	size_t at = text_wrap(t->b, buf_str(&line), 0, 4, t->style.width);
	paint(t, "0");
	line.n = 0;
	buf_fmt(&line, "(" STR_FMT ")", STR_ARG(origin));
	if (at + 2 + line.n > t->style.width) {
		buf_add(t->b, S("\n    "));
		at = 4;
	} else {
		buf_add(t->b, S("  "));
		at += 2;
	}
	paint(t, "2");
	text_wrap(t->b, buf_str(&line), at, 4, t->style.width);
	paint(t, "0");
	buf_char(t->b, '\n');
	for (size_t i = 0; i < g->findings.n; i++)
		row(t, &t->r->findings.at[g->findings.at[i]]);
}

static void groups(Table *t, bool informational)
{
	GroupVec all = group_findings(t->r, informational, t->a);
	if (all.n == 0)
		return;
	buf_char(t->b, '\n');
	paint(t, "1");
	if (informational)
		buf_add(t->b, S("Kernel packages, not counted: a container runs its host's "
				"kernel\n"));
	else
		buf_fmt(t->b, "  %-*s %-*s %-*s %s\n", SEVERITY, "SEVERITY", ID, "ID", RISK,
			"  EPSS", "FIXED IN");
	paint(t, "0");
	for (size_t i = 0; i < all.n; i++)
		group(t, &all.at[i]);
}

/* ---- foot ---- */

static void not_evaluated(Table *t)
{
	size_t n = t->r->not_evaluated.n, shown = n;
	if (n == 0)
		return;
	if (!t->style.verbose && n > SHOWN_UNDECIDED)
		shown = SHOWN_UNDECIDED;
	buf_char(t->b, '\n');
	painted_cell(t, "1;33", S("Not evaluated"), 13);
	buf_char(t->b, '\n');
	for (size_t i = 0; i < shown; i++) {
		const Undecided *u = &t->r->not_evaluated.at[i];
		Buf line = buf_in(t->a, LIMIT_REPORT_BYTES);
		buf_fmt(&line, STR_FMT ": " STR_FMT, STR_ARG(u->subject), STR_ARG(u->reason));
		buf_add(t->b, S("  "));
		text_wrap(t->b, buf_str(&line), 2, 4, t->style.width);
		buf_char(t->b, '\n');
	}
	if (shown < n)
		buf_fmt(t->b, "  and %zu more; --verbose names them\n", n - shown);
}

static void summary_line(Table *t, const Summary *s)
{
	const char *before = ": ";
	buf_char(t->b, '\n');
	paint(t, "1");
	buf_fmt(t->b, "%zu finding%s", s->findings, s->findings != 1 ? "s" : "");
	for (int i = SEV_CRITICAL; i >= SEV_UNKNOWN; i--) {
		if (s->by_severity[i] == 0)
			continue;
		buf_fmt(t->b, "%s%zu %s", before, s->by_severity[i], severity_name((Severity)i));
		before = ", ";
	}
	buf_fmt(t->b, "; %zu fixable; %zu not evaluated", s->fixable, t->r->not_evaluated.n);
	if (t->r->ignored != 0)
		buf_fmt(t->b, "; %zu ignored", t->r->ignored);
	if (t->r->hidden != 0)
		buf_fmt(t->b, "; %zu hidden", t->r->hidden);
	paint(t, "0");
	buf_char(t->b, '\n');
}

static void kernel_line(Table *t, size_t n)
{
	Buf b = buf_in(t->a, LIMIT_REPORT_BYTES);
	buf_fmt(&b,
		"%zu finding%s of kernel packages not counted: a container runs its host's kernel "
		"(see --kernel)",
		n, n != 1 ? "s" : "");
	buf_char(t->b, '\n');
	text_wrap(t->b, buf_str(&b), 0, 2, t->style.width);
	buf_char(t->b, '\n');
}

static void write_table(const Report *r, const FormatStyle *style, Buf *to)
{
	Arena a = {0};
	Table t = {.r = r, .style = *style, .b = to, .a = &a};
	Summary s = summary_of(r);
	if (t.style.width == 0 || t.style.width > WIDTH)
		t.style.width = WIDTH;
	if (t.style.width < LEAST_WIDTH)
		t.style.width = LEAST_WIDTH;
	head(&t);
	groups(&t, false);
	if (style->verbose)
		groups(&t, true);
	else if (s.informational != 0)
		kernel_line(&t, s.informational);
	not_evaluated(&t);
	summary_line(&t, &s);
	if (r->remarks != NULL) {
		buf_char(to, '\n');
		remark_format_named(S("text"))->write(r->remarks, "bulwark scan", &t.style, to);
	}
	arena_finish(&a);
}

const Format format_table = {"table", "for a person at a terminal", write_table};
