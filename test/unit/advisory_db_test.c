/* advisory_db_test.c - what is written is found; what is damaged is refused. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advisory/db.h"
#include "base/buf.h"
#include "io/source.h"
#include "tap.h"

enum { PACKAGES = 3000 };

static Str numbered(Arena *a, const char *prefix, unsigned n)
{
	char text[64];
	int len = snprintf(text, sizeof text, "%s%u", prefix, n);
	return arena_str(a, (Str){text, (size_t)len});
}

static void write_row(DbWriter *w, Arena *a, unsigned i)
{
	Advisory row = {.ecosystem = i % 2 != 0 ? S("debian:12") : S("PyPI"),
			.package = numbered(a, "package-", i / 3),
			.id = numbered(a, "CVE-2024-", i),
			.feed = S("debian"),
			.status = STATUS_FIXED,
			.severity = SEV_HIGH,
			.scheme = SCHEME_DEB,
			.published = -5};
	vec_push(a, &row.aliases, numbered(a, "GHSA-", i));
	vec_push(a, &row.ranges, (Range){.fixed = numbered(a, "1.", i)});
	CHECK_OK(db_writer_advisory(w, &row));
}

/* The same content, fed forwards or backwards, some of it twice. */
static DbWriter *fill(Arena *a, bool backwards)
{
	DbWriter *w = db_writer_create();
	for (unsigned k = 0; k < 3 * PACKAGES; k++) {
		unsigned i = backwards ? 3 * PACKAGES - 1 - k : k;
		write_row(w, a, i);
		if (i % 100 == 0)
			write_row(w, a, i);
		AdvisoryDetail d = {
			.id = numbered(a, "CVE-2024-", i), .title = S("A title"), .modified = 7};
		CHECK_OK(db_writer_detail(w, &d));
		Epss e = {numbered(a, "CVE-2024-", i), 0.12345, 0.99999};
		CHECK_OK(db_writer_epss(w, &e));
	}
	CHECK_OK(db_writer_exploited(w, &(Exploited){S("CVE-2024-7"), 100, 200, true}));
	CHECK_OK(db_writer_lifecycle(w, &(Lifecycle){S("debian:12"), 1, 2, 3}));
	CHECK_OK(db_writer_feed(w, &(FeedInfo){S("debian"), S("https://x"), S("facts"), 1234, 9}));
	return w;
}

static char path[64];

static void write_file(Arena *a, bool backwards)
{
	snprintf(path, sizeof path, "/tmp/bulwark-db-XXXXXX");
	int fd = mkstemp(path);
	DbWriter *w = fill(a, backwards);
	CHECK_OK(db_writer_finish(w, fd, true));
	db_writer_destroy(w);
	close(fd);
}

static Str load(Arena *a)
{
	Str out = {0};
	Source *s = source_from_fd(open(path, O_RDONLY | O_CLOEXEC), true);
	CHECK_OK(source_all(s, a, 1u << 28, &out));
	source_close(s);
	return out;
}

TEST(what_is_no_file_is_refused_and_not_waited_for)
{
	char dir[] = "/tmp/bulwark-db-XXXXXX", pipe[64];
	AdvisoryDb *db = NULL;
	CHECK(mkdtemp(dir) != NULL);
	snprintf(pipe, sizeof pipe, "%s/pipe", dir);
	CHECK(mkfifo(pipe, 0600) == 0);
	CHECK_ERR(advisory_db_open(pipe, &db), ERR_INPUT);
	CHECK_ERR(advisory_db_open(dir, &db), ERR_INPUT);
	unlink(pipe);
	rmdir(dir);
}

