/* cmd_secrets.c - bulwark secrets: keys, tokens and passwords in files, masked and judged. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/search_opts.h"
#include "flow/secrets.h"
#include "secrets/limits.h"

typedef struct SecretsOpts {
	SearchOpts search;
	const char *rules;
	bool git, list;
} SecretsOpts;

static const Opt opts[] = {
	SEARCH_OPTS(SecretsOpts, search),
	OPT(OPT_FLAG, 0, "git", SecretsOpts, git, NULL,
	    "search the whole history of the repository TARGET (default .)"),
	OPT(OPT_STR, 0, "rules", SecretsOpts, rules, "FILE", "more rules"),
	OPT(OPT_FLAG, 0, "list", SecretsOpts, list, NULL, "name all rules, and stop"),
	{0},
};

static Result list_rules(const SecretsRequest *r, Arena *a)
{
	SecretRuleVec rules = {0};
	TRY(secrets_rules(r->rules, a, &rules));
	for (size_t i = 0; i < rules.n; i++)
		printf("%-42s " STR_FMT ": " STR_FMT "\n", arena_cstr(a, rules.at[i].id),
		       STR_ARG(rules.at[i].provider), STR_ARG(rules.at[i].about));
	return OK;
}

static Result run(const void *request, Arena *a, SearchOutcome *out)
{
	return secrets_run(request, a, out);
}

static Result search(const SecretsOpts *o, const char *target, Arena *a, int *exit_code)
{
	SecretsRequest r = {.git = o->git, .rules = {.name = o->rules}};
	if (o->rules != NULL)
		TRY(input_read(o->rules, LIMIT_SECRET_RULES_BYTES, a, &r.rules.text));
	if (o->list)
		return list_rules(&r, a);
	TRY(search_request(&o->search, target, a, &r.search));
	SearchRun how = {"bulwark secrets", &o->search, &r.search, run, &r};
	return search_and_print(&how, a, exit_code);
}

static Result secrets_command(const void *from, int argc, char **argv, int *exit_code)
{
	const SecretsOpts *o = from;
	Arena a = {0};
	if (argc != 0 || (!o->list && !o->git))
		TRY(search_target(argc, argv, "bulwark help secrets"));
	Err *e = search(o, argc != 0 ? argv[0] : ".", &a, exit_code);
	arena_finish(&a);
	return e;
}

static const HelpSection sections[] = {
	{"Where it looks",
	 "  DIR or FILE        files as they lie there, archives opened\n"
	 "  -                  standard input\n"
	 "  --git [DIR]        every version of every file in a repository's history, and the\n"
	 "                     messages; its configuration and hooks are not read\n" SEARCH_IMAGES
	 ", and what its\n"
	 "                     config says; a file as a package brought it is left out\n"
	 "\n"
	 "Texts are searched with every rule, binaries with those whose secrets have a form of "
	 "their own. Zip, tar, gzip and zstd are opened; base64 and percent-encoding undone.\n"},
	{"What is left out",
	 "A line that has \"bulwark:allow\" or \"gitleaks:allow\", what --exclude and --baseline "
	 "name, placeholders, and findings below --confidence. \"low\" shows values that merely "
	 "look random.\n"
	 "\n"
	 "Values are never printed: only up to four leading characters of a long one. Nothing is "
	 "sent anywhere.\n"},
	{"Exit status", "  0  nothing found at or above --fail-on\n"
			"  1  a secret was found\n"
			"  2  the command line, the rules or the baseline are wrong\n"
			"  3  the search could not be finished\n"},
	{0},
};

static const char *const examples[] = {
	"bulwark secrets .",
	"git diff | bulwark secrets -",
	"bulwark secrets --git",
	"bulwark secrets --format json --output known.json . ; bulwark secrets --baseline "
	"known.json .",
	NULL,
};

const Command cmd_secrets = {
	.name = "secrets",
	.operands = "TARGET",
	.opts = opts,
	.opts_size = sizeof(SecretsOpts),
	.run = secrets_command,
	.summary = "find keys, tokens and passwords in files",
	.about = "Searches files for secrets of some 250 providers, for private keys, "
		 "passwords in addresses and values that look random. Says where they are, masked.",
	.sections = sections,
	.examples = examples,
};
