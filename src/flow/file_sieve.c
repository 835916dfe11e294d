/* file_sieve.c - sieves that borrow a seat each while their file goes by. */
#include "flow/file_sieve.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/buf.h"
#include "flow/known.h"
#include "secrets/limits.h"

enum { ALL_SUMS = 1u << SUM_MD5 | 1u << SUM_SHA1 | 1u << SUM_SHA256 };

typedef struct Seat Seat;
struct Seat { /* what one file needs while it is read */
	SecretReader reader;
	Seat *next;
	MalwareLook look;
	char *bytes;
	size_t room;
};

struct FileSieves {
	Selector selector;
	FileSieveWant want;
	pthread_mutex_t lock;
	Seat *idle;
	atomic_size_t read;
};

typedef struct FileSieve {
	Sieve base;
	FileSieves *all;
	FileInfo info;
	Arena *arena;
	Str path;
	Seat *seat; /* from the first feed on */
	bool whole; /* kept in seat->bytes, read at the end */
	Sums sums;
} FileSieve;

/* ---- seats ---- */

static Seat *take_seat(FileSieves *s, Arena *a)
{
	pthread_mutex_lock(&s->lock);
	Seat *seat = s->idle;
	if (seat != NULL)
		s->idle = seat->next;
	pthread_mutex_unlock(&s->lock);
	if (seat == NULL) {
		seat = calloc(1, sizeof *seat);
		if (seat == NULL)
			die_oom();
		seat->reader.scan = secret_scan_create(s->want.set);
	}
	seat->reader = (SecretReader){.scan = seat->reader.scan,
				      .arena = a,
				      .least = s->want.least,
				      .help = s->want.help,
				      .left = LIMIT_SECRET_HITS};
	return seat;
}

static void leave_seat(FileSieves *s, Seat *seat)
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
	const FileSieveWant *want = &f->all->want;
	Seat *seat = f->seat = take_seat(f->all, f->arena);
	bool archive = secret_reader_is_archive(head);
	f->whole = f->info.size <= (archive || want->whole != NULL ? LIMIT_SECRET_MEMBER_BYTES
								   : LIMIT_SECRET_WHOLE_BYTES);
	if (f->whole) {
		make_room(seat, (size_t)f->info.size);
		return;
	}
	f->sums = sums_start(ALL_SUMS);
	malware_look_start(&seat->look);
	secret_reader_begin(&seat->reader, f->path);
	if (archive || want->whole != NULL)
		vec_push(f->arena, &seat->reader.report.not_evaluated,
			 (Unread){f->path, S("too large to be read whole in a layer")});
}

static void look_at(FileSieve *f, Str bytes)
{
	sums_add(&f->sums, bytes);
	if (f->all->want.every)
		malware_look_add(&f->seat->look, bytes);
}

static Result file_feed(Sieve *s, uint64_t at, Str bytes)
{
	FileSieve *f = sieve_of(s);
	uint64_t size = f->info.size;
	if (at > size || bytes.n > size - at)
		FAIL(ERR_INPUT, "file is longer than its header says");
	if (f->seat == NULL)
		start(f, bytes);
	if (f->whole) {
		memcpy(f->seat->bytes + at, bytes.p, bytes.n);
	} else {
		look_at(f, bytes);
		secret_reader_feed(&f->seat->reader, bytes);
	}
	s->next = at + bytes.n == size ? SIEVE_DONE : at + bytes.n;
	return OK;
}

/* The whole file at once. */
static void read_whole(FileSieve *f)
{
	const FileSieveWant *want = &f->all->want;
	SecretReader *r = &f->seat->reader;
	Str bytes = {f->seat->bytes, (size_t)f->info.size};
	secret_reader_bytes(r, f->path, bytes);
	if (want->whole != NULL)
		want->whole(want->ctx, r, f->path, bytes);
	if (!want->every && r->report.remarks.n == 0)
		return;
	f->sums = sums_start(ALL_SUMS);
	malware_look_start(&f->seat->look);
	look_at(f, bytes);
}

static Str keep(FileSieve *f)
{
	const SecretReader *r = &f->seat->reader;
	Looked *l = arena_new(f->arena, Looked);
	*l = (Looked){.report = r->report,
		      .marks = r->marks,
		      .info = f->info,
		      .looked = f->all->want.every};
	if (l->looked) {
		malware_look_end(&f->seat->look);
		l->facts = f->seat->look.facts;
	}
	sums_finish(&f->sums, l->sums);
	return (Str){(const char *)l, sizeof *l};
}

