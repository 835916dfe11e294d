/* cmd_db_info.c - bulwark db info, verify and search: asking the database at hand. */
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "advisory/feed.h"
#include "base/buf.h"
#include "base/time.h"
#include "cli/cmd_db.h"
#include "cli/terminal.h"
#include "flow/db_cache.h"
#include "flow/db_locate.h"
#include "io/json.h"

enum { TEXT_MAX = 64 << 20, DAY = 86400 };

typedef struct AskOpts {
	const char *db, *format;
} AskOpts;

static const char *format_choice(size_t i)
{
	static const char *const names[] = {"table", "json", NULL};
	return names[i];
}

static const Opt opts[] = {
	OPT(OPT_STR, 0, "db", AskOpts, db, "FILE", "ask this database"),
	OPT_ONE_OF(OPT_STR, 'f', "format", AskOpts, format, "NAME", "print it so", format_choice),
	{0},
};

static const Opt verify_opts[] = {
	OPT(OPT_STR, 0, "db", AskOpts, db, "FILE", "check this database"),
	{0},
};

typedef struct Opened {
	AdvisoryDb *db;
	const char *path;
	DbOrigin origin;
	Arena arena;
} Opened;

static void opened_close(Opened *o)
{
	advisory_db_close(o->db);
	arena_finish(&o->arena);
}
#define AUTO_OPENED __attribute__((cleanup(opened_close), unused))

static Result open_db(const AskOpts *o, Opened *out)
{
	TRY(db_locate(o->db, &out->arena, &out->path, &out->origin));
	return advisory_db_open(out->path, &out->db);
}

static bool wants_json(const AskOpts *o) { return o->format != NULL && o->format[0] == 'j'; }

/* ---- info ---- */

/* When the source of a feed was last asked; 0: not known here. */
static int64_t checked_at(const char *cache, Str feed, Arena *a)
{
	AUTO_DB_CACHE DbCache c = {.dir = -1, .lock = -1};
	FeedState s = {0};
	bool found = false;
	Err *e = cache != NULL ? db_cache_open(cache, false, &c) : OK;
	if (e == OK && cache != NULL)
		e = db_cache_state(&c, feed, a, &s, &found);
	err_free(e); /* the database answers without its cache */
	return found ? s.checked : 0;
}

static const char *origin_name(DbOrigin o)
{
	return o == DB_GIVEN ? "given" : o == DB_UPDATED ? "updated" : "bundled";
}

static void put_date(Buf *b, const char *key, int64_t when)
{
	buf_fmt(b, ",\"%s\":", key);
	if (when == 0)
		buf_add(b, S("null"));
	else
		json_quote(b, time_format(b->arena, when));
}

static void info_json(Buf *b, const Opened *o, const DbStamp *s, uint64_t bytes, const char *cache)
{
	buf_add(b, S("{\"path\":"));
	json_quote(b, str_of(o->path));
	buf_fmt(b, ",\"origin\":\"%s\",\"id\":", origin_name(o->origin));
	json_quote(b, s->id);
	buf_fmt(b, ",\"bytes\":%llu,\"bundled\":%s", (unsigned long long)bytes,
		s->bundled ? "true" : "false");
	put_date(b, "built", s->built);
	buf_add(b, S(",\"feeds\":["));
	for (size_t i = 0; i < s->feeds.n; i++) {
		buf_add(b, i != 0 ? S(",{\"name\":") : S("{\"name\":"));
		json_quote(b, s->feeds.at[i].name);
		buf_fmt(b, ",\"rows\":%llu", (unsigned long long)s->feeds.at[i].rows);
		put_date(b, "as_of", s->feeds.at[i].as_of);
		put_date(b, "checked", checked_at(cache, s->feeds.at[i].name, b->arena));
		buf_char(b, '}');
	}
	buf_add(b, S("]}\n"));
}

