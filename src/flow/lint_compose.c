/* lint_compose.c - Compose files become projects, and are judged in the worker. */
#include "flow/lint_compose.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "compose/limits.h"
#include "flow/lint_beside.h"
#include "io/fd.h"
#include "io/source.h"

typedef struct Projects {
	const LintTexts *texts;
	const StrVec *dirs;
	LintOptions options; /* of the file that is judged */
	const SecretSet *secrets;
	Arena *a;
	RemarkReport *out;
	Map said; /* what a remark says and where: it has been said */
} Projects;

/* ---- names ---- */

bool lint_is_yaml(Str path) { return str_ends(path, S(".yaml")) || str_ends(path, S(".yml")); }

static Str stem_of(Str path)
{
	Str name = str_base(path);
	return str_first(name, name.n - (str_ends(name, S(".yaml")) ? 5 : 4));
}

bool lint_is_compose(Str path)
{
	if (!lint_is_yaml(path))
		return false;
	Str stem = stem_of(path);
	return str_eq(stem, S("compose")) || str_starts(stem, S("compose.")) ||
	       str_starts(stem, S("docker-compose")) || str_starts(stem, S("podman-compose"));
}

static bool is_base(Str path)
{
	Str stem = lint_is_yaml(path) ? stem_of(path) : path;
	return str_eq(stem, S("compose")) || str_eq(stem, S("docker-compose"));
}

static Str beside(Arena *a, Str path, Str stem, Str end)
{
	size_t dir = path.n - str_base(path).n;
	char *p = arena_array(a, char, dir + stem.n + end.n + 1);
	memcpy(p, path.p, dir);
	memcpy(p + dir, stem.p, stem.n);
	memcpy(p + dir + stem.n, end.p, end.n);
	return (Str){p, dir + stem.n + end.n};
}

/* ---- reading ---- */

static bool is_beneath(Str path, Str dir)
{
	if (str_eq(dir, S(".")))
		return !str_starts(path, S("/")) && !str_eq(path, S("..")) &&
		       !str_starts(path, S("../"));
	while (dir.n > 1 && dir.p[dir.n - 1] == '/')
		dir.n--;
	return str_eq(dir, S("/"))
		       ? str_starts(path, dir)
		       : str_starts(path, dir) && path.n > dir.n && path.p[dir.n] == '/';
}

static Result read_found(int fd, Arena *a, Str *out)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		FAIL(ERR_INPUT, "not a regular file");
	AUTO_SOURCE Source *s = source_from_fd(fd, false);
	TRY(source_all(s, a, LIMIT_COMPOSE_BYTES, out));
	if (out->p == NULL)
		*out = S("");
	return OK;
}