static Result file_finish(Sieve *s, Str *out)
{
	FileSieve *f = sieve_of(s);
	if (f->seat == NULL)
		return OK;
	const SecretReader *r = &f->seat->reader;
	bool all = s->next == SIEVE_DONE;
	if (!f->whole)
		secret_reader_end(&f->seat->reader);
	else if (all)
		read_whole(f);
	if (all &&
	    (f->all->want.every || r->report.remarks.n != 0 || r->report.not_evaluated.n != 0))
		*out = keep(f);
	sums_drop(&f->sums);
	atomic_fetch_add(&f->all->read, r->report.read);
	leave_seat(f->all, f->seat);
	f->seat = NULL;
	if (!all)
		FAIL(ERR_INPUT, "file ends after %llu of %llu bytes", (unsigned long long)s->next,
		     (unsigned long long)f->info.size);
	return OK;
}

/* ---- the selector ---- */

static Str rooted(Arena *a, Str path)
{
	Buf b = buf_in(a, path.n + 2);
	buf_char(&b, '/');
	buf_add(&b, path);
	return buf_str(&b);
}

static Sieve *pick(void *ctx, Arena *a, const FileInfo *info)
{
	FileSieves *s = ctx;
	if (info->size == 0 || is_excluded(s->want.exclude, info->path))
		return NULL;
	FileSieve *f = arena_new(a, FileSieve);
	*f = (FileSieve){.base = {.feed = file_feed, .finish = file_finish},
			 .all = s,
			 .info = *info,
			 .arena = a,
			 .path = rooted(a, info->path)};
	f->info.path = str_skip(f->path, 1);
	return &f->base;
}

/* Of a layer that is read a second time, whose arena ends before the report. */
static Str copy_body(void *ctx, Arena *a, Str body)
{
	(void)ctx;
	const Looked *from = (const void *)body.p;
	Looked *to = arena_new(a, Looked);
	*to = *from;
	to->info.path = arena_str(a, from->info.path);
	to->report.remarks = (RemarkVec){0};
	memset(&to->report.not_evaluated, 0, sizeof to->report.not_evaluated);
	to->marks = (SecretMarkVec){0};
	for (size_t i = 0; i < from->report.remarks.n; i++) {
		Remark r = from->report.remarks.at[i];
		Str *const texts[] = {&r.file, &r.message, &r.masked, &r.fingerprint};
		for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
			*texts[k] = arena_str(a, *texts[k]);
		vec_push(a, &to->report.remarks, r);
		vec_push(a, &to->marks, from->marks.at[i]);
	}
	for (size_t i = 0; i < from->report.not_evaluated.n; i++)
		vec_push(a, &to->report.not_evaluated,
			 (Unread){arena_str(a, from->report.not_evaluated.at[i].what),
				  arena_str(a, from->report.not_evaluated.at[i].why)});
	return (Str){(const char *)to, body.n};
}

const Looked *looked_of(const Captured *f) { return (const void *)f->body.p; }

bool looked_is(const Looked *l, const RecordedFile *f)
{
	return f != NULL && recorded_is(f, (uint8_t(*)[SUM_MAX])(uintptr_t)l->sums);
}

Str looked_place(const Image *image, const Captured *f, bool hidden, Str message, Arena *a)
{
	Buf b = buf_in(a, message.n + 120);
	buf_add(&b, message);
	if (f->layer >= image->layers.n)
		return buf_str(&b);
	buf_fmt(&b, ", in layer %u of %zu", f->layer + 1, image->layers.n);
	if (hidden && f->hidden_by != LAYER_NONE)
		buf_fmt(&b, ", though layer %u removed or replaced the file", f->hidden_by + 1);
	return buf_str(&b);
}

FileSieves *file_sieves_create(const FileSieveWant *want)
{
	FileSieves *s = calloc(1, sizeof *s);
	if (s == NULL)
		die_oom();
	s->want = *want;
	s->selector = (Selector){.ctx = s, .pick = pick, .copy_body = copy_body};
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

void file_sieves_destroy(FileSieves *s)
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

const Selector *file_sieves_selector(FileSieves *s) { return &s->selector; }

size_t file_sieves_read(const FileSieves *s) { return atomic_load(&s->read); }

SecretReader *file_sieves_reader(FileSieves *s, Arena *a) { return &take_seat(s, a)->reader; }

void file_sieves_give_back(FileSieves *s, SecretReader *r)
{
	leave_seat(s, (Seat *)(void *)r); /* its first member */
}
