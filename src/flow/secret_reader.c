/* secret_reader.c - looks at what a file is, opens it as that, and turns hits into remarks. */
#include "flow/secret_reader.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/digest.h"
#include "io/tar.h"
#include "io/zip.h"
#include "secrets/judge.h"
#include "secrets/limits.h"

enum { TAR_MAGIC_AT = 257, HEAD_BYTES = 264, TEXT_MAX = 8192 };

void secret_reader_unread(SecretReader *r, Str path, Err *e)
{
	Str why = arena_str(r->arena, str_of(e->text));
	vec_push(r->arena, &r->report.not_evaluated, (Unread){.what = path, .why = why});
	err_free(e);
}

/* ---- a hit becomes a remark ---- */

static Level level_of(Severity s)
{
	return s >= SEV_HIGH ? LEVEL_ERROR : s == SEV_MEDIUM ? LEVEL_WARNING : LEVEL_INFO;
}

/* The same wherever the search began. Of the value only 16 bits go in: enough to see it change,
 * too little to guess it by. */
static Str fingerprint(const SecretReader *r, const SecretHit *h)
{
	enum { PREFIX = 7, DIGITS = 32 };
	uint8_t of_value[SHA256_BYTES], sha[SHA256_BYTES];
	sha256_of(h->value, of_value);
	Sha256 all = sha256_start();
	sha256_add(&all, h->rule->id);
	sha256_add(&all, S("\n"));
	sha256_add(&all, str_skip(r->path, r->under));
	sha256_add(&all, (Str){(const char *)of_value, 2});
	sha256_finish(&all, sha);
	return str_first(str_skip(digest_text(r->arena, sha), PREFIX), DIGITS);
}

static Str text_of(const SecretReader *r, const SecretHit *h)
{
	Buf b = buf_in(r->arena, TEXT_MAX);
	if (!str_eq(h->rule->provider, S("any"))) {
		buf_add(&b, h->rule->provider);
		buf_add(&b, S(": "));
	}
	buf_add(&b, h->rule->about);
	if (h->decoded[0] != '\0')
		buf_fmt(&b, ", in %s", h->decoded);
	buf_add(&b, r->note);
	return buf_str(&b);
}

/* A rule about a path alone has no value: the file is what it found. */
static SecretMark mark_of(const SecretReader *r, const SecretHit *h)
{
	uint8_t sha[SHA256_BYTES];
	SecretMark m = {.round = r->round};
	Sha256 all = sha256_start();
	sha256_add(&all, h->rule->id);
	sha256_add(&all, S("\n"));
	sha256_add(&all, h->value.n != 0 ? h->value : r->path);
	sha256_finish(&all, sha);
	memcpy(m.value, sha, sizeof m.value);
	return m;
}

static const char revoke_help[] =
	"revoke it where it was issued, then take it out of the file and of the "
	"layers and commits that have it";

/* The first file of which more cannot be told says so. */
static bool may_tell(SecretReader *r)
{
	if (r->left != 0) {
		r->left--;
		return true;
	}
	if (!r->full)
		secret_reader_unread(r, r->path,
				     err_make(ERR_LIMIT, 0, ERR_HERE,
					      "more findings than are told; this file's and later "
					      "ones' are left out"));
	r->full = true;
	return false;
}

static void on_hit(void *ctx, const SecretHit *h)
{
	SecretReader *r = ctx;
	if (h->confidence < r->least || !may_tell(r))
		return;
	Str text = text_of(r, h);
	vec_push(r->arena, &r->marks, mark_of(r, h));
	vec_push(r->arena, &r->report.remarks,
		 (Remark){.rule = h->rule->id,
			  .name = h->rule->about,
			  .file = r->path,
			  .layer = r->layer,
			  .commit = r->commit,
			  .date = r->date,
			  .line = h->line < UINT32_MAX ? (uint32_t)h->line : 0,
			  .column = h->column < UINT32_MAX ? (uint32_t)h->column : 0,
			  .level = level_of(h->rule->severity),
			  .confidence = h->confidence,
			  .message = text,
			  .help = r->help.n != 0 ? r->help : str_of(revoke_help),
			  .masked = h->value.n != 0 ? secret_mask(r->arena, h->value) : (Str){0},
			  .fingerprint = fingerprint(r, h)});
}

