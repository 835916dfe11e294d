/* secret_image.c - sieves that borrow a reader each, and one report of what they kept. */
#include "flow/secret_image.h"

#include <fnmatch.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/buf.h"
#include "flow/secret_told.h"
#include "io/sums.h"
#include "secrets/limits.h"

typedef struct Seat Seat;
struct Seat { /* what one file needs while it is read */
	Seat *next;
	SecretReader reader;
	char *bytes;
	size_t room;
};

struct SecretImage {
	Selector selector;
	const SecretSet *set;
	const StrVec *exclude;
	Confidence least;
	pthread_mutex_t lock;
	Seat *idle;
	atomic_size_t read; /* files, members of archives too */
};

typedef struct Looked { /* a sieve's body */
	RemarkReport report;
	VEC(SecretMark) marks;
	uint8_t sums[SUM_KINDS][SUM_MAX];
} Looked;

typedef struct FileSieve {
	Sieve base;
	SecretImage *image;
	Arena *arena;
	Str path;
	uint64_t size;
	Seat *seat; /* from the first feed on */
	bool whole; /* kept in seat->bytes, read at the end */
	Sums sums;  /* of what streams */
} FileSieve;

/* ---- seats ---- */

static Seat *take_seat(SecretImage *s)
{
	pthread_mutex_lock(&s->lock);
	Seat *seat = s->idle;
	if (seat != NULL)
		s->idle = seat->next;
	pthread_mutex_unlock(&s->lock);
	if (seat != NULL)
		return seat;
	seat = calloc(1, sizeof *seat);
	if (seat == NULL)
		die_oom();
	seat->reader.scan = secret_scan_create(s->set);
	return seat;
}

static void leave_seat(SecretImage *s, Seat *seat)
{
	pthread_mutex_lock(&s->lock);
	seat->next = s->idle;
	s->idle = seat;
	pthread_mutex_unlock(&s->lock);
}

static void make_room(Seat *seat, size_t n)
{
	if (seat->room >= n)
		return;
	free(seat->bytes);
	seat->bytes = malloc(n);
	if (seat->bytes == NULL)
		die_oom();
	seat->room = n;
}

/* ---- the sieve ---- */

static FileSieve *sieve_of(Sieve *s) { return (FileSieve *)(void *)s; }

static void start(FileSieve *f, Str head)
{
	Seat *seat = f->seat = take_seat(f->image);
	seat->reader = (SecretReader){.scan = seat->reader.scan,
				      .arena = f->arena,
				      .least = f->image->least,
				      .left = LIMIT_SECRET_HITS};
	bool archive = secret_reader_is_archive(head);
	f->whole = f->size <= (archive ? LIMIT_SECRET_MEMBER_BYTES : LIMIT_SECRET_WHOLE_BYTES);
	if (f->whole) {
		make_room(seat, (size_t)f->size);
		return;
	}
	f->sums = sums_start(1u << SUM_MD5 | 1u << SUM_SHA1 | 1u << SUM_SHA256);
	secret_reader_begin(&seat->reader, f->path);
	if (archive)
		vec_push(f->arena, &seat->reader.report.not_evaluated,
			 (Unread){f->path, S("an archive too large to be opened in a layer; its "
					     "members were not looked at")});
}

static Result file_feed(Sieve *s, uint64_t at, Str bytes)
{
	FileSieve *f = sieve_of(s);
	if (at > f->size || bytes.n > f->size - at)
		FAIL(ERR_INPUT, "file is longer than its header says");
	if (f->seat == NULL)
		start(f, bytes);
	if (f->whole) {
		memcpy(f->seat->bytes + at, bytes.p, bytes.n);
	} else {
		sums_add(&f->sums, bytes);
		secret_reader_feed(&f->seat->reader, bytes);
	}
	s->next = at + bytes.n == f->size ? SIEVE_DONE : at + bytes.n;
	return OK;
}

