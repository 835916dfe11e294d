/* catalog_limits_test.c - what an image may not do to its reader: too many, too long, over and
 * over. */
#include "base/limits.h"
#include "catalog/catalog.h"
#include "tap.h"

static void add_file(Arena *a, Image *image, const char *path, Str body)
{
	Captured f = {.path = str_of(path), .body = body, .layer = LAYER_NONE};
	f.info = (FileInfo){.path = f.path, .type = FILE_REGULAR, .size = body.n, .mode = 0644};
	vec_push(a, &image->files.files, f);
}

/* Nothing of the image's files becomes a package, and this is said why. */
static void check_refused(const char *where, Arena *a, Image *image, const char *why)
{
	Facts facts = {.arena = a};
	size_t at;
	fileset_index(&image->files, a);
	tap_ok(where, catalog_read(image, &facts));
	bool told = facts.undecided.n == 1 &&
		    str_find(facts.undecided.at[0].reason, str_of(why), &at);
	if (told && facts.pkgs.n == 0)
		return;
	printf("# %s: %zu packages, %zu undecided\n", where, facts.pkgs.n, facts.undecided.n);
	if (facts.undecided.n != 0)
		printf("# " STR_FMT "\n", STR_ARG(facts.undecided.at[0].reason));
	tap_bad++;
}

TEST(an_image_has_so_many_packages_at_most)
{
	Arena a = {0};
	Facts facts = {.arena = &a};
	facts.pkgs.n = LIMIT_PACKAGES;
	CHECK_ERR(analyzer_add(&facts, (Pkg){.type = PKG_DEB}), ERR_LIMIT);
	arena_finish(&a);
}

TEST(a_list_of_files_cannot_be_read_over_and_over)
{
	static const char paragraph[] = "Package: a\nVersion: 1\n\n";
	enum {
		LIST = 1 << 20,
		TIMES = LIMIT_PACKAGE_DB_BYTES / LIST + 1,
		N = sizeof paragraph - 1
	};
	Arena a = {0};
	Image image = {0};
	char *list = arena_array(&a, char, LIST), *status = arena_array(&a, char, TIMES *N);
	memset(list, 'x', LIST);
	for (size_t i = 0; i < TIMES; i++)
		memcpy(status + i * N, paragraph, N);
	add_file(&a, &image, "var/lib/dpkg/info/a.list", (Str){list, LIST});
	add_file(&a, &image, "var/lib/dpkg/status", (Str){status, (size_t)TIMES * N});
	check_refused(ERR_HERE, &a, &image, "lists of files");
	arena_finish(&a);
}

TEST(a_version_that_is_too_long_is_refused_and_not_cut)
{
	enum { LONG = 5000 };
	static const char head[] = "a\t",
			  tail[] = "\t0\t0\tv\t(none)\t10\tx86_64\t1\ta-1-2.src.rpm\n";
	Arena a = {0};
	Image image = {0};
	size_t n = sizeof head - 1 + LONG + sizeof tail - 1;
	char *line = arena_array(&a, char, n);
	memset(line, '1', n);
	memcpy(line, head, sizeof head - 1);
	memcpy(line + n - (sizeof tail - 1), tail, sizeof tail - 1);
	add_file(&a, &image, "var/lib/rpmmanifest/container-manifest-2", (Str){line, n});
	check_refused(ERR_HERE, &a, &image, "version");
	arena_finish(&a);
}

/* ---- an rpm database whose slots all point at one package ---- */

enum { PAGE = 4096, SLOT = 16, BLOB_HEAD = 16, HEADER = 3072, COPIES = 3 };

static void put_little(char *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (char)(v >> (8 * i));
}

static void put_big(char *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[3 - i] = (char)(v >> (8 * i));
}

static void put_tag(char *p, uint32_t tag, uint32_t offset)
{
	put_big(p, tag);
	put_big(p + 4, 6); /* a string */
	put_big(p + 8, offset);
	put_big(p + 12, 1);
}

static Str make_ndb(Arena *a, size_t copies)
{
	size_t n = PAGE + BLOB_HEAD + HEADER;
	char *f = arena_array(a, char, n), *blob = f + PAGE, *header = blob + BLOB_HEAD;
	memcpy(f, "RpmP", 4);
	put_little(f + 12, 1);
	for (size_t i = 2; i < PAGE / SLOT; i++) {
		char *slot = f + i * SLOT;
		memcpy(slot, "Slot", 4);
		if (i - 2 >= copies)
			continue;
		put_little(slot + 4, 1);
		put_little(slot + 8, PAGE / SLOT);
		put_little(slot + 12, (BLOB_HEAD + HEADER) / SLOT);
	}
	memcpy(blob, "BlbS", 4);
	put_little(blob + 4, 1);
	put_little(blob + 12, HEADER);
	put_big(header, 2);
	put_big(header + 4, HEADER - 8 - 32);
	put_tag(header + 8, 1000, 0);
	put_tag(header + 24, 1001, 2);
	memcpy(header + 40,
	       "a\0"
	       "1",
	       4);
	return (Str){f, n};
}

TEST(packages_that_share_their_bytes_are_refused)
{
	Arena a = {0};
	Image image = {0}, shared = {0};
	Facts facts = {.arena = &a};
	add_file(&a, &image, "var/lib/rpm/Packages.db", make_ndb(&a, 1));
	fileset_index(&image.files, &a);
	CHECK_OK(catalog_read(&image, &facts));
	CHECK(facts.pkgs.n == 1 && facts.undecided.n == 0);
	add_file(&a, &shared, "var/lib/rpm/Packages.db", make_ndb(&a, COPIES));
	check_refused(ERR_HERE, &a, &shared, "inside each other");
	arena_finish(&a);
}
