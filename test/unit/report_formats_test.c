/* report_formats_test.c - reports made by hand, against the files in test/golden/CASE.
 *
 * `make golden` writes the files anew: read the difference before you commit it. */
#include <unistd.h>

#include "base/time.h"
#include "golden.h"
#include "report/format.h"
#include "report/summary.h"
#include "report/text.h"

enum { OUTPUT_BYTES = GOLDEN_BYTES };

typedef struct Case {
	Arena a;
	Image image;
	Facts facts;
	Report r;
} Case;

static int64_t at(const char *text)
{
	int64_t t = 0;
	CHECK(time_parse(str_of(text), &t));
	return t;
}

static void finish(Case *c) { arena_finish(&c->a); }

/* ---- the cases ---- */

static void layers(Case *c)
{
	vec_push(&c->a, &c->image.layers,
		 (Layer){.digest = S("sha256:11aa"),
			 .diff_id = S("sha256:1111"),
			 .size = 77312000,
			 .created_by = S("/bin/sh -c #(nop) ADD file:1 in /")});
	vec_push(&c->a, &c->image.layers,
		 (Layer){.diff_id = S("sha256:2222"),
			 .size = 1024,
			 .created_by = S("RUN pip install")});
}

static void start(Case *c)
{
	*c = (Case){
		.image =
			{.target = S("docker:web:1"),
			 .reference = S("docker.io/library/web:1"),
			 .id = S("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789"
				 "abcdef"),
			 .os = S("linux"),
			 .arch = S("amd64"),
			 .road = S("overlay2, read where it lies")},
		.facts.os = {.id = S("debian"),
			     .version_id = S("12"),
			     .codename = S("bookworm"),
			     .pretty = S("Debian GNU/Linux 12 (bookworm)")}};
	c->facts.arena = &c->a;
	c->r.image = &c->image;
	c->r.facts = &c->facts;
	c->r.os_end_date = at("2028-06-30");
	c->r.db = (DbStamp){.id = S("sha256:feed"), .built = at("2026-11-20T06:00:00Z")};
	vec_push(&c->a, &c->r.db.feeds,
		 (struct FeedStamp){S("debian"), at("2026-11-20T06:00:00Z"), 240000});
	vec_push(&c->a, &c->r.db.feeds,
		 (struct FeedStamp){S("osv-pypi"), at("2026-11-19T00:00:00Z"), 18000});
	layers(c);
}

static uint32_t package(Case *c, Pkg p)
{
	facts_add_pkg(&c->facts, p);
	return (uint32_t)c->facts.pkgs.n - 1;
}

static uint32_t deb(Case *c, Str name, Str source, Str version)
{
	return package(c, (Pkg){.type = PKG_DEB,
				.name = name,
				.source_name = source,
				.version = version,
				.arch = S("amd64"),
				.path = S("var/lib/dpkg/status"),
				.purl = S("pkg:deb/debian/x@1?arch=amd64&distro=debian-12")});
}

static Finding *finding(Case *c, uint32_t pkg, Str id, Severity s, Str fixed)
{
	vec_push(
		&c->a, &c->r.findings,
		(Finding){.id = id,
			  .pkg = pkg,
			  .severity = s,
			  .severity_source = S("debian"),
			  .fixed_version = fixed,
			  .status = fixed.n != 0 ? STATUS_FIXED : STATUS_AFFECTED,
			  .epss = -1,
			  .epss_percentile = -1,
			  .evidence = {
				  .feed = S("debian"), .record = id, .ecosystem = S("debian:12")}});
	return &c->r.findings.at[c->r.findings.n - 1];
}

