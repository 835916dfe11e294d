/* catalog_laws_test.c - laws of every analyzer, over a sample of each: add yours with a sample
 * here. */
#include "catalog/catalog.h"
#include "catalog/select.h"
#include "tap.h"

static const struct {
	const char *analyzer, *path, *body;
} samples[] = {
	{"osrelease", "etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME='Debian 12'\n"},
	{"dpkg", "var/lib/dpkg/status",
	 "Package: a\nStatus: install ok installed\nVersion: 1\nSource: b (2)\n\nPackage: "
	 "c\nVersion: 3\n"},
	{"apk", "lib/apk/db/installed", "P:musl\nV:1.2-r0\no:musl\nF:lib\nR:ld.so\n\nP:b\nV:1\n"},
	{"rpm_manifest", "var/lib/rpmmanifest/container-manifest-2",
	 "a\t1-2\t0\t0\tv\t(none)\t10\tx86_64\t1\ta-1-2.src.rpm\n"},
	{"python", "usr/lib/python3/dist-packages/x-1.dist-info/METADATA",
	 "Name: X_y\nVersion: 1.0\n\nVersion: 2\n"},
	{"golang", "usr/bin/web",
	 "go1.21.3\npath\tx\nmod\tx\tv1.0.0\ndep\ty\tv2.0.0\n=>\tz\tv3.0.0\n"},
};

enum { N = sizeof samples / sizeof samples[0] };

static const Analyzer *named(const char *name)
{
	for (const Analyzer *const *a = analyzers; *a != NULL; a++)
		if (strcmp((*a)->name, name) == 0)
			return *a;
	printf("# no analyzer %s\n", name);
	abort();
}

/* How many packages, or SIZE_MAX for an error. */
static size_t count(const Analyzer *an, const char *path, Str body)
{
	Arena a = {0};
	Facts facts = {.arena = &a};
	FileSet none = {0};
	Captured f = {.path = str_of(path), .body = body};
	Err *e = an->read(&none, &f, &facts);
	size_t n = e == OK ? facts.pkgs.n + (facts.os.id.n != 0) : SIZE_MAX;
	for (size_t i = 0; i < facts.pkgs.n; i++)
		CHECK(facts.pkgs.at[i].name.n != 0);
	err_free(e);
	arena_finish(&a);
	return n;
}

TEST(names_are_unique_and_every_analyzer_has_something_to_read)
{
	for (const Analyzer *const *a = analyzers; *a != NULL; a++) {
		CHECK(named((*a)->name) == *a);
		CHECK((*a)->version > 0 && (*a)->max_bytes > 0);
		CHECK((*a)->executables || ((*a)->paths != NULL && (*a)->paths[0] != NULL));
	}
}

TEST(a_sample_is_found_by_its_path_and_says_something)
{
	for (size_t i = 0; i < N; i++) {
		FileInfo f = {.path = str_of(samples[i].path),
			      .type = FILE_REGULAR,
			      .size = 100000,
			      .mode = 0755};
		bool companion;
		CHECK(analyzer_for(&f, &companion) == named(samples[i].analyzer) && !companion);
		size_t n = count(named(samples[i].analyzer), samples[i].path,
				 str_of(samples[i].body));
		CHECK(n != 0 && n != SIZE_MAX);
	}
}