static void begin(SecretReader *r, Str path)
{
	r->path = path;
	r->report.read++;
	secret_scan_begin(r->scan, path, on_hit, r);
}

static void end(SecretReader *r)
{
	const char *why = secret_scan_end(r->scan);
	if (why != NULL)
		vec_push(r->arena, &r->report.not_evaluated,
			 (Unread){.what = r->path, .why = arena_str(r->arena, str_of(why))});
}

/* ---- what a file is ---- */

static Result read_source(SecretReader *r, Str path, Source **from, unsigned depth);

static bool is_tar(Str head)
{
	return head.n > TAR_MAGIC_AT + 5 && str_starts(str_skip(head, TAR_MAGIC_AT), S("ustar"));
}

static bool is_packed(Str head)
{
	return str_starts(head, S("\x1f\x8b\x08")) || str_starts(head, S("\x28\xb5\x2f\xfd"));
}

static bool is_zip(Str head) { return str_starts(head, S("PK\x03\x04")); }

/* What has files in it that stay unseen; NULL: nothing of the kind. */
static const char *sealed(Str head)
{
	static const struct {
		Str magic;
		const char *name;
	} all[] = {
		{{"\xfd"
		  "7zXZ\0",
		  6},
		 "xz"},
		{{"7z\xbc\xaf\x27\x1c", 6}, "7z"},
		{{"Rar!\x1a\x07", 6}, "rar"},
		{{"!<arch>\ndebian-binary", 21}, "a Debian package"},
		{{"\xed\xab\xee\xdb", 4}, "an rpm package"},
	};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (str_starts(head, all[i].magic))
			return all[i].name;
	if (str_starts(head, S("BZh")) && str_starts(str_skip(head, 4), S("1AY&SY")))
		return "bzip2";
	return NULL;
}

static Str member_path(const SecretReader *r, Str archive, Str name)
{
	Buf b = buf_in(r->arena, 2ul * TEXT_MAX);
	buf_add(&b, archive);
	buf_add(&b, S("!/"));
	buf_add(&b, str_first(name, TEXT_MAX));
	return buf_str(&b);
}

/* ---- what one file may cost ---- */

static Result spend(SecretReader *r, uint64_t bytes)
{
	r->unpacked += bytes;
	bool bomb = r->stored != 0 && r->unpacked > LIMIT_SECRET_RATIO_FREE_BYTES &&
		    r->unpacked / LIMIT_SECRET_RATIO > r->stored;
	r->spent = r->spent || bomb || r->unpacked > LIMIT_SECRET_UNPACKED_BYTES;
	if (bomb)
		FAIL(ERR_LIMIT, "unpacks to more than %u times its size: a decompression bomb",
		     LIMIT_SECRET_RATIO);
	if (r->spent)
		FAIL(ERR_LIMIT, "unpacks to more than %llu bytes; the rest was not looked at",
		     LIMIT_SECRET_UNPACKED_BYTES);
	return OK;
}

typedef struct Meter { /* over what is decompressed, whoever reads it and for what */
	Source base;
	Source *below;
	SecretReader *reader;
} Meter;

static Result meter_fill(Source *s)
{
	Meter *m = (Meter *)(void *)s;
	Str w;
	TRY(source_next(m->below, &w));
	TRY(spend(m->reader, w.n));
	s->pos = (const uint8_t *)w.p;
	s->end = s->pos + w.n;
	s->eof = w.n == 0;
	return OK;
}

static void meter_close(Source *s)
{
	source_close(((Meter *)(void *)s)->below);
	free(s);
}

static const SourceOps meter_ops = {.fill = meter_fill, .close = meter_close};