static Err *read_related(void *ctx, Str path, Arena *a, Str *out)
{
	const Projects *p = ctx;
	bool allowed = false;
	for (size_t i = 0; i < p->texts->n; i++)
		if (str_eq(p->texts->at[i].name, path)) {
			*out = p->texts->at[i].text;
			*out = out->p != NULL ? *out : S("");
			return OK;
		}
	for (size_t i = 0; i < p->dirs->n; i++)
		allowed = allowed || is_beneath(path, p->dirs->at[i]);
	if (!allowed)
		FAIL(ERR_INPUT,
		     STR_FMT ": outside the folder that is linted, so that it was not judged",
		     STR_ARG(path));
	AUTO_FD int fd = open(arena_cstr(a, path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return OK;
	if (fd < 0)
		FAIL(ERR_INPUT, STR_FMT ": cannot be read here: %s", STR_ARG(path),
		     errno == EACCES ? "it is a link out of the folder" : strerror(errno));
	TRY_IN(read_found(fd, a, out), STR_FMT, STR_ARG(path));
	return OK;
}

static bool exists(Projects *p, Str path)
{
	Str text = {NULL, 0};
	Err *e = read_related(p, path, p->a, &text);
	bool found = e == OK && text.p != NULL;
	err_free(e);
	return found;
}

static bool find_beside(Projects *p, Str path, Str stem, Str *out)
{
	*out = beside(p->a, path, stem, S(".yaml"));
	if (exists(p, *out))
		return true;
	*out = beside(p->a, path, stem, S(".yml"));
	return exists(p, *out);
}

static bool base_of(Projects *p, Str path, Str *out)
{
	return find_beside(p, path, S("compose"), out) ||
	       find_beside(p, path, S("docker-compose"), out);
}

static bool override_of(Projects *p, Str base, Str *out)
{
	bool old = str_eq(stem_of(base), S("docker-compose"));
	return find_beside(p, base, old ? S("docker-compose.override") : S("compose.override"),
			   out);
}

static bool has_source(const Node *service)
{
	static const char *const keys[] = {"image", "build", "extends", "provider"};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (node_get(service, str_of(keys[i])) != NULL)
			return true;
	return service->type != NODE_MAP;
}

/* Whether the file cannot stand alone: one of its services has nothing to run. */
static bool is_overlay(Projects *p, Str text)
{
	Document d = {0};
	bool lacks = false;
	Err *e = document_read(text, 0, p->a, &d);
	for (size_t i = 0; e == OK && i < d.roots.n; i++) {
		const Node *services = node_get(d.roots.at[i], S("services"));
		for (size_t k = 0;
		     services != NULL && services->type == NODE_MAP && k < services->n; k++)
			lacks = lacks || !has_source(services->entries[k].value);
	}
	err_free(e);
	return lacks;
}

/* ---- judging ---- */

static bool is_known(Projects *p, const Remark *m)
{
	Buf b = buf_in(p->a, 16384);
	buf_fmt(&b, STR_FMT "\n%u:%u " STR_FMT " " STR_FMT, STR_ARG(m->file), m->line, m->column,
		STR_ARG(m->rule), STR_ARG(m->message));
	void **at = map_at(&p->said, p->a, buf_str(&b));
	bool known = *at != NULL;
	*at = p;
	return known;
}

static bool is_read(const RemarkReport *r, Str file)
{
	for (size_t i = 0; i < r->files.n; i++)
		if (str_eq(r->files.at[i], file))
			return true;
	return false;
}

static bool is_unread(const RemarkReport *r, const Unread *u)
{
	for (size_t i = 0; i < r->not_evaluated.n; i++)
		if (str_eq(r->not_evaluated.at[i].what, u->what) &&
		    str_eq(r->not_evaluated.at[i].why, u->why))
			return true;
	return false;
}

/* Files may be of several projects: what is said twice is told once. `context`: a file whose own
 * project tells of it. */
static void take_over(Projects *p, const RemarkReport *from, Str context)
{
	RemarkReport *to = p->out;
	for (size_t i = 0; i < from->remarks.n; i++)
		if (!str_eq(from->remarks.at[i].file, context) &&
		    !is_known(p, &from->remarks.at[i]))
			vec_push(p->a, &to->remarks, from->remarks.at[i]);
	for (size_t i = 0; i < from->not_evaluated.n; i++)
		if ((context.n == 0 || !str_starts(from->not_evaluated.at[i].what, context)) &&
		    !is_unread(to, &from->not_evaluated.at[i]))
			vec_push(p->a, &to->not_evaluated, from->not_evaluated.at[i]);
	for (size_t i = 0; i < from->files.n; i++)
		if (!str_eq(from->files.at[i], context) && !is_read(to, from->files.at[i]))
			vec_push(p->a, &to->files, from->files.at[i]);
	for (size_t i = 0; i < from->accepted.n; i++) {
		const Remark *m = &from->accepted.at[i];
		if (!str_eq(m->file, context) && !is_known(p, m))
			remark_accept(to, p->a, m, m->in_source, m->accepted);
	}
}

static Result judge(Projects *p, const StrVec *names, Str context)
{
	ComposeSource from = {read_related, p};
	RemarkReport r = {0};
	Str name = names->at[names->n - 1];
	Err *e = lint_compose(names, &from, &p->options, p->a, &r);
	if (e != OK && (e->kind == ERR_LIMIT || e->kind == ERR_INPUT)) {
		Str why = arena_str(p->a, str_of(e->text));
		if (str_starts(why, name) && why.n > name.n + 2)
			why = str_skip(why, name.n + 2); /* ": " */
		vec_push(p->a, &p->out->not_evaluated, (Unread){name, why});
		err_free(e);
		return OK;
	}
	TRY_IN(e, STR_FMT, STR_ARG(name));
	take_over(p, &r, context);
	return OK;
}

static void find_secrets(void *ctx, Str name, Str text, Arena *a, LintBeside *out)
{
	const Projects *p = ctx;
	const LintText t = {.name = name, .text = text};
	lint_find_secrets(p->secrets, &t, a, out, p->out);
}

static void judged_by(Projects *p, const LintText *t)
{
	p->options = *t->options;
	p->options.find_secrets = find_secrets;
	p->options.find_secrets_ctx = p;
}

static Result judge_base(Projects *p, const LintText *t)
{
	StrVec names = {0};
	Str override;
	judged_by(p, t);
	vec_push(p->a, &names, t->name);
	if (override_of(p, t->name, &override))
		vec_push(p->a, &names, override);
	return judge(p, &names, (Str){NULL, 0});
}

static Result judge_other(Projects *p, const LintText *t)
{
	StrVec names = {0};
	Str base, override, context = {NULL, 0};
	judged_by(p, t);
	if (base_of(p, t->name, &base)) {
		bool covered = override_of(p, base, &override) && str_eq(override, t->name);
		if (covered && is_read(p->out, base))
			return OK; /* with its base */
		if (covered || is_overlay(p, t->text)) {
			vec_push(p->a, &names, base);
			context = base;
		}
	}
	vec_push(p->a, &names, t->name);
	return judge(p, &names, context);
}

Result lint_compose_projects(const LintProjects *given, Arena *a, RemarkReport *out)
{
	const LintTexts *texts = given->texts;
	Projects p = {
		.texts = texts, .dirs = given->dirs, .secrets = given->secrets, .a = a, .out = out};
	for (size_t i = 0; i < texts->n; i++)
		if (texts->at[i].compose && is_base(texts->at[i].name))
			TRY(judge_base(&p, &texts->at[i]));
	for (size_t i = 0; i < texts->n; i++)
		if (texts->at[i].compose && !is_base(texts->at[i].name))
			TRY(judge_other(&p, &texts->at[i]));
	return OK;
}
