/* advisory_reader_test.c - a feed's file may be plain, packed, or an archive of documents. */
#include <zlib.h>
#include <zstd.h>

#include "feed_text.h"
#include "tap.h"

#define ONE                                                                         \
	"{\"catalogVersion\":\"1\",\"vulnerabilities\":[{\"cveID\":\"CVE-2025-1\"," \
	"\"dateAdded\":\"2025-08-25\",\"dueDate\":\"2025-09-15\"}]}"
#define ROW "CVE-2025-1 added 2025-08-25 due 2025-09-15\n"

static void check(const char *name, Str bytes, const char *want)
{
	FeedText t = {0};
	CHECK_OK(feed_text(&t, "kev", name, bytes));
	CHECK_STR(buf_str(&t.out), str_of(want));
	feed_text_finish(&t);
}

static void check_error(const char *name, Str bytes, const char *word)
{
	FeedText t = {0};
	Err *e = feed_text(&t, "kev", name, bytes);
	if (e == OK || strstr(e->text, word) == NULL)
		tap_fail(ERR_HERE, e == OK ? "succeeded" : e->text);
	err_free(e);
	feed_text_finish(&t);
}

/* One ustar entry and its padding; the archive ends with two zero blocks. */
static size_t tar_entry(char *p, const char *name, const char *body)
{
	size_t n = strlen(body);
	unsigned sum = 0;
	memset(p, 0, 512 + 1024);
	snprintf(p, 100, "%s", name);
	snprintf(p + 100, 8, "%07o", 0644u);
	snprintf(p + 108, 8, "%07o", 0u);
	snprintf(p + 116, 8, "%07o", 0u);
	snprintf(p + 124, 12, "%011o", (unsigned)n & 0777777);
	snprintf(p + 136, 12, "%011o", 0u);
	memset(p + 148, ' ', 8);
	p[156] = '0';
	memcpy(p + 257, "ustar\00000", 8);
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)p[i];
	snprintf(p + 148, 8, "%06o", sum);
	memcpy(p + 512, body, n);
	return 512 + (n + 511) / 512 * 512;
}

static Str tar_of(char *to, const char *second)
{
	size_t n = tar_entry(to, "feed/kev.json", ONE);
	n += tar_entry(to + n, second, "not JSON");
	return (Str){to, n + 1024};
}

static Str gzip_of(char *to, Str body)
{
	z_stream d = {.next_in = (Bytef *)(uintptr_t)body.p,
		      .avail_in = (uInt)body.n,
		      .next_out = (Bytef *)to,
		      .avail_out = 4096};
	if (deflateInit2(&d, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&d, Z_FINISH) != Z_STREAM_END)
		abort();
	deflateEnd(&d);
	return (Str){to, d.total_out};
}

TEST(a_document_may_be_plain_gzip_or_zstd)
{
	char packed[4096];
	check("kev.json", S(ONE), ROW);
	check("kev.json.gz", gzip_of(packed, S(ONE)), ROW);
	check("kev.json", gzip_of(packed, S(ONE)), ROW);
	size_t n = ZSTD_compress(packed, sizeof packed, ONE, sizeof ONE - 1, 3);
	check("kev.json.zst", (Str){packed, n}, ROW);
}

TEST(a_tar_may_be_plain_or_packed)
{
	char tar[8192], packed[4096];
	Str plain = tar_of(tar, "feed/README");
	check("kev.tar", plain, ROW);
	check("kev.tgz", gzip_of(packed, plain), ROW);
}

TEST(a_zip_is_read_entry_by_entry)
{
	ZipMaker z = {0};
	zip_add(&z, "dir/", S(""), 0);
	zip_add(&z, "dir/kev.json", S(ONE), 8);
	zip_add(&z, "dir/.kev.json", S("left by an editor"), 0);
	zip_add(&z, "LICENSE", S("do what you like"), 0);
	zip_add(&z, "other.json", S("{\"some\":\"thing\"}"), 8);
	zip_add(&z, "again.json", S(ONE), 0);
	zip_end(&z);
	check("all.zip", (Str){(char *)z.bytes, z.n}, ROW ROW);
}

TEST(a_broken_document_keeps_the_archive_out_and_is_named)
{
	char tar[8192];
	ZipMaker z = {0};
	check_error("kev.tar", tar_of(tar, "feed/other.json"), "feed/other.json: json: byte 0");
	zip_add(&z, "a/kev.json", S("{\"catalogVersion\":"), 0);
	zip_end(&z);
	check_error("all.zip", (Str){(char *)z.bytes, z.n}, "a/kev.json: json: byte 18");
}

TEST(a_file_with_nothing_of_the_feed_is_an_error)
{
	ZipMaker z = {0};
	zip_add(&z, "README", S("hello"), 0);
	zip_end(&z);
	check_error("all.zip", (Str){(char *)z.bytes, z.n}, "no document of the feed kev");
	check_error("kev.json", S("{}"), "no document of the feed kev");
	check_error("page.html", S("<html>"), "no document of the feed kev");
	check_error("empty", S(""), "no document of the feed kev");
}

TEST(packings_that_are_not_read_are_named)
{
	check_error("kev.json.xz",
		    S("\xfd"
		      "7zXZ\0rest"),
		    "xz -d");
	check_error("kev.json.bz2", S("BZh91AY"), "bzip2 -d");
}

TEST(files_that_are_cut_short_are_errors)
{
	char tar[8192], packed[4096];
	Str gz = gzip_of(packed, S(ONE));
	check_error("kev.json.gz", str_first(gz, gz.n - 9), "gzip: ");
	check_error("kev.tar", str_first(tar_of(tar, "feed/README"), 600), "");
}

TEST(every_feed_is_found_by_its_name)
{
	static const char *const names[] = {"debian",   "alpine", "wolfi",         "chainguard",
					    "osv-pypi", "osv-go", "osv-almalinux", "kev",
					    "epss",     "eol"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		CHECK(feed_named(str_of(names[i])) == feeds[i]);
	CHECK(feeds[sizeof names / sizeof names[0]] == NULL);
	CHECK(feed_named(S("none")) == NULL);
}

TEST(every_feed_has_https_sources_under_its_own_name)
{
	for (size_t i = 0; feeds[i] != NULL; i++) {
		const Feed *f = feeds[i];
		CHECK(f->title != NULL && f->license != NULL && f->read != NULL);
		CHECK(f->urls[0].url != NULL);
		for (const FeedUrl *u = f->urls; u->url != NULL; u++) {
			CHECK(str_starts(str_of(u->url), S("https://")));
			CHECK_STR(str_dir(str_of(u->file)), str_of(f->name));
		}
	}
}
