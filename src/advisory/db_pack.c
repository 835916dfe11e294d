/* db_pack.c - records to bytes and back. */
#include "advisory/db_pack.h"

void pack_u64(Buf *b, uint64_t v)
{
	char bytes[10];
	size_t n = 0;
	for (; v >= 0x80; v >>= 7)
		bytes[n++] = (char)(v | 0x80);
	bytes[n++] = (char)v;
	buf_add(b, (Str){bytes, n});
}

void pack_i64(Buf *b, int64_t v) { pack_u64(b, v < 0 ? ~((uint64_t)v << 1) : (uint64_t)v << 1); }

void pack_str(Buf *b, Str s)
{
	pack_u64(b, s.n);
	buf_add(b, s);
}

void pack_strs(Buf *b, const StrVec *v)
{
	pack_u64(b, v->n);
	for (size_t i = 0; i < v->n; i++)
		pack_str(b, v->at[i]);
}

uint64_t unpack_u64(Unpack *u)
{
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (u->rest.n == 0)
			break;
		uint64_t byte = (unsigned char)u->rest.p[0];
		u->rest = str_skip(u->rest, 1);
		if (shift == 63 && byte > 1)
			break;
		v |= (byte & 0x7f) << shift;
		if (byte < 0x80)
			return v;
	}
	*u = (Unpack){.bad = true};
	return 0;
}

uint64_t unpack_u64_below(Unpack *u, uint64_t limit)
{
	uint64_t v = unpack_u64(u);
	if (v >= limit) {
		*u = (Unpack){.bad = true};
		return 0;
	}
	return v;
}

int64_t unpack_i64(Unpack *u)
{
	uint64_t v = unpack_u64(u);
	return (int64_t)((v & 1) != 0 ? ~(v >> 1) : v >> 1);
}

Str unpack_str(Unpack *u)
{
	uint64_t n = unpack_u64(u);
	if (n > u->rest.n) {
		*u = (Unpack){.bad = true};
		return S("");
	}
	Str s = str_first(u->rest, n);
	u->rest = str_skip(u->rest, n);
	return s;
}

/* How many items follow; each takes at least a byte, which bounds a lie. */
static size_t unpack_count(Unpack *u)
{
	return (size_t)unpack_u64_below(u, (uint64_t)u->rest.n + 1);
}

void unpack_strs(Unpack *u, Arena *a, StrVec *out)
{
	for (size_t n = unpack_count(u); n > 0 && !u->bad; n--) {
		Str s = unpack_str(u);
		vec_push(a, out, s);
	}
}

/* ---- advisories ---- */

void pack_advisory(Buf *b, const Advisory *row)
{
	pack_str(b, row->id);
	pack_strs(b, &row->aliases);
	pack_str(b, row->feed);
	pack_u64(b, (uint64_t)row->status);
	pack_str(b, row->vendor_state);
	pack_u64(b, (uint64_t)row->severity);
	pack_str(b, row->severity_source);
	pack_str(b, row->cvss);
	pack_u64(b, (uint64_t)row->scheme);
	pack_u64(b, row->ranges.n);
	for (size_t i = 0; i < row->ranges.n; i++) {
		pack_str(b, row->ranges.at[i].introduced);
		pack_str(b, row->ranges.at[i].fixed);
		pack_str(b, row->ranges.at[i].last_affected);
	}
	pack_strs(b, &row->versions);
	pack_strs(b, &row->arches);
	pack_str(b, row->module);
	pack_i64(b, row->published);
}

void unpack_advisory(Unpack *u, Arena *a, Advisory *out)
{
	out->id = unpack_str(u);
	unpack_strs(u, a, &out->aliases);
	out->feed = unpack_str(u);
	out->status = (Status)unpack_u64_below(u, STATUS_NOT_AFFECTED + 1);
	out->vendor_state = unpack_str(u);
	out->severity = (Severity)unpack_u64_below(u, SEV_CRITICAL + 1);
	out->severity_source = unpack_str(u);
	out->cvss = unpack_str(u);
	out->scheme = (VersionScheme)unpack_u64_below(u, SCHEME_PEP440 + 1);
	for (size_t n = unpack_count(u); n > 0 && !u->bad; n--) {
		Range r;
		r.introduced = unpack_str(u);
		r.fixed = unpack_str(u);
		r.last_affected = unpack_str(u);
		vec_push(a, &out->ranges, r);
	}
	unpack_strs(u, a, &out->versions);
	unpack_strs(u, a, &out->arches);
	out->module = unpack_str(u);
	out->published = unpack_i64(u);
}

/* ---- details and the small tables ---- */

void pack_detail(Buf *b, const AdvisoryDetail *d)
{
	pack_str(b, d->title);
	pack_str(b, d->text);
	pack_strs(b, &d->references);
	pack_strs(b, &d->cwes);
	pack_i64(b, d->published);
	pack_i64(b, d->modified);
	pack_u64(b, d->withdrawn);
}

void unpack_detail(Unpack *u, Arena *a, AdvisoryDetail *out)
{
	out->title = unpack_str(u);
	out->text = unpack_str(u);
	unpack_strs(u, a, &out->references);
	unpack_strs(u, a, &out->cwes);
	out->published = unpack_i64(u);
	out->modified = unpack_i64(u);
	out->withdrawn = unpack_u64_below(u, 2) != 0;
}

void pack_exploited(Buf *b, const Exploited *e)
{
	pack_i64(b, e->added);
	pack_i64(b, e->due);
	pack_u64(b, e->ransomware);
}

void unpack_exploited(Unpack *u, Exploited *out)
{
	out->added = unpack_i64(u);
	out->due = unpack_i64(u);
	out->ransomware = unpack_u64_below(u, 2) != 0;
}

enum { EPSS_SCALE = 100000 }; /* five decimal digits, as FIRST publishes them */

static uint64_t scaled(double v)
{
	return v <= 0 ? 0 : v >= 1 ? EPSS_SCALE : (uint64_t)(v * EPSS_SCALE + 0.5);
}

void pack_epss(Buf *b, const Epss *e)
{
	pack_u64(b, scaled(e->score));
	pack_u64(b, scaled(e->percentile));
}

void unpack_epss(Unpack *u, Epss *out)
{
	out->score = (double)unpack_u64_below(u, EPSS_SCALE + 1) / EPSS_SCALE;
	out->percentile = (double)unpack_u64_below(u, EPSS_SCALE + 1) / EPSS_SCALE;
}

void pack_rating(Buf *b, const Rating *r)
{
	bool scored = r->cvss.n != 0;
	pack_u64(b, scored);
	pack_u64(b, (uint64_t)(scored ? r->severity : SEV_CRITICAL - r->severity));
	pack_str(b, r->feed);
	pack_str(b, r->record);
	pack_str(b, r->cvss);
}

void unpack_rating(Unpack *u, Rating *out)
{
	bool scored = unpack_u64_below(u, 2) != 0;
	uint64_t rank = unpack_u64_below(u, SEV_CRITICAL + 1);
	out->severity = (Severity)(scored ? rank : SEV_CRITICAL - rank);
	out->feed = unpack_str(u);
	out->record = unpack_str(u);
	out->cvss = unpack_str(u);
}

void pack_lifecycle(Buf *b, const Lifecycle *l)
{
	pack_i64(b, l->released);
	pack_i64(b, l->end_of_life);
	pack_i64(b, l->end_of_extended);
}

void unpack_lifecycle(Unpack *u, Lifecycle *out)
{
	out->released = unpack_i64(u);
	out->end_of_life = unpack_i64(u);
	out->end_of_extended = unpack_i64(u);
}
