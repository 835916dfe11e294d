/* recorded.c - md5sums, Conffiles, apk's Z lines and rpm's tags, into one map by path. */
#include "catalog/recorded.h"

#include "base/buf.h"
#include "base/limits.h"
#include "catalog/rpm_db.h"

#define DPKG "var/lib/dpkg/"
#define RPM(dir) dir "/rpmdb.sqlite", dir "/Packages.db", dir "/Packages"

enum { FILES_MAX = 8000000 };

const char *const recorded_paths[] = {DPKG "diversions",      DPKG "status",
				      DPKG "info/*",          DPKG "status.d/*",
				      "lib/apk/db/installed", "usr/lib/apk/db/installed",
				      RPM("var/lib/rpm"),     RPM("usr/lib/sysimage/rpm"),
				      RPM("usr/share/rpm"),   NULL};

bool recorded_is(const RecordedFile *f, uint8_t sums[SUM_KINDS][SUM_MAX])
{
	return memcmp(sums[f->sum], f->digest, sum_bytes(f->sum)) == 0;
}

static bool is_sums(Str path)
{
	return str_ends(path, S(".md5sums")) &&
	       (str_starts(path, S(DPKG "info/")) || str_starts(path, S(DPKG "status.d/")));
}

bool recorded_wants(Str path)
{
	if (is_sums(path))
		return true;
	for (const char *const *p = recorded_paths; *p != NULL; p++)
		if (str_eq(path, str_of(*p)))
			return true;
	return false;
}

static Sieve *pick(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	return recorded_wants(f->path) ? sieve_whole(a, f->size, LIMIT_PACKAGE_DB_BYTES) : NULL;
}

const Selector *recorded_selector(void)
{
	static const Selector all = {.exact = recorded_paths, .pick = pick};
	return &all;
}

bool recorded_is_first(Str path) { return str_eq(path, S(DPKG "diversions")); }

const RecordedFile *recorded_get(const Recorded *r, Str path) { return map_get(&r->files, path); }

/* ---- one file ---- */

