/* secret_git.c - commits by date, new files in batches, batches to the readers. */
#include "flow/secret_git.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "flow/known.h"
#include "io/git.h"
#include "io/git_limits.h"
#include "io/name_set.h"
#include "secrets/judge.h"
#include "secrets/limits.h"

enum { BATCH = 4096, PATH_MAX_BYTES = LIMIT_TAR_PATH_BYTES };

typedef struct Version { /* of a file, or a message */
	GitName object;
	Str path;
	uint32_t commit; /* index, or NO_COMMIT */
} Version;

typedef struct Commit {
	GitName name;
	int64_t when;
} Commit;

typedef struct History {
	const SecretGit *job;
	Git *git;
	Arena *arena; /* of the run */
	RemarkReport *out;
	NameSet *seen;
	NameSet *samples; /* seen first among samples, where secrets are believed less; */
	NameSet *again;   /* and of these, seen elsewhere since */
	GitNames tags;
	VEC(Commit) commits;
	SecretCrew *crew;
	/* The batch: */
	Arena batch;
	VEC(Version) versions;
	uint32_t commit; /* that is walked */
} History;

static void skip(History *h, const char *what, Err *e)
{
	vec_push(h->arena, &h->out->not_evaluated,
		 (Unread){arena_str(h->arena, str_of(what)), arena_str(h->arena, str_of(e->text))});
	err_free(e);
}

static Result is_new(History *h, const GitName *n, bool *out)
{
	*out = name_set_add(h->seen, n);
	if (name_set_count(h->seen) > LIMIT_GIT_OBJECTS)
		FAIL(ERR_LIMIT, "git: more than %u objects", LIMIT_GIT_OBJECTS);
	return OK;
}

static bool is_sample(Str path)
{
	return secret_is_sample_path(path) || secret_is_document_path(path);
}

/* A file or folder is new once more where it leaves the samples. */
static Result is_new_at(History *h, const GitName *n, Str path, bool *out)
{
	TRY(is_new(h, n, out));
	if (*out && is_sample(path))
		name_set_add(h->samples, n);
	else if (!*out && name_set_has(h->samples, n) && !is_sample(path))
		*out = name_set_add(h->again, n);
	return OK;
}

/* ---- commits ---- */

/* Which commits have parents that are not here, by whose will. */
static Result forget_shallow(History *h, NameSet *cut)
{
	GitNames all = {0};
	TRY(repo_shallow(h->git, h->arena, &all));
	for (size_t i = 0; i < all.n; i++)
		name_set_add(cut, &all.at[i]);
	if (all.n != 0)
		vec_push(h->arena, &h->out->not_evaluated,
			 (Unread){S("history"), S("a shallow copy: what is older is not here; "
						  "fetch it with git fetch --unshallow")});
	return OK;
}

static Result add_commit(History *h, const GitName *name, Str body, const NameSet *cut,
			 GitNames *next)
{
	GitCommit c;
	GitName parent;
	if (!repo_commit_read(body, &c))
		FAIL(ERR_INPUT, "git: a damaged commit");
	vec_push(h->arena, &h->commits, (Commit){*name, c.authored});
	for (size_t i = 0; !name_set_has(cut, name) && repo_commit_parent(&c, i, &parent); i++) {
		bool fresh;
		TRY(is_new(h, &parent, &fresh));
		if (fresh)
			vec_push(h->arena, next, parent);
	}
	return OK;
}

static Result add_tag(History *h, const GitName *name, Str body, GitNames *next)
{
	GitName target;
	Str message;
	bool fresh;
	if (!repo_tag_read(body, &target, &message))
		FAIL(ERR_INPUT, "git: a damaged tag");
	vec_push(h->arena, &h->tags, *name);
	TRY(is_new(h, &target, &fresh));
	if (fresh)
		vec_push(h->arena, next, target);
	return OK;
}

/* One object that a reference, a tag or a commit led to. */
static Result visit(History *h, const GitName *name, const NameSet *cut, GitNames *next)
{
	GitObject o = {0};
	Err *e = repo_read(h->git, name, LIMIT_GIT_TREE_BYTES, &o);
	if (e == OK && o.kind == GIT_IS_COMMIT)
		e = add_commit(h, name, o.body, cut, next);
	else if (e == OK && o.kind == GIT_IS_TAG)
		e = add_tag(h, name, o.body, next);
	repo_object_free(h->git, &o);
	return e;
}

