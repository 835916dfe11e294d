/* rpm_header.c - an index of tags over a run of data. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/rpm_db.h"

enum {
	TAG_NAME = 1000,
	TAG_VERSION = 1001,
	TAG_RELEASE = 1002,
	TAG_EPOCH = 1003,
	TAG_SIZE = 1009,
	TAG_VENDOR = 1011,
	TAG_LICENSE = 1014,
	TAG_ARCH = 1022,
	TAG_OLD_FILENAMES = 1027,
	TAG_FILEDIGESTS = 1035,
	TAG_FILEFLAGS = 1037,
	TAG_SOURCERPM = 1044,
	TAG_DIRINDEXES = 1116,
	TAG_BASENAMES = 1117,
	TAG_DIRNAMES = 1118,
	TAG_LONGSIZE = 5009,
	TAG_FILEDIGESTALGO = 5011,
	TAG_MODULARITYLABEL = 5096,
};

enum { TYPE_INT32 = 4, TYPE_INT64 = 5, TYPE_STRING = 6, TYPE_STRING_ARRAY = 8, TYPE_I18N = 9 };

enum { ENTRY_BYTES = 16, ENTRIES_MAX = 65536 };

typedef struct Header {
	Str index, data;
	uint32_t entries;
} Header;

typedef struct Tag {
	uint32_t type, count;
	Str data; /* from its offset to the end of all data */
} Tag;

static uint64_t big(Str s, size_t at, unsigned bytes)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | (unsigned char)s.p[at + i];
	return v;
}

static Result open_header(Str blob, Header *out)
{
	if (blob.n < 8)
		FAIL(ERR_INPUT, "rpm header: %zu bytes are too few", blob.n);
	uint64_t entries = big(blob, 0, 4), data = big(blob, 4, 4);
	if (entries > ENTRIES_MAX || entries * ENTRY_BYTES + data > blob.n - 8)
		FAIL(ERR_INPUT, "rpm header: says %llu tags and %llu bytes, but has %zu bytes",
		     (unsigned long long)entries, (unsigned long long)data, blob.n);
	out->entries = (uint32_t)entries;
	out->index = str_first(str_skip(blob, 8), entries * ENTRY_BYTES);
	out->data = str_first(str_skip(blob, 8 + out->index.n), data);
	return OK;
}

static bool find(const Header *h, uint32_t tag, Tag *out)
{
	for (uint32_t i = 0; i < h->entries; i++) {
		Str row = str_skip(h->index, (size_t)i * ENTRY_BYTES);
		uint64_t offset = big(row, 8, 4);
		if (big(row, 0, 4) != tag || offset > h->data.n)
			continue;
		out->type = (uint32_t)big(row, 4, 4);
		out->count = (uint32_t)big(row, 12, 4);
		out->data = str_skip(h->data, offset);
		return true;
	}
	return false;
}

static Str text(const Header *h, uint32_t tag)
{
	Tag t;
	if (!find(h, tag, &t) || (t.type != TYPE_STRING && t.type != TYPE_I18N))
		return S("");
	const char *end = t.data.n != 0 ? memchr(t.data.p, '\0', t.data.n) : NULL;
	return end != NULL ? (Str){t.data.p, (size_t)(end - t.data.p)} : S("");
}

static bool integer(const Header *h, uint32_t tag, uint64_t *out)
{
	Tag t;
	if (!find(h, tag, &t) || t.count == 0)
		return false;
	unsigned bytes = t.type == TYPE_INT32 ? 4 : t.type == TYPE_INT64 ? 8 : 0;
	if (bytes == 0 || t.data.n < bytes)
		return false;
	*out = big(t.data, 0, bytes);
	return true;
}

static Str next_string(Str *data)
{
	const char *end = data->n != 0 ? memchr(data->p, '\0', data->n) : NULL;
	Str s = end != NULL ? (Str){data->p, (size_t)(end - data->p)} : *data;
	*data = str_skip(*data, s.n + 1);
	return s;
}

static uint32_t read_strings(Arena *a, const Tag *t, StrVec *out)
{
	Str data = t->data;
	for (uint32_t i = 0; i < t->count && data.n != 0 && i < LIMIT_PACKAGE_FILES; i++)
		vec_push(a, out, next_string(&data));
	return (uint32_t)out->n;
}

static Str join(Arena *a, Str dir, Str base)
{
	char *p = arena_array(a, char, dir.n + base.n);
	if (dir.n != 0)
		memcpy(p, dir.p, dir.n);
	if (base.n != 0)
		memcpy(p + dir.n, base.p, base.n);
	Str path = {p, dir.n + base.n};
	return str_starts(path, S("/")) ? str_skip(path, 1) : path;
}

