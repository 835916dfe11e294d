/* json.c - a report for programs: doc/formats/report-json.md, report.schema.json.
 *
 * One element of a list a line: two reports can be compared with diff. */
#include "io/json.h"

#include "base/time.h"
#include "report/remark_format.h"
#include "report/summary.h"

enum { SCHEMA_VERSION = 1 };

typedef struct Out {
	Buf *b;
	Arena *a;
	const Report *r;
} Out;

/* ---- members of an object ---- */

static void name(Out *o, const char *key)
{
	char last = '{';
	if (o->b->n != 0)
		last = o->b->p[o->b->n - 1];
	if (last != '{' && last != '[' && last != '\n')
		buf_char(o->b, ',');
	json_quote(o->b, str_of(key));
	buf_char(o->b, ':');
}

static void object(Out *o, const char *key)
{
	name(o, key);
	buf_char(o->b, '{');
}

static void end(Out *o) { buf_char(o->b, '}'); }

/* Empty is null: the source did not say. */
static void text(Out *o, const char *key, Str s)
{
	name(o, key);
	if (s.n != 0)
		json_quote(o->b, s);
	else
		buf_add(o->b, S("null"));
}

static void word(Out *o, const char *key, const char *s) { text(o, key, str_of(s)); }

static void boolean(Out *o, const char *key, bool v)
{
	name(o, key);
	buf_add(o->b, v ? S("true") : S("false"));
}

static void number(Out *o, const char *key, uint64_t v)
{
	name(o, key);
	buf_fmt(o->b, "%llu", (unsigned long long)v);
}

static void moment(Out *o, const char *key, int64_t seconds)
{
	text(o, key, seconds != 0 ? time_format(o->a, seconds) : S(""));
}

static void texts(Out *o, const char *key, const StrVec *v)
{
	name(o, key);
	buf_char(o->b, '[');
	for (size_t i = 0; i < v->n; i++) {
		if (i != 0)
			buf_char(o->b, ',');
		json_quote(o->b, v->at[i]);
	}
	buf_char(o->b, ']');
}

/* A list, an element a line. */
#define LIST(o, key, v, each)                                          \
	do {                                                           \
		name((o), (key));                                      \
		buf_char((o)->b, '[');                                 \
		for (size_t i_ = 0; i_ < (v)->n; i_++) {               \
			buf_add((o)->b, i_ != 0 ? S(",\n") : S("\n")); \
			each((o), &(v)->at[i_]);                       \
		}                                                      \
		buf_char((o)->b, ']');                                 \
	} while (0)

/* ---- image, system, database ---- */

static void layer(Out *o, const Layer *l)
{
	buf_char(o->b, '{');
	text(o, "digest", l->digest);
	text(o, "diff_id", l->diff_id);
	number(o, "size", l->size);
	text(o, "created_by", l->created_by);
	end(o);
}

static void image(Out *o, const Image *i)
{
	object(o, "image");
	text(o, "target", i->target);
	text(o, "reference", i->reference);
	text(o, "id", i->id);
	text(o, "digest", i->digest);
	text(o, "os", i->os);
	text(o, "arch", i->arch);
	text(o, "variant", i->variant);
	LIST(o, "layers", &i->layers, layer);
	end(o);
}

static void os(Out *o, const Report *r)
{
	const OsRelease *os = &r->facts->os;
	object(o, "os");
	text(o, "id", os->id);
	text(o, "version_id", os->version_id);
	text(o, "codename", os->codename);
	text(o, "name", os->pretty);
	boolean(o, "end_of_life", r->os_end_of_life);
	text(o, "end_of_life_date",
	     r->os_end_date != 0 ? date_format(o->a, r->os_end_date) : S(""));
	end(o);
}

static void feed(Out *o, const struct FeedStamp *f)
{
	buf_char(o->b, '{');
	text(o, "name", f->name);
	moment(o, "as_of", f->as_of);
	number(o, "rows", f->rows);
	end(o);
}

static void database(Out *o, const DbStamp *db)
{
	object(o, "database");
	text(o, "id", db->id);
	moment(o, "built", db->built);
	boolean(o, "bundled", db->bundled);
	LIST(o, "feeds", &db->feeds, feed);
	end(o);
}

static void summary(Out *o, const Report *r)
{
	Summary s = summary_of(r);
	object(o, "summary");
	number(o, "findings", s.findings);
	object(o, "by_severity");
	for (int i = SEV_CRITICAL; i >= SEV_UNKNOWN; i--)
		number(o, severity_name((Severity)i), s.by_severity[i]);
	end(o);
	number(o, "vulnerabilities", s.vulnerabilities);
	number(o, "fixable", s.fixable);
	number(o, "exploited", s.exploited);
	number(o, "informational", s.informational);
	number(o, "ignored", r->ignored);
	number(o, "hidden", r->hidden);
	number(o, "packages", r->facts->pkgs.n);
	number(o, "not_evaluated", r->not_evaluated.n);
	end(o);
}