static Looked *looked_of(const FileSieve *f)
{
	Looked *l = arena_new(f->arena, Looked);
	const SecretReader *r = &f->seat->reader;
	l->report = r->report;
	l->marks.at = r->marks.at;
	l->marks.n = r->marks.n;
	return l;
}

static Result file_finish(Sieve *s, Str *out)
{
	FileSieve *f = sieve_of(s);
	if (f->seat == NULL)
		return OK;
	SecretReader *r = &f->seat->reader;
	bool all = s->next == SIEVE_DONE;
	Str bytes = {f->seat->bytes, (size_t)f->size};
	if (f->whole && all)
		secret_reader_bytes(r, f->path, bytes);
	else if (!f->whole)
		secret_reader_end(r);
	if (r->report.remarks.n != 0 || r->report.not_evaluated.n != 0) {
		Looked *l = looked_of(f);
		if (f->whole) {
			f->sums = sums_start(1u << SUM_MD5 | 1u << SUM_SHA1 | 1u << SUM_SHA256);
			sums_add(&f->sums, bytes);
		}
		sums_finish(&f->sums, l->sums);
		*out = (Str){(const char *)l, sizeof *l};
	}
	sums_drop(&f->sums);
	atomic_fetch_add(&f->image->read, r->report.read);
	leave_seat(f->image, f->seat);
	f->seat = NULL;
	if (!all)
		FAIL(ERR_INPUT, "file ends after %llu of %llu bytes", (unsigned long long)s->next,
		     (unsigned long long)f->size);
	return OK;
}

static bool is_excluded(const SecretImage *s, Str path)
{
	Arena a = {0};
	const char *text = arena_cstr(&a, path), *base = arena_cstr(&a, str_base(path));
	bool found = false;
	for (size_t i = 0; s->exclude != NULL && i < s->exclude->n && !found; i++)
		found = fnmatch(s->exclude->at[i].p, text, 0) == 0 ||
			fnmatch(s->exclude->at[i].p, base, 0) == 0;
	arena_finish(&a);
	return found;
}

static Str rooted(Arena *a, Str path)
{
	Buf b = buf_in(a, path.n + 2);
	buf_char(&b, '/');
	buf_add(&b, path);
	return buf_str(&b);
}

static Sieve *pick(void *ctx, Arena *a, const FileInfo *info)
{
	SecretImage *s = ctx;
	if (info->size == 0 ||
	    (s->exclude != NULL && s->exclude->n != 0 && is_excluded(s, info->path)))
		return NULL;
	FileSieve *f = arena_new(a, FileSieve);
	*f = (FileSieve){.base = {.feed = file_feed, .finish = file_finish},
			 .image = s,
			 .arena = a,
			 .path = rooted(a, info->path),
			 .size = info->size};
	return &f->base;
}

/* Of a layer that is read a second time, whose arena ends before the report. */
static Str copy_body(void *ctx, Arena *a, Str body)
{
	(void)ctx;
	const Looked *from = (const void *)body.p;
	Looked *to = arena_new(a, Looked);
	*to = *from;
	to->report.remarks = (RemarkVec){0};
	memset(&to->report.not_evaluated, 0, sizeof to->report.not_evaluated);
	memset(&to->marks, 0, sizeof to->marks);
	for (size_t i = 0; i < from->report.remarks.n; i++) {
		Remark r = from->report.remarks.at[i];
		r.file = arena_str(a, r.file);
		r.message = arena_str(a, r.message);
		r.masked = arena_str(a, r.masked);
		r.fingerprint = arena_str(a, r.fingerprint);
		vec_push(a, &to->report.remarks, r);
		vec_push(a, &to->marks, from->marks.at[i]);
	}
	for (size_t i = 0; i < from->report.not_evaluated.n; i++)
		vec_push(a, &to->report.not_evaluated,
			 (Unread){arena_str(a, from->report.not_evaluated.at[i].what),
				  arena_str(a, from->report.not_evaluated.at[i].why)});
	return (Str){(const char *)to, body.n};
}