static int by_date(const void *a, const void *b)
{
	const Commit *x = a, *y = b;
	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	return memcmp(x->name.b, y->name.b, sizeof x->name.b);
}

static Result find_commits(History *h)
{
	GitNames next = {0};
	AUTO_NAME_SET NameSet *cut = name_set_create();
	TRY(forget_shallow(h, cut));
	TRY(repo_references(h->git, h->arena, &next));
	if (next.n == 0)
		vec_push(h->arena, &h->out->not_evaluated,
			 (Unread){S("history"), S("the repository has no references")});
	size_t kept = 0;
	for (size_t i = 0; i < next.n; i++)
		if (name_set_add(h->seen, &next.at[i]))
			next.at[kept++] = next.at[i];
	next.n = kept;
	while (next.n != 0) {
		GitName name = next.at[--next.n];
		Err *e = visit(h, &name, cut, &next);
		if (e != OK && e->kind == ERR_LIMIT)
			return e;
		if (e != OK)
			skip(h, "history", e);
	}
	if (h->commits.n > 1)
		qsort(h->commits.at, h->commits.n, sizeof h->commits.at[0], by_date);
	return OK;
}

/* ---- what the readers do ---- */

enum { NO_COMMIT = UINT32_MAX }; /* a tag's message */

/* Strings of the batch that a report keeps become the report's. */
static void keep_strings(SecretReader *r, size_t remarks, size_t unread)
{
	for (size_t k = remarks; k < r->report.remarks.n; k++) {
		Remark *m = &r->report.remarks.at[k];
		m->file = arena_str(r->arena, m->file);
		m->commit = arena_str(r->arena, m->commit);
		m->date = arena_str(r->arena, m->date);
	}
	for (size_t k = unread; k < r->report.not_evaluated.n; k++) {
		Unread *u = &r->report.not_evaluated.at[k];
		u->what = arena_str(r->arena, u->what);
	}
}

static void set_commit(const History *h, uint32_t at, SecretReader *r, Arena *a)
{
	char id[GIT_NAME_DIGITS + 1];
	r->commit = r->date = r->note = (Str){0};
	r->round = at;
	if (at == (uint32_t)NO_COMMIT)
		return;
	repo_name_text(&h->commits.at[at].name, id);
	r->commit = arena_str(a, str_of(id));
	r->date = time_format(a, h->commits.at[at].when);
	Buf note = buf_in(a, 100);
	buf_fmt(&note, ", in commit %.12s of " STR_FMT, id, STR_ARG(str_first(r->date, 10)));
	r->note = buf_str(&note);
}

static void read_version(void *ctx, SecretReader *r, size_t i)
{
	History *h = ctx;
	const Version *v = &h->versions.at[i];
	size_t remarks = r->report.remarks.n, unread = r->report.not_evaluated.n;
	Arena a = {0};
	GitObject o = {0};
	set_commit(h, h->versions.at[i].commit, r, &a);
	Err *e = repo_read(h->git, &v->object, LIMIT_SECRET_BLOB_BYTES, &o);
	if (e == OK)
		secret_reader_bytes(r, v->path, o.body);
	else
		vec_push(r->arena, &r->report.not_evaluated,
			 (Unread){v->path, arena_str(r->arena, str_of(e->text))});
	err_free(e);
	repo_object_free(h->git, &o);
	keep_strings(r, remarks, unread);
	arena_finish(&a);
}

static void read_batch(History *h)
{
	SecretCrewWork work = {.read = read_version, .ctx = h, .n = h->versions.n};
	secret_crew_run(h->crew, &work);
	arena_reset(&h->batch);
	h->versions.at = NULL;
	h->versions.n = h->versions.cap = 0;
}

/* ---- trees ---- */

typedef struct Place { /* in a tree */
	char path[PATH_MAX_BYTES];
	size_t n;
	unsigned depth;
} Place;

static void add_version(History *h, const GitName *object, Str path)
{
	vec_push(&h->batch, &h->versions,
		 (Version){*object, arena_str(&h->batch, path), h->commit});
	if (h->versions.n >= BATCH)
		read_batch(h);
}

static Result walk_tree(History *h, const GitName *name, Place *at);

