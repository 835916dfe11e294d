/* catalog_oracle_test.c - real package databases, against what independent programs found in them.
 */
#include "base/buf.h"
#include "catalog/catalog.h"
#include "io/json.h"
#include "oracle.h"
#include "tap.h"

/* Reads one file as if it stood alone in an image, under the path `as`. */
static Result read_alone(Arena *a, Str as, Str body, uint32_t mode, Facts *out)
{
	Image image = {0};
	Captured f = {.path = as,
		      .info = {.path = as, .type = FILE_REGULAR, .size = body.n, .mode = mode},
		      .layer = LAYER_NONE};
	Sieve *s = catalog_selector()->pick(catalog_selector()->ctx, a, &f.info);
	*out = (Facts){.arena = a};
	if (s == NULL)
		return OK;
	while (s->next < body.n && s->next != SIEVE_DONE)
		TRY(s->feed(s, s->next, str_skip(body, s->next)));
	TRY(s->finish(s, &f.body));
	vec_push(a, &image.files.files, f);
	fileset_index(&image.files, a);
	return catalog_read(&image, out);
}

/* ---- rpm databases ---- */

static Str nth(Str line, unsigned n)
{
	Str field = {0};
	for (unsigned i = 0; i <= n; i++)
		if (!str_cut(&line, '\t', &field))
			return S("");
	return str_eq(field, S("(none)")) ? S("") : field;
}

static const Pkg *named(const Facts *f, Str name)
{
	for (size_t i = 0; i < f->pkgs.n; i++)
		if (str_eq(f->pkgs.at[i].name, name))
			return &f->pkgs.at[i];
	return NULL;
}

/* Every field of a line of expected.tsv: name epoch version release arch source module vendor
 * licence size. */
static void check_line(Arena *a, const Facts *f, Str line)
{
	const Pkg *p = named(f, nth(line, 0));
	Buf version = buf_in(a, 1000), source = buf_in(a, 1000), size = buf_in(a, 100);
	if (p == NULL) {
		tap_fail(ERR_HERE, "a package is missing");
		return;
	}
	if (!str_eq(nth(line, 1), S("0")))
		buf_fmt(&version, STR_FMT ":", STR_ARG(nth(line, 1)));
	buf_fmt(&version, STR_FMT "-" STR_FMT, STR_ARG(nth(line, 2)), STR_ARG(nth(line, 3)));
	buf_fmt(&source, STR_FMT "-" STR_FMT ".src.rpm", STR_ARG(p->source_name),
		STR_ARG(p->source_version));
	buf_fmt(&size, "%llu", (unsigned long long)p->size);
	CHECK_STR(p->version, buf_str(&version));
	CHECK_STR(p->arch, nth(line, 4));
	if (nth(line, 5).n != 0)
		CHECK_STR(buf_str(&source), nth(line, 5));
	CHECK_STR(p->module, nth(line, 6));
	CHECK_STR(p->vendor, nth(line, 7));
	CHECK_STR(p->license, nth(line, 8));
	CHECK_STR(buf_str(&size), nth(line, 9));
}

static void check_rpmdb(const char *folder, const char *file, const char *as, unsigned packages)
{
	Arena a = {0};
	Facts f;
	Str body, expected, line;
	char where[128];
	snprintf(where, sizeof where, "rpmdb/%s", folder);
	if (!oracle_load(&a, where, file, &body) ||
	    !oracle_load(&a, where, "expected.tsv", &expected)) {
		tap_skip("the rpm oracle is not here (BULWARK_ORACLES)");
		return;
	}
	CHECK_OK(read_alone(&a, str_of(as), body, 0644, &f));
	CHECK(f.pkgs.n == packages && f.undecided.n == 0);
	while (str_cut(&expected, '\n', &line))
		if (line.n != 0)
			check_line(&a, &f, line);
	arena_finish(&a);
}

TEST(sqlite_as_rpm_itself_lists_it)
{
	check_rpmdb("cbl-mariner-2.0", "rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite", 129);
}

TEST(berkeley_db_as_rpm_itself_lists_it)
{
	check_rpmdb("libuuid", "Packages", "var/lib/rpm/Packages", 1);
}

TEST(ndb_as_syft_and_trivy_list_it)
{
	check_rpmdb("sle15-bci", "Packages.db", "usr/lib/sysimage/rpm/Packages.db", 35);
}

TEST(any_cut_of_an_rpm_database_is_an_answer_or_undecided)
{
	static const char *const files[][3] = {
		{"rpmdb/cbl-mariner-2.0", "rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite"},
		{"rpmdb/libuuid", "Packages", "var/lib/rpm/Packages"},
		{"rpmdb/sle15-bci", "Packages.db", "var/lib/rpm/Packages.db"},
	};
	for (size_t i = 0; i < 3; i++) {
		Arena whole = {0};
		Str body;
		if (!oracle_load(&whole, files[i][0], files[i][1], &body)) {
			tap_skip("the rpm oracle is not here (BULWARK_ORACLES)");
			return;
		}
		for (size_t n = 0; n < body.n; n += n < 8192 ? 509 : body.n / 23) {
			Arena a = {0};
			Facts f;
			CHECK_OK(read_alone(&a, str_of(files[i][2]), str_first(body, n), 0644, &f));
			CHECK(f.undecided.n != 0 || f.pkgs.n != 0);
			arena_finish(&a);
		}
		arena_finish(&whole);
	}
}

