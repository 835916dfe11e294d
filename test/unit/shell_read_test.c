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