/* Worst first, then by package and id, as match_report() sorts. */
static void web(Case *c)
{
	start(c);
	uint32_t webp = deb(c, S("libwebp7"), S("libwebp"), S("1.2.4-0.2"));
	uint32_t perl[3] = {deb(c, S("libperl5.36"), S("perl"), S("5.36.0-7")),
			    deb(c, S("perl"), S(""), S("5.36.0-7")),
			    deb(c, S("perl-base"), S("perl"), S("5.36.0-7"))};
	uint32_t kernel = deb(c, S("linux-libc-dev"), S("linux"), S("6.1.38-1"));
	uint32_t jinja = package(
		c,
		(Pkg){.type = PKG_PYPI,
		      .name = S("jinja2"),
		      .version = S("2.8.1"),
		      .purl = S("pkg:pypi/jinja2@2.8.1"),
		      .layer = 1,
		      .path = S("usr/lib/python3/dist-packages/Jinja2-2.8.1.dist-info/METADATA")});

	Finding *f = finding(c, webp, S("CVE-2023-4863"), SEV_CRITICAL, S("1.2.4-0.2+deb12u1"));
	f->exploited = f->ransomware = true;
	f->epss = 0.94123;
	f->epss_percentile = 0.99912;
	f->published = at("2023-09-12T15:15:24Z");
	f->title = S(
		"Heap buffer overflow in libwebp allows a remote attacker to write out of bounds");
	f->cvss = S("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H");
	f->evidence.package = S("libwebp");
	f->evidence.compared = S("1.2.4-0.2");
	f->evidence.comparison = S("1.2.4-0.2 < 1.2.4-0.2+deb12u1 (deb)");
	vec_push(&c->a, &f->aliases, S("GHSA-j7hp-h8jx-5ppr"));
	vec_push(&c->a, &f->references,
		 S("https://security-tracker.debian.org/tracker/CVE-2023-4863"));

	f = finding(c, jinja, S("CVE-2019-10906"), SEV_HIGH, S("2.10.1"));
	f->severity_source = S("cvss:4.0");
	f->cvss = S("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N");
	f->epss = 0.0123;
	f->epss_percentile = 0.5;
	for (size_t i = 0; i < 3; i++)
		finding(c, perl[i], S("CVE-2023-47038"), SEV_HIGH, S("5.36.0-7+deb12u1"));
	finding(c, kernel, S("CVE-2024-1086"), SEV_HIGH, S("6.1.76-1"))->informational = true;
	for (size_t i = 0; i < 3; i++) {
		f = finding(c, perl[i], S("CVE-2023-31486"), SEV_LOW, S(""));
		f->status = STATUS_WILL_NOT_FIX;
		f->vendor_state = S("no-dsa");
	}
	vec_push(&c->a, &c->r.not_evaluated,
		 (Undecided){S("opt/app/data.bin"),
			     S("file is 5368709120 bytes, at most 4294967296 are "
			       "read, so what it may hold is not known")});
	c->r.ignored = 2;
	for (size_t i = 0; i < 2; i++) { /* one is a rule's only result, and one of several */
		Finding taken = c->r.findings.at[0];
		taken.id = i == 0 ? S("CVE-2020-1") : taken.id;
		taken.pkg = kernel;
		taken.accepted = i == 0 ? S("not reachable") : S("ign:2");
		vec_push(&c->a, &c->r.accepted, taken);
	}
	vec_push(&c->a, &c->r.warnings, S("ign:3: CVE-1: ignored nothing in this image"));
}

static void clean(Case *c)
{
	start(c);
	deb(c, S("base-files"), S(""), S("12.4"));
}

static void empty(Case *c)
{
	start(c);
	c->facts.os = (OsRelease){0};
	c->image = (Image){.target = S("rootfs:/srv/empty")};
	c->r.os_end_date = 0;
}

static void old(Case *c)
{
	start(c);
	c->r.os_end_of_life = true;
	c->r.os_end_date = at("2022-06-30");
	c->r.db.bundled = true;
	c->facts.os = (OsRelease){.id = S("debian"), .version_id = S("9")};
	uint32_t ssl = deb(c, S("libssl1.1"), S("openssl"), S("1.1.0l-1~deb9u1"));
	Finding *f = finding(c, ssl, S("CVE-2021-3711"), SEV_UNKNOWN, S(""));
	f->status = STATUS_END_OF_LIFE;
	f->severity_source = S("");
}

static void hostile(Case *c)
{
	start(c);
	c->image.target = S("archive:/tmp/\x1b]0;owned\x07.tar");
	c->facts.os.pretty = S("\x1b[2J\xff\xfe Linux");
	uint32_t p = deb(c, S("zlib1g\x1b[31m\r\nfake 0 findings"), S("z\xe2\x80\xaelib"),
			 S("1:1.2.13\n"));
	char *wide = arena_array(&c->a, char, 300);
	for (size_t i = 0; i < 300; i++)
		wide[i] = 'v';
	finding(c, p, S("CVE-2022-37434\x9b"), SEV_HIGH, (Str){wide, 300})->title = S(
		"\"quoted\"\t\\");
	finding(c, p, S("A-VERY-LONG-ADVISORY-ID-2026-000000000000001"), SEV_MEDIUM, S("2"));
	vec_push(&c->a, &c->r.not_evaluated,
		 (Undecided){S("usr/\x1b[8mhidden"), S("it is \xf0\x9f\x92\xa9")});
	vec_push(&c->a, &c->r.warnings, S("\x1b[1A"));
}

