/* dockerfile_test.c - the places of things, and going on after errors. */
#include "dockerfile/dockerfile.h"
#include "tap.h"

static Dockerfile read_text(Arena *a, const char *text)
{
	Dockerfile d;
	CHECK_OK(dockerfile_read(str_of(text), a, &d));
	return d;
}

static Str shown(const Dockerfile *d, Span s) { return (Str){d->text.p + s.at, s.end - s.at}; }

TEST(words_know_where_they_stand_across_continued_lines)
{
	Arena a = {0};
	Dockerfile d = read_text(
		&a, "FROM a AS \\\n  # why\n  b\nCOPY --from=\"x\" [ \"s\\u0041\", \"d\" ]\n");
	CHECK(d.instructions.n == 2 && d.problems.n == 0);
	const Instruction *from = &d.instructions.at[0], *copy = &d.instructions.at[1];
	CHECK(from->args.n == 3 && from->first == 1 && from->last == 3);
	CHECK_STR(shown(&d, from->args.at[2].span), S("b"));
	CHECK_STR(shown(&d, copy->flags.at[0].span), S("--from=\"x\""));
	CHECK_STR(copy->args.at[0].text, S("sA"));
	CHECK_STR(shown(&d, copy->args.at[0].span), S("\"s\\u0041\""));
	CHECK_STR(shown(&d, copy->args.at[1].span), S("\"d\""));
	arena_finish(&a);
}

TEST(columns_count_characters)
{
	Arena a = {0};
	uint32_t line, column;
	Dockerfile d = read_text(&a, "FROM a\nLABEL é=1 b=2\n");
	dockerfile_place(&d, d.instructions.at[1].args.at[2].span.at, &line, &column);
	CHECK(line == 2 && column == 11);
	arena_finish(&a);
}

TEST(errors_are_listed_and_reading_goes_on)
{
	Arena a = {0};
	Dockerfile d = read_text(&a, "FROM a\nFRUM b\nENV x\nCMD [1]\nRUN cat <<E\nUSER u\n");
	CHECK(d.instructions.n == 6);
	CHECK(d.problems.n == 4);
	CHECK(d.instructions.at[5].op == OP_USER);
	arena_finish(&a);
}

TEST(the_escape_directive_stands_first_or_not_at_all)
{
	Arena a = {0};
	Dockerfile d = read_text(
		&a, "# syntax=docker/dockerfile:1\n# ESCAPE = `\nFROM a\nRUN x `\n y\n");
	CHECK(d.escape == '`' && d.instructions.n == 2);
	CHECK_STR(d.syntax, S("docker/dockerfile:1"));
	d = read_text(&a, "\n# escape=`\nFROM a\n");
	CHECK(d.escape == '\\');
	arena_finish(&a);
}

TEST(onbuild_holds_an_instruction_with_places)
{
	Arena a = {0};
	Dockerfile d = read_text(&a, "FROM a\nONBUILD \\\n  COPY --chown=u x \\\n  y\n");
	const Instruction *child = d.instructions.at[1].child;
	CHECK(child != NULL && child->op == OP_COPY && child->args.n == 2);
	CHECK_STR(shown(&d, child->flags.at[0].span), S("--chown=u"));
	CHECK_STR(shown(&d, child->args.at[1].span), S("y"));
	arena_finish(&a);
}
