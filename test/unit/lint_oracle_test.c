/* lint_oracle_test.c - BuildKit's own checks over real Dockerfiles: the same rule on the same line,
 * none missing, none more. */
#include <stdlib.h>

#include "base/buf.h"
#include "lint/lint.h"
#include "oracle.h"
#include "tap.h"

/* BuildKit's checks that a rule of ours has as an alias. Left to others: UndefinedVar and
 * InvalidDefaultArgInFrom (variables), InvalidBaseImagePlatform (needs the registry). */
static const char *const checks[] = {
	"NoEmptyContinuation", "LegacyKeyValueFormat",        "JSONArgsRecommended",
	"FromAsCasing",        "MaintainerDeprecated",        "MultipleInstructionsDisallowed",
	"WorkdirRelativePath", "SecretsUsedInArgOrEnv",       "StageNameCasing",
	"DuplicateStageName",  "ConsistentInstructionCasing", "FromPlatformFlagConstDisallowed"};

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

/* "LINT Name:LINE message", as "Name:LINE". */
static bool read_wanted(Arena *a, Str text, StrVec *out)
{
	Str line;
	while (str_cut(&text, '\n', &line)) {
		Str place, name;
		if (str_starts(line, S("BUILD-ERR")) || str_starts(line, S("PARSE-ERR")))
			return false; /* it stops there, and we go on */
		if (!str_starts(line, S("LINT ")))
			continue;
		line = str_skip(line, 5);
		str_cut(&line, ' ', &place);
		Str rest = place;
		str_cut(&rest, ':', &name);
		if (is_checked(name))
			vec_push(a, out, place);
	}
	sort(out);
	return true;
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

static void found(Arena *a, Str text, StrVec *out)
{
	Dockerfile d;
	RemarkReport r = {0};
	LintOptions o = {.now = 1764000000};
	CHECK_OK(dockerfile_read(text, a, &d));
	CHECK_OK(lint_dockerfile(S("x"), text, &o, a, &r));
	for (size_t i = 0; i < r.remarks.n; i++) {
		const char *name = check_of(&r.remarks.at[i]);
		Buf b = buf_in(a, 128);
		if (name == NULL)
			continue;
		buf_fmt(&b, "%s:%u", name, line_by_buildkit(&d, name, r.remarks.at[i].line));
		vec_push(a, out, buf_str(&b));
	}
	sort(out);
}

static void print_difference(const char *which, const StrVec *in, const StrVec *not_in)
{
	for (size_t i = 0; i < in->n; i++) {
		bool there = false;
		for (size_t k = 0; k < not_in->n; k++)
			there = there || str_eq(in->at[i], not_in->at[k]);
		if (!there)
			printf("#   %s " STR_FMT "\n", which, STR_ARG(in->at[i]));
	}
}

TEST(buildkits_checks_are_found_where_buildkit_finds_them)
{
	size_t seen = 0;
	for (unsigned n = 1; n < 1000; n++) {
		Arena a = {0};
		char name[64], given[64];
		Str text, wanted;
		StrVec want = {0}, got = {0};
		snprintf(name, sizeof name, "dockerfile/cases/%03u.buildkit", n);
		snprintf(given, sizeof given, "dockerfile/cases/%03u.Dockerfile", n);
		if (oracle_load(&a, ".", name, &wanted) && oracle_load(&a, ".", given, &text) &&
		    read_wanted(&a, wanted, &want)) {
			found(&a, text, &got);
			bool same = got.n == want.n;
			for (size_t i = 0; same && i < got.n; i++)
				same = str_eq(got.at[i], want.at[i]);
			if (!same) {
				printf("# %s:\n", given);
				print_difference("missing", &want, &got);
				print_difference("too many", &got, &want);
			}
			CHECK(same);
			seen++;
		}
		arena_finish(&a);
	}
	if (seen == 0)
		tap_skip("oracles/dockerfile is not there");
}
