/* Which file of sysctl.d has the last word about a switch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "fix/switch_files.h"
#include "tap.h"

static const char *const dirs[] = {"etc", "etc/sysctl.d", "usr", "usr/lib", "usr/lib/sysctl.d"};
enum { DIRS = sizeof dirs / sizeof dirs[0] };
static char root[] = "/tmp/bulwark-switch-XXXXXX";

static void put(const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", root, name);
	FILE *f = fopen(path, "w");
	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void take_away(const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", root, name);
	CHECK(remove(path) == 0);
}

static void make_dirs(void)
{
	char path[256];
	CHECK(mkdtemp(root) != NULL);
	for (size_t i = 0; i < DIRS; i++) {
		snprintf(path, sizeof path, "%s/%s", root, dirs[i]);
		CHECK(mkdir(path, 0755) == 0);
	}
}

static Err *ask(void *ctx, Probe *p, Reply *reply)
{
	Arena a = {0};
	Str value, path = switch_set_later(p, S("kernel.sysrq"), S("90-x.conf"), &a, &value);
	Buf b = buf_in(&a, 65536);
	(void)ctx;
	buf_fmt(&b, STR_FMT " " STR_FMT, STR_ARG(path), STR_ARG(value));
	TRY(worker_answer(reply, buf_str(&b)));
	arena_finish(&a);
	return OK;
}

static void is(const char *want)
{
	Arena a = {0};
	Str answer, missing;
	const ProbeRun run = {.root = root, .allow_unsandboxed = true, .judge = ask};
	CHECK_OK(probe_run(&run, &a, &answer, &missing));
	CHECK_STR(answer, str_of(want));
	arena_finish(&a);
}

TEST(the_last_file_by_name_has_the_word)
{
	make_dirs();
	is(" ");
	put("etc/sysctl.d/50-a.conf", "kernel.sysrq = 1\n");
	put("etc/sysctl.d/95-not.txt", "kernel.sysrq = 1\n");
	put("usr/lib/sysctl.d/95-b.conf",
	    "# kernel.sysrq = 2\nkernel.sysrqx = 3\nkernel.sysr*=4\n");
	is(" ");
	put("usr/lib/sysctl.d/95-b.conf", "-kernel/sysrq=5\nkernel.sysrq = 438 \n");
	is("/usr/lib/sysctl.d/95-b.conf 438");
	put("etc/sysctl.d/95-b.conf", "");
	is(" ");
	put("etc/sysctl.d/99-c.conf", "kernel.sysrq=0");
	is("/etc/sysctl.d/99-c.conf 0");
	put("etc/sysctl.conf", "kernel.sysrq=1");
	is("/etc/sysctl.conf 1");
	static const char *const made[] = {"etc/sysctl.d/50-a.conf",     "etc/sysctl.d/95-not.txt",
					   "usr/lib/sysctl.d/95-b.conf", "etc/sysctl.d/95-b.conf",
					   "etc/sysctl.d/99-c.conf",     "etc/sysctl.conf"};
	for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
		take_away(made[i]);
	for (size_t i = DIRS; i > 0; i--)
		take_away(dirs[i - 1]);
	CHECK(rmdir(root) == 0);
}