SecretImage *secret_image_create(const SecretSet *set, Confidence least, const StrVec *exclude)
{
	SecretImage *s = calloc(1, sizeof *s);
	if (s == NULL)
		die_oom();
	s->set = set;
	s->least = least;
	s->exclude = exclude;
	s->selector = (Selector){.ctx = s, .pick = pick, .copy_body = copy_body};
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

void secret_image_destroy(SecretImage *s)
{
	for (Seat *seat = s != NULL ? s->idle : NULL; seat != NULL;) {
		Seat *next = seat->next;
		secret_scan_destroy(seat->reader.scan);
		free(seat->bytes);
		free(seat);
		seat = next;
	}
	if (s != NULL)
		pthread_mutex_destroy(&s->lock);
	free(s);
}

const Selector *secret_image_selector(SecretImage *s) { return &s->selector; }

/* ---- the report ---- */

typedef struct Telling {
	const Image *image;
	Recorded now, before; /* what packages recorded, and what they did in lower layers */
	SecretTold told;
	Arena *arena;
	RemarkReport *out;
} Telling;

static SumKind kind_of(RecordedSum s)
{
	return s == RECORDED_MD5 ? SUM_MD5 : s == RECORDED_SHA1 ? SUM_SHA1 : SUM_SHA256;
}

static bool is_recorded(const Recorded *r, Str path, const Looked *l)
{
	const RecordedFile *f = recorded_get(r, path);
	return f != NULL &&
	       memcmp(l->sums[kind_of(f->sum)], f->digest, recorded_sum_bytes(f->sum)) == 0;
}

/* ", in layer 2 of 5, which layer 4 hides" */
static Str with_place(const Telling *t, Str message, const Captured *f, bool hidden)
{
	Buf b = buf_in(t->arena, message.n + 120);
	buf_add(&b, message);
	if (f->layer == LAYER_NONE || t->image->layers.n == 0)
		return buf_str(&b);
	buf_fmt(&b, ", in layer %u of %zu", f->layer + 1, t->image->layers.n);
	if (hidden && f->hidden_by != LAYER_NONE)
		buf_fmt(&b, ", though layer %u removed or replaced the file", f->hidden_by + 1);
	return buf_str(&b);
}

static void add_looked(Telling *t, const Captured *f, bool hidden)
{
	const Looked *l = (const void *)f->body.p;
	if (l == NULL)
		return;
	bool owned = is_recorded(&t->now, f->path, l) || is_recorded(&t->before, f->path, l);
	Str diff_id = f->layer < t->image->layers.n ? t->image->layers.at[f->layer].diff_id
						    : (Str){0};
	for (size_t i = 0; i < l->report.remarks.n; i++) {
		Remark *r = arena_new(t->arena, Remark);
		SecretMark *m = arena_new(t->arena, SecretMark);
		*r = l->report.remarks.at[i];
		*m = l->marks.at[i];
		r->layer = diff_id;
		r->message = with_place(t, r->message, f, hidden);
		m->round = f->layer;
		m->owned = owned;
		secret_told_add(&t->told, r, m);
	}
	for (size_t i = 0; i < l->report.not_evaluated.n && !owned; i++)
		vec_push(t->arena, &t->out->not_evaluated, l->report.not_evaluated.at[i]);
	t->out->suppressed += l->report.suppressed;
}

/* What databases of lower layers said: theirs are the files that were replaced since. */
static void read_older(const Image *databases, Arena *a, Recorded *out)
{
	*out = (Recorded){.arena = a};
	for (size_t i = 0; i < databases->hidden.n; i++) {
		const Captured *f = &databases->hidden.at[i];
		err_free(recorded_add(out, f->path, f->body));
	}
}

static void tell_unread(Telling *t, const Image *image)
{
	for (size_t i = 0; i < image->undecided.n; i++)
		vec_push(t->arena, &t->out->not_evaluated,
			 (Unread){image->undecided.at[i].subject, image->undecided.at[i].reason});
}

/* ---- what the image says of itself ---- */

/* Searched as if it stood in a file named `as`; told under `name`. */
static void add_text(Telling *t, SecretReader *r, const char *as, const char *name, Str text)
{
	size_t before = r->report.remarks.n;
	secret_reader_bytes(r, str_of(as), text);
	for (size_t i = before; i < r->report.remarks.n; i++)
		r->report.remarks.at[i].file = str_of(name);
}

static Str lines_of(Arena *a, const StrVec *v)
{
	Buf b = buf_in(a, LIMIT_SECRET_MEMBER_BYTES);
	for (size_t i = 0; i < v->n; i++) {
		buf_add(&b, v->at[i]);
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

static Str labels_of(Arena *a, const ImageSettings *s)
{
	Buf b = buf_in(a, LIMIT_SECRET_MEMBER_BYTES);
	for (size_t i = 0; i < s->labels.n; i++)
		buf_fmt(&b, STR_FMT "=" STR_FMT "\n", STR_ARG(s->labels.at[i].key),
			STR_ARG(s->labels.at[i].value));
	return buf_str(&b);
}

/* A step a line, whatever lines it has. */
static Str history_of(Arena *a, const ImageSettings *s)
{
	Buf b = buf_in(a, LIMIT_SECRET_MEMBER_BYTES);
	for (size_t i = 0; i < s->history.n; i++) {
		Str text = s->history.at[i].created_by;
		for (size_t k = 0; k < text.n; k++)
			buf_char(&b, text.p[k] == '\n' ? ' ' : text.p[k]);
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

static void add_settings(Telling *t, SecretImage *s)
{
	const ImageSettings *of = &t->image->settings;
	const struct {
		const char *as, *name;
		Str text;
	} parts[] = {
		{".env", "image config: environment", lines_of(t->arena, &of->env)},
		{".env", "image config: labels", labels_of(t->arena, of)},
		{"entrypoint.sh", "image config: entrypoint", lines_of(t->arena, &of->entrypoint)},
		{"cmd.sh", "image config: command", lines_of(t->arena, &of->cmd)},
		{"health.sh", "image config: health check", lines_of(t->arena, &of->health)},
		{"build.sh", "image config: onbuild", lines_of(t->arena, &of->on_build)},
		{"history.sh", "image config: history", history_of(t->arena, of)},
	};
	Seat *seat = take_seat(s);
	SecretReader *r = &seat->reader;
	*r = (SecretReader){
		.scan = r->scan, .arena = t->arena, .least = s->least, .left = LIMIT_SECRET_HITS};
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (parts[i].text.n != 0)
			add_text(t, r, parts[i].as, parts[i].name, parts[i].text);
	for (size_t i = 0; i < r->report.remarks.n; i++)
		secret_told_add(&t->told, &r->report.remarks.at[i], &r->marks.at[i]);
	leave_seat(s, seat);
}

void secret_image_tell(SecretImage *s, const Image *files, const Image *databases, Arena *a,
		       RemarkReport *out)
{
	Telling t = {.image = files, .arena = a, .out = out};
	StrVec why = {0};
	recorded_from(&databases->files, a, &t.now, &why);
	read_older(databases, a, &t.before);
	for (size_t i = 0; i < files->files.files.n; i++)
		add_looked(&t, &files->files.files.at[i], false);
	for (size_t i = 0; i < files->hidden.n; i++)
		add_looked(&t, &files->hidden.at[i], true);
	add_settings(&t, s);
	tell_unread(&t, files);
	out->read += atomic_load(&s->read);
	for (size_t i = 0; i < why.n; i++)
		vec_push(a, &out->not_evaluated, (Unread){S("package database"), why.at[i]});
	secret_told_report(&t.told, true, a, out);
}
