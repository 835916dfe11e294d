/* shell_read_test.c - scripts as the commands in them, one a line: join, depth, words,
 * [assignments], >targets. */
#include "base/buf.h"
#include "shell/shell.h"
#include "tap.h"

static Str shown(Arena *a, const char *script)
{
	static const char *const joins[] = {"", "; ", "&& ", "|| ", "| "};
	ShellScript s;
	Buf b = buf_in(a, 1u << 16);
	shell_read(str_of(script), a, &s);
	for (size_t i = 0; i < s.commands.n; i++) {
		const ShellCommand *c = &s.commands.at[i];
		buf_add(&b, i != 0 ? S("\n") : S(""));
		for (unsigned k = 0; k < c->depth; k++)
			buf_char(&b, '.');
		buf_add(&b, str_of(joins[c->join]));
		for (size_t k = 0; k < c->assignments.n; k++)
			buf_fmt(&b, "[" STR_FMT "] ", STR_ARG(c->assignments.at[k].text));
		for (size_t k = 0; k < c->words.n; k++)
			buf_fmt(&b, "%s" STR_FMT "%s", k != 0 ? " " : "",
				STR_ARG(c->words.at[k].text), c->words.at[k].dynamic ? "*" : "");
		for (size_t k = 0; k < c->targets.n; k++)
			buf_fmt(&b, " >" STR_FMT, STR_ARG(c->targets.at[k].text));
	}
	return buf_str(&b);
}

#define READS(script, as)                                    \
	do {                                                 \
		Arena a_ = {0};                              \
		CHECK_STR(shown(&a_, (script)), str_of(as)); \
		arena_finish(&a_);                           \
	} while (0)

TEST(lists_and_pipelines)
{
	READS("a b && c || d; e | f & g", "a b\n&& c\n|| d\n; e\n| f\n; g");
	READS("a   \\\n  && b", "a\n&& b");
	READS("", "");
	READS("a # b && c\nd", "a\n; d");
}

TEST(quotes_and_escapes)
{
	READS("a 'b && c' \"d | e\" f\\ g", "a b && c d | e f g");
	READS("echo \"a\\\"b\" 'c\"d'", "echo a\"b c\"d");
	READS("x \"$y\" ${z:-w} $1", "x $y* ${z:-w}* $1*");
}

TEST(assignments_and_redirections)
{
	READS("A=1 B='2 3' c d=4", "[A=1] [B=2 3] c d=4");
	READS("a >x 2>&1 <y >>z", "a >x >1 >z");
	READS("cat <<EOF >f\nrm -rf /\nEOF\nb", "cat >f\n; b");
	READS("cat <<-'E'\n\tx\n\tE\nb", "cat\n; b");
}

TEST(a_command_ends_with_its_last_word_and_knows_what_it_is_within)
{
	Arena a = {0};
	ShellScript s;
	shell_read(S("a b >c # d\nif e; then for f in g; do h; done; fi; { i; }; j() { k; }; l"),
		   &a, &s);
	const char *const raws[] = {"a b >c", "e", "h", "i", "k", "l"};
	const unsigned within[] = {0, 1, 2, 1, 1, 0};
	CHECK(s.commands.n == 6);
	for (size_t i = 0; i < s.commands.n && i < 6; i++) {
		CHECK_STR(s.commands.at[i].raw, str_of(raws[i]));
		CHECK(s.commands.at[i].within == within[i]);
	}
	arena_finish(&a);
}

TEST(groups_and_reserved_words)
{
	READS("(a; b) && c", ".a\n.; b\n&& c");
	READS("if a; then b; else c; fi; d", "a\n; b\n; c\n; d");
	READS("for x in 1 2; do a $x; done", "a $x*");
	READS("while ! a; do b; done", "a\n; b");
	READS("{ a; b; }", "a\n; b");
	READS("case $x in a|b) c;; *) d;; esac; e", "c\n; d\n; e");
}

TEST(substitutions_are_commands_too)
{
	READS("a $(b | c) d", ".b\n.| c\na $(b | c)* d");
	READS("a `b c`", ".b c\na `b c`*");
	READS("echo $((1 + 2))", "echo $((1 + 2))*");
}