/* ---- packages and findings ---- */

/* The layer's digest, of the blob when it is known, else of its contents. */
static Str layer_of(const Report *r, const Pkg *p)
{
	if (p->layer == LAYER_NONE || p->layer >= r->image->layers.n)
		return S("");
	const Layer *l = &r->image->layers.at[p->layer];
	return l->diff_id.n != 0 ? l->diff_id : l->digest;
}

static void package_members(Out *o, const Report *r, const Pkg *p)
{
	bool of_os = p->type == PKG_DEB || p->type == PKG_APK || p->type == PKG_RPM;
	text(o, "name", p->name);
	text(o, "version", p->version);
	word(o, "type", pkg_type_name(p->type));
	text(o, "purl", p->purl);
	text(o, "source", p->source_name.n != 0 || !of_os ? p->source_name : p->name);
	text(o, "layer", layer_of(r, p));
	text(o, "path", p->path);
}

static void package(Out *o, const Pkg *p)
{
	buf_char(o->b, '{');
	package_members(o, o->r, p);
	text(o, "arch", p->arch);
	text(o, "source_version", p->source_version);
	text(o, "module", p->module);
	text(o, "license", p->license);
	text(o, "vendor", p->vendor);
	text(o, "owner", p->owner != 0 ? o->r->facts->pkgs.at[p->owner - 1].name : S(""));
	end(o);
}

static void evidence(Out *o, const Evidence *e)
{
	object(o, "evidence");
	text(o, "feed", e->feed);
	text(o, "record", e->record);
	text(o, "ecosystem", e->ecosystem);
	text(o, "package", e->package);
	text(o, "compared", e->compared);
	text(o, "comparison", e->comparison);
	end(o);
}

static void cvss(Out *o, Str vector)
{
	int score10 = cvss_score10(vector);
	text(o, "cvss", vector);
	name(o, "cvss_score");
	if (score10 >= 0)
		buf_fmt(o->b, "%d.%d", score10 / 10, score10 % 10);
	else
		buf_add(o->b, S("null"));
}

static void epss(Out *o, const Finding *f)
{
	if (f->epss < 0) {
		text(o, "epss", S(""));
		return;
	}
	object(o, "epss");
	buf_fmt(o->b, "\"score\":%.5f,\"percentile\":%.5f", f->epss, f->epss_percentile);
	end(o);
}

static void finding(Out *o, const Finding *f)
{
	buf_char(o->b, '{');
	text(o, "id", f->id);
	texts(o, "aliases", &f->aliases);
	object(o, "package");
	package_members(o, o->r, &o->r->facts->pkgs.at[f->pkg]);
	end(o);
	text(o, "fixed_version", f->fixed_version);
	word(o, "status", status_name(f->status));
	text(o, "vendor_state", f->vendor_state);
	word(o, "severity", severity_name(f->severity));
	text(o, "severity_source", f->severity_source);
	cvss(o, f->cvss);
	epss(o, f);
	boolean(o, "exploited", f->exploited);
	boolean(o, "ransomware", f->ransomware);
	boolean(o, "informational", f->informational);
	moment(o, "published", f->published);
	text(o, "title", f->title);
	texts(o, "references", &f->references);
	evidence(o, &f->evidence);
	if (f->accepted.n != 0)
		text(o, "accepted", f->accepted);
	end(o);
}

static void undecided(Out *o, const Undecided *u)
{
	buf_char(o->b, '{');
	text(o, "subject", u->subject);
	text(o, "reason", u->reason);
	end(o);
}

/* ---- the document ---- */

static void line(Out *o) { buf_add(o->b, S(",\n")); }

static void write_json(const Report *r, const FormatStyle *style, Buf *to)
{
	Arena a = {0};
	Out o = {.b = to, .a = &a, .r = r};
	(void)style;
	buf_add(to, S("{\n"));
	number(&o, "schema_version", SCHEMA_VERSION);
	line(&o);
	object(&o, "tool");
	word(&o, "name", "bulwark");
	word(&o, "version", BULWARK_VERSION);
	end(&o);
	line(&o);
	image(&o, r->image);
	line(&o);
	os(&o, r);
	line(&o);
	database(&o, &r->db);
	line(&o);
	summary(&o, r);
	line(&o);
	LIST(&o, "findings", &r->findings, finding);
	line(&o);
	LIST(&o, "ignored_findings", &r->accepted, finding);
	line(&o);
	LIST(&o, "packages", &r->facts->pkgs, package);
	line(&o);
	LIST(&o, "not_evaluated", &r->not_evaluated, undecided);
	line(&o);
	texts(&o, "warnings", &r->warnings);
	if (r->remarks != NULL) {
		line(&o);
		buf_add(to, S("\"remarks\":{"));
		remark_json_members(r->remarks, to);
		buf_char(to, '}');
	}
	buf_add(to, S("\n}\n"));
	arena_finish(&a);
}

const Format format_json = {"json", "for programs; doc/formats/report-json.md", write_json};
