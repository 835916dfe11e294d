/* lint_beside.c - reads .dockerignore, and asks the secrets engine about the text. */
#include "flow/lint_beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dockerfile/limits.h"
#include "flow/secrets.h"
#include "io/fd.h"
#include "io/source.h"
#include "secrets/judge.h"
#include "secrets/scan.h"

/* ---- .dockerignore ---- */

static Result read_ignore(int fd, Arena *a, Str *out)
{
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0)
		FAIL_SYS("cannot read: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		FAIL(ERR_INPUT, "not a regular file");
	AUTO_SOURCE Source *s = source_from_fd(fd, false);
	return source_all(s, a, LIMIT_DOCKERIGNORE_BYTES, out);
}

/* False: there is no such file. */
static bool take_ignore(const char *path, Arena *a, LintBeside *out, RemarkReport *unread)
{
	/* Whoever wrote the folder may have put a pipe there, which nobody writes to. */
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return false;
	Str name = arena_str(a, str_of(path));
	name = str_starts(name, S("./")) ? str_skip(name, 2) : name;
	Err *e = read_ignore(fd, a, &out->ignore);
	if (e != OK) {
		vec_push(a, &unread->not_evaluated, (Unread){name, arena_str(a, str_of(e->text))});
		err_free(e);
		return true;
	}
	out->known = out->has_ignore = true;
	out->ignore_name = name;
	return true;
}

static bool is_below(Str path)
{
	size_t at;
	return !str_starts(path, S("/")) && !str_find(path, S(".."), &at);
}

void lint_find_ignore(const char *path, Arena *a, LintBeside *out, RemarkReport *unread)
{
	char name[4096];
	Str whole = str_of(path), dir = str_dir(whole);
	*out = (LintBeside){0};
	int n = snprintf(name, sizeof name, "%s.dockerignore", path);
	if (n < 0 || (size_t)n >= sizeof name || take_ignore(name, a, out, unread))
		return;
	n = snprintf(name, sizeof name, STR_FMT "%s.dockerignore", STR_ARG(dir),
		     dir.n != 0                  ? "/"
		     : str_starts(whole, S("/")) ? "/"
						 : "");
	if (n < 0 || (size_t)n >= sizeof name || take_ignore(name, a, out, unread))
		return;
	if (dir.n == 0 || !is_below(whole) || !take_ignore(".dockerignore", a, out, unread))
		out->known = true;
}

/* ---- secrets ---- */

Result lint_secrets_make(const LintOptions *o, Arena *a, SecretSet **out)
{
	SecretRuleVec rules = {0};
	if (!lint_asks(o, S("D401")) && !lint_asks(o, S("C129")))
		return OK;
	TRY(secrets_rules((UserText){0}, a, &rules));
	return secret_set_make(&rules, a, out);
}

typedef struct Finding {
	const LintText *text;
	Arena *a;
	LintBeside *out;
} Finding;

static void found(void *ctx, const SecretHit *h)
{
	Finding *f = ctx;
	size_t n = f->text->text.n;
	if (h->value.n == 0 || h->at >= n || h->confidence < CONFIDENCE_MEDIUM)
		return;
	size_t end = h->at + h->value.n;
	LintSecret s = {.at = {(uint32_t)h->at, (uint32_t)(end < n ? end : n)},
			.name = h->rule->id,
			.masked = secret_mask(f->a, h->value)};
	vec_push(f->a, &f->out->secrets, s);
}

void lint_find_secrets(const SecretSet *set, const LintText *t, Arena *a, LintBeside *out,
		       RemarkReport *unread)
{
	Finding f = {t, a, out};
	if (set == NULL)
		return;
	AUTO_SECRET_SCAN SecretScan *scan = secret_scan_create(set);
	secret_scan_begin(scan, t->name, found, &f);
	secret_scan_feed(scan, t->text);
	const char *why = secret_scan_end(scan);
	if (why != NULL)
		vec_push(a, &unread->not_evaluated, (Unread){t->name, arena_str(a, str_of(why))});
}
