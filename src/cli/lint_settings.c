/* lint_settings.c - option values become what rules are told. */
#include "cli/lint_settings.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/project.h"
#include "report/remark_format.h"

static const char *level_choice(size_t i)
{
	return i < LEVEL_ERROR ? level_name((Level)(LEVEL_ERROR - i)) : NULL;
}

/* ---- values ---- */

const char *shellcheck_choice(size_t i)
{
	static const char *const when[] = {"auto", "always", "never"};
	return i < sizeof when / sizeof when[0] ? when[i] : NULL;
}

static const char *rule_at(const void *ctx, size_t i)
{
	(void)ctx;
	return lint_rules[i] != NULL ? lint_rules[i]->id : NULL;
}

/* "SC2086", or all of them. */
static bool is_shellcheck(Str word)
{
	uint64_t n;
	return str_eq(word, S("shellcheck")) ||
	       (str_starts(word, S("SC")) && str_u64(str_skip(word, 2), &n));
}

static Result check_rule(Str word)
{
	if (lint_rule_named(word) != NULL || is_shellcheck(word))
		return OK;
	const char *close = nearest(word, rule_at, NULL);
	if (close != NULL)
		FAIL(ERR_USAGE, "no rule '" STR_FMT "'; did you mean %s? ('bulwark lint --list')",
		     STR_ARG(word), close);
	FAIL(ERR_USAGE, "no rule '" STR_FMT "'; see 'bulwark lint --list'", STR_ARG(word));
}

static bool cut_pair(Str pair, Str *name, Str *value)
{
	*value = pair;
	if (!str_has(pair, '=') || !str_cut(value, '=', name))
		return false;
	*name = str_trim(*name);
	*value = str_trim(*value);
	return name->n != 0;
}

static bool read_override(Str pair, LintOverride *out)
{
	Str level;
	*out = (LintOverride){0};
	if (!cut_pair(pair, &out->rule, &level))
		return false;
	out->off = str_eq(level, S("off"));
	return out->off || level_parse(level, &out->level);
}

static Err *check_severity(Str pair)
{
	LintOverride o;
	if (!read_override(pair, &o))
		FAIL(ERR_USAGE,
		     "'" STR_FMT "': wants RULE=LEVEL, and a level is error, warning, info, style "
		     "or off",
		     STR_ARG(pair));
	return check_rule(o.rule);
}

static bool read_label(Str pair, LabelRule *out)
{
	Str type;
	return cut_pair(pair, &out->name, &type) && label_type_parse(type, &out->type);
}

static Err *check_label(Str pair)
{
	LabelRule l;
	if (!read_label(pair, &l))
		FAIL(ERR_USAGE,
		     "'" STR_FMT "': wants NAME=TYPE, and a type is text, url, semver, hash, "
		     "rfc3339, spdx or email",
		     STR_ARG(pair));
	return OK;
}

static Err *check_known(Str word) { return check_rule(word); }

const Opt lint_opts[] = {
	OPT_ONE_OF(OPT_STR, 'f', "format", LintOpts, format, "FORMAT",
		   "how to print the findings (default text)", remark_format_choice),
	OPT(OPT_STR, 'o', "output", LintOpts, output, "FILE",
	    "write the report here, whole or not at all"),
	OPT_CHECKED(OPT_LIST, 'r', "rule", LintOpts, rules, "LIST",
		    "ask these rules only, also those that are off", check_known),
	OPT_CHECKED(OPT_LIST, 'i', "ignore", LintOpts, ignore, "LIST", "do not ask these rules",
		    check_known),
	OPT_CHECKED(OPT_LIST, 's', "severity", LintOpts, severity, "RULE=LEVEL",
		    "how grave a rule is here: error, warning, info, style, or off",
		    check_severity),
	OPT_ONE_OF(OPT_STR, 0, "level", LintOpts, level, "LEVEL",
		   "show findings of this level and above (default style)", level_choice),
	OPT_ONE_OF(OPT_STR, 0, "fail-on", LintOpts, fail_on, "LEVEL",
		   "exit 1 when a finding is of this level or above (default warning)",
		   level_choice),
	OPT(OPT_LIST, 'x', "exclude", LintOpts, exclude, "LIST",
	    "leave out files that are found and match these shell patterns"),
	OPT(OPT_STR, 'b', "baseline", LintOpts, baseline, "FILE",
	    "leave out the findings of this JSON report"),
	OPT(OPT_LIST, 0, "trusted-registry", LintOpts, registries, "LIST",
	    "images come from these registries only: docker.io, *.example.org"),
	OPT_CHECKED(OPT_LIST, 0, "label", LintOpts, labels, "NAME=TYPE",
		    "an image has this label: text, url, semver, hash, rfc3339, spdx or email",
		    check_label),
	OPT(OPT_FLAG, 0, "strict-labels", LintOpts, strict_labels, NULL,
	    "an image has no other label than those"),
	OPT_ONE_OF(OPT_STR, 0, "shellcheck", LintOpts, shellcheck, "WHEN",
		   "ask the program shellcheck about the scripts of RUN, too (default auto: when "
		   "it is installed)",
		   shellcheck_choice),
	OPT_ACT(OPT_FLAG, 0, "fix", LintOpts, fix, NULL,
		"mend what can be mended safely, in place"),
	OPT(OPT_FLAG, 0, "unsafe", LintOpts, risky, NULL,
	    "with --fix or --diff: also where the image may behave differently"),
	OPT(OPT_FLAG, 0, "diff", LintOpts, diff, NULL,
	    "show what --fix would change, and change nothing"),
	OPT(OPT_STR, 0, "explain", LintOpts, explain, "RULE",
	    "tell what a rule is about, and stop"),
	OPT(OPT_FLAG, 0, "list", LintOpts, list, NULL, "name all rules, and stop"),
	OPT(OPT_STR, 0, "stdin-name", LintOpts, stdin_name, "NAME",
	    "what standard input is called in the report"),
	OPT(OPT_FLAG, 0, "no-pragmas", LintOpts, no_pragmas, NULL,
	    "take no notice of ignore comments"),
	OPT(OPT_STR, 0, "platform", LintOpts, platform, "OS/ARCH",
	    "which image of a multi-platform one (default this host's)"),
	OPT(OPT_FLAG, 0, "allow-unsandboxed", LintOpts, allow_unsandboxed, NULL,
	    "go on where the kernel cannot confine the reader"),
	{0},
};

