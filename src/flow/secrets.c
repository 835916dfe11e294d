/* secrets.c - from a name to a report of secrets: rules, a worker, what is known already. */
#include "flow/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "catalog/recorded.h"
#include "flow/known.h"
#include "flow/secret_git.h"
#include "flow/secret_image.h"
#include "flow/secret_walk.h"
#include "image/target.h"
#include "io/fd.h"
#include "io/git.h"
#include "io/worker.h"
#include "model/tee.h"
#include "secrets/limits.h"

typedef struct Job {
	const SecretsRequest *request;
	const SecretSet *set;
	int fd;
	int root; /* the root file system that the folder is in; -1: none has packages */
	bool is_dir;
	const char *git; /* the folder with its objects; NULL: no history is asked for */
	Str below;       /* the folder, from that root */
	Str name;
	Reply *reply;
} Job;

/* ---- in the worker ---- */

static void say_progress(void *ctx, uint64_t done, uint64_t total)
{
	const Job *j = ctx;
	char text[64];
	int n = snprintf(text, sizeof text, "%llu %llu", (unsigned long long)done,
			 (unsigned long long)total);
	err_free(worker_progress(j->reply, (Str){text, (size_t)n}));
}

static Result read_history(const Job *j, Arena *a, RemarkReport *out)
{
	SecretGit git = {.dir = j->git,
			 .exclude = &j->request->exclude,
			 .set = j->set,
			 .least = j->request->least,
			 .progress = say_progress,
			 .progress_ctx = (void *)(uintptr_t)j};
	TRY_IN(secret_git(&git, a, out), STR_FMT, STR_ARG(j->request->target));
	return OK;
}

static Result read_all(const Job *j, Arena *a, RemarkReport *out)
{
	if (j->git != NULL)
		return read_history(j, a, out);
	if (j->is_dir) {
		Owned *owned = owned_create(j->root, j->below);
		SecretWalk walk = {.root = j->fd,
				   .owned = owned,
				   .name = j->name,
				   .exclude = &j->request->exclude,
				   .set = j->set,
				   .least = j->request->least,
				   .progress = say_progress,
				   .progress_ctx = (void *)(uintptr_t)j};
		Err *e = secret_walk(&walk, a, out);
		owned_destroy(owned);
		return e;
	}
	SecretReader r = {.scan = secret_scan_create(j->set),
			  .arena = a,
			  .least = j->request->least,
			  .left = LIMIT_SECRET_REMARKS};
	secret_reader_fd(&r, j->name, j->fd);
	secret_scan_destroy(r.scan);
	*out = r.report;
	remarks_sort(&out->remarks);
	return OK;
}

static Result in_worker(void *ctx, Reply *reply)
{
	Job *j = ctx;
	Arena a = {0};
	RemarkReport report = {0};
	Str bytes = {0};
	j->reply = reply;
	Buf b = buf_in(&a, LIMIT_WORKER_REPLY_BYTES);
	Err *e = read_all(j, &a, &report);
	if (e == OK)
		remarks_write(&b, &report);
	if (e == OK)
		e = buf_done(&b, "the list of findings", &bytes);
	if (e == OK)
		e = worker_answer(reply, bytes);
	arena_finish(&a);
	return e;
}

/* ---- in the parent ---- */

static void show_progress(void *ctx, Str message)
{
	const SecretsRequest *r = ctx;
	Str done_text;
	uint64_t done, total;
	if (str_cut(&message, ' ', &done_text) && str_u64(done_text, &done) &&
	    str_u64(message, &total))
		progress_say(&r->progress, r->git ? S("commits") : S("files"), done, total);
}

/* ".git" of a work tree, or the folder itself. A link or a file in its place leads to somewhere
 * that the user did not name. */
static Result find_repository(const SecretsRequest *r, Arena *a, Job *j)
{
	struct stat st;
	Buf b = buf_in(a, r->target.n + 8);
	buf_fmt(&b, STR_FMT "/.git", STR_ARG(r->target));
	const char *inside = arena_cstr(a, buf_str(&b)), *itself = arena_cstr(a, r->target);
	j->git = inside;
	if (lstat(inside, &st) == 0 && !S_ISDIR(st.st_mode))
		FAIL(ERR_USAGE,
		     STR_FMT ": a linked work tree or a submodule; name the repository that its "
			     ".git leads to",
		     STR_ARG(r->target));
	if (lstat(inside, &st) != 0)
		j->git = itself;
	if (stat(j->git, &st) != 0)
		FAIL_SYS(STR_FMT ": %s", STR_ARG(r->target), strerrordesc_np(errno));
	if (!S_ISDIR(st.st_mode))
		FAIL(ERR_USAGE, STR_FMT ": no repository", STR_ARG(r->target));
	return repo_start();
}

