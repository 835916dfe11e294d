/* osv.c - one record: what it is about, a row for each package, and what a person reads. */
#include "advisory/osv.h"

#include "advisory/document.h"
#include "base/time.h"

/* ---- small things ---- */

/* "0001-01-01T00:00:00Z" stands for no date in Go's database. */
static int64_t date(const Value *object, Str key)
{
	int64_t t;
	return time_parse(value_str(object, key), &t) && t > 0 ? t : 0;
}

static void add_ids(Arena *a, const Value *list, bool cves, Map *seen, StrVec *to)
{
	for (size_t i = 0; list != NULL && i < list->n; i++) {
		Str s = list->items[i]->type == JSON_STRING ? list->items[i]->text : S("");
		void **at;
		if (s.n == 0 || str_starts(s, S("CVE-")) != cves ||
		    *(at = map_at(seen, a, s)) != NULL)
			continue;
		*at = seen;
		vec_push(a, to, s);
	}
}

StrVec osv_ids(Arena *a, const OsvRecord *r, const char *const *lists, OsvIds which)
{
	StrVec out = {0};
	Map seen = {0};
	*map_at(&seen, a, r->id) = &seen;
	for (int cves = 1; cves >= (which == OSV_IDS_CVE); cves--)
		for (const char *const *l = lists; *l != NULL; l++)
			add_ids(a, value_items(r->root, str_of(*l)), cves, &seen, &out);
	return out;
}

/* ---- rows ---- */

typedef struct Making {
	const OsvRules *rules;
	Arena *arena;
	OsvRecord *out;
	StrVec aliases;
	Map by_package; /* "ecosystem\npackage" -> 1 + its index in out->rows */
} Making;

static Advisory *row_for(Making *m, Str ecosystem, Str package, const Value *affected)
{
	size_t n = ecosystem.n + 1 + package.n;
	char *key = arena_array(m->arena, char, n);
	memcpy(key, ecosystem.p, ecosystem.n);
	key[ecosystem.n] = '\n';
	memcpy(key + ecosystem.n + 1, package.p, package.n);
	void **at = map_at(&m->by_package, m->arena, (Str){key, n});
	if (*at != NULL)
		return &m->out->rows.at[(uintptr_t)*at - 1];

	Advisory row = {.ecosystem = ecosystem,
			.package = package,
			.id = m->out->id,
			.aliases = m->aliases,
			.feed = str_of(m->rules->feed),
			.status = STATUS_AFFECTED,
			.scheme = m->rules->scheme,
			.published = date(m->out->root, S("published"))};
	osv_severity(m->rules, m->out, affected, &row);
	vec_push(m->arena, &m->out->rows, row);
	*at = (void *)(uintptr_t)m->out->rows.n;
	return &m->out->rows.at[m->out->rows.n - 1];
}

static bool says_versions(const Value *affected)
{
	const Value *ranges = value_items(affected, S("ranges"));
	const Value *versions = value_items(affected, S("versions"));
	for (size_t i = 0; ranges != NULL && i < ranges->n; i++)
		if (!str_eq(value_str(ranges->items[i], S("type")), S("GIT")))
			return true;
	return versions != NULL && versions->n != 0;
}

static Result add_affected(Making *m, Str ecosystem, Str package, const Value *affected)
{
	Advisory *row = row_for(m, ecosystem, package, affected);
	const Value *ranges = value_items(affected, S("ranges"));
	const Value *versions = value_items(affected, S("versions"));
	for (size_t i = 0; ranges != NULL && i < ranges->n; i++)
		if (!str_eq(value_str(ranges->items[i], S("type")), S("GIT")))
			TRY(osv_range(m->arena, ranges->items[i], row));
	for (size_t i = 0; versions != NULL && i < versions->n; i++)
		if (versions->items[i]->type == JSON_STRING)
			vec_push(m->arena, &row->versions, versions->items[i]->text);
	return OK;
}

static Str ecosystem_of(const Making *m, const Value *affected)
{
	const Value *package = value_get(affected, S("package"));
	return m->rules->ecosystem(m->arena, value_str(package, S("ecosystem")));
}

static Str spelled(const Making *m, Str package)
{
	return m->rules->package != NULL ? m->rules->package(m->arena, package) : package;
}

