/* feed_state.c - one line a fact, fields parted by tabs. */
#include "flow/feed_state.h"

#include "base/limits.h"
#include "base/time.h"
#include "io/digest.h"

#define MAGIC "bulwark-feed\t1"

/* A tab or a line's end would forge a field. */
static void add_field(Buf *b, Str s)
{
	buf_char(b, '\t');
	for (size_t i = 0; i < s.n; i++)
		buf_add(b, (unsigned char)s.p[i] < ' ' ? S(" ") : (Str){s.p + i, 1});
}

static void add_time(Buf *b, const char *key, int64_t when)
{
	Str text = when != 0 ? time_format(b->arena, when) : S("-");
	buf_fmt(b, "%s\t" STR_FMT "\n", key, STR_ARG(text));
}

void feed_state_write(const FeedState *s, Buf *out)
{
	buf_fmt(out, MAGIC "\nrows\t%llu\n", (unsigned long long)s->rows);
	add_time(out, "as-of", s->as_of);
	add_time(out, "checked", s->checked);
	for (size_t i = 0; i < s->parts.n; i++) {
		buf_fmt(out, "part");
		add_field(out, s->parts.at[i].name);
		buf_fmt(out, "\t%llu\n", (unsigned long long)s->parts.at[i].rows);
	}
	for (size_t i = 0; i < s->files.n; i++) {
		const CacheFile *f = &s->files.at[i];
		buf_fmt(out, "file");
		add_field(out, f->name);
		add_field(out, f->stored);
		buf_fmt(out, "\t%llu", (unsigned long long)f->bytes);
		add_field(out, f->sha256);
		add_field(out, f->etag);
		add_field(out, f->last_modified);
		buf_char(out, '\n');
	}
}

static bool read_time(Str text, int64_t *out)
{
	return str_eq(text, S("-")) || time_parse(text, out);
}

static bool read_file(Str rest, CacheFile *f)
{
	Str bytes;
	uint8_t sha[SHA256_BYTES];
	return str_cut(&rest, '\t', &f->name) && str_cut(&rest, '\t', &f->stored) &&
	       str_cut(&rest, '\t', &bytes) && str_u64(bytes, &f->bytes) &&
	       str_cut(&rest, '\t', &f->sha256) && digest_parse(f->sha256, sha) &&
	       str_cut(&rest, '\t', &f->etag) && str_cut(&rest, '\t', &f->last_modified) &&
	       rest.p == NULL && f->stored.n != 0 && f->stored.p[0] != '.' &&
	       !str_has(f->stored, '/');
}

static bool read_part(Str rest, FeedPart *p)
{
	return str_cut(&rest, '\t', &p->name) && p->name.n != 0 && str_u64(rest, &p->rows);
}

static bool read_line(Str line, Arena *a, FeedState *s)
{
	Str key;
	if (!str_cut(&line, '\t', &key))
		return false;
	if (str_eq(key, S("rows")))
		return str_u64(line, &s->rows);
	if (str_eq(key, S("as-of")))
		return read_time(line, &s->as_of);
	if (str_eq(key, S("checked")))
		return read_time(line, &s->checked);
	FeedPart p = {0};
	if (str_eq(key, S("part"))) {
		if (!read_part(line, &p) || s->parts.n == LIMIT_FEED_PARTS)
			return false;
		vec_push(a, &s->parts, p);
		return true;
	}
	CacheFile f = {0};
	if (!str_eq(key, S("file")) || !read_file(line, &f) || s->files.n == LIMIT_FEED_FILES)
		return false;
	vec_push(a, &s->files, f);
	return true;
}

Result feed_state_read(Str text, Arena *a, FeedState *out)
{
	FeedState s = {0};
	Str line, rest = arena_str(a, text);
	if (!str_cut(&rest, '\n', &line) || !str_eq(line, S(MAGIC)))
		FAIL(ERR_INPUT, "not the state of a feed of this version");
	while (str_cut(&rest, '\n', &line))
		if (line.n != 0 && !read_line(line, a, &s))
			FAIL(ERR_INPUT, "unexpected line '%.80s'", arena_cstr(a, line));
	if (s.files.n == 0)
		FAIL(ERR_INPUT, "names no files");
	*out = s;
	return OK;
}
