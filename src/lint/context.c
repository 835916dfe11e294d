/* context.c - D118, D126: what of the build's directory is sent, and what is copied of it. */
#include "dockerfile/ignore.h"
#include "lint/limits.h"
#include "lint/rule.h"

static bool is_local_copy(const Instruction *in)
{
	Str from;
	return (in->op == OP_COPY || in->op == OP_ADD) && in->args.n >= 2 &&
	       instruction_flag(in, S("from"), &from) == NULL;
}

/* A plain path of the context. */
static bool is_plain(Str path)
{
	size_t at;
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] == '\0' || strchr("*?[]\\$\"'<", path.p[i]) != NULL)
			return false;
	return path.n != 0 && !str_find(path, S("://"), &at) && !str_starts(path, S("git@"));
}

/* Something below it is taken back. */
static bool is_taken_back(const Dockerignore *d, Str path)
{
	for (size_t i = 0; i < d->patterns.n; i++) {
		const IgnorePattern *p = &d->patterns.at[i];
		if (p->takes_back && (str_starts(p->text, path) || str_has(p->text, '*')))
			return true;
	}
	return false;
}

static bool read_ignore(const LintFile *f, Dockerignore *out)
{
	const LintBeside *b = f->options->beside;
	if (b == NULL || !b->has_ignore)
		return false;
	Err *e = dockerignore_read(b->ignore, f->a, out);
	bool good = e == OK;
	err_free(e);
	return good;
}

/* ---- D118 ---- */

static void check_source(const LintFile *f, const Dockerignore *d, const DockerWord *w,
			 LintSink *to)
{
	Str path = path_clean(f->a, w->text);
	while (str_starts(path, S("/")))
		path = str_skip(path, 1);
	const IgnorePattern *p = is_plain(w->text) ? dockerignore_excludes(d, path) : NULL;
	if (p != NULL && !is_taken_back(d, path))
		lint_say(to, w->span,
			 "'" STR_FMT "' is left out by '" STR_FMT "', line %u of " STR_FMT,
			 STR_ARG(w->text), STR_ARG(p->text), p->line,
			 STR_ARG(f->options->beside->ignore_name));
}

static void check_ignored(const LintFile *f, LintSink *to)
{
	Dockerignore d;
	if (!read_ignore(f, &d))
		return;
	size_t left = LIMIT_LINT_STEPS / 100 / (d.patterns.n + 1);
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		for (size_t k = 0; is_local_copy(in) && k + 1 < in->args.n && left > 0; k++, left--)
			check_source(f, &d, &in->args.at[k], to);
	}
	if (left == 0)
		lint_gave_up(to);
}

const LintRule lint_D118 = {
	.id = "D118",
	.name = "copy-ignored",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A file that .dockerignore leaves out never reaches the builder: the build fails, "
	       "as if "
	       "it were not there.",
	.help = "take the pattern out of .dockerignore, add a line with !, or do not copy it",
	.aliases = LIST("CopyIgnoredFile"),
	.good = LIST("FROM a:1\nCOPY src /src\nCOPY --from=b:1 /secret /x\n",
		     "FROM a:1\nCOPY kept/secret/x /x\nADD https://e.example/secret /x\n"),
	.bad = LIST("FROM a:1\nCOPY secret /x\n", "FROM a:1\nADD ./a/../secret/b /x\n"),
	.check = check_ignored,
};

/* ---- D126 ---- */

static bool copies_everything(const Instruction *in)
{
	for (size_t k = 0; is_local_copy(in) && k + 1 < in->args.n; k++)
		if (str_eq(in->args.at[k].text, S(".")) || str_eq(in->args.at[k].text, S("./")) ||
		    str_eq(in->args.at[k].text, S("/")))
			return true;
	return false;
}

static void check_everything(const LintFile *f, LintSink *to)
{
	const LintBeside *b = f->options->beside;
	Dockerignore d = {0};
	bool there = read_ignore(f, &d);
	if (b == NULL || !b->known || there != b->has_ignore)
		return;
	for (size_t i = 0; i < f->d->instructions.n; i++) {
		const Instruction *in = lint_at(f, i);
		if (!copies_everything(in))
			continue;
		if (!there)
			lint_say(to, in->span,
				 "everything is copied, and there is no .dockerignore: .git, .env "
				 "and keys, too");
		else if (dockerignore_excludes(&d, S(".git")) == NULL)
			lint_say(to, in->span,
				 "everything is copied, and " STR_FMT " does not leave out .git",
				 STR_ARG(b->ignore_name));
		else if (dockerignore_excludes(&d, S(".env")) == NULL)
			lint_say(to, in->span,
				 "everything is copied, and " STR_FMT " does not leave out .env",
				 STR_ARG(b->ignore_name));
		return;
	}
}

const LintRule lint_D126 = {
	.id = "D126",
	.name = "copies-everything",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "COPY . takes whatever lies about: the whole history of the repository, local "
	       "settings, "
	       "secrets; and any change of these makes the step run again.",
	.help = "write a .dockerignore with .git and .env, or name what is copied",
	.good = LIST("FROM a:1\nCOPY src go.mod /x/\n"),
	.bad = LIST("FROM a:1\nCOPY . /x\n", "FROM a:1\nADD ./ /x\n"),
	.check = check_everything,
};
