/* tar_header.c - fields, numbers, checksums, pax records, paths. */
#include "io/tar_header.h"

#include "base/limits.h"

static Str field(const char *block, size_t at, size_t n)
{
	const char *end = memchr(block + at, '\0', n);
	return (Str){block + at, end != NULL ? (size_t)(end - (block + at)) : n};
}

bool tar_is_zero(const char *block)
{
	static const char zeros[TAR_BLOCK];
	return memcmp(block, zeros, TAR_BLOCK) == 0;
}

Result tar_number(const char *p, size_t n, const char *name, uint64_t *out)
{
	uint64_t v = 0;
	if (((unsigned char)p[0] & 0x80) != 0) {
		for (size_t i = 0; i < n; i++) {
			uint64_t byte = (unsigned char)p[i] & (i == 0 ? 0x7f : 0xff);
			if (v >> 55 != 0)
				FAIL(ERR_INPUT, "tar: %s is negative or over 63 bits", name);
			v = v << 8 | byte;
		}
		*out = v;
		return OK;
	}
	size_t i = 0;
	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] != ' ' && p[i] != '\0'; i++) {
		if (p[i] < '0' || p[i] > '7' || v >> 60 != 0)
			FAIL(ERR_INPUT, "tar: %s is not an octal number", name);
		v = v << 3 | (uint64_t)(p[i] - '0');
	}
	*out = v;
	return OK;
}

enum { SUM_AT = 148, SUM_BYTES = 8, SUM_BLANKS = SUM_BYTES * ' ' }; /* counted as blanks */

static uint64_t sum(const char *p, size_t n)
{
	uint32_t all = 0;
	for (size_t i = 0; i < n; i++)
		all += (unsigned char)p[i];
	return all;
}

static uint64_t count_negative(const char *p, size_t n)
{
	uint32_t all = 0;
	for (size_t i = 0; i < n; i++)
		all += (unsigned char)p[i] >> 7;
	return all;
}

static Result check_sum(const char *block)
{
	const char *at = block + SUM_AT;
	uint64_t stored, plain = sum(block, TAR_BLOCK) - sum(at, SUM_BYTES) + SUM_BLANKS;
	TRY(tar_number(at, SUM_BYTES, "checksum", &stored));
	if (stored == plain)
		return OK;
	/* Some old writers summed signed bytes. */
	uint64_t negative = count_negative(block, TAR_BLOCK) - count_negative(at, SUM_BYTES);
	if ((int64_t)stored != (int64_t)(plain - negative * 256))
		FAIL(ERR_INPUT, "tar: header checksum differs: not a tar archive, or damaged");
	return OK;
}

static Str joined(Arena *a, Str prefix, Str name)
{
	char *p = arena_array(a, char, prefix.n + 1 + name.n);
	memcpy(p, prefix.p, prefix.n);
	p[prefix.n] = '/';
	if (name.n != 0)
		memcpy(p + prefix.n + 1, name.p, name.n);
	return (Str){p, prefix.n + 1 + name.n};
}

Result tar_header_read(const char *block, Arena *a, TarHeader *out)
{
	TRY(check_sum(block));
	TarHeader h = {.type = block[156], .block = block};
	uint64_t mode, uid, gid;
	TRY(tar_number(block + 100, 8, "mode", &mode));
	TRY(tar_number(block + 108, 8, "uid", &uid));
	TRY(tar_number(block + 116, 8, "gid", &gid));
	TRY(tar_number(block + 124, 12, "size", &h.size));
	h.mode = (uint32_t)mode & 07777;
	h.uid = (uint32_t)uid;
	h.gid = (uint32_t)gid;
	h.path = field(block, 0, 100);
	h.link = field(block, 157, 100);
	h.gnu = memcmp(block + 257, "ustar  ", 8) == 0;
	if (memcmp(block + 257, "ustar", 6) == 0) {
		Str prefix = field(block, 345, 155);
		if (prefix.n != 0)
			h.path = joined(a, prefix, h.path);
	}
	*out = h;
	return OK;
}

Result tar_old_sparse(const char *p, unsigned entries, Arena *a, TarRunVec *runs)
{
	for (unsigned i = 0; i < entries; i++, p += 24) {
		TarRun r;
		if (p[0] == '\0')
			return OK;
		TRY(tar_number(p, 12, "sparse offset", &r.at));
		TRY(tar_number(p + 12, 12, "sparse length", &r.bytes));
		if (runs->n >= LIMIT_TAR_SPARSE_RUNS)
			FAIL(ERR_LIMIT, "tar: sparse file of more than %u pieces",
			     LIMIT_TAR_SPARSE_RUNS);
		vec_push(a, runs, r);
	}
	return OK;
}