TEST(the_program_is_found_behind_wrappers)
{
	Arena a = {0};
	ShellScript s;
	shell_read(S("sudo -E env X=1 nice -n5 apt-get install"), &a, &s);
	CHECK(s.commands.n == 1);
	size_t at = shell_program(&s.commands.at[0]);
	CHECK(at < s.commands.at[0].words.n);
	CHECK_STR(s.commands.at[0].words.at[at].text, S("apt-get"));
	arena_finish(&a);
}

TEST(operands_that_are_scripts_are_read)
{
	READS("sh -c 'a && b' | c", "sh -c a && b\n.a\n.&& b\n| c");
	READS("bash -eo pipefail -c \"x \\\"y z\\\"\"", "bash -eo pipefail -c x \"y z\"\n.x y z");
	READS("sudo su - u -c 'a; b'", "sudo su - u -c a; b\n.a\n.; b");
	READS("eval 'a b'", "eval a b\n.a b");
	READS("bash x.sh -c 'a b'", "bash x.sh -c a b");
	READS("grep -c 'a b'", "grep -c a b");
}

TEST(substitutions_of_all_kinds)
{
	READS("bash <(curl x) y", ".curl x\nbash <(curl x)* y");
	READS("echo ${a:-${b}c} d", "echo ${a:-${b}c}* d");
	READS("echo \"${a:-$(b c)}\" d", ".b c\necho ${a:-$(b c)}* d");
}

TEST(functions_have_bodies)
{
	READS("f() { a; b; }; f", "a\n; b\n; f");
	READS("function f { a; }\nf", "a\n; f");
}

TEST(a_pipe_has_a_command_before_it)
{
	Arena a = {0};
	ShellScript s;
	shell_read(S("sudo sh -c 'a | b' | c \"$(d)\" | e; (f; g) | h"), &a, &s);
	static const size_t feeders[] = {9, 9, 1, 9, 0, 4, 9, 9, 7};
	CHECK(s.commands.n == 9);
	for (size_t i = 0; i < s.commands.n && i < 9; i++)
		CHECK(shell_feeder(&s, i) == feeders[i]);
	CHECK(s.commands.at[1].outer == 1 && s.commands.at[2].outer == 1);
	CHECK_STR(s.commands.at[2].raw, S("b"));
	arena_finish(&a);
}

TEST(places_are_in_the_script_even_of_copies)
{
	Arena a = {0};
	ShellScript s;
	Str script = S("sh -c 'a bc' && sh -c \"d \\\"e\\\" f\"");
	shell_read(script, &a, &s);
	CHECK(s.commands.n == 4);
	CHECK(s.commands.at[1].words.at[1].at.p == script.p + 9);
	CHECK_STR(s.commands.at[3].words.at[2].text, S("f"));
	CHECK_STR(s.commands.at[3].words.at[2].at, S("\"d \\\"e\\\" f\""));
	arena_finish(&a);
}

TEST(here_documents_have_names_and_bodies)
{
	Arena a = {0};
	ShellScript s;
	shell_read(S("cat <<A <<'B' | x\n1\nA\n2\nB\ny"), &a, &s);
	CHECK(s.commands.n == 3 && s.heres == 2 && s.commands.at[0].heres.n == 2);
	CHECK_STR(s.commands.at[0].heres.at[0]->body, S("1\n"));
	CHECK_STR(s.commands.at[0].heres.at[1]->body, S("2\n"));
	CHECK_STR(s.commands.at[2].words.at[0].text, S("y"));
	arena_finish(&a);
}

static void program_is(const char *script, const char *name)
{
	Arena a = {0};
	ShellScript s;
	shell_read(str_of(script), &a, &s);
	const ShellCommand *c = &s.commands.at[s.commands.n - 1];
	size_t at = shell_program(c);
	CHECK_STR(at < c->words.n ? c->words.at[at].text : S(""), str_of(name));
	arena_finish(&a);
}

TEST(wrappers_of_all_kinds)
{
	program_is("sudo -u root -H a -x", "a");
	program_is("x | xargs -r0 -n 1 -P4 a b", "a");
	program_is("timeout -k 5 30s a", "a");
	program_is("gosu u:g a", "a");
	program_is("env -i -u X A=1 -- a", "a");
	program_is("nice -n 5 ionice -c2 a", "a");
	program_is("exec env", "");
}
