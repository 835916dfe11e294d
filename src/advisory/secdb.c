/* secdb.c - one document: what it is of, then a row for each package, version and id. */
#include "advisory/secdb.h"

#include "advisory/document.h"
#include "io/json.h"
#include "version/scheme.h"

typedef struct Secdb {
	const SecdbRules *rules;
	Arena row; /* emptied after each version */
	const FeedSink *to;
	Str ecosystem;
	Str package, fixed; /* where the reader is */
	bool fixed_ok;
} Secdb;

/* ---- rows ---- */

static void skip(Secdb *s, Str what, const char *why)
{
	size_t n = s->package.n + 1 + what.n;
	char *p = arena_array(&s->row, char, n);
	if (s->package.n != 0)
		memcpy(p, s->package.p, s->package.n);
	p[s->package.n] = ' ';
	if (what.n != 0)
		memcpy(p + s->package.n + 1, what.p, what.n);
	s->to->skipped(s->to->ctx, (Str){p, n}, why);
}

/* Alpine has versions beyond its own grammar ("6.6.2p1-r0"), and apk compares them. */
static void start_version(Secdb *s, Str version)
{
	int order;
	s->fixed = version;
	s->fixed_ok = version.n != 0 && version.p[0] >= '0' && version.p[0] <= '9' &&
		      scheme_get(SCHEME_APK)->compare(version, version, &order);
	if (!s->fixed_ok)
		skip(s, version, "the version that fixed it is none");
}

static Result give(Secdb *s, Str id, StrVec aliases)
{
	Advisory row = {.ecosystem = s->ecosystem,
			.package = s->package,
			.id = id,
			.aliases = aliases,
			.feed = str_of(s->rules->feed),
			.scheme = SCHEME_APK,
			.status = STATUS_NOT_AFFECTED};
	if (!str_eq(s->fixed, S("0"))) {
		row.status = STATUS_FIXED;
		vec_push(&s->row, &row.ranges, (Range){.fixed = s->fixed});
	}
	return s->to->advisory(s->to->ctx, &row);
}

static bool is_cve(Str id) { return str_starts(id, S("CVE-")); }

static Result take_ids(Secdb *s, Str field)
{
	StrVec ids = {0}, others = {0};
	if (!s->fixed_ok)
		return OK;
	secdb_ids(&s->row, field, &ids);
	if (ids.n == 0) {
		skip(s, field, "it names no id");
		return OK;
	}
	size_t first_other = 0;
	while (first_other < ids.n && is_cve(ids.at[first_other]))
		first_other++;
	size_t rows = first_other != 0 ? first_other : 1;
	for (size_t i = rows; i < ids.n; i++)
		vec_push(&s->row, &others, ids.at[i]);
	for (size_t i = 0; i < rows; i++)
		TRY(give(s, ids.at[i], others));
	return OK;
}

/* ---- from JSON, pulled ---- */

static Result json_ids(Secdb *s, Json *j)
{
	JsonType type;
	TRY(json_peek(j, &type));
	if (type != JSON_ARRAY) /* Lua's empty table: {} */
		return json_skip(j);
	TRY(json_enter(j, JSON_ARRAY));
	while (json_more(j)) {
		Str field;
		TRY(json_str(j, &field));
		TRY(take_ids(s, field));
	}
	return json_leave(j);
}

static Result json_secfixes(Secdb *s, Json *j)
{
	Str version;
	JsonType type;
	TRY(json_peek(j, &type));
	if (type != JSON_OBJECT)
		return json_skip(j);
	TRY(json_enter(j, JSON_OBJECT));
	while (json_key(j, &version)) {
		start_version(s, version);
		TRY(json_ids(s, j));
		arena_reset(&s->row);
	}
	return json_leave(j);
}

/* A package's name may stand after its secfixes: they are read when both are known. */
static Result json_pkg(Secdb *s, Json *j)
{
	Json fixes = {0};
	Str key;
	s->package = S("");
	TRY(json_enter(j, JSON_OBJECT));
	while (json_key(j, &key)) {
		if (str_eq(key, S("name"))) {
			TRY(json_str(j, &s->package));
		} else {
			if (str_eq(key, S("secfixes")))
				fixes = *j;
			TRY(json_skip(j));
		}
	}
	TRY(json_leave(j));
	if (s->package.n == 0)
		FAIL(ERR_INPUT, "a package without a name");
	return fixes.whole.n != 0 ? json_secfixes(s, &fixes) : OK;
}

static Result json_packages(Secdb *s, Json *j)
{
	Str key;
	JsonType type;
	TRY(json_peek(j, &type));
	if (type != JSON_ARRAY)
		return json_skip(j);
	TRY(json_enter(j, JSON_ARRAY));
	while (json_more(j)) {
		TRY(json_enter(j, JSON_OBJECT));
		while (json_key(j, &key)) {
			if (str_eq(key, S("pkg")))
				TRY(json_pkg(s, j));
			else
				TRY(json_skip(j));
		}
		TRY(json_leave(j));
	}
	return json_leave(j);
}

