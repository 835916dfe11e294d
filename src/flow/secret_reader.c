/* secret_reader.c - looks at what a file is, opens it as that, and turns hits into remarks. */
#include "flow/secret_reader.h"

#include <unistd.h>

#include "base/buf.h"
#include "io/digest.h"
#include "io/tar.h"
#include "io/zip.h"
#include "secrets/judge.h"
#include "secrets/limits.h"

enum { TAR_MAGIC_AT = 257, TEXT_MAX = 8192 };

static void unread(SecretReader *r, Str path, Err *e)
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

/* Of the value only 16 bits go in: enough to see it change, too little to guess it by. */
static Str fingerprint(const SecretReader *r, const SecretHit *h)
{
	enum { PREFIX = 7, DIGITS = 32 };
	uint8_t of_value[SHA256_BYTES], sha[SHA256_BYTES];
	sha256_of(h->value, of_value);
	Sha256 all = sha256_start();
	sha256_add(&all, h->rule->id);
	sha256_add(&all, S("\n"));
	sha256_add(&all, r->path);
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
	return buf_str(&b);
}

static void on_hit(void *ctx, const SecretHit *h)
{
	SecretReader *r = ctx;
	if (h->confidence < r->least || r->left == 0)
		return;
	r->left--;
	Str text = text_of(r, h);
	vec_push(r->arena, &r->report.remarks,
		 (Remark){.rule = h->rule->id,
			  .name = h->rule->about,
			  .file = r->path,
			  .layer = r->layer,
			  .line = h->line < UINT32_MAX ? (uint32_t)h->line : 0,
			  .column = h->column < UINT32_MAX ? (uint32_t)h->column : 0,
			  .level = level_of(h->rule->severity),
			  .confidence = h->confidence,
			  .message = text,
			  .help = S("revoke it where it was issued, then take it out of the file "
				    "and of the layers and commits that have it"),
			  .masked = h->value.n != 0 ? secret_mask(r->arena, h->value) : (Str){0},
			  .fingerprint = fingerprint(r, h)});
}

static void begin(SecretReader *r, Str path)
{
	r->path = path;
	secret_scan_begin(r->scan, path, on_hit, r);
}

static void end(SecretReader *r)
{
	if (!secret_scan_end(r->scan))
		vec_push(r->arena, &r->report.not_evaluated,
			 (Unread){.what = r->path, .why = S("has more findings than are told")});
}

/* ---- what a file is ---- */

static Result read_source(SecretReader *r, Str path, Source **from, unsigned depth);

static Result peek(Source *s, Str *out)
{
	while (s->pos == s->end && !s->eof)
		TRY(s->ops->fill(s));
	*out = (Str){(const char *)s->pos, (size_t)(s->end - s->pos)};
	return OK;
}

static bool is_tar(Str head)
{
	return head.n > TAR_MAGIC_AT + 5 && str_starts(str_skip(head, TAR_MAGIC_AT), S("ustar"));
}

static bool is_packed(Str head)
{
	return str_starts(head, S("\x1f\x8b\x08")) || str_starts(head, S("\x28\xb5\x2f\xfd"));
}

static bool is_zip(Str head) { return str_starts(head, S("PK\x03\x04")); }

static Str member_path(const SecretReader *r, Str archive, Str name)
{
	Buf b = buf_in(r->arena, 2ul * TEXT_MAX);
	buf_add(&b, archive);
	buf_add(&b, S("!/"));
	buf_add(&b, str_first(name, TEXT_MAX));
	return buf_str(&b);
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

static void read_member(SecretReader *r, Str path, Str bytes, unsigned depth)
{
	MemSource memory;
	AUTO_SOURCE Source *s = source_from_mem(&memory, bytes, 0);
	Err *e = read_source(r, path, &s, depth);
	if (e != OK)
		unread(r, path, e);
}

static Result read_zip(SecretReader *r, Str path, Zip *z, unsigned depth)
{
	uint64_t unpacked = 0;
	for (unsigned n = 0; n < LIMIT_SECRET_MEMBERS; n++) {
		ZipEntry e;
		Str body;
		bool more;
		Arena a = {0};
		TRY(zip_next(z, &e, &more));
		if (!more)
			return OK;
		if (str_ends(e.name, S("/")))
			continue;
		unpacked += e.size;
		if (unpacked > LIMIT_SECRET_UNPACKED_BYTES)
			break;
		Str name = member_path(r, path, e.name);
		Err *err = zip_read(z, &e, &a, LIMIT_SECRET_MEMBER_BYTES, &body);
		if (err == OK)
			read_member(r, name, body, depth);
		else
			unread(r, name, err);
		arena_finish(&a);
	}
	FAIL(ERR_LIMIT, "unpacks to more than is looked at");
}

static Result read_tar_body(SecretReader *r, Str path, Tar *t)
{
	uint64_t at;
	Str piece;
	Err *e = OK;
	begin(r, path);
	while ((e = tar_body(t, &at, &piece)) == OK && piece.n != 0)
		secret_scan_feed(r->scan, piece);
	end(r);
	return e;
}

static Result read_tar(SecretReader *r, Str path, Source *s)
{
	AUTO_TAR Tar *t = tar_open(s);
	for (unsigned n = 0; n < LIMIT_SECRET_MEMBERS; n++) {
		TarEntry e;
		bool more;
		TRY(tar_next(t, &e, &more));
		if (!more)
			return OK;
		if (e.info.type == FILE_REGULAR)
			TRY(read_tar_body(r, member_path(r, path, e.info.path), t));
	}
	FAIL(ERR_LIMIT, "has more than %u members", LIMIT_SECRET_MEMBERS);
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

static Result read_source(SecretReader *r, Str path, Source **from, unsigned depth)
{
	Str head;
	TRY(peek(*from, &head));
	if (is_packed(head) && depth < LIMIT_SECRET_ARCHIVE_DEPTH) {
		TRY(source_decompress(from, NULL));
		TRY(source_limit(from, LIMIT_SECRET_UNPACKED_BYTES));
		return read_source(r, path, from, depth + 1);
	}
	if (is_tar(head))
		return read_tar(r, path, *from);
	if (is_zip(head) && depth < LIMIT_SECRET_ARCHIVE_DEPTH)
		return read_zip_member(r, path, *from, depth + 1);
	return scan_source(r, path, *from);
}

void secret_reader_bytes(SecretReader *r, Str path, Str bytes) { read_member(r, path, bytes, 0); }

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
	Err *e = read_fd(r, path, fd);
	if (e != OK)
		unread(r, path, e);
}