TEST(a_python_package_is_found_by_its_folder_where_its_metadata_says_nothing)
{
	static const struct {
		const char *path, *body, *name, *version;
		bool beside; /* METADATA is there */
		bool told;
	} cases[] = {
		{"lib/Re_q.u-2.5.0.dist-info/RECORD", "", "re-q-u", "2.5.0", false, false},
		{"lib/requests-2.5.0.dist-info/RECORD", "", NULL, NULL, true, false},
		{"lib/requests-2.5.0.dist-info/METADATA", "", NULL, NULL, true, true},
		{"lib/requests-2.5.0.dist-info/METADATA", "Name: other\n", "other", "2.5.0", true,
		 false},
		{"lib/requests-2.dist-info/METADATA", "Name: r\nVersion: 3\n", "r", "3", true,
		 false},
		{"lib/requests.dist-info/RECORD", "", NULL, NULL, false, true},
		{"requests.egg-info/PKG-INFO", "", NULL, NULL, false, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		Arena a = {0};
		Facts facts = {.arena = &a};
		FileSet set = {0};
		Captured f = {.path = str_of(cases[i].path), .body = str_of(cases[i].body)};
		if (cases[i].beside)
			vec_push(&a, &set.files,
				 (Captured){.path = S("lib/requests-2.5.0.dist-info/METADATA")});
		fileset_index(&set, &a);
		CHECK_OK(named("python")->read(&set, &f, &facts));
		bool found = cases[i].name != NULL;
		CHECK(facts.pkgs.n == found);
		CHECK(facts.undecided.n == cases[i].told);
		if (found && facts.pkgs.n == 1) {
			CHECK_STR(facts.pkgs.at[0].name, str_of(cases[i].name));
			CHECK_STR(facts.pkgs.at[0].version, str_of(cases[i].version));
		}
		arena_finish(&a);
	}
}

TEST(any_truncation_is_an_answer_or_an_error)
{
	for (size_t i = 0; i < N; i++)
		for (size_t n = 0; n < strlen(samples[i].body); n++)
			(void)count(named(samples[i].analyzer), samples[i].path,
				    str_first(str_of(samples[i].body), n));
}

static Captured *copy_of(Arena *a, const char *body, uint32_t layer, Captured *below)
{
	Captured *c = arena_new(a, Captured);
	*c = (Captured){.path = S("var/lib/dpkg/status"),
			.body = str_of(body),
			.layer = layer,
			.below = below};
	c->info = (FileInfo){
		.path = c->path, .type = FILE_REGULAR, .size = c->body.n, .mode = 0644};
	return c;
}

TEST(a_package_belongs_to_the_layer_that_brought_its_version)
{
	Arena a = {0};
	Captured *base = copy_of(
		&a, "Package: a\nVersion: 1\n\nPackage: b\nVersion: 1\n\nPackage: d\nVersion: 1\n",
		0, NULL);
	Captured *middle = copy_of(&a, "Package: a\nVersion: 2\n\nPackage: b\nVersion: 1\n", 1,
				   base);
	Captured *top = copy_of(
		&a,
		"Package: a\nVersion: 2\n\nPackage: b\nVersion: 1\n\nPackage: c\nVersion: 1\n\n"
		"Package: d\nVersion: 1\n",
		2, middle);
	Image image = {0};
	Facts facts = {.arena = &a};
	vec_push(&a, &image.files.files, *top);
	fileset_index(&image.files, &a);
	CHECK_OK(catalog_read(&image, &facts));
	CHECK(facts.pkgs.n == 4);
	static const uint32_t layers[] = {1, 0, 2, 2}; /* a, b, c, d (removed in 1, back in 2) */
	for (size_t i = 0; i < facts.pkgs.n && i < 4; i++)
		CHECK(facts.pkgs.at[i].layer == layers[i]);
	arena_finish(&a);
}

TEST(a_file_that_could_not_be_kept_is_left_to_the_image_to_tell)
{
	Arena a = {0};
	Captured *c = copy_of(&a, "", 0, NULL);
	c->body = (Str){0};
	c->error = S("file is too long");
	Image image = {0};
	Facts facts = {.arena = &a};
	vec_push(&a, &image.files.files, *c);
	fileset_index(&image.files, &a);
	CHECK_OK(catalog_read(&image, &facts));
	CHECK(facts.pkgs.n == 0 && facts.undecided.n == 0);
	arena_finish(&a);
}

TEST(purls_are_canonical)
{
	static const struct {
		Pkg pkg;
		const char *os, *version, *purl;
	} cases[] = {
		{{.type = PKG_DEB,
		  .name = {"zlib1g", 6},
		  .version = {"1:1.2.13", 8},
		  .arch = {"amd64", 5},
		  .source_name = {"zlib", 4}},
		 "debian",
		 "12",
		 "pkg:deb/debian/zlib1g@1:1.2.13?arch=amd64&distro=debian-12&upstream=zlib"},
		{{.type = PKG_RPM,
		  .name = {"bash", 4},
		  .version = {"1:5.1-2", 7},
		  .arch = {"x86_64", 6}},
		 "almalinux",
		 "9.2",
		 "pkg:rpm/almalinux/bash@5.1-2?arch=x86_64&distro=almalinux-9.2&epoch=1"},
		{{.type = PKG_PYPI, .name = {"jinja2", 6}, .version = {"2.10+local", 10}},
		 "",
		 "",
		 "pkg:pypi/jinja2@2.10%2Blocal"},
		{{.type = PKG_GOLANG, .name = {"golang.org/x/text", 17}, .version = {"v0.3.5", 6}},
		 "",
		 "",
		 "pkg:golang/golang.org/x/text@v0.3.5"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		Arena a = {0};
		OsRelease os = {.id = str_of(cases[i].os), .version_id = str_of(cases[i].version)};
		CHECK_STR(pkg_purl(&a, &cases[i].pkg, &os), str_of(cases[i].purl));
		arena_finish(&a);
	}
}
