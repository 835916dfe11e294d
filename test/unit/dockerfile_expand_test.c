/* dockerfile_expand_test.c - variables and quotes as BuildKit's own test vectors have them, and
 * what they leave out: patterns, limits, what is not known. */
#include "dockerfile/expand.h"
#include "dockerfile/limits.h"
#include "oracle.h"
#include "tap.h"

typedef struct Env {
	StrVec pairs; /* the last counts */
	bool nocase;
} Env;

static VarState look(const void *ctx, Str name, Str *value)
{
	const Env *e = ctx;
	for (size_t i = e->pairs.n; i-- > 0;) {
		Str rest = e->pairs.at[i], key;
		str_cut(&rest, '=', &key);
		if (e->nocase ? str_eq_nocase(key, name) : str_eq(key, name)) {
			*value = rest;
			return VAR_SET;
		}
	}
	return str_eq(name, S("UNKNOWN")) ? VAR_UNKNOWN : VAR_UNSET;
}

static Env usual(Arena *a)
{
	Env e = {0};
	vec_push(a, &e.pairs, S("PWD=/home"));
	vec_push(a, &e.pairs, S("SHELL=bash"));
	vec_push(a, &e.pairs, S("KOREAN=\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4"));
	vec_push(a, &e.pairs, S("NULL="));
	return e;
}

static Err *expand(const Env *e, Str word, Arena *a, Expanded *out)
{
	Expander x = {.look = look, .ctx = e, .escape = '\\', .left = LIMIT_DOCKERFILE_EXPANSION};
	return expand_word(word, &x, a, out);
}

static void must_be(const Env *e, Str word, Str want)
{
	Arena a = {0};
	Expanded out;
	Err *err = expand(e, word, &a, &out);
	bool wanted_error = str_eq(want, S("error"));
	bool same = err != OK ? wanted_error : !wanted_error && str_eq(out.text, want);
	if (!same)
		printf("# " STR_FMT ": " STR_FMT ", not " STR_FMT "\n", STR_ARG(word),
		       STR_ARG(err != OK ? str_of(err->text) : out.text), STR_ARG(want));
	CHECK(same);
	err_free(err);
	arena_finish(&a);
}

TEST(every_vector_of_a_word_comes_out_as_buildkit_has_it)
{
	Arena a = {0};
	Str text, line;
	size_t seen = 0;
	if (!oracle_load(&a, "dockerfile", "envVarTest", &text)) {
		tap_skip("oracles/dockerfile is not there");
		return;
	}
	while (str_cut(&text, '\n', &line)) {
		Str rest = line, platform, word;
		Env e = usual(&a);
		if (str_starts(line, S("#")) || !str_cut(&rest, '|', &platform) ||
		    !str_cut(&rest, '|', &word))
			continue;
		e.nocase = str_eq(str_trim(platform), S("W"));
		must_be(&e, str_trim(word), str_trim(rest));
		seen++;
	}
	CHECK(seen == 230);
	arena_finish(&a);
}

static void must_be_words(const Env *e, Str word, Str want)
{
	Arena a = {0};
	Expanded out;
	Err *err = expand(e, word, &a, &out);
	bool same = (err != OK) == str_eq(want, S("error"));
	for (size_t i = 0; err == OK && i < out.words.n; i++) {
		Str one = {0};
		same = str_cut(&want, ',', &one) && str_eq(one, out.words.at[i]) && same;
	}
	if (!same)
		printf("# words of " STR_FMT "\n", STR_ARG(word));
	CHECK(same && (err != OK || want.p == NULL));
	err_free(err);
	arena_finish(&a);
}