/* Nothing that is written to, read beside the project, or run. */
static const char *const of_a_project[] = {"ignore",  "severity",      "level",
					   "fail-on", "exclude",       "trusted-registry",
					   "label",   "strict-labels", NULL};

/* ---- settings ---- */

static LintSettings settings_of(const LintOpts *o, Arena *a, int64_t now)
{
	LintSettings s = {.options = {.only = o->rules,
				      .ignore = o->ignore,
				      .now = now,
				      .no_pragmas = o->no_pragmas,
				      .registries = o->registries,
				      .strict_labels = o->strict_labels},
			  .bar = LEVEL_WARNING,
			  .exclude = o->exclude};
	LintOverride override;
	LabelRule label;
	for (size_t i = 0; i < o->severity.n; i++)
		if (read_override(o->severity.at[i], &override))
			vec_push(a, &s.options.overrides, override);
	for (size_t i = 0; i < o->labels.n; i++)
		if (read_label(o->labels.at[i], &label))
			vec_push(a, &s.options.labels, label);
	if (o->fail_on != NULL)
		(void)level_parse(str_of(o->fail_on), &s.bar); /* only levels got this far */
	return s;
}

static Result make(LintHouse *h, const char *project, LintSettings **out)
{
	LintOpts o = *(const LintOpts *)h->set->into;
	OptSet set = *h->set;
	set.into = &o;
	set.arena = h->a;
	if (project != NULL)
		TRY(project_apply(project, "lint", of_a_project, o.allow_unsandboxed, &set));
	LintSettings *s = arena_new(h->a, LintSettings);
	*s = settings_of(&o, h->a, h->now);
	if (project != NULL)
		s->dir = str_dir(str_of(project));
	*out = s;
	return OK;
}

static Result project_of(LintHouse *h, const char *dir, const char **out)
{
	*out = NULL;
	if (h->no_project)
		return OK;
	Err *e = project_find(dir, h->a, out);
	if (e == OK || e->kind != ERR_SYS)
		return e;
	err_free(e); /* a folder that is not there has no project */
	*out = NULL;
	return OK;
}

static Result of_project(LintHouse *h, const char *project, LintSettings **out)
{
	Str key = str_of(project != NULL ? project : "-");
	*out = map_get(&h->by_file, key);
	if (*out != NULL)
		return OK;
	TRY(make(h, project, out));
	*map_at(&h->by_file, h->a, key) = *out;
	return OK;
}

Result lint_settings(LintHouse *h, Str file, const LintSettings **out)
{
	const char *dir = arena_cstr(h->a, str_dir(file));
	LintSettings *s = map_get(&h->by_dir, str_of(dir));
	if (s == NULL) {
		const char *project;
		TRY(project_of(h, dir, &project));
		TRY(of_project(h, project, &s));
		*map_at(&h->by_dir, h->a, str_of(dir)) = s;
	}
	*out = s;
	return OK;
}

/* ---- leaving out ---- */

static bool fits(const char *pattern, const char *path)
{
	return fnmatch(pattern, path, FNM_LEADING_DIR) == 0;
}

/* The path from the project's folder on; NULL: it is not beneath it. */
static const char *within(const LintSettings *s, const char *path, Arena *a)
{
	char *real = s->dir.n != 0 ? realpath(path, NULL) : NULL;
	const char *rest = NULL;
	if (real != NULL && str_starts(str_of(real), s->dir) && real[s->dir.n] == '/')
		rest = arena_cstr(a, str_of(real + s->dir.n + 1));
	free(real);
	return rest;
}

bool lint_is_excluded(const LintSettings *s, Str file)
{
	Arena a = {0};
	const char *path = arena_cstr(&a, file);
	const char *rest = s->exclude.n != 0 ? within(s, path, &a) : NULL;
	bool is = false;
	for (size_t i = 0; i < s->exclude.n && !is; i++) {
		const char *pattern = arena_cstr(&a, s->exclude.at[i]);
		is = fits(pattern, path) || fits(pattern, str_base(str_of(path)).p) ||
		     (rest != NULL && fits(pattern, rest));
	}
	arena_finish(&a);
	return is;
}