static void read_files(const Header *h, Arena *a, Pkg *out)
{
	Tag bases, dirs, indexes;
	StrVec dir_names = {0};
	if (!find(h, TAG_BASENAMES, &bases) || !find(h, TAG_DIRNAMES, &dirs) ||
	    !find(h, TAG_DIRINDEXES, &indexes) || bases.type != TYPE_STRING_ARRAY ||
	    dirs.type != TYPE_STRING_ARRAY || indexes.type != TYPE_INT32)
		return;
	uint32_t n_dirs = read_strings(a, &dirs, &dir_names);
	Str data = bases.data;
	for (uint32_t i = 0; i < bases.count && i < LIMIT_PACKAGE_FILES && data.n != 0; i++) {
		Str base = next_string(&data);
		if (i >= indexes.count || indexes.data.n < ((size_t)i + 1) * 4)
			return;
		uint64_t dir = big(indexes.data, (size_t)i * 4, 4);
		if (dir < n_dirs)
			vec_push(a, &out->files, join(a, dir_names.at[dir], base));
	}
}

void rpm_split_source(Str rpm, Pkg *out)
{
	static const Str endings[] = {{".src.rpm", 8}, {".nosrc.rpm", 10}};
	for (size_t i = 0; i < 2; i++)
		if (str_ends(rpm, endings[i]))
			rpm.n -= endings[i].n;
	const char *release = rpm.p != NULL ? memrchr(rpm.p, '-', rpm.n) : NULL;
	const char *version = release != NULL && release != rpm.p
				      ? memrchr(rpm.p, '-', (size_t)(release - rpm.p))
				      : NULL;
	if (version == NULL)
		return;
	out->source_name = (Str){rpm.p, (size_t)(version - rpm.p)};
	out->source_version = str_skip(rpm, out->source_name.n + 1);
}

static Result full_version(const Header *h, Arena *a, Str *out)
{
	Buf b = buf_in(a, 4096);
	uint64_t epoch = 0;
	if (integer(h, TAG_EPOCH, &epoch) && epoch != 0)
		buf_fmt(&b, "%llu:", (unsigned long long)epoch);
	buf_add(&b, text(h, TAG_VERSION));
	Str release = text(h, TAG_RELEASE);
	if (release.n != 0)
		buf_char(&b, '-');
	buf_add(&b, release);
	return buf_done(&b, "rpm header: version", out);
}

Result rpm_header_read(Str blob, Arena *a, Pkg *out, bool *skip)
{
	Header h;
	TRY(open_header(blob, &h));
	Pkg p = {.type = PKG_RPM, .name = text(&h, TAG_NAME)};
	*skip = str_eq(p.name, S("gpg-pubkey"));
	if (*skip)
		return OK;
	if (p.name.n == 0 || text(&h, TAG_VERSION).n == 0)
		FAIL(ERR_INPUT, "rpm header: no name or no version");
	TRY(full_version(&h, a, &p.version));
	p.arch = text(&h, TAG_ARCH);
	p.license = text(&h, TAG_LICENSE);
	p.vendor = text(&h, TAG_VENDOR);
	p.module = text(&h, TAG_MODULARITYLABEL);
	rpm_split_source(text(&h, TAG_SOURCERPM), &p);
	if (!integer(&h, TAG_LONGSIZE, &p.size))
		(void)integer(&h, TAG_SIZE, &p.size);
	read_files(&h, a, &p);
	*out = p;
	return OK;
}

Result rpm_header_digests(Str blob, Arena *a, void (*file)(void *ctx, const RpmFile *f), void *ctx)
{
	enum { MD5 = 1, FLAG_CONFIG = 1u << 0, FLAG_GHOST = 1u << 6 };
	Header h;
	Tag digests, flags = {0};
	Pkg p = {0};
	uint64_t algorithm = MD5;
	TRY(open_header(blob, &h));
	if (!find(&h, TAG_FILEDIGESTS, &digests) || digests.type != TYPE_STRING_ARRAY)
		return OK;
	(void)integer(&h, TAG_FILEDIGESTALGO, &algorithm);
	(void)find(&h, TAG_FILEFLAGS, &flags);
	read_files(&h, a, &p);
	for (uint32_t i = 0; i < p.files.n && i < digests.count && digests.data.n != 0; i++) {
		RpmFile f = {.package = text(&h, TAG_NAME),
			     .path = p.files.at[i],
			     .digest = next_string(&digests.data),
			     .algorithm = (unsigned)algorithm};
		if (i < flags.count && flags.type == TYPE_INT32 &&
		    flags.data.n >= ((size_t)i + 1) * 4)
			f.settings = (big(flags.data, (size_t)i * 4, 4) &
				      (FLAG_CONFIG | FLAG_GHOST)) != 0;
		file(ctx, &f);
	}
	return OK;
}
