/* cli_project_test.c - .bulwark.yaml: where it is found, what it may say, and where it is wrong. */
#include "cli/project.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/config.h"
#include "cli/lint_settings.h"
#include "tap.h"

static const char *const allowed[] = {"severity", "label", "fail-on", "ignore", NULL};

static StrVec said(Arena *a, const char *text)
{
	StrVec v = {0};
	CHECK_OK(config_read_project("p", str_of(text), "lint", allowed, a, &v));
	return v;
}

static void wrong(const char *text, const char *message)
{
	Arena a = {0};
	StrVec v = {0};
	Err *e = config_read_project("p", str_of(text), "lint", allowed, &a, &v);
	CHECK(e != OK);
	if (e != OK)
		CHECK_STR(str_of(e->text), str_of(message));
	err_free(e);
	arena_finish(&a);
}

TEST(a_mapping_is_a_list_of_pairs)
{
	Arena a = {0};
	StrVec v = said(&a, "lint:\n  severity: {D307: warning, D106: off}\n  fail-on: error\n");
	CHECK(v.n == 6);
	if (v.n == 6) {
		CHECK_STR(v.at[0], S("severity"));
		CHECK_STR(v.at[1], S("D307=warning"));
		CHECK_STR(v.at[3], S("D106=off"));
		CHECK_STR(v.at[5], S("error"));
	}
	CHECK(said(&a, "# nothing\n").n == 0);
	CHECK(said(&a, "lint:\n").n == 0);
	arena_finish(&a);
}

TEST(an_error_names_the_line_and_the_column)
{
	wrong("lint:\n  severty: {D307: off}\n",
	      "p:2:3: lint: unknown key 'severty'; did you mean severity?");
	wrong("lint:\n  severity:\n    D307: grave\n",
	      "p:3:5: lint: severity: 'D307=grave': wants RULE=LEVEL, and a level is error, "
	      "warning, info, style or off");
	wrong("lint:\n  ignore: [D307,\n    D909]\n",
	      "p:3:5: lint: ignore: no rule 'D909'; did you mean D109? ('bulwark lint "
	      "--list')");
	wrong("lnt: {}\n", "p:1:1: unknown key 'lnt'; did you mean lint?");
	wrong("lint:\n  label: {a: nmber}\n",
	      "p:2:11: lint: label: 'a=nmber': wants NAME=TYPE, and a type is text, url, semver, "
	      "hash, rfc3339, spdx or email");
	wrong("[]\n", "p:1:1: wants commands and their options, like scan: {severity: high}");
	wrong("lint:\n\t- x\n", "p: yaml: line 2: found character that cannot start any token");
}

TEST(a_project_says_nothing_about_where_things_are_written_or_about_other_commands)
{
	wrong("lint: {output: /etc/passwd}\n",
	      "p:1:8: lint: output: not for a project's file; say it on the command line or in "
	      "your own configuration");
	wrong("scan: {severity: high}\n", "p:1:1: scan: a project's file speaks of lint alone");
}

/* ---- places ---- */

typedef struct Place {
	Arena a;
	char dir[64];
} Place;

static const char *in(Place *p, const char *name)
{
	Buf b = buf_in(&p->a, 4096);
	buf_fmt(&b, "%s/%s%c", p->dir, name, '\0');
	return buf_str(&b).p;
}

static void start(Place *p)
{
	*p = (Place){.dir = "/tmp/bulwark-project-XXXXXX"};
	CHECK(mkdtemp(p->dir) != NULL);
	CHECK(mkdir(in(p, "a"), 0755) == 0 && mkdir(in(p, "a/b"), 0755) == 0);
}

static void put(Place *p, const char *name, const char *text)
{
	FILE *f = fopen(in(p, name), "w");
	CHECK(f != NULL && fputs(text, f) >= 0);
	if (f != NULL)
		fclose(f);
}

static void finish(Place *p)
{
	static const char *const all[] = {
		"a/b/.bulwark.yaml", "a/b", "a/.bulwark.yaml", "a/.git", "a", ".bulwark.yaml"};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		(void)remove(in(p, all[i]));
	CHECK(rmdir(p->dir) == 0);
	arena_finish(&p->a);
}

