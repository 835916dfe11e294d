/* db_read.c - the questions a database answers. */
#include <stdlib.h>

#include "advisory/db.h"
#include "advisory/db_pack.h"
#include "advisory/db_table.h"

struct AdvisoryDb {
	DbReader *file;
	Str meta;
	bool bundled;
};

Result advisory_db_open(const char *path, AdvisoryDb **out)
{
	AdvisoryDb opened = {0};
	TRY(db_reader_open(path, &opened.file, &opened.meta, &opened.bundled));
	AdvisoryDb *db = malloc(sizeof *db);
	if (db == NULL)
		die_oom();
	*db = opened;
	*out = db;
	return OK;
}

void advisory_db_close(AdvisoryDb *db)
{
	if (db == NULL)
		return;
	db_reader_close(db->file);
	free(db);
}

static Result garbled(void)
{
	FAIL(ERR_INPUT, "a record of the database is garbled; make it anew: bulwark db update");
}

static Table *ecosystem_table(const AdvisoryDb *db, Arena *a, Str ecosystem)
{
	Buf b = buf_in(a, 4096);
	buf_add(&b, S("rows/"));
	buf_add(&b, ecosystem);
	return db_table(db->file, buf_str(&b));
}

bool advisory_db_has(const AdvisoryDb *db, Str ecosystem)
{
	Arena a = {0};
	bool has = ecosystem_table(db, &a, ecosystem) != NULL;
	arena_finish(&a);
	return has;
}

Result advisory_db_package(AdvisoryDb *db, Arena *a, Str ecosystem, Str package, AdvisoryVec *out)
{
	Str value;
	TRY(table_find(db->file, ecosystem_table(db, a, ecosystem), package, &value));
	Unpack u = {.rest = arena_str(a, value)};
	while (u.rest.n != 0) {
		Unpack one = {.rest = unpack_str(&u), .bad = u.bad};
		Advisory row = {.ecosystem = ecosystem, .package = package};
		unpack_advisory(&one, a, &row);
		if (one.bad || u.bad)
			return garbled();
		vec_push(a, out, row);
	}
	return OK;
}

/* The value of `key` in the table `name`, copied into `a`. */
static Result lookup(AdvisoryDb *db, Arena *a, Str name, Str key, Unpack *out, bool *found)
{
	Str value;
	TRY(table_find(db->file, db_table(db->file, name), key, &value));
	*found = value.p != NULL;
	*out = (Unpack){.rest = *found ? arena_str(a, value) : S("")};
	return OK;
}

Result advisory_db_detail(AdvisoryDb *db, Arena *a, Str id, AdvisoryDetail *out, bool *found)
{
	Unpack u;
	TRY(lookup(db, a, S("details"), id, &u, found));
	if (!*found)
		return OK;
	AdvisoryDetail d = {.id = arena_str(a, id)};
	unpack_detail(&u, a, &d);
	*out = d;
	return u.bad ? garbled() : OK;
}

Result advisory_db_search(AdvisoryDb *db, Arena *a, Str id, AdvisoryVec *out)
{
	Unpack places;
	bool found;
	TRY(lookup(db, a, S("ids"), id, &places, &found));
	while (places.rest.n != 0) {
		Unpack place = {.rest = unpack_str(&places), .bad = places.bad};
		Str ecosystem = unpack_str(&place), package = unpack_str(&place);
		AdvisoryVec rows = {0};
		if (place.bad || places.bad)
			return garbled();
		TRY(advisory_db_package(db, a, ecosystem, package, &rows));
		for (size_t i = 0; i < rows.n; i++) {
			bool same = str_eq(rows.at[i].id, id);
			for (size_t k = 0; k < rows.at[i].aliases.n; k++)
				same = same || str_eq(rows.at[i].aliases.at[k], id);
			if (same)
				vec_push(a, out, rows.at[i]);
		}
	}
	return OK;
}

Result advisory_db_exploited(AdvisoryDb *db, Arena *a, Str cve, Exploited *out, bool *found)
{
	Unpack u;
	TRY(lookup(db, a, S("exploited"), cve, &u, found));
	if (!*found)
		return OK;
	out->cve = arena_str(a, cve);
	unpack_exploited(&u, out);
	return u.bad ? garbled() : OK;
}

Result advisory_db_rating(AdvisoryDb *db, Arena *a, Str cve, Rating *out, bool *found)
{
	Unpack u;
	TRY(lookup(db, a, S("ratings"), cve, &u, found));
	if (!*found)
		return OK;
	unpack_rating(&u, out);
	return u.bad ? garbled() : OK;
}

Result advisory_db_epss(AdvisoryDb *db, Str cve, Epss *out, bool *found)
{
	Str value;
	TRY(table_find(db->file, db_table(db->file, S("epss")), cve, &value));
	*found = value.p != NULL;
	if (!*found)
		return OK;
	Unpack u = {.rest = value};
	out->cve = cve;
	unpack_epss(&u, out);
	return u.bad ? garbled() : OK;
}

Result advisory_db_lifecycle(AdvisoryDb *db, Arena *a, Str ecosystem, Lifecycle *out, bool *found)
{
	Unpack u;
	TRY(lookup(db, a, S("lifecycles"), ecosystem, &u, found));
	if (!*found)
		return OK;
	out->ecosystem = arena_str(a, ecosystem);
	unpack_lifecycle(&u, out);
	return u.bad ? garbled() : OK;
}

Result advisory_db_stamp(AdvisoryDb *db, Arena *a, DbStamp *out)
{
	DbStamp s = {.id = digest_text(a, db_reader_id(db->file)), .bundled = db->bundled};
	Unpack u = {.rest = db->meta};
	s.built = unpack_i64(&u);
	while (u.rest.n != 0 && !u.bad) {
		Unpack one = {.rest = unpack_str(&u), .bad = u.bad};
		struct FeedStamp f = {.name = arena_str(a, unpack_str(&one))};
		(void)unpack_str(&one); /* url */
		(void)unpack_str(&one); /* licence */
		f.as_of = unpack_i64(&one);
		f.rows = unpack_u64(&one);
		if (one.bad)
			return garbled();
		vec_push(a, &s.feeds, f);
	}
	*out = s;
	return u.bad ? garbled() : OK;
}

Result advisory_db_verify(AdvisoryDb *db, uint64_t *shards)
{
	return db_reader_verify(db->file, shards);
}
