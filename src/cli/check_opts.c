/* check_opts.c - options, baseline, report and exit code of the commands that judge a machine. */
#include "cli/check_opts.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/terminal.h"
#include "report/check_format.h"

const char *check_bar_choice(size_t i)
{
	static const char *const words[] = {
		"low", "medium", "high", "critical", POLICY_NOT_EVALUATED, NULL};
	return i < sizeof words / sizeof words[0] ? words[i] : NULL;
}

const char *check_format_names(size_t i) { return check_format_choice(i); }

CheckSelection check_opts_selection(const CheckOpts *o)
{
	return (CheckSelection){.sections = o->sections, .only = o->only, .exclude = o->exclude};
}

/* ---- before ---- */

static Result known(const StrVec *words, const CheckRun *run, Benchmark b)
{
	for (size_t i = 0; i < words->n; i++) {
		bool found = false;
		for (size_t k = 0; run->at(k) != NULL && !found; k++)
			found = check_is_called(run->at(k), words->at[i], b);
		if (!found)
			FAIL(ERR_USAGE, "no check '" STR_FMT "'; see '%s --list'",
			     STR_ARG(words->at[i]), run->tool);
	}
	return OK;
}

Result check_run_open(CheckRun *run, const CheckSelection *s, Arena *a)
{
	Str text;
	const char *baseline = run->opts->baseline;
	run->to = (Output){.fd = -1};
	TRY(known(&s->only, run, s->benchmark));
	TRY(known(&s->exclude, run, s->benchmark));
	policy_set_bar(&run->opts->fail_on, &run->policy);
	if (baseline != NULL) {
		TRY(input_read(baseline, LIMIT_IGNORE_BYTES, a, &text));
		TRY(policy_read_ignore(str_of(baseline), text, a, &run->policy));
	}
	return output_open(run->opts->output, &run->to);
}

/* ---- after ---- */

/* For formats that demand a time; what is built reproducibly says its own
 * (reproducible-builds.org).
 */
static int64_t moment(void)
{
	uint64_t said = 0;
	if (str_u64(str_of(getenv("SOURCE_DATE_EPOCH")), &said) && said <= INT32_MAX)
		return (int64_t)said;
	return time(NULL);
}

static Result print(const CheckRun *run, const CheckReport *r, Arena *a, Output *to)
{
	const char *named = run->opts->format;
	const CheckFormat *format = check_format_named(named != NULL ? str_of(named) : S("text"));
	FormatStyle style = {.verbose = run->opts->verbose, .now = moment()};
	Buf b = buf_in(a, LIMIT_REPORT_BYTES);
	Str text;
	style.color = to->path == NULL && terminal_color(STDOUT_FILENO);
	format->write(r, run->tool, &style, &b);
	TRY(buf_done(&b, "the report", &text));
	return output_write(to, text);
}

/* An entry that no check is called by; one of a check that was not made is fine. */
static void warn_of_strangers(const CheckRun *run, Benchmark b, Arena *a, CheckReport *r)
{
	for (size_t i = 0; i < run->policy.ignore.n; i++) {
		const IgnoreEntry *e = &run->policy.ignore.at[i];
		bool found = false;
		for (size_t k = 0; run->at(k) != NULL && !found; k++)
			found = check_is_called(run->at(k), e->id, b);
		Buf line = buf_in(a, LIMIT_IGNORE_BYTES);
		buf_fmt(&line, STR_FMT ":%u: " STR_FMT " names no check; see '%s --list'",
			STR_ARG(run->policy.ignore_name), e->line, STR_ARG(e->id), run->tool);
		if (!found)
			vec_push(a, &r->warnings, buf_str(&line));
	}
}

Result check_run_finish(CheckRun *run, CheckReport *r, Arena *a, int *exit_code)
{
	policy_apply_checks(&run->policy, time(NULL), a, r);
	warn_of_strangers(run, r->benchmark, a, r);
	for (size_t i = 0; i < r->warnings.n && !run->opts->quiet; i++) {
		fprintf(stderr, "%s: warning: ", run->tool);
		terminal_say(stderr, r->warnings.at[i]);
		fputc('\n', stderr);
	}
	TRY(print(run, r, a, &run->to));
	*exit_code = policy_fails_checks(&run->policy, r) ? EXIT_FINDINGS : EXIT_CLEAN;
	return OK;
}

void check_run_close(CheckRun *run) { output_close(&run->to); }

/* ---- about checks ---- */

Result check_explain(const CheckInfo *(*at)(size_t i), Benchmark b, const char *word)
{
	for (size_t i = 0; at(i) != NULL; i++) {
		const CheckInfo *c = at(i);
		if (!check_is_called(c, str_of(word), b))
			continue;
		printf("%s %s: %s\n\n%s\n\nWanted: %s\nTo do:  %s\n\nSection %s, severity %s",
		       c->id, c->name, c->title, c->why, c->wanted, c->remedy, c->section,
		       severity_name(c->severity));
		if (c->level != 0)
			printf(", level %u", c->level);
		for (int k = 0; k < BENCHMARKS; k++)
			if (c->cis[k] != NULL)
				printf(", CIS %s: %s", benchmark_name((Benchmark)k), c->cis[k]);
		if (c->refs != NULL)
			printf("\nAlso known as %s", c->refs);
		putchar('\n');
		return OK;
	}
	FAIL(ERR_USAGE, "no check '%s'; --list names them", word);
}

static bool has_numbers(const CheckInfo *(*at)(size_t i), Benchmark b)
{
	for (size_t i = 0; at(i) != NULL; i++)
		if (at(i)->cis[b] != NULL)
			return true;
	return false;
}

void check_list(const CheckInfo *(*at)(size_t i), Benchmark b)
{
	bool numbers = has_numbers(at, b);
	for (size_t i = 0; at(i) != NULL; i++) {
		const CheckInfo *c = at(i);
		printf("%s  ", c->id);
		if (numbers)
			printf("%-7s ", c->cis[b] != NULL ? c->cis[b] : "-");
		else
			printf("%-23s ", c->name);
		printf("%-10s %-8s %s\n", c->section, severity_name(c->severity), c->title);
	}
}