/* ---- lock files and package databases ---- */

typedef struct Want {
	Str name, version;
	bool optional; /* listing it is a policy */
} Want;

typedef VEC(Want) WantVec;

/* "namespace/name" where the type spells packages so; else the name alone. */
static Str full_name(Arena *a, const Value *row)
{
	Str type = row->items[0]->text, space = row->items[1]->text, name = row->items[2]->text;
	if (!str_eq(type, S("golang")) || space.n == 0)
		return name;
	Buf b = buf_in(a, 1000);
	buf_fmt(&b, STR_FMT "/" STR_FMT, STR_ARG(space), STR_ARG(name));
	return buf_str(&b);
}

static void expectations(Arena *a, const Value *entry, WantVec *out)
{
	const Value *rows = value_items(entry, S("packages")),
		    *seen = value_items(entry, S("seen"));
	for (size_t i = 0; i < rows->n; i++) {
		const Value *row = rows->items[i];
		Want w = {.name = full_name(a, row), .version = row->items[3]->text};
		for (size_t k = 0; seen != NULL && k < seen->n; k++)
			w.optional = w.optional ||
				     (str_eq(seen->items[k]->items[2]->text, row->items[2]->text) &&
				      str_eq(seen->items[k]->items[3]->text, w.version));
		vec_push(a, out, w);
	}
}

static void check_entry(Arena *a, Str file, const WantVec *want, const Facts *got)
{
	char name[300];
	snprintf(name, sizeof name, STR_FMT, STR_ARG(file));
	for (size_t i = 0; i < want->n; i++) {
		bool found = want->at[i].optional;
		for (size_t k = 0; k < got->pkgs.n; k++)
			found = found || (str_eq(got->pkgs.at[k].name, want->at[i].name) &&
					  str_eq(got->pkgs.at[k].version, want->at[i].version));
		if (!found) {
			tap_fail(name, "a package is missing");
			printf("# " STR_FMT " " STR_FMT "\n", STR_ARG(want->at[i].name),
			       STR_ARG(want->at[i].version));
		}
	}
	for (size_t k = 0; k < got->pkgs.n; k++) {
		bool expected = false;
		for (size_t i = 0; i < want->n; i++)
			expected = expected ||
				   (str_eq(got->pkgs.at[k].name, want->at[i].name) &&
				    str_eq(got->pkgs.at[k].version, want->at[i].version));
		if (!expected) {
			tap_fail(name, "a package too many");
			printf("# " STR_FMT " " STR_FMT "\n", STR_ARG(got->pkgs.at[k].name),
			       STR_ARG(got->pkgs.at[k].version));
		}
	}
	(void)a;
}

/* Every file of expected.jsonl below `prefix` that has an expectation. */
static unsigned check_below(const char *prefix)
{
	Arena all = {0};
	Str text, line;
	unsigned checked = 0;
	if (!oracle_load(&all, "lockfiles", "expected.jsonl", &text))
		return 0;
	while (str_cut(&text, '\n', &line)) {
		Arena a = {0};
		Value *entry = NULL;
		Str body;
		Facts got;
		WantVec want = {0};
		if (line.n != 0)
			CHECK_OK(value_from_json(line, &a, &entry));
		Str file = value_str(entry, S("file"));
		const char *path = arena_cstr(&a, file);
		if (str_starts(file, str_of(prefix)) && value_items(entry, S("packages")) != NULL &&
		    oracle_load(&a, "lockfiles", path, &body)) {
			expectations(&a, entry, &want);
			CHECK_OK(read_alone(&a, value_str(entry, S("as")), body, 0644, &got));
			check_entry(&a, file, &want, &got);
			checked++;
		}
		arena_finish(&a);
	}
	arena_finish(&all);
	return checked;
}

static void check_folder(const char *prefix, unsigned at_least)
{
	unsigned n = check_below(prefix);
	if (n == 0)
		tap_skip("the lock file oracle is not here (BULWARK_ORACLES)");
	else
		CHECK(n >= at_least);
}

TEST(dpkg_files_hold_what_the_peers_agree_on) { check_folder("os/dpkg/testdata/dpkg/", 12); }
TEST(apk_files_hold_what_the_peers_agree_on) { check_folder("os/apk/", 6); }
TEST(rpm_files_hold_what_the_peers_agree_on) { check_folder("os/rpm/", 3); }
TEST(python_installed_forms_hold_what_the_peers_agree_on)
{
	check_folder("language/python/wheelegg/", 11);
}
