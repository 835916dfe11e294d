/* lint_oracle_test.c - BuildKit's own checks over real Dockerfiles: the same rule on the same line,
 * none missing, none more. */
#include <stdlib.h>

#include "base/buf.h"
#include "lint/lint.h"
#include "oracle.h"
#include "tap.h"

/* BuildKit's checks that a rule of ours has as an alias. InvalidBaseImagePlatform needs the
 * registry; CopyIgnoredFile a file beside this one; InvalidDefinitionDescription is experimental.
 */
static const char *const checks[] = {"NoEmptyContinuation",
				     "LegacyKeyValueFormat",
				     "JSONArgsRecommended",
				     "FromAsCasing",
				     "MaintainerDeprecated",
				     "MultipleInstructionsDisallowed",
				     "WorkdirRelativePath",
				     "SecretsUsedInArgOrEnv",
				     "StageNameCasing",
				     "DuplicateStageName",
				     "ConsistentInstructionCasing",
				     "FromPlatformFlagConstDisallowed",
				     "ReservedStageName",
				     "UndefinedVar",
				     "UndefinedArgInFrom",
				     "RedundantTargetPlatform",
				     "InvalidDefaultArgInFrom",
				     "ExposeProtoCasing",
				     "ExposeInvalidFormat"};

static const char *check_of(const Remark *r)
{
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
		for (size_t k = 0; k < r->aliases.n; k++)
			if (str_eq(r->aliases.at[k], str_of(checks[i])))
				return checks[i];
	return NULL;
}

static bool is_checked(Str name)
{
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
		if (str_eq(name, str_of(checks[i])))
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const Str *)a, *(const Str *)b);
}

static void sort(StrVec *v)
{
	size_t kept = 0;
	if (v->n > 1)
		qsort(v->at, v->n, sizeof v->at[0], by_text);
	for (size_t i = 0; i < v->n; i++)
		if (kept == 0 || !str_eq(v->at[kept - 1], v->at[i]))
			v->at[kept++] = v->at[i];
	v->n = kept;
}

typedef struct Verdict {
	StrVec lints;  /* "Name:LINE" */
	Str error;     /* where BuildKit stops; empty: nowhere */
	uint32_t line; /* of the error; 0: not said */
} Verdict;

static uint32_t line_of_error(Str error)
{
	Str rest = error, number;
	uint64_t line = 0;
	size_t at;
	if (str_find(error, S("error on line "), &at)) {
		rest = str_skip(error, at + 14);
		str_cut(&rest, ':', &number);
		(void)str_u64(number, &line);
	}
	return (uint32_t)line;
}

static void read_verdict(Arena *a, Str text, Verdict *out)
{
	Str line;
	while (str_cut(&text, '\n', &line)) {
		Str place, name;
		if (str_starts(line, S("BUILD-ERR ")) && out->error.n == 0) {
			out->error = str_skip(line, 10);
			out->line = line_of_error(line);
		}
		if (!str_starts(line, S("LINT ")))
			continue;
		line = str_skip(line, 5);
		str_cut(&line, ' ', &place);
		Str rest = place;
		str_cut(&rest, ':', &name);
		if (is_checked(name))
			vec_push(a, &out->lints, place);
	}
	sort(&out->lints);
}

/* Where we and BuildKit differ, and why. */
static const struct {
	unsigned file;
	const char *lint;
} deviations[] = {
	/* GOPATH is set by the golang image; the oracle was made without base images. */
	{1, "UndefinedVar:53"},
	/* An invalid reference that is written out is an error (D101), not a default of an ARG. */
	{102, "InvalidDefaultArgInFrom:2"},
	{142, "InvalidDefaultArgInFrom:1"},
};

/* Files without a FROM, which BuildKit refuses: a fragment is judged as what it will be part of. */
static bool is_fragment(Str error) { return str_eq(error, S("no build stage in current context")); }

static bool is_deviation(unsigned file, Str lint)
{
	for (size_t i = 0; i < sizeof deviations / sizeof deviations[0]; i++)
		if (deviations[i].file == file && str_eq(lint, str_of(deviations[i].lint)))
			return true;
	return false;
}