TEST(every_row_is_found_again_by_package_and_by_id)
{
	Arena a = {0};
	write_file(&a, false);
	AUTO_ADVISORY_DB AdvisoryDb *db = NULL;
	CHECK_OK(advisory_db_open(path, &db));
	CHECK(advisory_db_has(db, S("debian:12")) && !advisory_db_has(db, S("debian:13")));
	for (unsigned i = 0; i < 3 * PACKAGES; i += 37) {
		AdvisoryVec rows = {0};
		Str ecosystem = i % 2 != 0 ? S("debian:12") : S("PyPI"),
		    id = numbered(&a, "CVE-2024-", i);
		CHECK_OK(advisory_db_package(db, &a, ecosystem, numbered(&a, "package-", i / 3),
					     &rows));
		bool found = false;
		for (size_t k = 0; k < rows.n; k++)
			found = found ||
				(str_eq(rows.at[k].id, id) && rows.at[k].published == -5 &&
				 str_eq(rows.at[k].ranges.at[0].fixed, numbered(&a, "1.", i)));
		CHECK(found);
		AdvisoryVec hits = {0};
		CHECK_OK(advisory_db_search(db, &a, numbered(&a, "GHSA-", i), &hits));
		CHECK(hits.n == 1);
	}
	AdvisoryVec none = {0};
	CHECK_OK(advisory_db_package(db, &a, S("debian:12"), S("zzz"), &none));
	CHECK_OK(advisory_db_package(db, &a, S("nowhere"), S("zzz"), &none));
	CHECK(none.n == 0);
	uint64_t shards = 0;
	CHECK_OK(advisory_db_verify(db, &shards));
	CHECK(shards > 5);
	unlink(path);
	arena_finish(&a);
}

TEST(details_and_enrichment_come_back)
{
	Arena a = {0};
	write_file(&a, false);
	AUTO_ADVISORY_DB AdvisoryDb *db = NULL;
	CHECK_OK(advisory_db_open(path, &db));
	AdvisoryDetail d;
	Exploited e;
	Epss p;
	Lifecycle l;
	DbStamp s;
	bool found;
	CHECK_OK(advisory_db_detail(db, &a, S("CVE-2024-11"), &d, &found));
	CHECK(found && str_eq(d.title, S("A title")) && d.modified == 7);
	CHECK_OK(advisory_db_exploited(db, &a, S("CVE-2024-7"), &e, &found));
	CHECK(found && e.ransomware && e.due == 200);
	CHECK_OK(advisory_db_exploited(db, &a, S("CVE-2024-8"), &e, &found));
	CHECK(!found);
	CHECK_OK(advisory_db_epss(db, S("CVE-2024-11"), &p, &found));
	CHECK(found && p.score > 0.123449 && p.score < 0.123451);
	CHECK_OK(advisory_db_lifecycle(db, &a, S("debian:12"), &l, &found));
	CHECK(found && l.end_of_life == 2);
	CHECK_OK(advisory_db_stamp(db, &a, &s));
	CHECK(s.bundled && s.built == 1234 && s.feeds.n == 1 && s.feeds.at[0].rows == 9);
	unlink(path);
	arena_finish(&a);
}

TEST(the_same_rows_in_any_order_give_the_same_bytes)
{
	Arena a = {0};
	write_file(&a, false);
	Str one = load(&a);
	unlink(path);
	write_file(&a, true);
	CHECK(str_eq(load(&a), one));
	unlink(path);
	arena_finish(&a);
}

/* Opens what stands in the file and asks for one row: an error, or the right answer. */
static bool right_or_refused(Arena *a)
{
	AUTO_ADVISORY_DB AdvisoryDb *db = NULL;
	AdvisoryVec rows = {0};
	Err *e = advisory_db_open(path, &db);
	if (e == OK)
		e = advisory_db_package(db, a, S("debian:12"), S("package-1000"), &rows);
	bool good = e != OK ? e->kind == ERR_INPUT
			    : rows.n != 0 && str_starts(rows.at[0].id, S("CVE-2024-300"));
	err_free(e);
	return good;
}

TEST(a_flipped_byte_or_a_cut_is_an_error_or_changes_nothing)
{
	Arena a = {0};
	write_file(&a, false);
	Str whole = load(&a);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	for (size_t at = 0; at < whole.n; at += at < 128 || at + 2000 > whole.n ? 7 : 4999) {
		char flipped = (char)(whole.p[at] ^ 0x41);
		CHECK(pwrite(fd, &flipped, 1, (off_t)at) == 1);
		CHECK(right_or_refused(&a));
		CHECK(pwrite(fd, whole.p + at, 1, (off_t)at) == 1);
	}
	for (size_t n = whole.n; n > 5000; n -= 4801) {
		CHECK(ftruncate(fd, (off_t)n - 1) == 0);
		CHECK(right_or_refused(&a));
	}
	close(fd);
	unlink(path);
	arena_finish(&a);
}