TEST(every_vector_of_words_is_parted_as_buildkit_parts_it)
{
	Arena a = {0};
	Str text, line;
	size_t seen = 0;
	Env e = {0};
	if (!oracle_load(&a, "dockerfile", "wordsTest", &text)) {
		tap_skip("oracles/dockerfile is not there");
		return;
	}
	while (str_cut(&text, '\n', &line)) {
		Str rest = line, word;
		if (str_starts(line, S("#")) || line.n == 0)
			continue;
		if (str_starts(line, S("ENV "))) {
			vec_push(&a, &e.pairs, str_skip(line, 4));
			continue;
		}
		CHECK(str_cut(&rest, '|', &word) && rest.p != NULL);
		must_be_words(&e, str_trim(word), str_skip(rest, 1));
		seen++;
	}
	CHECK(seen == 24);
	arena_finish(&a);
}

TEST(patterns_cut_and_replace)
{
	static const char *const vectors[][2] = {
		{"${V#*/}", "b/c.tar.gz"},
		{"${V##*/}", "c.tar.gz"},
		{"${V%.*}", "a/b/c.tar"},
		{"${V%%.*}", "a/b/c"},
		{"${V#x}", "a/b/c.tar.gz"},
		{"${V##?/?}", "/c.tar.gz"},
		{"${V/b/x}", "a/x/c.tar.gz"},
		{"${V//\\//-}", "a-b-c.tar.gz"},
		{"${V//[a]/x}", "a/b/c.tar.gz"},
		{"${V/a*r/x}", "x.gz"},
		{"${V//r*z/}", "a/b/c.ta"},
		{"${V/\\a/x}", "error"},
		{"${V/a}", "error"},
		{"${V#\\*}", "a/b/c.tar.gz"},
		{"${S#\\*}", "-*"},
		{"${S%\\*}", "*-"},
		{"${N#a}", ""},
		{"${V:#a}", "error"},
		{"${V:0:3}", "error"},
		{"${V^^}", "error"},
		{"${V/$B/${X:-y}}", "a/y/c.tar.gz"},
		{"${S//-/\\}}", "*\\}*"},
	};
	Arena a = {0};
	Env e = {0};
	vec_push(&a, &e.pairs, S("V=a/b/c.tar.gz"));
	vec_push(&a, &e.pairs, S("S=*-*"));
	vec_push(&a, &e.pairs, S("B=b"));
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
		must_be(&e, str_of(vectors[i][0]), str_of(vectors[i][1]));
	arena_finish(&a);
}

TEST(what_is_not_known_stays_and_is_said)
{
	Arena a = {0};
	Env e = usual(&a);
	Expanded out;
	CHECK_OK(expand(&e, S("a${UNKNOWN:-b}$PWD${X-d}'q'"), &a, &out));
	CHECK(out.unknown && str_eq(out.text, S("a${UNKNOWN:-b}/homedq")));
	CHECK(out.uses.n == 3 && out.uses.at[0].state == VAR_UNKNOWN &&
	      out.uses.at[0].modifier == '-' && out.uses.at[1].state == VAR_SET &&
	      out.uses.at[2].state == VAR_UNSET);
	arena_finish(&a);
}

TEST(what_grows_without_end_is_an_error)
{
	Arena a = {0};
	Env e = {0};
	Expanded out;
	char deep[LIMIT_DOCKERFILE_DEPTH * 8 + 64];
	size_t n = 0;
	for (unsigned i = 0; i <= LIMIT_DOCKERFILE_DEPTH; i++)
		n += (size_t)snprintf(deep + n, sizeof deep - n, "${x:-");
	Err *err = expand(&e, str_of(deep), &a, &out);
	CHECK(err != OK && err->kind == ERR_LIMIT);
	err_free(err);
	char *big = arena_array(&a, char, LIMIT_DOCKERFILE_EXPANDED + 1);
	memset(big, 'x', LIMIT_DOCKERFILE_EXPANDED);
	memcpy(big, "V=", 2);
	vec_push(&a, &e.pairs, (Str){big, LIMIT_DOCKERFILE_EXPANDED});
	err = expand(&e, S("$V$V"), &a, &out);
	CHECK(err != OK && err->kind == ERR_LIMIT);
	err_free(err);
	arena_finish(&a);
}
