/* secrets.c - rules, and which way a target is read. */
#include "flow/secrets.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "flow/secret_git.h"
#include "flow/secret_image.h"
#include "io/git.h"

Result secrets_rules(UserText more, Arena *a, SecretRuleVec *rules)
{
	TRY_IN(secret_rules_parse(secret_rules_text(), a, rules), "rules of the program");
	if (more.name != NULL)
		TRY_IN(err_usage(secret_rules_parse(more.text, a, rules)), "%s", more.name);
	return OK;
}

/* The program's own rules are sound: what is wrong is wrong with those that were brought. */
Result secrets_set(UserText more, Arena *a, SecretSet **out)
{
	SecretRuleVec rules = {0};
	TRY(secrets_rules(more, a, &rules));
	Err *e = secret_set_make(&rules, a, out);
	if (e != OK && more.name != NULL)
		e = err_in(err_usage(e), "%s", more.name);
	return e;
}

/* ---- histories ---- */

static Err *read_history(void *ctx, Search *s, Arena *a, RemarkReport *out)
{
	SecretGit git = {.dir = s->dir,
			 .exclude = &s->request->exclude,
			 .set = s->set,
			 .least = s->request->least,
			 .progress = search_progress,
			 .progress_ctx = s};
	(void)ctx;
	return secret_git(&git, a, out);
}

/* ".git" of a work tree, or the folder itself. A link or a file in its place leads to somewhere
 * that the user did not name. */
static Result find_repository(Str target, Arena *a, const char **out)
{
	struct stat st;
	Buf b = buf_in(a, target.n + 8);
	buf_fmt(&b, STR_FMT "/.git", STR_ARG(target));
	const char *dir = arena_cstr(a, buf_str(&b)), *itself = arena_cstr(a, target);
	bool inside = lstat(dir, &st) == 0;
	if (inside && !S_ISDIR(st.st_mode))
		FAIL(ERR_USAGE,
		     "%s: a linked work tree or a submodule; name the repository that its .git "
		     "leads to",
		     itself);
	if (!inside)
		dir = itself;
	if (stat(dir, &st) != 0)
		FAIL_SYS("%s: %s", dir, strerrordesc_np(errno));
	if (!S_ISDIR(st.st_mode))
		FAIL(ERR_USAGE, "%s: no repository", itself);
	*out = dir;
	return repo_start();
}

/* ---- images ---- */

static void tell_image(void *ctx, const Image *files, const Image *databases, Arena *a,
		       RemarkReport *out)
{
	const Search *s = ctx;
	secret_image_tell(s->sieves, files, databases, a, out);
}

Result secrets_run(const SecretsRequest *r, Arena *a, SearchOutcome *out)
{
	const SearchRequest *ask = &r->search;
	AUTO_SECRET_SET SecretSet *set = NULL;
	TRY(secrets_set(r->rules, a, &set));
	Search s = {.request = ask, .set = set, .ctx = &s, .tell = tell_image, .hide = set};
	if (r->git) {
		TRY(find_repository(ask->target, a, &s.dir));
		s.instead = read_history;
	}
	s.sieves = file_sieves_create(
		&(FileSieveWant){.set = set, .least = ask->least, .exclude = &ask->exclude});
	Err *e = search_run(&s, a, out);
	file_sieves_destroy(s.sieves);
	return e != OK && r->git ? err_in(e, STR_FMT, STR_ARG(ask->target)) : e;
}
