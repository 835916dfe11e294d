/* io_program_test.c - another program: its output, its end, and what it is not given. */
#include "io/program.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "tap.h"

static Err *shell(Arena *a, const char *script, size_t max, Str *out, int *status)
{
	const char *const argv[] = {"sh", "-c", script, NULL};
	ProgramRun r = {.path = "/bin/sh", .argv = argv, .output_max = max, .cpu_seconds = 1};
	return program_run(&r, a, out, status);
}

TEST(what_it_prints_and_how_it_ends)
{
	Arena a = {0};
	Str out = {0};
	int status = -1;
	CHECK_OK(shell(&a, "echo one; echo two >&2; exit 7", 100, &out, &status));
	CHECK(status == 7);
	CHECK_STR(out, S("one\n"));
	arena_finish(&a);
}

TEST(it_has_no_input_no_rights_and_two_variables)
{
	Arena a = {0};
	Str out = {0};
	int status = -1;
	setenv("BULWARK_SECRET", "x", 1);
	CHECK_OK(shell(&a, "cat; id -u; env | grep -c -e BULWARK -e HOME", 1000, &out, &status));
	if (geteuid() == 0)
		CHECK_STR(out, S("65534\n0\n"));
	else
		CHECK(str_ends(out, S("\n0\n")));
	arena_finish(&a);
}

TEST(only_the_descriptors_that_are_named_are_open)
{
	Arena a = {0};
	Str out = {0};
	int status = -1, open_one = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int kept = open("/dev/null", O_RDONLY | O_CLOEXEC);
	Buf script = buf_in(&a, 200);
	buf_fmt(&script, "test ! -e /proc/self/fd/%d && test -e /proc/self/fd/%d%c", open_one, kept,
		'\0');
	const char *const argv[] = {"sh", "-c", buf_str(&script).p, NULL};
	const int fds[] = {kept, -1};
	ProgramRun r = {
		.path = "/bin/sh", .argv = argv, .fds = fds, .output_max = 10, .cpu_seconds = 1};
	CHECK_OK(program_run(&r, &a, &out, &status));
	CHECK(status == 0);
	close(open_one);
	close(kept);
	arena_finish(&a);
}

TEST(too_much_too_long_and_nothing_there_are_errors)
{
	Arena a = {0};
	Str out = {0};
	int status;
	const char *const argv[] = {"none", NULL};
	ProgramRun none = {
		.path = "/nonexistent/none", .argv = argv, .output_max = 10, .cpu_seconds = 1};
	CHECK_ERR(shell(&a, "while :; do echo yes; done", 1000, &out, &status), ERR_LIMIT);
	CHECK_ERR(shell(&a, "while :; do :; done", 1000, &out, &status), ERR_SYS);
	CHECK_ERR(shell(&a, "kill -9 $$", 1000, &out, &status), ERR_SYS);
	CHECK_ERR(program_run(&none, &a, &out, &status), ERR_SYS);
	arena_finish(&a);
}

TEST(it_is_found_on_the_path_by_absolute_folders_only)
{
	Arena a = {0};
	setenv("PATH", ".:bin:/nonexistent:/bin", 1);
	CHECK_STR(str_of(program_find("sh", &a)), S("/bin/sh"));
	CHECK(program_find("no-such-program", &a) == NULL);
	unsetenv("PATH");
	CHECK(program_find("sh", &a) == NULL);
	arena_finish(&a);
}
