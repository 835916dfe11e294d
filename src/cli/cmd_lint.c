/* cmd_lint.c - bulwark lint: Dockerfiles and images judged, rules explained, files mended. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/baseline.h"
#include "cli/command.h"
#include "cli/lint_settings.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/remarks.h"
#include "cli/terminal.h"
#include "flow/lint.h"
#include "flow/scan.h"
#include "image/target.h"
#include "io/fd.h"
#include "lint/mend.h"

/* ---- about rules ---- */

static void print_aliases(const LintRule *r)
{
	for (size_t i = 0; r->aliases != NULL && r->aliases[i] != NULL; i++)
		printf("%s%s", i == 0 ? "Also known as " : ", ", r->aliases[i]);
	if (r->aliases != NULL && r->aliases[0] != NULL)
		puts("\n");
}

static void print_snippet(const char *title, const char *text)
{
	Str rest = str_of(text), line;
	printf("%s:\n\n", title);
	while (rest.n != 0 && str_cut(&rest, '\n', &line))
		printf("    " STR_FMT "\n", STR_ARG(line));
	putchar('\n');
}

static Result explain(const char *word)
{
	const LintRule *r = lint_rule_named(str_of(word));
	if (r == NULL)
		FAIL(ERR_USAGE, "no rule '%s'; see 'bulwark lint --list'", word);
	printf("%s %s (%s%s)\n\n%s\n\nTo do: %s.\n\n", r->id, r->name, level_name(r->level),
	       r->off ? ", off unless asked for" : "", r->why, r->help);
	print_aliases(r);
	if (r->check_image != NULL) /* its snippets are whole images */
		return OK;
	print_snippet("Found in", r->bad[0]);
	print_snippet("Not found in", r->good[0]);
	return OK;
}

static void list_rules(void)
{
	for (const LintRule *const *r = lint_rules; *r != NULL; r++)
		printf("%s  %-8s %-22s %s%s\n", (*r)->id, level_name((*r)->level), (*r)->name,
		       (*r)->help, (*r)->off ? " (off)" : "");
}

/* ---- mending ---- */

/* Behind a link, what it leads to is replaced, and the link stays. */
static Result write_mended(Str file, Str text, Arena *a)
{
	AUTO_OUTPUT Output to = {.fd = -1};
	TRY(output_open(arena_cstr(a, file), &to));
	return output_write(&to, text);
}

enum { ROUNDS_MAX = 10 }; /* real files need two: what meets another mend waits for the next */

typedef struct Mending {
	const LintOpts *o;
	const LintTexts *was;
	LintTexts now; /* the same with what was mended so far */
	Mended *all;   /* one for each; of what was */
	size_t fixes;
} Mending;

/* False: there was nothing more to mend. */
static bool mend_round(Mending *m, const RemarkReport *r, Arena *a)
{
	bool any = false;
	for (size_t i = 0; i < m->now.n; i++) {
		LintText *t = &m->now.at[i];
		Mended next = {0};
		lint_mend(&r->remarks, t->name, t->text, m->o->risky, a, &next);
		if (next.fixes == 0)
			continue;
		any = true;
		m->fixes += next.fixes;
		lint_mend_further(&m->all[i], &next, m->was->at[i].text, a);
		t->text = next.text;
	}
	return any;
}

static Result put_mended(const Mending *m, Arena *a)
{
	for (size_t i = 0; i < m->now.n; i++) {
		const LintText *t = &m->was->at[i];
		Buf diff = buf_in(a, LIMIT_REPORT_BYTES);
		if (m->all[i].edits.n != 0 && m->o->diff) {
			lint_diff(t->name, t->text, &m->all[i], &diff);
			TRY(fd_write(STDOUT_FILENO, buf_str(&diff)));
		} else if (m->all[i].edits.n != 0) {
			TRY(write_mended(t->name, m->all[i].text, a));
		}
	}
	return OK;
}

/* ---- doing ---- */

static Level level_of(const char *word, Level otherwise)
{
	Level l = otherwise;
	if (word != NULL)
		(void)level_parse(str_of(word), &l); /* the option table let only levels through */
	return l;
}

static void hide_below(RemarkVec *v, Level least)
{
	size_t kept = 0;
	for (size_t i = 0; i < v->n; i++)
		if (v->at[i].level >= least)
			v->at[kept++] = v->at[i];
	v->n = kept;
}

static bool exists(const char *path) { return access(path, F_OK) == 0; }

/* A target of an image, or a word that is no file: the engine may know it. */
static bool is_image(const char *operand)
{
	return target_is_named(str_of(operand)) ||
	       (strcmp(operand, "-") != 0 && strchr("./", operand[0]) == NULL && !exists(operand));
}

static Result lint_one_image(const LintOpts *o, const LintOptions *options, const char *target,
			     Arena *a, ScanOutcome *out)
{
	ProgressLine progress;
	if (o->fix || o->diff)
		FAIL(ERR_USAGE, "--fix and --diff mend files; %s is %s", target,
		     target_is_named(str_of(target)) ? "an image" : "none");
	progress_init(&progress, true);
	ScanRequest request = {.scanners = SCAN_LINT,
			       .lint = *options,
			       .target = str_of(target),
			       .platform = str_of(o->platform),
			       .allow_unsandboxed = o->allow_unsandboxed,
			       .now = options->now,
			       .progress = progress_of(&progress)};
	Err *e = scan_run(&request, a, out);
	progress_clear(&progress);
	return e;
}