static Str found(Place *p, const char *dir)
{
	const char *file = NULL;
	CHECK_OK(project_find(in(p, dir), &p->a, &file));
	return str_of(file);
}

TEST(it_is_looked_for_up_to_the_root_of_the_repository_and_no_further)
{
	Place p;
	start(&p);
	put(&p, ".bulwark.yaml", "");
	CHECK(found(&p, "a/b").n == 0); /* no repository: only the folder itself */
	CHECK(str_ends(found(&p, "."), S("/.bulwark.yaml")));
	CHECK(mkdir(in(&p, "a/.git"), 0755) == 0);
	CHECK(found(&p, "a/b").n == 0); /* above the repository */
	put(&p, "a/.bulwark.yaml", "");
	CHECK(str_ends(found(&p, "a/b"), S("/a/.bulwark.yaml")));
	put(&p, "a/b/.bulwark.yaml", "");
	CHECK(str_ends(found(&p, "a/b"), S("/a/b/.bulwark.yaml")));
	finish(&p);
}

static Err *settings(Place *p, LintOpts *o, OptSet *set, const char *file, const LintSettings **out)
{
	*set = (OptSet){.table = lint_opts, .into = o, .arena = &p->a};
	LintHouse *h = arena_new(&p->a, LintHouse);
	*h = (LintHouse){.a = &p->a, .set = set};
	return lint_settings(h, str_of(in(p, file)), out);
}

TEST(a_file_has_the_settings_of_its_project_below_the_command_line)
{
	Place p;
	LintOpts o = {.allow_unsandboxed = true};
	OptSet set;
	const LintSettings *s = NULL;
	start(&p);
	put(&p, "a/.bulwark.yaml",
	    "lint:\n  severity: {D307: error}\n  fail-on: style\n  label: {v: semver}\n"
	    "  strict-labels: true\n  trusted-registry: [docker.io]\n  exclude: [old/*, x*]\n");
	CHECK_OK(settings(&p, &o, &set, "a/Dockerfile", &s));
	if (s == NULL)
		return;
	CHECK(s->options.overrides.n == 1 && s->options.overrides.at[0].level == LEVEL_ERROR);
	CHECK(s->bar == LEVEL_STYLE && s->options.strict_labels);
	CHECK(s->options.labels.n == 1 && s->options.labels.at[0].type == LABEL_SEMVER);
	CHECK(s->options.registries.n == 1);
	CHECK(lint_is_excluded(s, str_of(in(&p, "a/xyz.dockerfile"))));
	CHECK(!lint_is_excluded(s, str_of(in(&p, "a/Dockerfile"))));
	CHECK_OK(settings(&p, &o, &set, "Dockerfile", &s));
	CHECK(s->options.overrides.n == 0 && s->bar == LEVEL_WARNING);
	finish(&p);
}

TEST(a_link_is_no_project_file)
{
	Place p;
	LintOpts o = {.allow_unsandboxed = true};
	OptSet set;
	const LintSettings *s = NULL;
	start(&p);
	CHECK(symlink("/etc/passwd", in(&p, "a/.bulwark.yaml")) == 0);
	CHECK_ERR(settings(&p, &o, &set, "a/Dockerfile", &s), ERR_SYS);
	finish(&p);
}

TEST(a_file_of_another_user_is_refused)
{
	Place p;
	const char *file;
	if (geteuid() != 0) {
		tap_skip("only root gives files away");
		return;
	}
	start(&p);
	put(&p, "a/.bulwark.yaml", "");
	CHECK(chown(in(&p, "a/.bulwark.yaml"), 4711, 4711) == 0);
	CHECK_ERR(project_find(in(&p, "a"), &p.a, &file), ERR_TRUST);
	CHECK(chown(in(&p, "a"), 4711, 4711) == 0);
	CHECK_OK(project_find(in(&p, "a"), &p.a, &file));
	finish(&p);
}
