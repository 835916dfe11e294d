/* prepare.c - checks a plan's steps against the tree, and makes one change of each file. */
#include "fix/prepare.h"

#include <errno.h>

#include "fix/json_edit.h"
#include "io/digest.h"

typedef struct Content {
	Str path, was, text;
	bool absent, whole; /* whole: a step gave all of it */
} Content;

typedef struct Preparer {
	Probe *p;
	Arena *a;
	ActionVec *out;
	VEC(Content) contents;
} Preparer;

static Result content_of(Preparer *pr, Str path, Content **out)
{
	for (size_t i = 0; i < pr->contents.n; i++)
		if (str_eq(pr->contents.at[i].path, path)) {
			*out = &pr->contents.at[i];
			return OK;
		}
	Content c = {.path = path};
	int sys = probe_read(pr->p, path, pr->a, &c.was);
	if (sys != 0 && sys != ENOENT)
		FAIL(ERR_SYS, STR_FMT ": %s", STR_ARG(path), strerrordesc_np(sys));
	if (c.was.n > LIMIT_FIX_FILE_BYTES)
		FAIL(ERR_LIMIT, STR_FMT ": more than %u bytes", STR_ARG(path),
		     LIMIT_FIX_FILE_BYTES);
	c.absent = sys == ENOENT;
	c.text = c.was;
	vec_push(pr->a, &pr->contents, c);
	*out = &pr->contents.at[pr->contents.n - 1];
	return OK;
}

static Str digest_of(Str bytes, Arena *a)
{
	uint8_t sha[SHA256_BYTES];
	sha256_of(bytes, sha);
	return digest_text(a, sha);
}

/* ---- steps ---- */

static Result changed(const FixStep *s, Str is)
{
	FAIL(ERR_INPUT,
	     STR_FMT "%s" STR_FMT ": is " STR_FMT ", and the plan was made when it was " STR_FMT
		     "; make a new plan",
	     STR_ARG(s->path), s->key.n != 0 ? ": " : "", STR_ARG(s->key),
	     STR_ARG(is.n != 0 ? is : S("not there")),
	     STR_ARG(s->absent ? S("not there") : s->before));
}

static Result json_step(Preparer *pr, const FixStep *s)
{
	Content *c = NULL;
	Str is;
	bool found;
	TRY(content_of(pr, s->path, &c));
	if (c->whole)
		FAIL(ERR_INPUT, STR_FMT ": another step gives the whole file", STR_ARG(s->path));
	TRY_IN(json_edit_get(c->text, s->key, pr->a, &is, &found), STR_FMT, STR_ARG(s->path));
	if (found && str_eq(is, s->after))
		return OK;
	if (found == s->absent || (found && !str_eq(is, s->before)))
		return changed(s, is);
	TRY_IN(json_edit_set(c->text, s->key, s->after, pr->a, &c->text), STR_FMT,
	       STR_ARG(s->path));
	return OK;
}

static Result file_step(Preparer *pr, const FixStep *s)
{
	Content *c = NULL;
	TRY(content_of(pr, s->path, &c));
	if (c->whole || !str_eq(c->text, c->was))
		FAIL(ERR_INPUT, STR_FMT ": two steps change the file", STR_ARG(s->path));
	Str is = c->absent ? (Str){0} : digest_of(c->was, pr->a);
	c->whole = true;
	if (!c->absent && str_eq(c->was, s->after))
		return OK;
	if (c->absent != s->absent || (!c->absent && !str_eq(is, s->before)))
		return changed(s, is);
	c->text = s->after;
	return OK;
}

static Str key_of(Str line)
{
	Str key;
	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';' || !str_cut(&line, '=', &key))
		return (Str){0};
	return str_trim(key);
}

/* Lines of the key give way to one at the end. */
static Str with_line(Str text, const FixStep *s, Arena *a)
{
	Str line;
	Buf b = buf_in(a, 2ul * LIMIT_FIX_FILE_BYTES);
	if (text.n == 0)
		buf_add(&b, S("# Switches of the kernel, as set by bulwark.\n"));
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		if (str_eq(key_of(line), s->key))
			continue;
		buf_add(&b, line);
		buf_char(&b, '\n');
	}
	buf_fmt(&b, STR_FMT " = " STR_FMT "\n", STR_ARG(s->key), STR_ARG(s->after));
	return buf_str(&b);
}

static Result sysctl_step(Preparer *pr, const FixStep *s)
{
	Content *c = NULL;
	Buf path = buf_in(pr->a, 4096);
	Str is;
	buf_fmt(&path, "/proc/sys/" STR_FMT, STR_ARG(s->key));
	for (size_t i = strlen("/proc/sys/"); i < path.n; i++)
		if (path.p[i] == '.')
			path.p[i] = '/';
	int sys = probe_read(pr->p, buf_str(&path), pr->a, &is);
	if (sys != 0)
		FAIL(ERR_SYS, STR_FMT ": %s", STR_ARG(buf_str(&path)), strerrordesc_np(sys));
	is = str_trim(is);
	if (!str_eq(is, s->after) && !str_eq(is, s->before))
		return changed(s, is);
	TRY(content_of(pr, s->path, &c));
	if (c->whole)
		FAIL(ERR_INPUT, STR_FMT ": another step gives the whole file", STR_ARG(s->path));
	c->text = with_line(c->text, s, pr->a);
	vec_push(pr->a, pr->out,
		 (Action){.kind = ACT_SYSCTL,
			  .path = buf_str(&path),
			  .before = s->before,
			  .after = s->after});
	return OK;
}

static Result stat_step(Preparer *pr, const FixStep *s)
{
	const Action act = {.kind = s->kind == FIX_MODE ? ACT_MODE : ACT_OWNER,
			    .path = s->path,
			    .before = s->before,
			    .after = s->after};
	TRY(act_check(&act));
	vec_push(pr->a, pr->out, act);
	return OK;
}

static Result one(Preparer *pr, const FixStep *s, bool *audit)
{
	switch (s->kind) {
	case FIX_MODE:
	case FIX_OWNER: return stat_step(pr, s);
	case FIX_JSON: return json_step(pr, s);
	case FIX_FILE: return file_step(pr, s);
	case FIX_SYSCTL: return sysctl_step(pr, s);
	case FIX_AUDIT: *audit = true; return OK;
	}
	return OK;
}

static void contents_to_actions(Preparer *pr)
{
	for (size_t i = 0; i < pr->contents.n; i++) {
		const Content *c = &pr->contents.at[i];
		if (str_eq(c->text, c->was) && !c->absent)
			continue;
		vec_push(pr->a, pr->out,
			 (Action){.kind = ACT_CONTENT,
				  .path = c->path,
				  .absent = c->absent,
				  .before = c->absent ? (Str){0} : digest_of(c->was, pr->a),
				  .after = digest_of(c->text, pr->a),
				  .bytes = c->text});
	}
}

Result fix_prepare(Probe *p, Str plan, Arena *a, ActionVec *out, bool *audit)
{
	FixPlan parsed;
	Preparer pr = {.p = p, .a = a, .out = out};
	*audit = false;
	TRY(fix_plan_parse(plan, a, &parsed));
	for (size_t i = 0; i < parsed.steps.n; i++)
		TRY_IN(one(&pr, &parsed.steps.at[i], audit), "step %zu", i + 1);
	contents_to_actions(&pr);
	if (probe_broken(p).n != 0)
		FAIL(ERR_BUG, STR_FMT, STR_ARG(probe_broken(p)));
	return OK;
}