static Result check_operands(int argc, char **argv)
{
	for (int i = 0; argc > 1 && i < argc; i++)
		if (target_is_named(str_of(argv[i])))
			FAIL(ERR_USAGE, "one image at a time, and no files beside it");
	return OK;
}

typedef struct Lint { /* one run */
	const LintOpts *o;
	LintHouse house;
	LintRequest request;
	const char *image; /* NULL: files */
	RemarkReport report;
	LintTexts texts;
	Str missing; /* sandbox layers that the kernel lacks */
} Lint;

static Err *options_of(void *ctx, Str file, bool found, const LintOptions **out)
{
	Lint *l = ctx;
	const LintSettings *s;
	bool has_folder = !str_eq(file, S("-"));
	TRY(lint_settings(&l->house, has_folder ? file : S(""), &s));
	*out = found && lint_is_excluded(s, file) ? NULL : &s->options;
	return OK;
}

/* The user's settings alone: an image is nobody's project. */
static Result judge_image(Lint *l, Arena *a)
{
	const LintSettings *s;
	ScanOutcome out = {0};
	l->house.no_project = true;
	TRY(lint_settings(&l->house, S(""), &s));
	TRY(lint_one_image(l->o, &s->options, l->image, a, &out));
	l->report = out.remarks;
	l->missing = out.missing;
	return OK;
}

static Result judge(Lint *l, Arena *a)
{
	l->report = (RemarkReport){0};
	l->texts = (LintTexts){0};
	if (l->image != NULL)
		return judge_image(l, a);
	return lint_run(&l->request, a, &l->report, &l->texts, &l->missing);
}

static ShellcheckUse shellcheck_use(const char *when)
{
	for (int i = SHELLCHECK_AUTO; when != NULL && i <= SHELLCHECK_NEVER; i++)
		if (strcmp(when, shellcheck_choice((size_t)i)) == 0)
			return (ShellcheckUse)i;
	return SHELLCHECK_AUTO;
}

static Lint lint_of(const LintOpts *o, int argc, char **argv, Arena *a)
{
	const CommonOpts *common = o->set->next->into;
	Lint l = {.o = o,
		  .house = {.a = a,
			    .set = o->set,
			    .no_project = common->no_config || common->config != NULL,
			    .now = time(NULL)},
		  .request = {.stdin_name = str_of(o->stdin_name),
			      .shellcheck = shellcheck_use(o->shellcheck),
			      .allow_unsandboxed = o->allow_unsandboxed}};
	for (int i = 0; i < argc; i++)
		vec_push(a, &l.request.paths, str_of(argv[i]));
	if (argc == 1 && is_image(argv[0]))
		l.image = argv[0];
	return l;
}

/* The bar of the settings that judged the remark's file. A file that was read on the way has the
 * first one's. */
static Level bar_of(const Lint *l, const Remark *m, Level otherwise)
{
	for (size_t i = 0; i < l->texts.n; i++)
		if (str_eq(l->texts.at[i].name, m->file))
			return ((const LintSettings *)l->texts.at[i].options)->bar;
	return otherwise;
}

static Result fails(Lint *l, bool *out)
{
	const LintSettings *s;
	TRY(lint_settings(&l->house, S(""), &s));
	for (size_t i = 0; i < l->report.remarks.n; i++)
		if (l->report.remarks.at[i].level >= bar_of(l, &l->report.remarks.at[i], s->bar))
			*out = true;
	return OK;
}

/* Files that the first run could not read are in none of the later ones. */
static void keep_unread(const RemarkReport *from, Arena *a, RemarkReport *to)
{
	for (size_t i = 0; i < from->not_evaluated.n; i++) {
		const Unread *u = &from->not_evaluated.at[i];
		bool told = false;
		for (size_t k = 0; k < to->not_evaluated.n; k++)
			told = told || (str_eq(to->not_evaluated.at[k].what, u->what) &&
					str_eq(to->not_evaluated.at[k].why, u->why));
		if (!told)
			vec_push(a, &to->not_evaluated, *u);
	}
}

static Result mend(Lint *l, Arena *a)
{
	Mending m = {.o = l->o, .was = &l->texts};
	m.all = arena_array(a, Mended, l->texts.n + 1);
	for (size_t i = 0; i < l->texts.n; i++)
		vec_push(a, &m.now, l->texts.at[i]);
	for (int k = 0; k < ROUNDS_MAX && mend_round(&m, &l->report, a); k++) {
		RemarkReport again = {0};
		TRY(lint_again(&l->request, &m.now, a, &again));
		keep_unread(&l->report, a, &again);
		l->report = again;
	}
	TRY(put_mended(&m, a));
	if (!l->o->diff)
		fprintf(stderr, "bulwark lint: %zu mended\n", m.fixes);
	return OK;
}

