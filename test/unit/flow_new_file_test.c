/* flow_new_file_test.c - a file is there whole or not at all. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/arena.h"
#include "flow/new_file.h"
#include "io/fd.h"
#include "tap.h"

typedef struct Place {
	char dir[64], file[80];
} Place;

static Place place(void)
{
	Place p = {.dir = "/tmp/bulwark-new-XXXXXX"};
	if (mkdtemp(p.dir) == NULL)
		abort();
	snprintf(p.file, sizeof p.file, "%s/f", p.dir);
	return p;
}

static size_t files_in(const Place *p)
{
	size_t n = 0;
	DIR *d = opendir(p->dir);
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.' || e->d_name[1] == 'f';
	closedir(d);
	return n;
}

static char first_byte(const char *path)
{
	char c = '-';
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &c, 1) != 1)
		return '-';
	return c;
}

static void leave(const Place *p)
{
	unlink(p->file);
	CHECK(rmdir(p->dir) == 0);
}

TEST(a_published_file_replaces_the_old_one)
{
	Place p = place();
	for (int i = 0; i < 2; i++) {
		AUTO_NEW_FILE NewFile f = {0};
		CHECK_OK(new_file_open(p.file, &f));
		CHECK_OK(fd_write(f.fd, i == 0 ? S("a") : S("b")));
		CHECK(first_byte(p.file) == (i == 0 ? '-' : 'a'));
		CHECK_OK(new_file_publish(&f));
	}
	CHECK(first_byte(p.file) == 'b');
	CHECK(files_in(&p) == 1);
	leave(&p);
}

TEST(a_dropped_file_leaves_nothing)
{
	Place p = place();
	NewFile f = {0};
	CHECK_OK(new_file_open(p.file, &f));
	CHECK(files_in(&p) == 1);
	new_file_drop(&f);
	new_file_drop(&f);
	CHECK(files_in(&p) == 0);
	leave(&p);
}

TEST(what_a_dead_writer_left_is_removed_and_a_living_one_is_spared)
{
	Place p = place();
	NewFile living = {0}, next = {0};
	char dead[100];
	snprintf(dead, sizeof dead, "%s/.f.AbCdEf", p.dir);
	AUTO_FD int fd = open(dead, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK_OK(new_file_open(p.file, &living));
	CHECK(access(dead, F_OK) != 0);
	CHECK_OK(new_file_open(p.file, &next));
	CHECK(files_in(&p) == 2);
	CHECK_OK(new_file_publish(&living));
	CHECK_OK(new_file_publish(&next));
	new_file_drop(&living);
	new_file_drop(&next);
	leave(&p);
}

TEST(a_folder_that_is_not_there_is_an_error)
{
	NewFile f = {0};
	CHECK_ERR(new_file_open("/nonexistent/f", &f), ERR_SYS);
	CHECK_ERR(new_file_open("/tmp/", &f), ERR_USAGE);
}
