/* db.c - the advisory database: how fast feeds are read, a million rows built, packages looked up.
 *
 *     db_bench FEEDS_DIR SCRATCH_FILE
 *
 * The rows are those of real feeds, each taken several times under another release, package
 * and id, until there are a million: the shape of reference work on such stores. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "advisory/feed.h"
#include "base/buf.h"
#include "io/source.h"

enum { ROWS = 1000000, LOOKED_UP = 500, ROUNDS = 20, EACH = 200 };

static const struct {
	const char *feed, *file;
} archives[] = {
	{"debian", "debian-tracker-bookworm.json.zst"},
	{"alpine", "alpine-secdb-2024.tar.zst"},
	{"osv-almalinux", "almalinux-osv.tar.zst"},
	{"osv-go", "golang-osv.tar.zst"},
	{"osv-pypi", "pypi-osv.tar.zst"},
};

typedef struct Key {
	Str ecosystem, package;
} Key;

typedef VEC(Key) KeyVec;

typedef struct Bench {
	Arena *a;
	DbWriter *w; /* NULL: count only */
	bool with_details;
	unsigned copy;
	uint64_t rows, details;
	Str last; /* the package of the row before */
	uint64_t changes, image_changes;
	KeyVec of_image; /* to be looked up: packages of two releases */
	KeyVec all_over; /* each EACH-th package of all releases */
} Bench;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(Err *e)
{
	if (e == OK)
		return;
	fprintf(stderr, "db_bench: %s\n", e->text);
	exit(3);
}

static Str again(Bench *b, Str text)
{
	Buf to = buf_in(b->a, 4096);
	buf_add(&to, text);
	if (b->copy != 0)
		buf_fmt(&to, "~%u", b->copy);
	return buf_str(&to);
}

static Result take_row(void *ctx, const Advisory *row)
{
	Bench *b = ctx;
	Advisory r = *row;
	if (b->w == NULL || b->rows == ROWS) {
		b->rows += b->w == NULL;
		return OK;
	}
	b->rows++;
	r.ecosystem = again(b, row->ecosystem);
	r.package = again(b, row->package);
	r.id = again(b, row->id);
	b->changes += !str_eq(r.package, b->last);
	b->last = r.package;
	if (b->all_over.n < LOOKED_UP && b->changes / EACH > b->all_over.n)
		vec_push(b->a, &b->all_over, (Key){r.ecosystem, r.package});
	bool image = str_eq(r.ecosystem, S("debian:12")) || str_eq(r.ecosystem, S("alpine:3.20"));
	if (image && b->changes != b->image_changes && b->of_image.n < LOOKED_UP) {
		b->image_changes = b->changes;
		vec_push(b->a, &b->of_image, (Key){r.ecosystem, r.package});
	}
	return db_writer_advisory(b->w, &r);
}

static Result take_detail(void *ctx, const AdvisoryDetail *d)
{
	Bench *b = ctx;
	AdvisoryDetail r = *d;
	b->details++;
	if (b->w == NULL || b->rows == ROWS || !b->with_details)
		return OK;
	r.id = again(b, d->id);
	return db_writer_detail(b->w, &r);
}

static void pass_skipped(void *ctx, Str record, const char *why)
{
	(void)ctx;
	(void)record;
	(void)why;
}

static void pass_date(void *ctx, int64_t when)
{
	(void)ctx;
	(void)when;
}

static FeedSink sink_of(Bench *b)
{
	return (FeedSink){.ctx = b,
			  .advisory = take_row,
			  .detail = take_detail,
			  .skipped = pass_skipped,
			  .as_of = pass_date};
}

/* A feed's file, unpacked into memory, so that what is timed is reading and not inflating. */
static int open_plain(const char *dir, const char *file, uint64_t *bytes)
{
	char path[4096];
	Str w;
	snprintf(path, sizeof path, "%s/%s", dir, file);
	int from = open(path, O_RDONLY | O_CLOEXEC), to = memfd_create(file, MFD_CLOEXEC);
	if (from < 0 || to < 0) {
		fprintf(stderr, "db_bench: %s: not there\n", path);
		exit(3);
	}
	Source *s = source_from_fd(from, true);
	must(source_decompress(&s, NULL));
	*bytes = 0;
	for (;;) {
		must(source_next(s, &w));
		if (w.n == 0)
			break;
		*bytes += w.n;
		if (write(to, w.p, w.n) != (ssize_t)w.n)
			exit(3);
	}
	source_close(s);
	return to;
}

