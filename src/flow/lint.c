/* lint.c - finds and reads the files, and has a worker parse and judge them. */
#include "flow/lint.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "dockerfile/limits.h"
#include "flow/lint_beside.h"
#include "flow/lint_compose.h"
#include "flow/shellcheck.h"
#include "io/fd.h"
#include "io/source.h"
#include "io/worker.h"
#include "secrets/set.h"

enum { FILES_MAX = 20000, TEXT_MAX = 512 << 20 };

typedef struct Gathering {
	const LintRequest *request;
	Arena *a;
	LintTexts *texts;
	RemarkReport *out;
	Str within; /* the folder that is looked through; empty: a file was named */
	uint64_t bytes;
	bool full; /* of files, or of bytes */
} Gathering;

/* ---- reading ---- */

/* A file that was named may be called as it likes, if only it is YAML. */
static bool is_compose(const Gathering *g, Str name)
{
	return lint_is_compose(name) || (g->within.n == 0 && lint_is_yaml(name));
}

/* Where the other files of its project may be read. */
static Str root_of(const Gathering *g, Str name)
{
	Str dir = g->within.n != 0 ? g->within : str_dir(name);
	if (str_eq(name, g->request->stdin_name))
		return (Str){NULL, 0};
	return dir.n != 0 ? dir : S(".");
}

static Result options_of(Gathering *g, Str name, const LintOptions **out)
{
	const LintRequest *r = g->request;
	*out = &r->options;
	if (r->options_of == NULL)
		return OK;
	return r->options_of(r->options_ctx, name, g->within.n != 0, out);
}

static Result take_fd(Gathering *g, int fd, Str name, const LintOptions *o)
{
	Str text;
	AUTO_SOURCE Source *s = source_from_fd(fd, false);
	TRY_IN(source_all(s, g->a, LIMIT_DOCKERFILE_BYTES, &text), STR_FMT, STR_ARG(name));
	g->bytes += text.n;
	g->full = g->texts->n >= FILES_MAX || g->bytes > TEXT_MAX;
	if (g->full)
		FAIL(ERR_LIMIT, "more than %d files or %d bytes to lint; name fewer", FILES_MAX,
		     TEXT_MAX);
	LintText t = {.name = name, .text = text, .options = o, .compose = is_compose(g, name)};
	t.root = t.compose ? root_of(g, name) : (Str){NULL, 0};
	vec_push(g->a, g->texts, t);
	return OK;
}

/* As a report calls it. */
static Str name_of(Gathering *g, const char *path)
{
	Str name = arena_str(g->a, str_of(path));
	return str_starts(name, S("./")) && name.n > 2 ? str_skip(name, 2) : name;
}

static Result take_file(Gathering *g, const char *path)
{
	const LintOptions *o;
	Str name = name_of(g, path);
	TRY(options_of(g, name, &o));
	if (o == NULL)
		return OK;
	/* One that was found was a file a moment ago; what it is now may be another's trick. */
	int found = g->within.n != 0 ? O_NOFOLLOW | O_NONBLOCK : 0;
	struct stat st;
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | found);
	if (fd < 0 || fstat(fd, &st) != 0)
		FAIL_SYS("%s: cannot read: %s", path, strerror(errno));
	if (found != 0 && !S_ISREG(st.st_mode))
		FAIL(ERR_INPUT, "%s: not a regular file", path);
	TRY(take_fd(g, fd, name, o));
	LintText *taken = &g->texts->at[g->texts->n - 1];
	if (!taken->compose)
		lint_find_ignore(path, g->a, &taken->beside, g->out);
	return OK;
}

/* ---- finding ---- */

bool lint_is_dockerfile(Str name)
{
	Str tail;
	if (str_ends(name, S(".dockerignore")))
		return false;
	for (size_t i = 0; i < 2; i++) {
		tail = i == 0 ? S("Dockerfile") : S("Containerfile");
		if (str_starts(name, tail) && (name.n == tail.n || name.p[tail.n] == '.'))
			return true;
	}
	return str_ends(name, S(".dockerfile")) || str_ends(name, S(".Dockerfile"));
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_skipped(const FTSENT *e)
{
	return e->fts_level > 0 &&
	       (strcmp(e->fts_name, ".git") == 0 || strcmp(e->fts_name, "node_modules") == 0);
}

static Result visit(Gathering *g, FTS *fts, FTSENT *e)
{
	Str name = {e->fts_name, e->fts_namelen};
	if (e->fts_info == FTS_D && is_skipped(e))
		fts_set(fts, e, FTS_SKIP);
	if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR)
		vec_push(g->a, &g->out->not_evaluated,
			 (Unread){name_of(g, e->fts_path), str_of(strerror(e->fts_errno))});
	if (e->fts_info != FTS_F || !(lint_is_dockerfile(name) || lint_is_compose(name)))
		return OK;
	Err *err = take_file(g, e->fts_path);
	if (err != OK && !(err->kind == ERR_LIMIT && g->full) && err->kind != ERR_USAGE &&
	    err->kind != ERR_TRUST) {
		vec_push(g->a, &g->out->not_evaluated,
			 (Unread){name_of(g, e->fts_path), arena_str(g->a, str_of(err->text))});
		err_free(err);
		return OK;
	}
	return err;
}