/* BuildKit names the last line of an instruction with an empty line in it, we the empty one. */
static uint32_t line_by_buildkit(const Dockerfile *d, const char *name, uint32_t line)
{
	for (size_t i = 0; i < d->instructions.n; i++) {
		const Instruction *in = &d->instructions.at[i];
		if (str_eq(str_of(name), S("NoEmptyContinuation")) && in->first <= line &&
		    line <= in->last)
			return in->last;
	}
	return line;
}

typedef struct Ours {
	StrVec lints;
	bool error, error_there; /* at all; on BuildKit's line */
} Ours;

static void judge(Arena *a, Str text, const Verdict *theirs, Ours *out)
{
	Dockerfile d;
	RemarkReport r = {0};
	LintOptions o = {.now = 1764000000, .no_pragmas = true};
	vec_push(a, &o.overrides, (LintOverride){.rule = S("D123"), .level = LEVEL_INFO});
	CHECK_OK(dockerfile_read(text, a, &d));
	CHECK_OK(lint_dockerfile(S("x"), text, &o, a, &r));
	for (size_t i = 0; i < r.remarks.n; i++) {
		const Remark *m = &r.remarks.at[i];
		const char *name = check_of(m);
		Buf b = buf_in(a, 128);
		if (m->level == LEVEL_ERROR) {
			out->error = true;
			out->error_there = out->error_there || m->line == theirs->line;
		}
		if (name == NULL)
			continue;
		buf_fmt(&b, "%s:%u", name, line_by_buildkit(&d, name, m->line));
		vec_push(a, &out->lints, buf_str(&b));
	}
	sort(&out->lints);
}

static bool holds(const StrVec *v, Str word)
{
	for (size_t i = 0; i < v->n; i++)
		if (str_eq(v->at[i], word))
			return true;
	return false;
}

static size_t differences(unsigned file, const char *which, const StrVec *in, const StrVec *not_in)
{
	size_t n = 0;
	for (size_t i = 0; i < in->n; i++)
		if (!holds(not_in, in->at[i]) && !is_deviation(file, in->at[i])) {
			printf("# %03u.Dockerfile: %s " STR_FMT "\n", file, which,
			       STR_ARG(in->at[i]));
			n++;
		}
	return n;
}

static void compare(unsigned file, const Verdict *theirs, const Ours *ours)
{
	size_t missing = differences(file, "missing", &theirs->lints, &ours->lints);
	CHECK(missing == 0);
	if (theirs->error.n == 0) {
		CHECK(differences(file, "too many", &ours->lints, &theirs->lints) == 0);
		return;
	}
	bool seen = theirs->line != 0 ? ours->error_there : ours->error;
	if (!seen && !is_fragment(theirs->error))
		printf("# %03u.Dockerfile: no error: " STR_FMT "\n", file, STR_ARG(theirs->error));
	CHECK(seen || is_fragment(theirs->error));
}

/* Of a file that BuildKit refuses it says only what stands before: ours are more. */
TEST(buildkits_checks_and_errors_are_found_where_buildkit_finds_them)
{
	size_t seen = 0;
	for (unsigned n = 1; n < 1000; n++) {
		Arena a = {0};
		char name[64], given[64];
		Str text, wanted;
		Verdict theirs = {0};
		Ours ours = {0};
		snprintf(name, sizeof name, "dockerfile/cases/%03u.buildkit", n);
		snprintf(given, sizeof given, "dockerfile/cases/%03u.Dockerfile", n);
		if (oracle_load(&a, ".", name, &wanted) && oracle_load(&a, ".", given, &text)) {
			read_verdict(&a, wanted, &theirs);
			judge(&a, text, &theirs, &ours);
			compare(n, &theirs, &ours);
			seen++;
		}
		arena_finish(&a);
	}
	if (seen == 0)
		tap_skip("oracles/dockerfile is not there");
	else
		CHECK(seen == 295);
}