static void time_feeds(const int *fds, const uint64_t *bytes)
{
	printf("%-16s %10s %10s %10s   aim: 500 MB/s\n", "feed", "MB", "rows", "MB/s");
	for (size_t i = 0; i < sizeof archives / sizeof archives[0]; i++) {
		Bench b = {0};
		double best = 1e9;
		for (int round = 0; round < 5; round++) {
			FeedSink to = sink_of(&b);
			double start = now();
			b.rows = 0;
			must(feed_read_fd(feed_named(str_of(archives[i].feed)), fds[i],
					  str_of(archives[i].file), &to));
			best = now() - start < best ? now() - start : best;
		}
		printf("%-16s %10.1f %10llu %10.0f\n", archives[i].feed, (double)bytes[i] / 1e6,
		       (unsigned long long)b.rows, (double)bytes[i] / 1e6 / best);
	}
}

static void gather(Bench *b, const int *fds)
{
	for (b->copy = 0; b->rows < ROWS; b->copy++)
		for (size_t i = 0; i < sizeof archives / sizeof archives[0]; i++) {
			FeedSink to = sink_of(b);
			must(feed_read_fd(feed_named(str_of(archives[i].feed)), fds[i],
					  str_of(archives[i].file), &to));
		}
}

static void time_build(Bench *b, const int *fds, bool details, const char *path)
{
	struct stat st;
	double start = now();
	b->rows = 0;
	b->with_details = details;
	b->w = db_writer_create();
	gather(b, fds);
	double read = now();
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(db_writer_finish(b->w, fd, false));
	fstat(fd, &st);
	close(fd);
	printf("built: %llu rows in %.1f s (%.1f s of it reading feeds, %u times), %.1f MB %s\n",
	       (unsigned long long)b->rows, now() - start, read - start, b->copy,
	       (double)st.st_size / 1e6, details ? "with details" : "without");
	db_writer_destroy(b->w);
}

static uint64_t look_up(const char *path, const KeyVec *keys, size_t n)
{
	AUTO_ADVISORY_DB AdvisoryDb *db = NULL;
	uint64_t rows = 0;
	Arena a = {0};
	must(advisory_db_open(path, &db));
	for (size_t i = 0; i < n; i++) {
		AdvisoryVec found = {0};
		must(advisory_db_package(db, &a, keys->at[i].ecosystem, keys->at[i].package,
					 &found));
		rows += found.n;
	}
	arena_finish(&a);
	return rows;
}

static void time_look_ups(const char *path, const KeyVec *keys, const char *which)
{
	static const size_t counts[] = {1, 100, LOOKED_UP};
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		double best = 1e9;
		uint64_t rows = 0;
		size_t n = counts[i] < keys->n ? counts[i] : keys->n;
		for (int round = 0; round < ROUNDS; round++) {
			double start = now();
			rows = look_up(path, keys, n);
			best = now() - start < best ? now() - start : best;
		}
		printf("open and look up %3zu packages of %s: %6.2f ms (%llu rows)\n", n, which,
		       best * 1e3, (unsigned long long)rows);
	}
}

int main(int argc, char **argv)
{
	enum { N = sizeof archives / sizeof archives[0] };
	int fds[N];
	uint64_t bytes[N];
	Arena a = {0};
	Bench b = {.a = &a};
	if (argc != 3) {
		fprintf(stderr, "usage: db_bench FEEDS_DIR SCRATCH_FILE\n");
		return 2;
	}
	for (size_t i = 0; i < N; i++)
		fds[i] = open_plain(argv[1], archives[i].file, &bytes[i]);
	time_feeds(fds, bytes);
	time_build(&b, fds, false, argv[2]);
	time_build(&b, fds, true, argv[2]);
	printf("aim: 20 s; 15 MB without details, 110 MB with them\n");
	time_look_ups(argv[2], &b.of_image, "two releases");
	time_look_ups(argv[2], &b.all_over, "all releases");
	printf("aim: 3 ms for 500 of two releases\n");
	unlink(argv[2]);
	arena_finish(&a);
	return 0;
}