/* ---- comparing ---- */

static Str written(Case *c, const char *format, FormatStyle style)
{
	Buf b = buf_in(&c->a, OUTPUT_BYTES);
	const Format *f = format_named(str_of(format));
	CHECK(f != NULL);
	f->write(&c->r, &style, &b);
	CHECK(!b.full);
	return buf_str(&b);
}

static void is_narrow(Str table)
{
	Str line;
	while (str_cut(&table, '\n', &line))
		if (text_width(line) > 100) {
			printf("# %zu columns: " STR_FMT "\n", text_width(line), STR_ARG(line));
			tap_bad++;
		}
}

static void check(void make(Case *c), const char *name)
{
	Case c;
	make(&c);
	Str table = written(&c, "table", (FormatStyle){0});
	Str verbose = written(&c, "table", (FormatStyle){.verbose = true});
	is_narrow(table);
	is_narrow(verbose);
	golden_compare(name, "table", table);
	golden_compare(name, "table-verbose", verbose);
	golden_compare(name, "json", written(&c, "json", (FormatStyle){0}));
	golden_compare(name, "sarif", written(&c, "sarif", (FormatStyle){0}));
	finish(&c);
}

TEST(an_image_with_findings) { check(web, "report-web"); }
TEST(an_image_without) { check(clean, "report-clean"); }
TEST(a_release_past_its_end_is_said_first) { check(old, "report-old"); }
TEST(an_image_without_packages_is_not_called_clean) { check(empty, "report-empty"); }
TEST(hostile_names_steer_nothing) { check(hostile, "report-hostile"); }

/* ---- laws ---- */

TEST(no_control_character_reaches_a_table)
{
	Case c;
	hostile(&c);
	Str table = written(&c, "table", (FormatStyle){.verbose = true});
	for (size_t i = 0; i < table.n; i++)
		if (((unsigned char)table.p[i] < ' ' && table.p[i] != '\n') || table.p[i] == 0x7f)
			tap_fail(ERR_HERE, "a control character");
	finish(&c);
}

TEST(colour_adds_nothing_but_colour)
{
	Case c;
	web(&c);
	Str plain = written(&c, "table", (FormatStyle){0}), rest;
	Str color = rest = written(&c, "table", (FormatStyle){.color = true});
	Buf bare = buf_in(&c.a, OUTPUT_BYTES);
	while (rest.n != 0) {
		size_t at = 0;
		if (!str_find(rest, S("\033["), &at))
			at = rest.n;
		buf_add(&bare, str_first(rest, at));
		rest = str_skip(rest, at);
		if (str_find(rest, S("m"), &at))
			rest = str_skip(rest, at + 1);
	}
	CHECK(color.n > plain.n);
	CHECK_STR(buf_str(&bare), plain);
	finish(&c);
}

TEST(the_same_report_gives_the_same_bytes)
{
	Case one, two;
	web(&one);
	web(&two);
	for (size_t i = 0; format_choice(i) != NULL; i++)
		CHECK_STR(written(&one, format_choice(i), (FormatStyle){0}),
			  written(&two, format_choice(i), (FormatStyle){0}));
	finish(&one);
	finish(&two);
}

TEST(a_narrow_terminal_gets_narrow_lines)
{
	Case c;
	Str line;
	web(&c);
	Str table = written(&c, "table", (FormatStyle){.width = 80});
	while (str_cut(&table, '\n', &line))
		CHECK(text_width(line) <= 80 || str_starts(line, S("8 findings")));
	finish(&c);
}

TEST(informational_findings_are_counted_apart)
{
	Case c;
	web(&c);
	Summary s = summary_of(&c.r);
	CHECK(s.findings == 8 && s.informational == 1 && s.vulnerabilities == 4);
	CHECK(s.by_severity[SEV_HIGH] == 4 && s.fixable == 5 && s.exploited == 1);
	finish(&c);
}
