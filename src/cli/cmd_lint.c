/* cmd_lint.c - bulwark lint: Dockerfiles and images judged, rules explained, files mended. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "flow/lint.h"
#include "flow/scan.h"
#include "image/target.h"
#include "lint/mend.h"
#include "report/remark_format.h"

typedef struct LintOpts {
	StrVec rules, ignore;
	const char *format, *output, *fail_on, *level, *explain, *stdin_name, *platform;
	bool fix, risky, diff, list, no_pragmas, allow_unsandboxed;
} LintOpts;

static const char *level_choice(size_t i)
{
	return i < LEVEL_ERROR ? level_name((Level)(LEVEL_ERROR - i)) : NULL;
}

static const Opt opts[] = {
	OPT_ONE_OF(OPT_STR, 'f', "format", LintOpts, format, "FORMAT",
		   "how to print the findings (default text)", remark_format_choice),
	OPT(OPT_STR, 'o', "output", LintOpts, output, "FILE",
	    "write the report here, whole or not at all"),
	OPT(OPT_LIST, 'r', "rule", LintOpts, rules, "LIST",
	    "ask these rules only, also those that are off"),
	OPT(OPT_LIST, 'i', "ignore", LintOpts, ignore, "LIST", "do not ask these rules"),
	OPT_ONE_OF(OPT_STR, 0, "level", LintOpts, level, "LEVEL",
		   "show findings of this level and above (default style)", level_choice),
	OPT_ONE_OF(OPT_STR, 0, "fail-on", LintOpts, fail_on, "LEVEL",
		   "exit 1 when a finding is of this level or above (default warning)",
		   level_choice),
	OPT(OPT_FLAG, 0, "fix", LintOpts, fix, NULL, "mend what can be mended safely, in place"),
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

/* ---- about rules ---- */

static Result known(const StrVec *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (lint_rule_named(words->at[i]) == NULL)
			FAIL(ERR_USAGE, "no rule '" STR_FMT "'; see 'bulwark lint --list'",
			     STR_ARG(words->at[i]));
	return OK;
}

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

static Result write_mended(Str file, Str text)
{
	Arena a = {0};
	AUTO_OUTPUT Output to = {.fd = -1};
	Err *e = output_open(arena_cstr(&a, file), &to);
	if (e == OK)
		e = output_write(&to, text);
	arena_finish(&a);
	return e;
}

static Result mend_all(const LintOpts *o, const RemarkReport *r, const LintTexts *texts, Arena *a,
		       size_t *fixes)
{
	for (size_t i = 0; i < texts->n; i++) {
		const LintText *t = &texts->at[i];
		Mended m = {0};
		Buf diff = buf_in(a, LIMIT_REPORT_BYTES);
		lint_mend(&r->remarks, t->name, t->text, o->risky, a, &m);
		*fixes += m.fixes;
		if (m.fixes != 0 && o->diff) {
			lint_diff(t->name, t->text, &m, &diff);
			fwrite(buf_str(&diff).p, 1, diff.n, stdout);
		} else if (m.fixes != 0) {
			TRY(write_mended(t->name, m.text));
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

static void hide_below(RemarkReport *r, Level least)
{
	size_t kept = 0;
	for (size_t i = 0; i < r->remarks.n; i++)
		if (r->remarks.at[i].level >= least)
			r->remarks.at[kept++] = r->remarks.at[i];
	r->remarks.n = kept;
}

static Result print(const LintOpts *o, const RemarkReport *r, Arena *a, Output *to)
{
	const RemarkFormat *format = remark_format_named(o->format != NULL ? str_of(o->format)
									   : S("text"));
	FormatStyle style = {.color = to->path == NULL && terminal_color(STDOUT_FILENO)};
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	Str text;
	format->write(r, "bulwark lint", &style, &b);
	TRY(buf_done(&b, "the report", &text));
	return output_write(to, text);
}

static bool exists(const char *path) { return access(path, F_OK) == 0; }

/* A target of an image, or a word that is no file: the engine may know it. */
static bool is_image(const char *operand)
{
	return target_is_named(str_of(operand)) ||
	       (strcmp(operand, "-") != 0 && strchr("./", operand[0]) == NULL && !exists(operand));
}

static Result lint_one_image(const LintOpts *o, const LintOptions *options, const char *target,
			     Arena *a, RemarkReport *r)
{
	ScanOutcome out = {0};
	ProgressLine progress;
	if (o->fix || o->diff)
		FAIL(ERR_USAGE, "--fix and --diff mend files; %s is an image", target);
	progress_init(&progress, true);
	ScanRequest request = {.scanners = SCAN_LINT,
			       .lint = *options,
			       .target = str_of(target),
			       .platform = str_of(o->platform),
			       .allow_unsandboxed = o->allow_unsandboxed,
			       .now = options->now,
			       .progress = progress_of(&progress)};
	Err *e = scan_run(&request, a, &out);
	progress_clear(&progress);
	TRY(e);
	*r = out.remarks;
	return OK;
}

static Result check_operands(int argc, char **argv)
{
	for (int i = 0; argc > 1 && i < argc; i++)
		if (target_is_named(str_of(argv[i])))
			FAIL(ERR_USAGE, "one image at a time, and no files beside it");
	return OK;
}

static Result lint(const LintOpts *o, int argc, char **argv, Arena *a, int *exit_code)
{
	RemarkReport r = {0};
	LintTexts texts = {0};
	AUTO_OUTPUT Output to = {.fd = -1};
	LintRequest request = {.options = {.only = o->rules,
					   .ignore = o->ignore,
					   .now = time(NULL),
					   .no_pragmas = o->no_pragmas},
			       .stdin_name = o->stdin_name != NULL ? str_of(o->stdin_name)
								   : (Str){0},
			       .allow_unsandboxed = o->allow_unsandboxed};
	size_t fixes = 0;
	TRY(known(&o->rules));
	TRY(known(&o->ignore));
	TRY(output_open(o->output, &to));
	for (int i = 0; i < argc; i++)
		vec_push(a, &request.paths, str_of(argv[i]));
	TRY(check_operands(argc, argv));
	if (argc == 1 && is_image(argv[0]))
		TRY(lint_one_image(o, &request.options, argv[0], a, &r));
	else
		TRY(lint_run(&request, a, &r, &texts));
	if (o->fix || o->diff) {
		TRY(mend_all(o, &r, &texts, a, &fixes));
		if (o->diff)
			return OK;
		r = (RemarkReport){0};
		texts = (LintTexts){0};
		TRY(lint_run(&request, a, &r, &texts));
		fprintf(stderr, "bulwark lint: %zu mended\n", fixes);
	}
	hide_below(&r, level_of(o->level, LEVEL_STYLE));
	TRY(print(o, &r, a, &to));
	Level bar = level_of(o->fail_on, LEVEL_WARNING);
	for (size_t i = 0; i < r.remarks.n; i++)
		if (r.remarks.at[i].level >= bar)
			*exit_code = EXIT_FINDINGS;
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
	"bulwark lint --explain D301",
	NULL,
};

const Command cmd_lint = {
	.name = "lint",
	.operands = "[FILE|DIR...|IMAGE]",
	.opts = opts,
	.opts_size = sizeof(LintOpts),
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