/* ---- pax ---- */

static Result pax_number(Str key, Str value, uint64_t *out)
{
	Str whole;
	str_cut(&value, '.', &whole); /* times have fractions; sizes never do */
	if (!str_u64(whole, out))
		FAIL(ERR_INPUT, "tar: pax " STR_FMT " is not a number", STR_ARG(key));
	return OK;
}

static Result pax_run(Arena *a, TarPax *into, uint64_t bytes)
{
	if (into->runs.n >= LIMIT_TAR_SPARSE_RUNS)
		FAIL(ERR_LIMIT, "tar: sparse file of more than %u pieces", LIMIT_TAR_SPARSE_RUNS);
	vec_push(a, &into->runs, (TarRun){into->next_offset, bytes});
	return OK;
}

/* 0.1: "offset,bytes,offset,bytes..." */
static Result pax_map(Arena *a, Str value, TarPax *into)
{
	Str number;
	uint64_t v;
	for (bool offset = true; str_cut(&value, ',', &number); offset = !offset) {
		TRY(pax_number(S("GNU.sparse.map"), number, &v));
		if (offset)
			into->next_offset = v;
		else
			TRY(pax_run(a, into, v));
	}
	return OK;
}

static Result pax_sparse(Arena *a, Str key, Str value, TarPax *into)
{
	uint64_t v;
	into->sparse = true;
	if (str_eq(key, S("GNU.sparse.name"))) {
		into->sparse_name = value;
		return OK;
	}
	if (str_eq(key, S("GNU.sparse.map")))
		return pax_map(a, value, into);
	TRY(pax_number(key, value, &v));
	if (str_eq(key, S("GNU.sparse.major")))
		into->sparse_major = v;
	else if (str_eq(key, S("GNU.sparse.minor")))
		into->sparse_minor = v;
	else if (str_eq(key, S("GNU.sparse.offset")))
		into->next_offset = v;
	else if (str_eq(key, S("GNU.sparse.numbytes")))
		return pax_run(a, into, v);
	else if (str_eq(key, S("GNU.sparse.realsize")) || str_eq(key, S("GNU.sparse.size"))) {
		into->real_size = v;
		into->has_real_size = true;
	}
	return OK;
}

static Result pax_record(Arena *a, Str key, Str value, TarPax *into)
{
	if (str_starts(key, S("GNU.sparse.")))
		return pax_sparse(a, key, value, into);
	if (str_eq(key, S("path")) || str_eq(key, S("linkpath"))) {
		if (str_has(value, '\0'))
			FAIL(ERR_INPUT, "tar: pax " STR_FMT " holds a NUL", STR_ARG(key));
		*(key.n == 4 ? &into->path : &into->link) = value;
		return OK;
	}
	if (str_eq(key, S("size"))) {
		into->has_size = true;
		return pax_number(key, value, &into->size);
	}
	if (str_eq(key, S("uid"))) {
		into->has_uid = true;
		return pax_number(key, value, &into->uid);
	}
	if (str_eq(key, S("gid"))) {
		into->has_gid = true;
		return pax_number(key, value, &into->gid);
	}
	if (str_eq(key, S("SCHILY.xattr.security.capability")))
		into->caps = file_caps(value);
	return OK;
}

Result tar_pax_read(Str body, Arena *a, TarPax *into)
{
	while (body.n != 0 && body.p[0] != '\0') {
		Str rest = body, number, key;
		uint64_t n;
		if (!str_cut(&rest, ' ', &number) || rest.p == NULL || !str_u64(number, &n) ||
		    n > body.n || n < number.n + 3 || body.p[n - 1] != '\n')
			FAIL(ERR_INPUT, "tar: a pax record of wrong length");
		Str value = {rest.p, n - number.n - 2};
		if (!str_has(value, '='))
			FAIL(ERR_INPUT, "tar: a pax record without '='");
		str_cut(&value, '=', &key);
		TRY(pax_record(a, key, value, into));
		body = str_skip(body, n);
	}
	return OK;
}

/* ---- paths ---- */

Str tar_normal_path(Arena *a, Str raw)
{
	char *p = arena_array(a, char, raw.n + 1);
	size_t n = 0;
	Str part;
	while (str_cut(&raw, '/', &part)) {
		if (part.n == 0 || str_eq(part, S(".")))
			continue;
		if (str_eq(part, S(".."))) {
			while (n != 0 && p[--n] != '/')
				continue;
			continue;
		}
		if (n != 0)
			p[n++] = '/';
		memcpy(p + n, part.p, part.n);
		n += part.n;
	}
	return (Str){p, n};
}