static Result look_through(Gathering *g, const char *dir)
{
	char *root = arena_array(g->a, char, strlen(dir) + 1);
	memcpy(root, dir, strlen(dir) + 1);
	char *const roots[] = {root, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	Err *e = OK;
	if (fts == NULL)
		FAIL_SYS("%s: %s", dir, strerror(errno));
	g->within = arena_str(g->a, str_of(dir));
	for (FTSENT *entry; e == OK && (entry = fts_read(fts)) != NULL;)
		e = visit(g, fts, entry);
	fts_close(fts);
	g->within = (Str){NULL, 0};
	return e;
}

static Result gather_path(Gathering *g, Str path)
{
	const char *p = arena_cstr(g->a, path);
	if (str_eq(path, S("-"))) {
		Str name = g->request->stdin_name.n != 0 ? g->request->stdin_name : path;
		const LintOptions *o;
		TRY(options_of(g, name, &o));
		return o != NULL ? take_fd(g, STDIN_FILENO, name, o) : OK;
	}
	int dir = open(p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return take_file(g, p);
	close(dir);
	return look_through(g, p);
}

/* ---- judging ---- */

typedef struct Judging {
	const LintTexts *texts;
	const StrVec *dirs;
	const SecretSet *secrets; /* NULL: not asked */
	const ShellAnswer *shellcheck;
	bool insist;      /* on its answer */
	LintNotes *notes; /* of each text; in the worker */
} Judging;

static Result judge_one(const Judging *j, size_t i, Arena *a, RemarkReport *r)
{
	const LintText *t = &j->texts->at[i];
	LintOptions o = *t->options;
	LintBeside beside = t->beside;
	beside.notes = j->notes[i];
	beside.shellcheck = j->shellcheck->json.n != 0;
	lint_find_secrets(j->secrets, t, a, &beside, r);
	o.beside = &beside;
	Err *e = lint_dockerfile(t->name, t->text, &o, a, r);
	if (e == OK || e->kind != ERR_LIMIT || j->texts->n == 1) {
		TRY_IN(e, STR_FMT, STR_ARG(t->name));
		return OK;
	}
	vec_push(a, &r->not_evaluated, (Unread){t->name, arena_str(a, str_of(e->text))});
	err_free(e);
	return OK;
}

/* An answer that makes no sense is none. */
static Result take_notes(Judging *j, Arena *a, RemarkReport *r)
{
	static const ShellAnswer none;
	j->notes = arena_array(a, LintNotes, j->texts->n + 1);
	Err *e = shellcheck_notes(j->shellcheck, a, j->notes, j->texts->n);
	if (e == OK || j->insist)
		return e;
	vec_push(a, &r->not_evaluated, (Unread){S("shellcheck"), arena_str(a, str_of(e->text))});
	j->notes = arena_array(a, LintNotes, j->texts->n + 1);
	j->shellcheck = &none;
	err_free(e);
	return OK;
}

static Err *judge_in_worker(void *ctx, Reply *reply)
{
	Judging *j = ctx;
	Arena a = {0};
	RemarkReport r = {0};
	Str answer;
	TRY(take_notes(j, &a, &r));
	for (size_t i = 0; i < j->texts->n; i++) {
		if (!j->texts->at[i].compose)
			TRY(judge_one(j, i, &a, &r));
	}
	LintProjects projects = {j->texts, j->dirs, j->secrets};
	TRY(lint_compose_projects(&projects, &a, &r));
	Buf b = buf_in(&a, LIMIT_WORKER_REPLY_BYTES);
	remarks_write(&b, &r);
	TRY(buf_done(&b, "the findings", &answer));
	TRY(worker_answer(reply, answer));
	arena_finish(&a);
	return OK;
}

/* NULL for none: then the worker may open nothing at all. */
static const char *const *c_names(Arena *a, const StrVec *dirs)
{
	const char **names = arena_array(a, const char *, dirs->n + 1);
	for (size_t i = 0; i < dirs->n; i++)
		names[i] = arena_cstr(a, dirs->at[i]);
	return dirs->n != 0 ? names : NULL;
}

/* When any of the files is asked about secrets. */
static Result secrets_for(const LintTexts *texts, Arena *a, SecretSet **out)
{
	const LintOptions *last = NULL;
	for (size_t i = 0; i < texts->n && *out == NULL; i++) {
		if (texts->at[i].options != last)
			TRY(lint_secrets_make(texts->at[i].options, a, out));
		last = texts->at[i].options;
	}
	return OK;
}

typedef struct Asked { /* about the judging */
	ShellcheckUse shellcheck;
	bool allow_unsandboxed;
	Str *missing; /* sandbox layers; may be NULL */
} Asked;

static StrVec roots_of(const LintTexts *texts, Arena *a)
{
	StrVec dirs = {0};
	for (size_t i = 0; i < texts->n; i++) {
		Str root = texts->at[i].root;
		bool known = root.n == 0;
		for (size_t k = 0; !known && k < dirs.n; k++)
			known = str_eq(dirs.at[k], root);
		if (!known)
			vec_push(a, &dirs, root);
	}
	return dirs;
}

/* Unless it was insisted on, that it failed is only told. */
static Result ask_shellcheck(const LintTexts *texts, const Asked *asked, Arena *a, ShellAnswer *out,
			     Str *failed)
{
	if (asked->shellcheck == SHELLCHECK_NEVER ||
	    (asked->shellcheck == SHELLCHECK_AUTO && !shellcheck_is_here(a)))
		return OK;
	Err *e = shellcheck_ask(texts, asked->allow_unsandboxed, a, out);
	if (e == OK || asked->shellcheck == SHELLCHECK_ALWAYS)
		return e;
	*failed = arena_str(a, str_of(e->text));
	*out = (ShellAnswer){0};
	err_free(e);
	return OK;
}

static Result judge(const LintTexts *texts, const Asked *asked, Arena *a, RemarkReport *out)
{
	ShellAnswer said = {0};
	Str unasked = {0};
	AUTO_SECRET_SET SecretSet *secrets = NULL;
	Str answer;
	TRY(secrets_for(texts, a, &secrets));
	TRY(ask_shellcheck(texts, asked, a, &said, &unasked));
	StrVec dirs = roots_of(texts, a);
	Judging j = {texts, &dirs, secrets, &said, asked->shellcheck == SHELLCHECK_ALWAYS, NULL};
	WorkerGrant grant = {.allow_unsandboxed = asked->allow_unsandboxed,
			     .read_dirs = c_names(a, &dirs)};
	TRY(worker_run(&grant, judge_in_worker, &j, a, &answer, asked->missing));
	TRY(remarks_read(answer, a, out));
	if (unasked.n != 0)
		vec_push(a, &out->not_evaluated, (Unread){S("shellcheck"), unasked});
	return OK;
}

Result lint_text(const LintText *t, bool allow_unsandboxed, Arena *a, RemarkReport *out)
{
	LintTexts texts = {0};
	RemarkReport unread = {0};
	vec_push(a, &texts, *t);
	if (!t->compose && str_starts(t->name, S("/")))
		lint_find_ignore(arena_cstr(a, t->name), a, &texts.at[0].beside, &unread);
	if (t->compose && str_starts(t->name, S("/")))
		texts.at[0].root = str_dir(t->name).n != 0 ? str_dir(t->name) : S("/");
	TRY(judge(&texts, &(Asked){SHELLCHECK_NEVER, allow_unsandboxed, NULL}, a, out));
	remarks_sort(&out->remarks);
	remarks_sort(&out->accepted);
	return OK;
}

Result lint_run(const LintRequest *r, Arena *a, RemarkReport *out, LintTexts *texts, Str *missing)
{
	Gathering g = {.request = r, .a = a, .texts = texts, .out = out};
	RemarkReport judged = {0};
	if (r->paths.n == 0)
		TRY(gather_path(&g, S(".")));
	for (size_t i = 0; i < r->paths.n; i++)
		TRY(gather_path(&g, r->paths.at[i]));
	if (texts->n == 0)
		FAIL(ERR_USAGE, "no Dockerfile, Containerfile, *.dockerfile or Compose file here; "
				"name one");
	TRY(judge(texts, &(Asked){r->shellcheck, r->allow_unsandboxed, missing}, a, &judged));
	remarks_sort(&judged.remarks);
	remarks_sort(&judged.accepted);
	for (size_t i = 0; i < out->not_evaluated.n; i++)
		vec_push(a, &judged.not_evaluated, out->not_evaluated.at[i]);
	*out = judged;
	return OK;
}

Result lint_again(const LintRequest *r, const LintTexts *texts, Arena *a, RemarkReport *out)
{
	TRY(judge(texts, &(Asked){r->shellcheck, r->allow_unsandboxed, NULL}, a, out));
	remarks_sort(&out->remarks);
	remarks_sort(&out->accepted);
	return OK;
}