static Result unpack(SecretReader *r, Source **s)
{
	TRY(source_decompress(s, NULL));
	Meter *m = malloc(sizeof *m);
	if (m == NULL)
		die_oom();
	*m = (Meter){.base = {.ops = &meter_ops}, .below = *s, .reader = r};
	*s = &m->base;
	return OK;
}

static Result count_member(SecretReader *r)
{
	r->spent = r->spent || ++r->members > LIMIT_SECRET_MEMBERS;
	if (r->spent)
		FAIL(ERR_LIMIT, "has more than %u members; the rest was not looked at",
		     LIMIT_SECRET_MEMBERS);
	return OK;
}

static Result scan_source(SecretReader *r, Str path, Source *s)
{
	Str piece;
	Err *e = OK;
	begin(r, path);
	while ((e = source_next(s, &piece)) == OK && piece.n != 0)
		secret_scan_feed(r->scan, piece);
	end(r);
	return e;
}

/* ---- archives ---- */

/* One member. Its errors are told for it alone, unless nothing more may be read of the file. */
static Result read_member(SecretReader *r, Str path, Source **s, unsigned depth)
{
	Err *e = read_source(r, path, s, depth);
	if (e != OK && !r->spent) {
		secret_reader_unread(r, path, e);
		return OK;
	}
	return e;
}

static Result read_zip_entry(SecretReader *r, Str path, Zip *z, const ZipEntry *e, unsigned depth)
{
	Arena a = {0};
	Str body = {0};
	MemSource memory;
	Err *err = zip_read(z, e, &a, LIMIT_SECRET_MEMBER_BYTES, &body);
	if (err != OK) {
		secret_reader_unread(r, path, err);
		err = e->size <= LIMIT_SECRET_MEMBER_BYTES ? spend(r, e->size) : OK;
	} else if ((err = spend(r, body.n)) == OK) {
		AUTO_SOURCE Source *s = source_from_mem(&memory, body, 0);
		err = read_member(r, path, &s, depth);
	}
	arena_finish(&a);
	return err;
}

static Result read_zip(SecretReader *r, Str path, Zip *z, unsigned depth)
{
	for (;;) {
		ZipEntry e;
		bool more;
		TRY(zip_next(z, &e, &more));
		if (!more)
			return OK;
		TRY(count_member(r));
		if (!str_ends(e.name, S("/")))
			TRY(read_zip_entry(r, member_path(r, path, e.name), z, &e, depth));
	}
}

typedef struct TarMember { /* the body of the entry that a tar stands at */
	Source base;
	Tar *tar;
	bool broken; /* the archive itself: nothing behind it can be read */
} TarMember;

static Result member_fill(Source *s)
{
	TarMember *m = (TarMember *)(void *)s;
	uint64_t at;
	Str run;
	Err *e = tar_body(m->tar, &at, &run);
	m->broken = e != OK;
	TRY(e);
	s->pos = (const uint8_t *)run.p;
	s->end = run.n != 0 ? s->pos + run.n : s->pos;
	s->eof = run.n == 0;
	return OK;
}

static const SourceOps member_ops = {.fill = member_fill}; /* on the stack: nothing to free */

static Result read_tar_member(SecretReader *r, Str path, Tar *t, unsigned depth)
{
	TarMember m = {.base = {.ops = &member_ops}, .tar = t};
	AUTO_SOURCE Source *s = &m.base;
	Err *e = read_source(r, path, &s, depth);
	if (e != OK && !m.broken && !r->spent) {
		secret_reader_unread(r, path, e);
		return OK;
	}
	return e;
}

static Result read_tar(SecretReader *r, Str path, Source *s, unsigned depth)
{
	AUTO_TAR Tar *t = tar_open(s);
	for (;;) {
		TarEntry e;
		bool more;
		TRY(tar_next(t, &e, &more));
		if (!more)
			return OK;
		TRY(count_member(r));
		if (e.info.type == FILE_REGULAR)
			TRY(read_tar_member(r, member_path(r, path, e.info.path), t, depth));
	}
}