static void info_table(Buf *b, const Opened *o, const DbStamp *s, uint64_t bytes)
{
	int64_t age = (time(NULL) - s->built) / DAY;
	buf_fmt(b, "%s\n%s, %.1f MB, ", o->path,
		s->bundled ? "the snapshot that came with Bulwark" : "made here",
		(double)bytes / 1e6);
	if (s->built != 0)
		buf_fmt(b, "newest data of " STR_FMT " (%lld days old)\n",
			STR_ARG(date_format(b->arena, s->built)), (long long)(age > 0 ? age : 0));
	else
		buf_add(b, S("its feeds carry no date\n"));
	buf_fmt(b, STR_FMT "\n\n", STR_ARG(s->id));
	for (size_t i = 0; i < s->feeds.n; i++)
		buf_fmt(b, "  %-14.*s %9llu rows  %s" STR_FMT "\n", STR_ARG(s->feeds.at[i].name),
			(unsigned long long)s->feeds.at[i].rows,
			s->feeds.at[i].as_of != 0 ? "as of " : "",
			STR_ARG(s->feeds.at[i].as_of != 0
					? date_format(b->arena, s->feeds.at[i].as_of)
					: S("no date of its own")));
	if (s->bundled)
		buf_add(b, S("\nUpdate it: bulwark db update\n"));
}

/* What feeds say is foreign text: json_quote() has seen to it, a table has not. */
static Result print(const AskOpts *o, const Buf *b)
{
	Str text, line;
	TRY(buf_done(b, "the answer", &text));
	if (wants_json(o))
		fwrite(text.p, 1, text.n, stdout);
	else
		while (text.n != 0 && str_cut(&text, '\n', &line)) {
			terminal_say(stdout, line);
			putchar('\n');
		}
	return OK;
}

static Result info_run(const void *from, int argc, char **argv, int *exit_code)
{
	const AskOpts *o = from;
	AUTO_OPENED Opened at = {0};
	DbStamp s;
	struct stat st = {0};
	const char *cache = NULL;
	(void)exit_code;
	if (argc != 0)
		FAIL(ERR_USAGE, "unexpected '%s'", argv[0]);
	TRY(open_db(o, &at));
	TRY(advisory_db_stamp(at.db, &at.arena, &s));
	if (stat(at.path, &st) != 0)
		FAIL_SYS("%s", at.path);
	err_free(db_cache_path(&at.arena, &cache));
	Buf b = buf_in(&at.arena, TEXT_MAX);
	if (wants_json(o))
		info_json(&b, &at, &s, (uint64_t)st.st_size, cache);
	else
		info_table(&b, &at, &s, (uint64_t)st.st_size);
	return print(o, &b);
}

/* ---- verify ---- */

static Result verify_run(const void *from, int argc, char **argv, int *exit_code)
{
	AUTO_OPENED Opened at = {0};
	uint64_t shards = 0;
	(void)exit_code;
	if (argc != 0)
		FAIL(ERR_USAGE, "unexpected '%s'", argv[0]);
	TRY(open_db(from, &at));
	TRY_IN(advisory_db_verify(at.db, &shards), "%s", at.path);
	printf("%s: sound, %llu shards checked\n", at.path, (unsigned long long)shards);
	return OK;
}

/* ---- search ---- */

static void put_versions(Buf *b, const Advisory *row)
{
	for (size_t i = 0; i < row->ranges.n; i++) {
		const Range *r = &row->ranges.at[i];
		buf_add(b, i != 0 ? S("; ") : S(""));
		if (r->introduced.n != 0 && !str_eq(r->introduced, S("0")))
			buf_fmt(b, "from " STR_FMT " ", STR_ARG(r->introduced));
		if (r->fixed.n != 0)
			buf_fmt(b, "fixed in " STR_FMT, STR_ARG(r->fixed));
		else if (r->last_affected.n != 0)
			buf_fmt(b, "up to " STR_FMT, STR_ARG(r->last_affected));
		else
			buf_add(b, S("no fix known"));
	}
}

