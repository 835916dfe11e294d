/* feed_debian.c - Debian's security tracker, as one JSON document: package -> id -> release. */
#include "advisory/document.h"
#include "base/buf.h"
#include "io/json.h"

#define NAME "debian"

/* ---- words ---- */

static const struct {
	const char *codename, *ecosystem;
} releases[] = {
	{"sid", "debian:sid"},     {"forky", "debian:14"},    {"trixie", "debian:13"},
	{"bookworm", "debian:12"}, {"bullseye", "debian:11"}, {"buster", "debian:10"},
	{"stretch", "debian:9"},   {"jessie", "debian:8"},    {"wheezy", "debian:7"},
	{"duke", "debian:15"},
};

static Str ecosystem_of(Str codename)
{
	for (size_t i = 0; i < sizeof releases / sizeof releases[0]; i++)
		if (str_eq(codename, str_of(releases[i].codename)))
			return str_of(releases[i].ecosystem);
	return S("");
}

/* "low**", "not yet assigned"; stars say that the urgency was set by hand. */
static Severity severity_of(Str urgency)
{
	Severity s = SEV_UNKNOWN;
	while (str_ends(urgency, S("*")))
		urgency.n--;
	return severity_parse(urgency, &s) ? s : SEV_UNKNOWN;
}

/* ---- one release of one id of one package ---- */

typedef struct State { /* as the tracker writes it */
	Str status, fixed_version, urgency, nodsa_reason;
	bool nodsa; /* it says that there will be no security advisory of its own */
} State;

typedef struct Reader {
	Arena *arena;
	Arena row; /* emptied after each id */
	const FeedSink *to;
	Str package, id;
	Str description, scope;
	bool any; /* a row of this id was given */
	Map told; /* ids whose detail was given: the tracker repeats it for each package */
} Reader;

static void open_state(const State *s, Advisory *row)
{
	row->status = STATUS_AFFECTED;
	if (str_eq(s->status, S("undetermined"))) {
		row->status = STATUS_UNDER_INVESTIGATION;
		row->vendor_state = s->status;
	} else if (str_eq(s->urgency, S("end-of-life"))) {
		row->status = STATUS_END_OF_LIFE;
		row->vendor_state = s->urgency;
	} else if (str_eq(s->nodsa_reason, S("ignored"))) {
		row->status = STATUS_WILL_NOT_FIX;
		row->vendor_state = s->nodsa_reason;
	} else if (str_eq(s->nodsa_reason, S("postponed"))) {
		row->status = STATUS_DEFERRED;
		row->vendor_state = s->nodsa_reason;
	} else if (s->nodsa) {
		row->vendor_state = S("no-dsa");
	}
}

/* False: the state says nothing that can be used. */
static bool apply_state(Reader *r, const State *s, Advisory *row)
{
	if (str_eq(s->status, S("resolved"))) {
		if (s->fixed_version.n == 0)
			return false;
		bool never = str_eq(s->fixed_version, S("0"));
		row->status = never ? STATUS_NOT_AFFECTED : STATUS_FIXED;
		if (!never)
			vec_push(&r->row, &row->ranges, (Range){.fixed = s->fixed_version});
		return true;
	}
	if (!str_eq(s->status, S("open")) && !str_eq(s->status, S("undetermined")))
		return false;
	open_state(s, row);
	vec_push(&r->row, &row->ranges, (Range){0});
	return true;
}

static void skip(Reader *r, Str release, const char *why)
{
	Buf b = buf_in(&r->row, 1024);
	buf_fmt(&b, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(str_first(r->package, 200)),
		STR_ARG(str_first(r->id, 200)), STR_ARG(str_first(release, 200)));
	r->to->skipped(r->to->ctx, buf_str(&b), why);
}

static Result give(Reader *r, Str codename, const State *s)
{
	Advisory row = {.ecosystem = ecosystem_of(codename),
			.package = r->package,
			.id = r->id,
			.feed = S(NAME),
			.scheme = SCHEME_DEB,
			.severity = severity_of(s->urgency)};
	if (row.severity != SEV_UNKNOWN)
		row.severity_source = S(NAME);
	if (row.ecosystem.n == 0) {
		skip(r, codename, "a release whose number is not known");
		return OK;
	}
	if (!apply_state(r, s, &row)) {
		skip(r, codename, "neither open, resolved in a version, nor undetermined");
		return OK;
	}
	r->any = true;
	return r->to->advisory(r->to->ctx, &row);
}

static Result give_detail(Reader *r)
{
	void **told = r->any ? map_at(&r->told, r->arena, r->id) : NULL;
	if (told == NULL || *told != NULL)
		return OK;
	*told = r;
	Buf b = buf_in(&r->row, r->description.n + r->scope.n + 64);
	buf_add(&b, r->description);
	if (r->scope.n != 0)
		buf_fmt(&b, "%sScope: " STR_FMT, b.n != 0 ? "\n\n" : "", STR_ARG(r->scope));
	AdvisoryDetail d = {.id = r->id, .text = buf_str(&b)};
	return d.text.n != 0 ? r->to->detail(r->to->ctx, &d) : OK;
}