static Result walk_entry(History *h, const GitEntry *e, Place *at)
{
	size_t before = at->n;
	bool fresh;
	if (e->kind == GIT_OTHER)
		return OK;
	if (before + e->name.n + 2 > sizeof at->path)
		FAIL(ERR_LIMIT, "git: a path of more than %d bytes", PATH_MAX_BYTES);
	if (before != 0)
		at->path[at->n++] = '/';
	memcpy(at->path + at->n, e->name.p, e->name.n);
	at->n += e->name.n;
	at->path[at->n] = '\0';
	if (!is_excluded(h->job->exclude, (Str){at->path, at->n})) {
		TRY(is_new_at(h, &e->object, (Str){at->path, at->n}, &fresh));
		if (fresh && e->kind == GIT_FOLDER)
			TRY(walk_tree(h, &e->object, at));
		else if (fresh)
			add_version(h, &e->object, (Str){at->path, at->n});
	}
	at->n = before;
	return OK;
}

static Result walk_body(History *h, Str rest, Place *at)
{
	GitEntry e;
	bool bad = false;
	while (repo_tree_next(&rest, &e, &bad))
		TRY(walk_entry(h, &e, at));
	if (bad)
		FAIL(ERR_INPUT, "git: a damaged tree");
	return OK;
}

static Result walk_tree(History *h, const GitName *name, Place *at)
{
	GitObject o = {0};
	if (at->depth++ >= LIMIT_GIT_DEPTH)
		FAIL(ERR_LIMIT, "git: more than %u folders deep", LIMIT_GIT_DEPTH);
	Err *e = repo_read(h->git, name, LIMIT_GIT_TREE_BYTES, &o);
	if (e == OK)
		e = walk_body(h, o.body, at);
	repo_object_free(h->git, &o);
	at->depth--;
	if (e == OK || e->kind == ERR_LIMIT)
		return e;
	at->path[at->n] = '\0';
	skip(h, at->n != 0 ? at->path : "history", e);
	return OK;
}

static Result walk_commit(History *h, Place *at)
{
	GitObject o = {0};
	GitCommit c;
	bool fresh;
	Err *e = repo_read(h->git, &h->commits.at[h->commit].name, LIMIT_GIT_TREE_BYTES, &o);
	bool good = e == OK && repo_commit_read(o.body, &c);
	if (good && c.message.n != 0)
		add_version(h, &h->commits.at[h->commit].name, S("COMMIT_MESSAGE"));
	repo_object_free(h->git, &o);
	TRY(e);
	if (!good)
		FAIL(ERR_INPUT, "git: a damaged commit");
	TRY(is_new(h, &c.tree, &fresh));
	*at = (Place){.depth = 0};
	return fresh ? walk_tree(h, &c.tree, at) : OK;
}

static Result walk_commits(History *h)
{
	enum { SAY_EVERY = 64 };
	Place *at = arena_new(h->arena, Place);
	for (uint32_t i = 0; i < h->commits.n; i++) {
		h->commit = i;
		TRY(walk_commit(h, at));
		if (i % SAY_EVERY == 0 && h->job->progress != NULL)
			h->job->progress(h->job->progress_ctx, i, h->commits.n);
	}
	h->commit = (uint32_t)NO_COMMIT;
	for (size_t i = 0; i < h->tags.n; i++)
		add_version(h, &h->tags.at[i], S("TAG_MESSAGE"));
	read_batch(h);
	return OK;
}

Result secret_git(const SecretGit *job, Arena *a, RemarkReport *out)
{
	Git *git = NULL;
	TRY(repo_open(job->dir, &git));
	History h = {.job = job,
		     .git = git,
		     .arena = a,
		     .out = out,
		     .seen = name_set_create(),
		     .samples = name_set_create(),
		     .again = name_set_create(),
		     .crew = secret_crew_create(job->set, job->least, (Str){0})};
	Err *e = find_commits(&h);
	if (e == OK)
		e = walk_commits(&h);
	if (e == OK)
		secret_crew_tell(h.crew, true, a, out);
	secret_crew_destroy(h.crew);
	name_set_destroy(h.seen);
	name_set_destroy(h.samples);
	name_set_destroy(h.again);
	arena_finish(&h.batch);
	repo_close(git);
	return e;
}