static Result lint(const LintOpts *o, int argc, char **argv, Arena *a, int *exit_code)
{
	AUTO_OUTPUT Output to = {.fd = -1};
	Lint l = lint_of(o, argc, argv, a);
	bool failed = false;
	TRY(output_open(o->output, &to));
	TRY(check_operands(argc, argv));
	l.request.options_of = options_of;
	l.request.options_ctx = &l;
	TRY(judge(&l, a));
	terminal_warn_unconfined("bulwark lint", l.missing);
	if (o->fix || o->diff)
		TRY(mend(&l, a));
	if (o->diff)
		return OK;
	if (o->baseline != NULL)
		TRY(baseline_apply(o->baseline, a, &l.report));
	hide_below(&l.report.remarks, level_of(o->level, LEVEL_STYLE));
	hide_below(&l.report.accepted, level_of(o->level, LEVEL_STYLE));
	TRY(remarks_print(o->format, "bulwark lint", &l.report, a, &to));
	TRY(fails(&l, &failed));
	*exit_code = failed ? EXIT_FINDINGS : EXIT_CLEAN;
	return OK;
}

static Result lint_command(const void *from, int argc, char **argv, int *exit_code)
{
	const LintOpts *o = from;
	Arena a = {0};
	if (o->explain != NULL)
		return explain(o->explain);
	if (o->list) {
		list_rules();
		return OK;
	}
	for (int i = 0; i < argc; i++)
		if (o->fix && strcmp(argv[i], "-") == 0)
			FAIL(ERR_USAGE,
			     "--fix: standard input cannot be mended in place; use --diff");
	Err *e = lint(o, argc, argv, &a, exit_code);
	arena_finish(&a);
	return e;
}

static const HelpSection sections[] = {
	{"Files",
	 "A directory is looked through for Dockerfile, Dockerfile.*, Containerfile and\n"
	 "*.dockerfile, and for compose.yaml, compose.*.yaml, docker-compose*.yml; without an\n"
	 "operand it is the current one. \"-\" is standard input. A Compose file is read with its\n"
	 "override, .env, and what it extends and includes beneath the folder; a YAML file that "
	 "is\n"
	 "named is taken for one.\n"},
	{"Images",
	 "One operand that starts with docker:, podman:, archive:, oci:, oci-archive: or rootfs:\n"
	 "(see 'bulwark help scan') is an image, whatever files there are. Any other word is a "
	 "file\n"
	 "or a folder if there is one of that name, else an image of Docker, else one of Podman.\n"
	 "Judged are its settings, its history and its files, in one pass over its layers.\n"},
	{"Comments that accept findings",
	 "  # bulwark:ignore D301,D402 until=2027-01-01 -- why\n"
	 "stands above the instruction. Peers' comments are understood by their rules' ids:\n"
	 "  # hadolint ignore=DL3008   # trivy:ignore:DS-0002   # checkov:skip=CKV_DOCKER_3\n"
	 "  # check=skip=JSONArgsRecommended\n"},
	{"Settings",
	 "Besides your own configuration file, a file is judged by the nearest .bulwark.yaml in "
	 "its\n"
	 "folder or above it, up to the root of its repository; see doc/formats/config-file.md.\n"
	 "--config and --no-config read none. It is the project's own word: judge strangers'\n"
	 "projects with --no-config --no-pragmas.\n"},
	{"ShellCheck",
	 "Where it is installed it reads all shell scripts of the run, in one process without\n"
	 "rights, and its findings stand where they belong in the Dockerfile, as SC2086 and so\n"
	 "on, in place of the rules S...: --severity, --ignore and comments take these ids, too.\n"
	 "--shellcheck never leaves it out, --shellcheck always insists on it.\n"},
	{"Exit status", "  0  nothing at or above the bar of --fail-on\n"
			"  1  a finding at or above the bar\n"
			"  2  the command line or the configuration is wrong\n"
			"  3  a file could not be read\n"},
	{0},
};

static const char *const examples[] = {
	"bulwark lint",
	"bulwark lint --fail-on error --format sarif --output lint.sarif Dockerfile",
	"bulwark lint --diff images/",
	"bulwark lint docker:registry.example/app:1.2",
	"bulwark lint --severity D307=warning,D106=off --trusted-registry docker.io,*.example.org",
	"bulwark lint --format json --output known.json; bulwark lint --baseline known.json",
	"bulwark lint --explain D301",
	NULL,
};

const Command cmd_lint = {
	.name = "lint",
	.operands = "[FILE|DIR...|IMAGE]",
	.opts = lint_opts,
	.opts_size = sizeof(LintOpts),
	.reads_project = true,
	.run = lint_command,
	.summary = "judge Dockerfiles, Compose files and images: what breaks, leaks or surprises",
	.about = "Reads Dockerfiles exactly as BuildKit does, and says what a build would refuse, "
		 "what\n"
		 "is unsafe, and what reads otherwise than it looks; with the reason and, where it "
		 "is\n"
		 "safe, the correction.\n",
	.sections = sections,
	.examples = examples,
};
