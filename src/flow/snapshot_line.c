/* snapshot_line.c - escapes, fields, lists; the same order both ways. */
#include "flow/snapshot_line.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "version/scheme.h"

/* ---- writing ---- */

static const char special[] = "\\\t\n ,";
static const char letters[] = "\\tnsc";

static void put_text(Buf *b, Str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char *at = s.p[i] != '\0' ? strchr(special, s.p[i]) : NULL;
		if (at != NULL)
			buf_char(b, '\\');
		buf_add(b, (Str){at != NULL ? &letters[at - special] : &s.p[i], 1});
	}
}

static void put(Buf *b, Str s)
{
	buf_char(b, '\t');
	put_text(b, s);
}

static void put_list(Buf *b, const StrVec *list)
{
	buf_char(b, '\t');
	for (size_t i = 0; i < list->n; i++) {
		if (i != 0)
			buf_char(b, ' ');
		put_text(b, list->at[i]);
	}
}

static void put_time(Buf *b, int64_t when)
{
	buf_char(b, '\t');
	if (when != 0)
		buf_add(b, time_format(b->arena, when));
}

static void put_ranges(Buf *b, const Advisory *row)
{
	buf_char(b, '\t');
	for (size_t i = 0; i < row->ranges.n; i++) {
		const Range *r = &row->ranges.at[i];
		if (i != 0)
			buf_char(b, ' ');
		put_text(b, r->introduced);
		buf_char(b, ',');
		put_text(b, r->fixed);
		buf_char(b, ',');
		put_text(b, r->last_affected);
	}
}

void snapshot_put_advisory(Buf *b, const Advisory *row)
{
	const Scheme *scheme = scheme_get(row->scheme);
	buf_char(b, 'A');
	put(b, row->ecosystem);
	put(b, row->package);
	put(b, row->id);
	put(b, row->feed);
	put(b, str_of(status_name(row->status)));
	put(b, row->vendor_state);
	put(b, row->severity != SEV_UNKNOWN ? str_of(severity_name(row->severity)) : S(""));
	put(b, row->severity_source);
	put(b, row->cvss);
	put(b, scheme != NULL ? str_of(scheme->name) : S(""));
	put_time(b, row->published);
	put_list(b, &row->aliases);
	put_ranges(b, row);
	put_list(b, &row->versions);
	put_list(b, &row->arches);
	put(b, row->module);
}

void snapshot_put_exploited(Buf *b, const Exploited *e)
{
	buf_char(b, 'K');
	put(b, e->cve);
	put_time(b, e->added);
	put_time(b, e->due);
	put(b, e->ransomware ? S("ransomware") : S(""));
}

void snapshot_put_epss(Buf *b, const Epss *e)
{
	buf_char(b, 'E');
	put(b, e->cve);
	buf_fmt(b, "\t%.9g\t%.9g", e->score, e->percentile);
}

void snapshot_put_lifecycle(Buf *b, const Lifecycle *l)
{
	buf_char(b, 'L');
	put(b, l->ecosystem);
	put_time(b, l->released);
	put_time(b, l->end_of_life);
	put_time(b, l->end_of_extended);
}

void snapshot_put_feed(Buf *b, const FeedInfo *f)
{
	buf_char(b, 'F');
	put(b, f->name);
	put(b, f->url);
	put(b, f->license);
	put_time(b, f->as_of);
	buf_fmt(b, "\t%llu", (unsigned long long)f->rows);
}

/* ---- reading ---- */

typedef struct Fields {
	Str rest; /* NULL p: nothing is left */
	Arena *arena;
	bool bad;
} Fields;

static Str unescape(Fields *f, Str s)
{
	if (!str_has(s, '\\'))
		return s;
	char *p = arena_array(f->arena, char, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		const char *from = &s.p[i];
		if (*from == '\\') {
			const char *at = ++i < s.n ? memchr(letters, s.p[i], sizeof letters - 1)
						   : NULL;
			f->bad = f->bad || at == NULL;
			from = at != NULL ? &special[at - letters] : from;
		}
		p[n++] = *from;
	}
	return (Str){p, n};
}

static Str take_raw(Fields *f)
{
	Str s = {0};
	if (!str_cut(&f->rest, '\t', &s))
		f->bad = true;
	return s;
}

static Str take(Fields *f) { return unescape(f, take_raw(f)); }

static StrVec take_list(Fields *f)
{
	StrVec list = {0};
	Str item, rest = take_raw(f);
	while (rest.n != 0 && str_cut(&rest, ' ', &item))
		vec_push(f->arena, &list, unescape(f, item));
	return list;
}

