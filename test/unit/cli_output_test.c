/* cli_output_test.c - a report lands whole, and never over a device. */
#include "cli/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char folder[] = "/tmp/bulwark-output-XXXXXX";

static const char *in_folder(const char *name)
{
	static char path[256];
	static bool made;
	if (!made)
		CHECK(mkdtemp(folder) != NULL);
	made = true;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static bool holds(const char *path, const char *want)
{
	char got[64] = {0};
	FILE *f = fopen(path, "r");
	size_t n = f != NULL ? fread(got, 1, sizeof got - 1, f) : 0;
	if (f != NULL)
		fclose(f);
	return n == strlen(want) && strcmp(got, want) == 0;
}

TEST(a_file_appears_whole)
{
	const char *path = in_folder("report");
	Output o;
	CHECK_OK(output_open(path, &o));
	CHECK(access(path, F_OK) != 0);
	CHECK_OK(output_write(&o, S("one\n")));
	output_close(&o);
	CHECK(holds(path, "one\n"));
}

TEST(a_failed_run_leaves_the_old_file)
{
	const char *path = in_folder("report");
	Output o;
	CHECK_OK(output_open(path, &o));
	output_close(&o);
	CHECK(holds(path, "one\n"));
	CHECK(unlink(path) == 0);
}

TEST(a_link_is_written_through)
{
	char target[256];
	snprintf(target, sizeof target, "%s", in_folder("target"));
	const char *path = in_folder("link");
	Output o;
	CHECK(symlink(target, path) == 0);
	FILE *f = fopen(target, "w");
	CHECK(f != NULL && fputs("something longer", f) >= 0 && fclose(f) == 0);
	CHECK_OK(output_open(path, &o));
	CHECK_OK(output_write(&o, S("two\n")));
	output_close(&o);
	struct stat st;
	CHECK(lstat(path, &st) == 0 && S_ISLNK(st.st_mode));
	CHECK(holds(target, "two\n"));
	CHECK(unlink(path) == 0 && unlink(target) == 0);
}

TEST(what_a_link_leads_to_stays_until_the_new_is_whole)
{
	char target[256];
	snprintf(target, sizeof target, "%s", in_folder("target"));
	const char *path = in_folder("link");
	Output o;
	CHECK(symlink("target", path) == 0);
	FILE *f = fopen(target, "w");
	CHECK(f != NULL && fputs("old", f) >= 0 && fclose(f) == 0);
	CHECK_OK(output_open(path, &o));
	output_close(&o);
	CHECK(holds(target, "old"));
	CHECK(unlink(target) == 0);
	CHECK_ERR(output_open(path, &o), ERR_SYS); /* leads nowhere */
	CHECK(unlink(path) == 0);
	CHECK(symlink("/tmp", path) == 0);
	CHECK_ERR(output_open(path, &o), ERR_USAGE);
	CHECK(unlink(path) == 0);
}

TEST(a_device_stays_a_device)
{
	Output o;
	struct stat st;
	CHECK_OK(output_open("/dev/null", &o));
	CHECK_OK(output_write(&o, S("gone")));
	output_close(&o);
	CHECK(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
	CHECK_OK(output_open("/dev/full", &o));
	CHECK_ERR(output_write(&o, S("too much")), ERR_SYS);
	output_close(&o);
}

TEST(a_place_that_cannot_be_written_is_an_error_at_once)
{
	Output o;
	CHECK_ERR(output_open("/nonexistent/report", &o), ERR_SYS);
	CHECK_ERR(output_open("/tmp", &o), ERR_USAGE);
	in_folder("");
	CHECK(rmdir(folder) == 0);
}