/* ---- from YAML, as a tree ---- */

static Result tree_ids(Secdb *s, const Value *fixes)
{
	for (size_t v = 0; fixes != NULL && fixes->type == JSON_OBJECT && v < fixes->n; v++) {
		const Value *ids = fixes->members[v].value;
		start_version(s, fixes->members[v].key);
		for (size_t i = 0; ids->type == JSON_ARRAY && i < ids->n; i++) {
			if (ids->items[i]->type != JSON_STRING)
				FAIL(ERR_INPUT, "an id that is not a string");
			TRY(take_ids(s, ids->items[i]->text));
		}
		arena_reset(&s->row);
	}
	return OK;
}

static Result tree_packages(Secdb *s, const Value *packages)
{
	for (size_t i = 0; packages != NULL && i < packages->n; i++) {
		const Value *pkg = value_get(packages->items[i], S("pkg"));
		s->package = value_str(pkg, S("name"));
		if (s->package.n == 0)
			FAIL(ERR_INPUT, "a package without a name");
		TRY(tree_ids(s, value_get(pkg, S("secfixes"))));
	}
	return OK;
}

/* ---- what the document is of ---- */

typedef struct Head {
	Str distroversion, urlprefix;
	Json packages;     /* where they start, in JSON */
	const Value *tree; /* YAML */
	bool has_packages;
} Head;

static Result json_head(const FeedDocument *doc, Arena *a, Head *h)
{
	Json j = json_over(doc->body, a);
	JsonType type;
	Str key;
	TRY(json_peek(&j, &type));
	if (type != JSON_OBJECT)
		return json_skip(&j);
	TRY(json_enter(&j, JSON_OBJECT));
	while (json_key(&j, &key)) {
		TRY(json_peek(&j, &type));
		if (str_eq(key, S("distroversion")) && type == JSON_STRING) {
			TRY(json_str(&j, &h->distroversion));
		} else if (str_eq(key, S("urlprefix")) && type == JSON_STRING) {
			TRY(json_str(&j, &h->urlprefix));
		} else {
			if (str_eq(key, S("packages"))) {
				h->has_packages = true;
				h->packages = j;
			}
			TRY(json_skip(&j));
		}
	}
	TRY(json_leave(&j));
	return json_end(&j);
}

static Result read_head(const FeedDocument *doc, Arena *a, Head *h)
{
	DocumentKind kind = document_kind(doc);
	if (kind == DOCUMENT_JSON)
		return json_head(doc, a, h);
	if (kind != DOCUMENT_YAML)
		return OK;
	TRY(document_tree(doc, a, &h->tree));
	h->distroversion = value_str(h->tree, S("distroversion"));
	h->urlprefix = value_str(h->tree, S("urlprefix"));
	h->has_packages = value_get(h->tree, S("packages")) != NULL;
	return OK;
}

/* "v3.19" -> "alpine:3.19", "edge" -> "alpine:edge". */
static Result alpine_ecosystem(Arena *a, Str distroversion, Str *out)
{
	Str major = S(""), minor = str_skip(distroversion, 1);
	uint64_t n;
	str_cut(&minor, '.', &major);
	bool numbered = str_starts(distroversion, S("v")) && str_u64(major, &n) &&
			str_u64(minor, &n);
	if (!numbered && !str_eq(distroversion, S("edge")))
		FAIL(ERR_INPUT, "distroversion '" STR_FMT "' is neither vX.Y nor edge",
		     STR_ARG(str_first(distroversion, 60)));
	Str release = str_skip(distroversion, numbered ? 1 : 0);
	char *p = arena_array(a, char, 7 + release.n);
	memcpy(p, "alpine:", 7);
	memcpy(p + 7, release.p, release.n);
	*out = (Str){p, 7 + release.n};
	return OK;
}

Result secdb_read(const SecdbRules *rules, const FeedDocument *doc, Arena *a, const FeedSink *to,
		  bool *mine)
{
	Head h = {0};
	Secdb s = {.rules = rules, .to = to, .ecosystem = rules->ecosystem};
	size_t at;
	TRY(read_head(doc, a, &h));
	*mine = h.has_packages && (rules->host.n != 0 ? str_find(h.urlprefix, rules->host, &at)
						      : h.distroversion.n != 0);
	if (!*mine)
		return OK;
	if (s.ecosystem.n == 0)
		TRY(alpine_ecosystem(a, h.distroversion, &s.ecosystem));
	Err *e = h.tree != NULL ? tree_packages(&s, value_items(h.tree, S("packages")))
				: json_packages(&s, &h.packages);
	arena_finish(&s.row);
	return e;
}