static Result make_rows(Making *m, const FeedSink *to)
{
	const Value *all = value_items(m->out->root, S("affected"));
	for (size_t i = 0; i < all->n; i++) {
		Str ecosystem = ecosystem_of(m, all->items[i]);
		Str name = value_str(value_get(all->items[i], S("package")), S("name"));
		if (ecosystem.n == 0)
			continue;
		if (name.n == 0)
			to->skipped(to->ctx, m->out->id, "an affected package without a name");
		else if (!says_versions(all->items[i]))
			to->skipped(to->ctx, m->out->id,
				    "no versions but git commits, or none at all");
		else
			TRY(add_affected(m, ecosystem, spelled(m, name), all->items[i]));
	}
	return OK;
}

/* Ranges without events, versions that are not strings. */
static void drop_empty(Making *m, const FeedSink *to)
{
	AdvisoryVec *rows = &m->out->rows;
	size_t kept = 0;
	for (size_t i = 0; i < rows->n; i++) {
		if (rows->at[i].ranges.n != 0 || rows->at[i].versions.n != 0)
			rows->at[kept++] = rows->at[i];
		else
			to->skipped(to->ctx, m->out->id, "no versions are said to be affected");
	}
	rows->n = kept;
}

/* ---- the record ---- */

static void make_detail(Arena *a, OsvRecord *r)
{
	const Value *references = value_items(r->root, S("references"));
	r->detail = (AdvisoryDetail){.id = r->id,
				     .title = value_str(r->root, S("summary")),
				     .text = value_str(r->root, S("details")),
				     .published = date(r->root, S("published")),
				     .modified = date(r->root, S("modified"))};
	for (size_t i = 0; references != NULL && i < references->n; i++) {
		Str url = value_str(references->items[i], S("url"));
		if (url.n != 0)
			vec_push(a, &r->detail.references, url);
	}
	const Value *cwes = value_items(value_get(r->root, S("database_specific")), S("cwe_ids"));
	for (size_t i = 0; cwes != NULL && i < cwes->n; i++)
		if (cwes->items[i]->type == JSON_STRING)
			vec_push(a, &r->detail.cwes, cwes->items[i]->text);
}

static bool is_of(const Making *m)
{
	const Value *all = value_items(m->out->root, S("affected"));
	for (size_t i = 0; all != NULL && m->out->id.n != 0 && i < all->n; i++)
		if (ecosystem_of(m, all->items[i]).n != 0)
			return true;
	return false;
}

Result osv_record(const OsvRules *r, const FeedDocument *doc, Arena *a, const FeedSink *to,
		  OsvRecord *out, bool *mine)
{
	*out = (OsvRecord){0};
	TRY(document_tree(doc, a, &out->root));
	out->id = value_str(out->root, S("id"));
	Making m = {.rules = r, .arena = a, .out = out};
	*mine = is_of(&m);
	if (!*mine)
		return OK;
	make_detail(a, out);
	int64_t newest = out->detail.modified > out->detail.published ? out->detail.modified
								      : out->detail.published;
	if (newest != 0)
		to->as_of(to->ctx, newest);
	Str withdrawn = value_str(out->root, S("withdrawn"));
	if (withdrawn.n != 0 && !str_eq(withdrawn, S("null"))) { /* the word is YAML's */
		to->skipped(to->ctx, out->id, "withdrawn by its publisher");
		return OK;
	}
	static const char *const lists[] = {"aliases", "upstream", NULL};
	m.aliases = osv_ids(a, out, lists, OSV_IDS_ALL);
	TRY(make_rows(&m, to));
	drop_empty(&m, to);
	return OK;
}

Result osv_give(const OsvRecord *record, const FeedSink *to)
{
	for (size_t i = 0; i < record->rows.n; i++)
		TRY(to->advisory(to->ctx, &record->rows.at[i]));
	return record->rows.n != 0 ? to->detail(to->ctx, &record->detail) : OK;
}

Result osv_read(const OsvRules *r, const FeedDocument *doc, Arena *a, const FeedSink *to,
		bool *mine)
{
	OsvRecord record;
	TRY(osv_record(r, doc, a, to, &record, mine));
	return *mine ? osv_give(&record, to) : OK;
}