static Result read_zip_member(SecretReader *r, Str path, Source *s, unsigned depth)
{
	Arena a = {0};
	Str all;
	AUTO_ZIP Zip *z = NULL;
	Err *e = source_all(s, &a, LIMIT_SECRET_MEMBER_BYTES, &all);
	if (e == OK)
		e = zip_open_memory(all, &z);
	if (e == OK)
		e = read_zip(r, path, z, depth);
	zip_close(z);
	z = NULL;
	arena_finish(&a);
	return e;
}

bool secret_reader_is_archive(Str head) { return is_packed(head) || is_tar(head) || is_zip(head); }

static Result read_source(SecretReader *r, Str path, Source **from, unsigned depth)
{
	Str head;
	TRY(source_peek(from, HEAD_BYTES, &head));
	if (secret_reader_is_archive(head) && depth >= LIMIT_SECRET_ARCHIVE_DEPTH)
		FAIL(ERR_LIMIT, "more than %u archives inside each other",
		     LIMIT_SECRET_ARCHIVE_DEPTH);
	if (is_packed(head)) {
		TRY(unpack(r, from));
		return read_source(r, path, from, depth + 1);
	}
	if (is_tar(head))
		return read_tar(r, path, *from, depth + 1);
	if (is_zip(head))
		return read_zip_member(r, path, *from, depth + 1);
	if (sealed(head) != NULL)
		FAIL(ERR_INPUT, "%s, which is not opened", sealed(head));
	return scan_source(r, path, *from);
}

static void start_file(SecretReader *r, uint64_t stored)
{
	r->stored = stored;
	r->unpacked = 0;
	r->members = 0;
	r->spent = false;
}

void secret_reader_bytes(SecretReader *r, Str path, Str bytes)
{
	MemSource memory;
	AUTO_SOURCE Source *s = source_from_mem(&memory, bytes, 0);
	start_file(r, bytes.n);
	Err *e = read_source(r, path, &s, 0);
	if (e != OK)
		secret_reader_unread(r, path, e);
}

/* A file's zip is read in place, whatever its size. */
static Result read_fd(SecretReader *r, Str path, int fd)
{
	char magic[4];
	AUTO_SOURCE Source *s = source_from_fd(fd, false);
	AUTO_ZIP Zip *z = NULL;
	if (pread(fd, magic, sizeof magic, 0) == sizeof magic && is_zip((Str){magic, 4})) {
		TRY(zip_open(fd, &z));
		return read_zip(r, path, z, 1);
	}
	return read_source(r, path, &s, 0);
}

void secret_reader_fd(SecretReader *r, Str path, int fd)
{
	struct stat st;
	bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
	start_file(r, regular ? (uint64_t)st.st_size : 0);
	Err *e = read_fd(r, path, fd);
	if (e != OK)
		secret_reader_unread(r, path, e);
}

void secret_reader_add(SecretReader *r, const Remark *from, Str value)
{
	SecretRule rule = {.id = from->rule};
	SecretHit hit = {.rule = &rule, .value = value};
	if (from->confidence < r->least)
		return;
	Remark m = *from;
	r->path = m.file = arena_str(r->arena, from->file);
	if (!may_tell(r))
		return;
	m.message = arena_str(r->arena, from->message);
	m.fingerprint = fingerprint(r, &hit);
	vec_push(r->arena, &r->marks, mark_of(r, &hit));
	vec_push(r->arena, &r->report.remarks, m);
}

void secret_reader_forget(SecretReader *r, Str path)
{
	size_t n = r->report.remarks.n;
	while (n != 0 && str_starts(r->report.remarks.at[n - 1].file, path))
		n--;
	r->report.suppressed += r->report.remarks.n - n;
	r->report.remarks.n = r->marks.n = n;
}

void secret_reader_begin(SecretReader *r, Str path)
{
	start_file(r, 0);
	begin(r, path);
}

void secret_reader_feed(SecretReader *r, Str bytes) { secret_scan_feed(r->scan, bytes); }

void secret_reader_end(SecretReader *r) { end(r); }