static int64_t take_time(Fields *f)
{
	int64_t when = 0;
	Str s = take_raw(f);
	if (s.n != 0 && !time_parse(s, &when))
		f->bad = true;
	return when;
}

static double take_share(Fields *f)
{
	char *end;
	const char *text = arena_cstr(f->arena, take_raw(f));
	double v = strtod(text, &end);
	if (end == text || *end != '\0' || !isfinite(v) || v < 0 || v > 1)
		f->bad = true;
	return v;
}

static void take_ranges(Fields *f, Advisory *row)
{
	Str item, rest = take_raw(f);
	while (rest.n != 0 && str_cut(&rest, ' ', &item)) {
		Str introduced = {0}, fixed = {0}, last = {0};
		if (!str_cut(&item, ',', &introduced) || !str_cut(&item, ',', &fixed) ||
		    !str_cut(&item, ',', &last) || item.p != NULL)
			f->bad = true;
		vec_push(f->arena, &row->ranges,
			 (Range){.introduced = unescape(f, introduced),
				 .fixed = unescape(f, fixed),
				 .last_affected = unescape(f, last)});
	}
}

static Status take_status(Fields *f)
{
	Str word = take(f);
	for (Status s = STATUS_AFFECTED; s <= STATUS_NOT_AFFECTED; s++)
		if (str_eq(word, str_of(status_name(s))))
			return s;
	f->bad = true;
	return STATUS_AFFECTED;
}

static Severity take_severity(Fields *f)
{
	Severity s = SEV_UNKNOWN;
	Str word = take(f);
	if (word.n != 0 && !severity_parse(word, &s))
		f->bad = true;
	return s;
}

static VersionScheme take_scheme(Fields *f)
{
	Str word = take(f);
	const Scheme *s = word.n != 0 ? scheme_named(word) : NULL;
	f->bad = f->bad || (word.n != 0 && s == NULL);
	return s != NULL ? s->id : SCHEME_NONE;
}

static Advisory take_advisory(Fields *f)
{
	Advisory row = {0};
	row.ecosystem = take(f);
	row.package = take(f);
	row.id = take(f);
	row.feed = take(f);
	row.status = take_status(f);
	row.vendor_state = take(f);
	row.severity = take_severity(f);
	row.severity_source = take(f);
	row.cvss = take(f);
	row.scheme = take_scheme(f);
	row.published = take_time(f);
	row.aliases = take_list(f);
	take_ranges(f, &row);
	row.versions = take_list(f);
	row.arches = take_list(f);
	row.module = take(f);
	advisory_rate(&row); /* an older Bulwark may not have known its version of CVSS */
	return row;
}

static Exploited take_exploited(Fields *f)
{
	Exploited e = {.cve = take(f)};
	e.added = take_time(f);
	e.due = take_time(f);
	e.ransomware = str_eq(take(f), S("ransomware"));
	return e;
}

static Epss take_epss(Fields *f)
{
	Epss e = {.cve = take(f)};
	e.score = take_share(f);
	e.percentile = take_share(f);
	return e;
}

static Lifecycle take_lifecycle(Fields *f)
{
	Lifecycle l = {.ecosystem = take(f)};
	l.released = take_time(f);
	l.end_of_life = take_time(f);
	l.end_of_extended = take_time(f);
	return l;
}

static FeedInfo take_feed(Fields *f)
{
	FeedInfo i = {.name = take(f)};
	i.url = take(f);
	i.license = take(f);
	i.as_of = take_time(f);
	if (!str_u64(take(f), &i.rows))
		f->bad = true;
	return i;
}

static Result whole(const Fields *f)
{
	if (f->bad || f->rest.p != NULL)
		FAIL(ERR_INPUT, "a line that does not follow the format");
	return OK;
}

Result snapshot_take_line(Str line, Arena *a, DbWriter *w)
{
	Fields f = {.rest = line, .arena = a};
	Str kind = take_raw(&f);
#define TAKE(letter, type, noun)                   \
	if (str_eq(kind, S(letter))) {             \
		type fact = take_##noun(&f);       \
		TRY(whole(&f));                    \
		return db_writer_##noun(w, &fact); \
	}
	TAKE("A", Advisory, advisory)
	TAKE("K", Exploited, exploited)
	TAKE("E", Epss, epss)
	TAKE("L", Lifecycle, lifecycle)
	TAKE("F", FeedInfo, feed)
#undef TAKE
	FAIL(ERR_INPUT, "a line of unknown kind");
}