/* ---- the document ---- */

static Result read_state(Json *j, State *s)
{
	Str key;
	TRY(json_enter(j, JSON_OBJECT));
	while (json_key(j, &key)) {
		if (str_eq(key, S("status"))) {
			TRY(json_str(j, &s->status));
		} else if (str_eq(key, S("fixed_version"))) {
			TRY(json_str(j, &s->fixed_version));
		} else if (str_eq(key, S("urgency"))) {
			TRY(json_str(j, &s->urgency));
		} else if (str_eq(key, S("nodsa_reason"))) {
			TRY(json_str(j, &s->nodsa_reason));
		} else {
			s->nodsa |= str_eq(key, S("nodsa"));
			TRY(json_skip(j));
		}
	}
	return json_leave(j);
}

/* When there is none, an empty array stands where the object would. */
static Result read_releases(Reader *r, Json *j)
{
	JsonType type;
	Str codename;
	TRY(json_peek(j, &type));
	if (type == JSON_ARRAY)
		return json_skip(j);
	TRY(json_enter(j, JSON_OBJECT));
	while (json_key(j, &codename)) {
		State s = {0};
		TRY(read_state(j, &s));
		TRY(give(r, codename, &s));
	}
	return json_leave(j);
}

static Result read_id(Reader *r, Json *j)
{
	Str key;
	JsonType type;
	r->description = r->scope = S("");
	r->any = false;
	if (r->package.n == 0 || r->id.n == 0)
		FAIL(ERR_INPUT, "a package or an id without a name");
	TRY(json_enter(j, JSON_OBJECT));
	while (json_key(j, &key)) {
		TRY(json_peek(j, &type));
		if (str_eq(key, S("releases")))
			TRY(read_releases(r, j));
		else if (str_eq(key, S("description")) && type == JSON_STRING)
			TRY(json_str(j, &r->description));
		else if (str_eq(key, S("scope")) && type == JSON_STRING)
			TRY(json_str(j, &r->scope));
		else
			TRY(json_skip(j));
	}
	TRY(json_leave(j));
	TRY(give_detail(r));
	arena_reset(&r->row);
	return OK;
}

static Result read_packages(Reader *r, Json *j)
{
	TRY(json_enter(j, JSON_OBJECT));
	while (json_key(j, &r->package)) {
		TRY(json_enter(j, JSON_OBJECT));
		while (json_key(j, &r->id))
			TRY_IN(read_id(r, j), STR_FMT " " STR_FMT, STR_ARG(r->package),
			       STR_ARG(r->id));
		TRY(json_leave(j));
	}
	TRY(json_leave(j));
	return json_end(j);
}

/* Does the first id of the first package have releases? Errors count as yes: they are met again
 * and told when the document is read. */
static Result has_releases(Json j, bool *yes)
{
	JsonType type;
	Str package, id, key;
	TRY(json_peek(&j, &type));
	if (type != JSON_OBJECT)
		return OK;
	TRY(json_enter(&j, JSON_OBJECT));
	while (json_key(&j, &package)) {
		TRY(json_peek(&j, &type));
		if (type != JSON_OBJECT)
			return OK;
		TRY(json_enter(&j, JSON_OBJECT));
		while (json_key(&j, &id)) {
			TRY(json_peek(&j, &type));
			if (type != JSON_OBJECT)
				return OK;
			TRY(json_enter(&j, JSON_OBJECT));
			while (!*yes && json_key(&j, &key)) {
				*yes = str_eq(key, S("releases"));
				TRY(json_skip(&j));
			}
			return *yes ? OK : json_leave(&j);
		}
		TRY(json_leave(&j));
	}
	return json_leave(&j);
}

static Result read_document(const FeedDocument *doc, Arena *a, const FeedSink *to, bool *mine)
{
	Json j = json_over(doc->body, a);
	if (document_kind(doc) != DOCUMENT_JSON)
		return OK;
	*mine = false;
	Err *e = has_releases(j, mine);
	*mine |= e != OK;
	err_free(e);
	if (!*mine)
		return OK;
	Reader r = {.arena = a, .to = to};
	e = read_packages(&r, &j);
	arena_finish(&r.row);
	return e;
}

static const FeedUrl urls[] = {
	{"https://security-tracker.debian.org/tracker/data/json", "debian/tracker.json"},
	{NULL, NULL},
};

const Feed feed_debian = {
	.name = NAME,
	.title = "Debian security tracker",
	.license = "not stated",
	.home = "https://security-tracker.debian.org",
	.urls = urls,
	.redistributable = true,
	.read = read_document,
};