static bool read_hex(Str digits, unsigned bytes, uint8_t *out)
{
	if (digits.n != 2ul * bytes)
		return false;
	for (size_t i = 0; i < bytes; i++) {
		int high = hex_digit(digits.p[2 * i]), low = hex_digit(digits.p[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* Where the merge of /usr has put it: "bin/ls" is usr/bin/ls. */
static bool is_merged(Str path)
{
	static const char *const dirs[] = {"bin/", "sbin/", "lib/", "lib64/", "lib32/"};
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		if (str_starts(path, str_of(dirs[i])))
			return true;
	return false;
}

static Str below_usr(Arena *a, Str path)
{
	Buf b = buf_in(a, path.n + 4);
	buf_add(&b, S("usr/"));
	buf_add(&b, path);
	return buf_str(&b);
}

static Str package_of(Str path)
{
	Str base = str_base(path), name = base;
	if (str_ends(base, S(".md5sums")))
		base.n -= 8;
	return str_cut(&base, ':', &name) ? name : base;
}

static void add_file(Recorded *r, Str path, const RecordedFile *f)
{
	while (path.n != 0 &&
	       (path.p[0] == '/' || (path.n > 1 && path.p[0] == '.' && path.p[1] == '/')))
		path = str_skip(path, 1);
	const Str *moved = map_get(&r->diversions, path);
	if (moved != NULL && !str_eq(moved[1], f->package))
		path = moved[0];
	if (path.n == 0 || r->files.n >= FILES_MAX)
		return;
	RecordedFile *own = arena_new(r->arena, RecordedFile);
	*own = *f;
	*map_at(&r->files, r->arena, path) = own;
	if (is_merged(path)) {
		void **at = map_at(&r->files, r->arena, below_usr(r->arena, path));
		*at = *at == NULL ? own : *at;
	}
}

/* ---- dpkg ---- */

static void read_sums(Recorded *r, Str path, Str text)
{
	enum { DIGITS = 32 };
	Str line;
	RecordedFile f = {.package = package_of(path), .sum = SUM_MD5};
	while (str_cut(&text, '\n', &line))
		if (line.n > DIGITS + 2 && read_hex(str_first(line, DIGITS), 16, f.digest))
			add_file(r, str_skip(line, DIGITS + 2), &f);
}

/* "Conffiles:", then " /etc/x DIGEST" lines. */
static void read_conffiles(Recorded *r, Str text)
{
	Str line, package = {0}, path;
	bool within = false;
	while (str_cut(&text, '\n', &line)) {
		if (str_starts(line, S("Package:")))
			package = str_trim(str_skip(line, 8));
		if (!str_starts(line, S(" ")))
			within = str_starts(line, S("Conffiles:"));
		Str rest = str_trim(line), sum;
		RecordedFile f = {.package = package, .sum = SUM_MD5, .settings = true};
		if (within && str_starts(line, S(" ")) && str_cut(&rest, ' ', &path) &&
		    str_cut(&rest, ' ', &sum) && read_hex(sum, 16, f.digest))
			add_file(r, path, &f);
	}
}

/* Three lines each: where from, where to, whose (":" is nobody's). */
static void read_diversions(Recorded *r, Str text)
{
	Str from, to, owner;
	while (str_cut(&text, '\n', &from) && str_cut(&text, '\n', &to) &&
	       str_cut(&text, '\n', &owner)) {
		Str *moved = arena_array(r->arena, Str, 2);
		moved[0] = str_starts(to, S("/")) ? str_skip(to, 1) : to;
		moved[1] = owner;
		*map_at(&r->diversions, r->arena,
			str_starts(from, S("/")) ? str_skip(from, 1) : from) = moved;
	}
}

/* ---- apk ---- */

/* "Q1" and base64 of a SHA-1. */
static bool read_q1(Str s, uint8_t *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	unsigned have = 0, n = 0;
	if (!str_starts(s, S("Q1")))
		return false;
	for (size_t i = 2; i < s.n && s.p[i] != '='; i++) {
		const char *at = memchr(digits, s.p[i], 64);
		if (at == NULL)
			return false;
		bits = bits << 6 | (uint32_t)(at - digits);
		have += 6;
		if (have >= 8 && n < 20) {
			have -= 8;
			out[n++] = (uint8_t)(bits >> have);
		}
	}
	return n == 20;
}

static Str in_dir(Arena *a, Str dir, Str name)
{
	Buf b = buf_in(a, dir.n + name.n + 2);
	buf_add(&b, dir);
	if (dir.n != 0)
		buf_char(&b, '/');
	buf_add(&b, name);
	return buf_str(&b);
}

static void read_apk(Recorded *r, Str text)
{
	Str line, dir = {0}, name = {0}, package = {0};
	while (str_cut(&text, '\n', &line)) {
		Str value = str_skip(line, 2);
		if (line.n < 2 || line.p[1] != ':')
			continue;
		RecordedFile f = {.package = package, .sum = SUM_SHA1};
		f.settings = str_eq(dir, S("etc")) || str_starts(dir, S("etc/"));
		switch (line.p[0]) {
		case 'P': package = value; break;
		case 'F': dir = value; break;
		case 'R': name = value; break;
		case 'Z':
			if (read_q1(value, f.digest))
				add_file(r, in_dir(r->arena, dir, name), &f);
			break;
		default: break;
		}
	}
}

/* ---- rpm ---- */

static void take_digest(void *ctx, const RpmFile *from)
{
	static const struct {
		unsigned algorithm, bytes; /* RFC 4880, 9.4 */
		SumKind sum;
	} known[] = {{1, 16, SUM_MD5}, {2, 20, SUM_SHA1}, {8, 32, SUM_SHA256}};
	RecordedFile f = {.package = from->package, .settings = from->settings};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		f.sum = known[i].sum;
		if (from->algorithm == known[i].algorithm &&
		    read_hex(from->digest, known[i].bytes, f.digest))
			add_file(ctx, from->path, &f);
	}
}

static Result take_header(void *ctx, Str blob)
{
	Recorded *r = ctx;
	return rpm_header_digests(blob, r->arena, take_digest, r);
}

static Result read_rpm(Recorded *r, Str body)
{
	RpmSink to = {.ctx = r, .header = take_header};
	if (rpm_is_sqlite(body))
		return rpm_sqlite_read(body, S(""), r->arena, &to);
	if (rpm_is_ndb(body))
		return rpm_ndb_read(body, r->arena, &to);
	if (rpm_is_bdb(body))
		return rpm_bdb_read(body, r->arena, &to);
	FAIL(ERR_INPUT, "neither an SQLite, NDB nor Berkeley DB file");
}

Result recorded_add(Recorded *r, Str path, Str body)
{
	if (!recorded_wants(path))
		return OK;
	r->asked = true;
	if (is_sums(path))
		read_sums(r, path, body);
	else if (recorded_is_first(path))
		read_diversions(r, body);
	else if (str_eq(path, S(DPKG "status")))
		read_conffiles(r, body);
	else if (str_ends(path, S("/installed")))
		read_apk(r, body);
	else if (body.n != 0)
		return read_rpm(r, body);
	return OK;
}

void recorded_from(const FileSet *set, Arena *a, Recorded *out, StrVec *why)
{
	*out = (Recorded){.arena = a};
	for (int first = 1; first >= 0; first--)
		for (size_t i = 0; i < set->files.n; i++) {
			const Captured *f = &set->files.at[i];
			if (recorded_is_first(f->path) != (first == 1))
				continue;
			Err *e = recorded_add(out, f->path, f->body);
			if (e != OK || f->error.n != 0)
				vec_push(a, why,
					 arena_str(a, e != OK ? str_of(e->text) : f->error));
			err_free(e);
		}
}

void recorded_from_hidden(const CapturedVec *hidden, Arena *a, Recorded *out)
{
	*out = (Recorded){.arena = a};
	for (size_t i = 0; i < hidden->n; i++)
		err_free(recorded_add(out, hidden->at[i].path, hidden->at[i].body));
}
