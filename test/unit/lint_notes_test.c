/* lint_notes_test.c - scripts handed out, and another program's words put where they belong. */
#include "lint/notes.h"

#include "lint/lint.h"
#include "tap.h"

static const char text[] = "FROM debian:12\n"
			   "RUN true \\\n  # a comment\n  && echo $x\n"
			   "RUN [\"sh\", \"-c\", \"x\"]\n"
			   "RUN <<EOF\ncd /\n\xc3\xa9 $y\nEOF\n"
			   "RUN bash <<EOF\ncd /tmp\nEOF\n"
			   "SHELL [\"pwsh\"]\nRUN Get-Item\n";

TEST(scripts_are_those_that_a_shell_reads_whole)
{
	Arena a = {0};
	LintShells s = {0};
	CHECK_OK(lint_scripts(str_of(text), &a, &s));
	CHECK(s.n == 3);
	if (s.n == 3) {
		CHECK_STR(s.at[0].text, S("true   && echo $x"));
		CHECK_STR(s.at[1].text, S("cd /\n\xc3\xa9 $y\n"));
		CHECK_STR(s.at[2].program, S("bash"));
	}
	arena_finish(&a);
}

static RemarkReport judge(Arena *a, LintNote n, const LintOptions *with)
{
	RemarkReport r = {0};
	LintBeside beside = {0};
	LintOptions o = *with;
	vec_push(a, &beside.notes, n);
	vec_push(a, &o.only, S("SC2086"));
	o.beside = &beside;
	CHECK_OK(lint_dockerfile(S("Dockerfile"), str_of(text), &o, a, &r));
	return r;
}

static void stands(LintNote n, uint32_t line, uint32_t column, uint32_t end)
{
	Arena a = {0};
	LintOptions o = {0};
	RemarkReport r = judge(&a, n, &o);
	CHECK(r.remarks.n == 1);
	if (r.remarks.n == 1) {
		const Remark *m = &r.remarks.at[0];
		if (m->line != line || m->column != column || m->end_column != end)
			printf("# %u:%u-%u\n", m->line, m->column, m->end_column);
		CHECK(m->line == line && m->column == column && m->end_column == end);
		CHECK_STR(m->rule, S("SC2086"));
		CHECK_STR(m->message, S("quote it"));
		CHECK(m->level == LEVEL_INFO);
	}
	arena_finish(&a);
}

static LintNote note(uint32_t script, uint32_t line, uint32_t column, uint32_t end)
{
	return (LintNote){script, line, column, line, end, LEVEL_INFO, S("SC2086"), S("quote it")};
}

TEST(a_place_of_the_joined_line_is_one_of_the_file)
{
	Arena a = {0};
	LintShells s = {0};
	CHECK_OK(lint_scripts(str_of(text), &a, &s));
	if (s.n != 3)
		return;
	stands(note(s.at[0].script, 1, 16, 18), 4, 11, 13);
	stands(note(s.at[1].script, 2, 3, 5), 8, 3, 5);
	stands(note(s.at[1].script, 1, 1, 3), 7, 1, 3);
	arena_finish(&a);
}

TEST(places_that_are_not_there_are_the_instruction)
{
	Arena a = {0};
	LintOptions o = {0};
	RemarkReport r = judge(&a, note(0, 900, 900, 1), &o);
	CHECK(r.remarks.n == 1);
	r = judge(&a, note(4000000, 1, 1, 1), &o);
	CHECK(r.remarks.n == 0);
	arena_finish(&a);
}

TEST(a_note_is_a_rule_of_its_own)
{
	Arena a = {0};
	LintOptions off = {0}, grave = {0};
	vec_push(&a, &off.ignore, S("sc2086"));
	vec_push(&a, &grave.overrides, (LintOverride){S("SC2086"), LEVEL_ERROR, false});
	CHECK(judge(&a, note(0, 1, 1, 2), &off).remarks.n == 0);
	RemarkReport r = judge(&a, note(0, 1, 1, 2), &grave);
	CHECK(r.remarks.n == 1 && r.remarks.at[0].level == LEVEL_ERROR);
	arena_finish(&a);
}
