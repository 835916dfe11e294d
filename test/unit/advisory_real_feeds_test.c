/* advisory_real_feeds_test.c - real archives give what other programs count in them.
 *
 * The archives are in the folder that BULWARK_FEEDS names; without it the tests are skipped. */
#include <fcntl.h>
#include <unistd.h>

#include "advisory/feed.h"
#include "tap.h"

typedef struct Count {
	uint64_t rows, details, skipped, ranges, versions, not_affected, modular;
} Count;

static Result count_advisory(void *ctx, const Advisory *r)
{
	Count *c = ctx;
	c->rows++;
	c->ranges += r->ranges.n;
	c->versions += r->versions.n;
	c->not_affected += r->status == STATUS_NOT_AFFECTED;
	c->modular += r->module.n != 0;
	return OK;
}

static Result count_detail(void *ctx, const AdvisoryDetail *d)
{
	(void)d;
	((Count *)ctx)->details++;
	return OK;
}

static Result count_exploited(void *ctx, const Exploited *e)
{
	(void)e;
	((Count *)ctx)->rows++;
	return OK;
}

static Result count_epss(void *ctx, const Epss *e)
{
	(void)e;
	((Count *)ctx)->rows++;
	return OK;
}

static Result count_lifecycle(void *ctx, const Lifecycle *l)
{
	(void)l;
	((Count *)ctx)->rows++;
	return OK;
}

static void count_skipped(void *ctx, Str record, const char *why)
{
	(void)record;
	(void)why;
	((Count *)ctx)->skipped++;
}

static void forget_date(void *ctx, int64_t when)
{
	(void)ctx;
	(void)when;
}

/* False when the archive is not there. */
static bool count(const char *feed, const char *archive, Count *c)
{
	static const FeedSink to = {.advisory = count_advisory,
				    .detail = count_detail,
				    .exploited = count_exploited,
				    .epss = count_epss,
				    .lifecycle = count_lifecycle,
				    .skipped = count_skipped,
				    .as_of = forget_date};
	const char *dir = getenv("BULWARK_FEEDS");
	const char *root = getenv("MESON_SOURCE_ROOT");
	char path[4096];
	if (dir != NULL)
		snprintf(path, sizeof path, "%s/%s", dir, archive);
	else
		snprintf(path, sizeof path, "%s/../shared/feeds/%s", root != NULL ? root : ".",
			 archive);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		tap_skip("the archives are not there: set BULWARK_FEEDS");
		return false;
	}
	FeedSink sink = to;
	sink.ctx = c;
	*c = (Count){0};
	CHECK_OK(feed_read_fd(feed_named(str_of(feed)), fd, str_base(str_of(path)), &sink));
	close(fd);
	return true;
}

#define CHECK_N(got, want) check_number(ERR_HERE, #got, (got), (want))

static void check_number(const char *where, const char *what, uint64_t got, uint64_t want)
{
	char text[200];
	snprintf(text, sizeof text, "%s is %llu, not %llu", what, (unsigned long long)got,
		 (unsigned long long)want);
	if (got != want)
		tap_fail(where, text);
}

TEST(debian)
{
	Count c;
	if (!count("debian", "debian-tracker-bookworm.json.zst", &c))
		return;
	CHECK_N(c.rows, 10239);
	CHECK_N(c.ranges, 10239);
	CHECK_N(c.skipped, 0);
	if (!count("debian", "debian-tracker-excerpts.tar.zst", &c))
		return;
	CHECK_N(c.rows, 66);
	CHECK_N(c.not_affected, 13);
}

TEST(alpine)
{
	Count c;
	if (!count("alpine", "alpine-secdb-2024.tar.zst", &c))
		return;
	CHECK_N(c.rows, 85303);
	CHECK_N(c.not_affected, 553);
	CHECK_N(c.skipped, 4); /* CVE-46838 */
	if (!count("alpine", "alpine-secdb-2020.tar.zst", &c))
		return;
	CHECK_N(c.rows, 12031);
	CHECK_N(c.not_affected, 5);
	CHECK_N(c.skipped, 0);
}

TEST(wolfi_and_chainguard)
{
	Count c;
	if (!count("wolfi", "chainguard-wolfi-secdb-excerpts.tar.zst", &c))
		return;
	CHECK_N(c.rows, 199);
	CHECK(count("chainguard", "chainguard-wolfi-secdb-excerpts.tar.zst", &c));
	CHECK_N(c.rows, 237);
}

TEST(osv_pypi)
{
	Count c;
	if (!count("osv-pypi", "pypi-osv.tar.zst", &c))
		return;
	CHECK_N(c.rows, 2651);
	CHECK_N(c.details, 2651);
	CHECK_N(c.ranges, 5084);
	CHECK_N(c.versions, 139481);
	CHECK_N(c.skipped, 10); /* withdrawn */
	if (!count("osv-pypi", "osv-ecosystems-2026-01.tar.zst", &c))
		return;
	CHECK_N(c.rows, 181);
	CHECK_N(c.ranges, 213);
	CHECK_N(c.versions, 7565);
}

TEST(osv_go)
{
	Count c;
	if (!count("osv-go", "golang-osv.tar.zst", &c))
		return;
	CHECK_N(c.rows, 6041);
	CHECK_N(c.details, 4274);
	CHECK_N(c.ranges, 7560);
	CHECK_N(c.skipped, 17); /* withdrawn */
	if (!count("osv-go", "osv-ecosystems-2026-01.tar.zst", &c))
		return;
	CHECK_N(c.rows, 567);
	CHECK_N(c.details, 426);
}

TEST(osv_almalinux)
{
	Count c;
	if (!count("osv-almalinux", "almalinux-osv.tar.zst", &c))
		return;
	CHECK_N(c.rows, 61649);
	CHECK_N(c.details, 4467);
	CHECK_N(c.skipped, 1206 + 104); /* errata without a CVE; packages of unnamed streams */
	if (!count("osv-almalinux", "osv-ecosystems-2026-01.tar.zst", &c))
		return;
	CHECK_N(c.rows, 6321);
}

TEST(kev_epss_and_eol)
{
	Count c;
	if (!count("kev", "kev.json.zst", &c))
		return;
	CHECK_N(c.rows, 1404);
	CHECK(count("epss", "epss-2026-08-16.csv.zst", &c));
	CHECK_N(c.rows, 360142);
	CHECK(count("eol", "endoflife-date.tar.zst", &c));
	CHECK_N(c.rows, 333);
}