static Result open_target(const SecretsRequest *r, Arena *a, Job *j)
{
	struct stat st;
	if (r->git)
		return find_repository(r, a, j);
	const char *path = arena_cstr(a, r->target);
	if (str_eq(r->target, S("-"))) {
		j->fd = dup(STDIN_FILENO);
		return OK;
	}
	j->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (j->fd < 0 || fstat(j->fd, &st) != 0)
		FAIL_SYS(STR_FMT ": %s", STR_ARG(r->target), strerrordesc_np(errno));
	j->is_dir = S_ISDIR(st.st_mode);
	return OK;
}

static Result read_in_worker(const SecretsRequest *r, Job *j, Arena *a, SecretsOutcome *out)
{
	StrVec dirs = {0};
	VEC(const char *) granted = {0};
	if (j->git != NULL)
		vec_push(a, &granted, j->git);
	if (j->is_dir) {
		owned_find(r->target, a, &j->root, &j->below, &dirs);
		vec_push(a, &granted, arena_cstr(a, r->target));
	}
	for (size_t i = 0; i < dirs.n; i++)
		vec_push(a, &granted, dirs.at[i].p);
	vec_push(a, &granted, NULL);
	const int fds[] = {j->fd >= 0 ? j->fd : j->root, j->fd >= 0 ? j->root : -1, -1};
	WorkerGrant grant = {.fds = fds,
			     .read_dirs = granted.n > 1 ? granted.at : NULL,
			     .allow_unsandboxed = r->allow_unsandboxed,
			     .progress = show_progress,
			     .progress_ctx = (void *)(uintptr_t)r};
	Str answer;
	TRY(worker_run(&grant, in_worker, j, a, &answer, &out->missing));
	return remarks_read(answer, a, &out->report);
}

/* ---- images ---- */

enum { FILES, DATABASES, ROOMS }; /* as they stand in the tee */

static Err *tell_image(void *ctx, const Image *image, Arena *a, Str *answer)
{
	FileSieves *s = ctx;
	RemarkReport report = {0};
	Image files, databases;
	Buf b = buf_in(a, LIMIT_WORKER_REPLY_BYTES);
	tee_part(image, FILES, a, &files);
	tee_part(image, DATABASES, a, &databases);
	secret_image_tell(s, &files, &databases, a, &report);
	remarks_write(&b, &report);
	return buf_done(&b, "the list of findings", answer);
}

static void say_layer(void *ctx, Str layer, uint64_t done, uint64_t total)
{
	const SecretsRequest *r = ctx;
	progress_say(&r->progress, layer, done, total);
}

static Result read_image(const SecretsRequest *r, const SecretSet *set, Arena *a,
			 SecretsOutcome *out)
{
	FileSieves *s = file_sieves_create(
		&(FileSieveWant){.set = set, .least = r->least, .exclude = &r->exclude});
	const Selector *rooms[ROOMS + 1] = {file_sieves_selector(s), recorded_selector(), NULL};
	ImageRequest ask = {.target = r->target,
			    .platform = r->platform,
			    .allow_unsandboxed = r->allow_unsandboxed,
			    .in_place = true,
			    .selector = tee_selectors(rooms, a),
			    .then = tell_image,
			    .then_ctx = s,
			    .progress = say_layer,
			    .progress_ctx = (void *)(uintptr_t)r};
	ImageAnswer got = {0};
	Err *e = image_read(&ask, a, &got);
	file_sieves_destroy(s);
	TRY(e);
	out->missing = got.missing;
	return remarks_read(got.answer, a, &out->report);
}

Result secrets_rules(Str more, Arena *a, SecretRuleVec *rules)
{
	TRY_IN(secret_rules_parse(secret_rules_text(), a, rules), "rules of the program");
	return err_usage(secret_rules_parse(more, a, rules));
}

/* The program's own rules are sound: what is wrong is wrong with those that were brought. */
static Result make_set(const SecretsRequest *r, Arena *a, SecretSet **set)
{
	SecretRuleVec rules = {0};
	Err *e = secrets_rules(r->rules, a, &rules);
	if (e == OK)
		e = err_usage(secret_set_make(&rules, a, set));
	return e != OK && r->rules_name != NULL ? err_in(e, "%s", r->rules_name) : e;
}

static Result read_files(const SecretsRequest *r, const SecretSet *set, Arena *a,
			 SecretsOutcome *out)
{
	Job j = {.request = r, .set = set, .fd = -1, .root = -1, .name = r->target};
	Err *e = open_target(r, a, &j);
	if (e == OK)
		e = read_in_worker(r, &j, a, out);
	if (j.fd >= 0)
		close(j.fd);
	if (j.root >= 0)
		close(j.root);
	return e;
}

Result secrets_run(const SecretsRequest *r, Arena *a, SecretsOutcome *out)
{
	AUTO_SECRET_SET SecretSet *set = NULL;
	TRY(make_set(r, a, &set));
	if (!r->git && target_names_image(r->target))
		TRY_IN(read_image(r, set, a, out), STR_FMT, STR_ARG(r->target));
	else
		TRY(read_files(r, set, a, out));
	known_drop(&r->fingerprints, a, &out->report);
	return OK;
}