static void search_table(Buf *b, const AdvisoryVec *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const Advisory *r = &rows->at[i];
		buf_fmt(b, "%-14.*s %-28.*s %-20.*s %-10s ", STR_ARG(r->ecosystem),
			STR_ARG(r->package), STR_ARG(r->id), severity_name(r->severity));
		if (r->status == STATUS_FIXED)
			put_versions(b, r);
		else
			buf_fmt(b, "%s%s" STR_FMT, status_name(r->status),
				r->vendor_state.n != 0 ? ": " : "", STR_ARG(r->vendor_state));
		buf_char(b, '\n');
	}
	buf_fmt(b, "%zu rows\n", rows->n);
}

static void put_member(Buf *b, const char *key, Str value)
{
	buf_fmt(b, ",\"%s\":", key);
	json_quote(b, value);
}

static void search_json(Buf *b, const AdvisoryVec *rows)
{
	buf_add(b, S("["));
	for (size_t i = 0; i < rows->n; i++) {
		const Advisory *r = &rows->at[i];
		buf_add(b, i != 0 ? S(",\n{\"id\":") : S("\n{\"id\":"));
		json_quote(b, r->id);
		put_member(b, "ecosystem", r->ecosystem);
		put_member(b, "package", r->package);
		put_member(b, "feed", r->feed);
		put_member(b, "status", str_of(status_name(r->status)));
		put_member(b, "severity", str_of(severity_name(r->severity)));
		buf_add(b, S(",\"ranges\":["));
		for (size_t k = 0; k < r->ranges.n; k++) {
			buf_add(b, k != 0 ? S(",{\"introduced\":") : S("{\"introduced\":"));
			json_quote(b, r->ranges.at[k].introduced);
			put_member(b, "fixed", r->ranges.at[k].fixed);
			put_member(b, "last_affected", r->ranges.at[k].last_affected);
			buf_char(b, '}');
		}
		buf_add(b, S("]}"));
	}
	buf_add(b, S("\n]\n"));
}

/* Ids are typed in any case; records have "CVE-2024-3094", "GHSA-62mh-w5cv-p88c". */
static Str spelled(Str id, Arena *a)
{
	char *p = arena_array(a, char, id.n);
	bool body = false, ghsa = id.n > 5 && str_eq_nocase(str_first(id, 5), S("GHSA-"));
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		p[i] = (char)(!letter ? c : ghsa && body ? c | 0x20 : c & ~0x20);
		body = body || c == '-';
	}
	return (Str){p, id.n};
}

static Result search_run(const void *from, int argc, char **argv, int *exit_code)
{
	const AskOpts *o = from;
	AUTO_OPENED Opened at = {0};
	AdvisoryVec rows = {0};
	(void)exit_code;
	if (argc != 1)
		FAIL(ERR_USAGE, "name one id: CVE-2024-3094, GHSA-..., GO-...");
	TRY(open_db(o, &at));
	Str id = str_of(argv[0]);
	TRY_IN(advisory_db_search(at.db, &at.arena, id, &rows), "%s", at.path);
	if (rows.n == 0)
		TRY_IN(advisory_db_search(at.db, &at.arena, spelled(id, &at.arena), &rows), "%s",
		       at.path);
	Buf b = buf_in(&at.arena, TEXT_MAX);
	if (wants_json(o))
		search_json(&b, &rows);
	else
		search_table(&b, &rows);
	return print(o, &b);
}

static const char *const search_examples[] = {"bulwark db search CVE-2024-3094",
					      "bulwark db search --format json GHSA-62mh-w5cv-p88c",
					      NULL};

const Command cmd_db_info = {
	.name = "info",
	.operands = "",
	.opts = opts,
	.opts_size = sizeof(AskOpts),
	.run = info_run,
	.summary = "say which feeds are in the database, and how old they are"};

const Command cmd_db_verify = {.name = "verify",
			       .operands = "",
			       .opts = verify_opts,
			       .opts_size = sizeof(AskOpts),
			       .run = verify_run,
			       .summary = "check every byte of the database against its digests"};

const Command cmd_db_search = {.name = "search",
			       .operands = "ID",
			       .opts = opts,
			       .opts_size = sizeof(AskOpts),
			       .run = search_run,
			       .summary = "print what is known of a CVE or another id",
			       .examples = search_examples};
