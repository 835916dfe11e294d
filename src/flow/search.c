/* search.c - from a name to a report: the target, a worker, what is known already. */
#include "flow/search.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "flow/known.h"
#include "flow/secret_image.h"
#include "image/target.h"
#include "io/fd.h"
#include "io/worker.h"
#include "model/tee.h"
#include "secrets/limits.h"

typedef struct Job {
	Search *search;
	int fd;
	int root; /* the root file system that the folder is in; -1: none has packages */
	bool is_dir;
	Str below; /* the folder, from that root */
} Job;

/* ---- in the worker ---- */

void search_progress(void *ctx, uint64_t done, uint64_t total)
{
	const Search *s = ctx;
	char text[64];
	int n = snprintf(text, sizeof text, "%llu %llu", (unsigned long long)done,
			 (unsigned long long)total);
	err_free(worker_progress(s->reply, (Str){text, (size_t)n}));
}

static Result read_folder(const Job *j, Arena *a, RemarkReport *out)
{
	Search *s = j->search;
	s->owned = owned_create(j->root, j->below);
	SecretWalk walk = {.root = j->fd,
			   .owned = s->owned,
			   .name = s->request->target,
			   .exclude = &s->request->exclude,
			   .set = s->set,
			   .least = s->request->least,
			   .help = s->help,
			   .everything = s->objects,
			   .look = s->look,
			   .look_ctx = s->ctx,
			   .progress = search_progress,
			   .progress_ctx = s};
	Err *e = secret_walk(&walk, a, out);
	owned_destroy(s->owned);
	s->owned = NULL;
	return e;
}

/* A pipe is read once, and there are several that look. */
static void look_at_pipe(const Search *s, SecretReader *r, SecretFile *f)
{
	AUTO_SOURCE Source *from = source_from_fd(f->fd, false);
	Err *e = source_all(from, r->arena, LIMIT_SECRET_MEMBER_BYTES, &f->bytes);
	if (e == OK) {
		f->fd = -1;
		secret_reader_bytes(r, f->shown, f->bytes);
		s->look(s->ctx, r, f);
		return;
	}
	secret_reader_unread(r, f->shown,
			     e->kind == ERR_LIMIT ? err_in(e, "save it as a file and name that; a "
							      "pipe is looked at whole")
						  : e);
}

static Result read_one(const Job *j, Arena *a, RemarkReport *out)
{
	struct stat st;
	const Search *s = j->search;
	SecretReader r = {.scan = secret_scan_create(s->set),
			  .arena = a,
			  .least = s->request->least,
			  .help = s->help,
			  .left = LIMIT_SECRET_REMARKS};
	SecretFile f = {.path = s->request->target, .shown = s->request->target, .fd = j->fd};
	bool regular = fstat(j->fd, &st) == 0 && S_ISREG(st.st_mode);
	if (s->look != NULL && !regular)
		look_at_pipe(s, &r, &f);
	else
		secret_reader_fd(&r, f.shown, f.fd);
	if (s->look != NULL && regular)
		s->look(s->ctx, &r, &f);
	secret_scan_destroy(r.scan);
	*out = r.report;
	remarks_sort(&out->remarks);
	return OK;
}

static Result read_target(const Job *j, Arena *a, RemarkReport *out)
{
	Search *s = j->search;
	if (s->instead != NULL)
		return s->instead(s->ctx, s, a, out);
	return j->is_dir ? read_folder(j, a, out) : read_one(j, a, out);
}

static Result pack(const RemarkReport *report, Arena *a, Str *answer)
{
	Buf b = buf_in(a, LIMIT_WORKER_REPLY_BYTES);
	remarks_write(&b, report);
	return buf_done(&b, "the list of findings", answer);
}

static Result in_worker(void *ctx, Reply *reply)
{
	const Job *j = ctx;
	Arena a = {0};
	RemarkReport report = {0};
	Str bytes = {0};
	j->search->reply = reply;
	Err *e = read_target(j, &a, &report);
	if (e == OK)
		e = pack(&report, &a, &bytes);
	if (e == OK)
		e = worker_answer(reply, bytes);
	arena_finish(&a);
	return e;
}

/* ---- files, in the parent ---- */

static void show_progress(void *ctx, Str message)
{
	const Search *s = ctx;
	Str first;
	uint64_t done, total;
	char text[64];
	if (!str_cut(&message, ' ', &first) || !str_u64(first, &done) || !str_u64(message, &total))
		return;
	int n = snprintf(text, sizeof text, "commit %llu of %llu", (unsigned long long)done,
			 (unsigned long long)total);
	if (s->instead != NULL)
		progress_say(&s->request->progress, (Str){text, (size_t)n}, 0, 0);
	else
		progress_say(&s->request->progress, S("files"), done, total);
}

static Result open_target(Job *j, const char *path)
{
	struct stat st;
	j->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
				       : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (j->fd < 0 || fstat(j->fd, &st) != 0)
		FAIL_SYS("%s: %s", path, strerrordesc_np(errno));
	j->is_dir = S_ISDIR(st.st_mode);
	return OK;
}

static Result read_files(Job *j, Arena *a, SearchOutcome *out)
{
	Search *s = j->search;
	const char *path = s->instead != NULL ? s->dir : arena_cstr(a, s->request->target);
	StrVec dirs = {0};
	VEC(const char *) granted = {0};
	Str answer;
	if (s->instead == NULL)
		TRY(open_target(j, path));
	if (j->is_dir)
		owned_find(s->request->target, a, &j->root, &j->below, &dirs);
	if (j->is_dir || s->instead != NULL)
		vec_push(a, &granted, path);
	for (size_t i = 0; i < dirs.n; i++)
		vec_push(a, &granted, dirs.at[i].p);
	vec_push(a, &granted, NULL);
	const int fds[] = {j->fd, j->root, -1};
	WorkerGrant grant = {.fds = fds,
			     .also_fd = s->also_fd,
			     .read_dirs = granted.n > 1 ? granted.at : NULL,
			     .allow_unsandboxed = s->request->allow_unsandboxed,
			     .progress = show_progress,
			     .progress_ctx = s};
	TRY(worker_run(&grant, in_worker, j, a, &answer, &out->missing));
	return remarks_read(answer, a, &out->report);
}

/* ---- images ---- */

enum { FILES, DATABASES, ROOMS }; /* as they stand in the tee */

static Err *tell_image(void *ctx, const Image *image, Arena *a, Str *answer)
{
	const Search *s = ctx;
	RemarkReport report = {0};
	Image files, databases;
	tee_part(image, FILES, a, &files);
	tee_part(image, DATABASES, a, &databases);
	s->tell(s->ctx, &files, &databases, a, &report);
	secret_hide_origins(s->hide, a, &report);
	return pack(&report, a, answer);
}

static void say_layer(void *ctx, Str layer, uint64_t done, uint64_t total)
{
	const SearchRequest *r = ctx;
	progress_say(&r->progress, layer, done, total);
}

static Result read_image(Search *s, Arena *a, SearchOutcome *out)
{
	const SearchRequest *r = s->request;
	const Selector *rooms[ROOMS + 1] = {file_sieves_selector(s->sieves), recorded_selector(),
					    NULL};
	ImageRequest ask = {.target = r->target,
			    .platform = r->platform,
			    .allow_unsandboxed = r->allow_unsandboxed,
			    .in_place = true,
			    .also_fd = s->also_fd,
			    .selector = tee_selectors(rooms, a),
			    .then = tell_image,
			    .then_ctx = s,
			    .progress = say_layer,
			    .progress_ctx = (void *)(uintptr_t)r};
	ImageAnswer got = {0};
	TRY_IN(image_read(&ask, a, &got), STR_FMT, STR_ARG(r->target));
	out->missing = got.missing;
	return remarks_read(got.answer, a, &out->report);
}

Result search_run(Search *s, Arena *a, SearchOutcome *out)
{
	Job j = {.search = s, .fd = -1, .root = -1};
	bool image = s->instead == NULL && target_names_image(s->request->target);
	Err *e = image ? read_image(s, a, out) : read_files(&j, a, out);
	fd_closep(&j.fd);
	fd_closep(&j.root);
	if (e == OK)
		known_drop(&s->request->fingerprints, a, &out->report);
	return e;
}
