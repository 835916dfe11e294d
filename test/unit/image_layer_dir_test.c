/* image_layer_dir_test.c - directories on disk as layers, as they are and as overlay2 keeps them.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "image/layer.h"
#include "refusing_sieve.h"
#include "tap.h"

static Arena arena;
static char top[64];

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void start(void)
{
	snprintf(top, sizeof top, "/tmp/bulwark-dir-XXXXXX");
	CHECK(mkdtemp(top) != NULL && chdir(top) == 0);
}

static void end(void)
{
	CHECK(chdir("/") == 0);
	nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static Sieve *pick(void *ctx, Arena *a, const FileInfo *f)
{
	(void)ctx;
	return str_ends(f->path, S(".txt")) ? sieve_whole(a, f->size, 1000) : NULL;
}

static Result read_top(bool overlay, LayerIndex *out)
{
	const Selector want = {.pick = pick};
	int fd = open(top, O_RDONLY | O_DIRECTORY);
	*out = (LayerIndex){.arena = &arena};
	Err *e = layer_read_dir(fd, top, overlay, &want, out);
	close(fd);
	return e;
}

static Str listing(bool overlay)
{
	LayerIndex index;
	Err *e = read_top(overlay, &index);
	if (e != OK) {
		Str text = arena_str(&arena, str_of(e->text));
		err_free(e);
		return text;
	}
	Buf b = buf_in(&arena, 65536);
	for (size_t i = 0; i < index.entries.n; i++) {
		const LayerEntry *x = &index.entries.at[i];
		buf_fmt(&b, "%c%c" STR_FMT, " rdlho"[x->info.type], " wo"[x->whiteout],
			STR_ARG(x->info.path));
		if (x->link.n != 0)
			buf_fmt(&b, ">" STR_FMT, STR_ARG(x->link));
		if (x->body.p != NULL)
			buf_fmt(&b, "=" STR_FMT, STR_ARG(x->body));
		if (x->error.n != 0)
			buf_fmt(&b, "!" STR_FMT, STR_ARG(x->error));
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

TEST(every_entry_comes_sorted_and_links_are_not_followed)
{
	start();
	CHECK(mkdir("b", 0755) == 0 && mkdir("b/c", 0755) == 0 && mkdir("empty", 0755) == 0);
	put("b/c/two.txt", "two");
	put("a.txt", "one");
	put("other", "none");
	CHECK(symlink("/etc/passwd", "b/out.txt") == 0 && symlink("..", "b/up") == 0);
	CHECK(mkfifo("pipe.txt", 0644) == 0);
	CHECK_STR(listing(false), S("d \n"
				    "r a.txt=one\n"
				    "d b\n"
				    "d b/c\n"
				    "r b/c/two.txt=two\n"
				    "l b/out.txt>/etc/passwd\n"
				    "l b/up>..\n"
				    "d empty\n"
				    "r other\n"
				    "o pipe.txt\n"));
	end();
}

TEST(a_sieve_that_refuses_its_file_is_finished_and_not_believed)
{
	start();
	put("a.txt", "one");
	unsigned finished = 0;
	const Selector refusing = {.ctx = &finished, .pick = refusing_pick};
	int fd = open(top, O_RDONLY | O_DIRECTORY);
	LayerIndex l = {.arena = &arena};
	CHECK_OK(layer_read_dir(fd, top, false, &refusing, &l));
	close(fd);
	CHECK(l.entries.n == 2 && finished == 1);
	CHECK(l.entries.n == 2 && l.entries.at[1].body.p == NULL);
	CHECK_STR(l.entries.at[1].error, S("refused"));
	end();
}

TEST(modes_sizes_and_owners_are_told)
{
	start();
	put("x", "12345");
	CHECK(chmod("x", 04755) == 0);
	LayerIndex index;
	CHECK_OK(read_top(false, &index));
	const FileInfo *f = &index.entries.at[1].info;
	CHECK(f->size == 5 && f->mode == 04755 && f->uid == geteuid() && f->gid == getegid());
	end();
}

TEST(a_file_with_two_names_is_a_file_and_a_link)
{
	start();
	put("b.txt", "text");
	CHECK(link("b.txt", "a.txt") == 0 && link("b.txt", "c") == 0);
	CHECK_STR(listing(false), S("d \nr a.txt=text\nh b.txt>a.txt\nh c>a.txt\n"));
	end();
}

TEST(a_file_over_its_limit_says_so)
{
	start();
	char big[2000];
	memset(big, 'x', sizeof big);
	big[sizeof big - 1] = '\0';
	put("big.txt", big);
	CHECK_STR(listing(false), S("d \nr big.txt!file is 1999 bytes, at most 1000 are read\n"));
	end();
}

TEST(what_may_not_be_opened_says_so)
{
	start();
	put("no.txt", "secret");
	CHECK(mkdir("dir", 0755) == 0);
	put("dir/x.txt", "x");
	CHECK(chmod("no.txt", 0) == 0 && chmod("dir", 0) == 0);
	if (geteuid() == 0) /* then the modes mean nothing */
		CHECK_STR(listing(false), S("d \nd dir\nr dir/x.txt=x\nr no.txt=secret\n"));
	else
		CHECK_STR(listing(false), S("d \nd dir!cannot be opened: Permission denied\n"
					    "r no.txt!cannot be opened: Permission denied\n"));
	chmod("dir", 0755);
	end();
}

TEST(whiteouts_and_opaque_directories_of_overlay2_are_understood)
{
	start();
	CHECK(mkdir("d", 0755) == 0);
	put("d/.wh.name", "");
	bool can = mknod("d/gone", S_IFCHR, makedev(0, 0)) == 0 &&
		   mknod("null", S_IFCHR | 0666, makedev(1, 3)) == 0 &&
		   setxattr("d", "trusted.overlay.opaque", "y", 1, 0) == 0;
	if (can) {
		CHECK_STR(listing(true), S("d \nd d\ndod\nr d/.wh.name\nowd/gone\no null\n"));
		CHECK_STR(listing(false), S("d \nd d\nr d/.wh.name\no d/gone\no null\n"));
	} else {
		printf("# whiteouts need root here: %s\n", strerrordesc_np(errno));
	}
	end();
}

TEST(layers_that_overlayfs_did_not_keep_whole_are_refused)
{
	start();
	CHECK(mkdir("d", 0755) == 0);
	put("f.txt", "");
	if (setxattr("f.txt", "trusted.overlay.metacopy", "", 0, 0) == 0) {
		LayerIndex index;
		CHECK_ERR(read_top(true, &index), ERR_INPUT);
		CHECK_OK(read_top(false, &index));
		CHECK(unlink("f.txt") == 0);
		CHECK(setxattr("d", "trusted.overlay.redirect", "/x", 2, 0) == 0);
		CHECK_ERR(read_top(true, &index), ERR_INPUT);
	}
	end();
}

TEST(very_deep_directories_are_a_limit)
{
	start();
	unsigned made = 0;
	while (made < LIMIT_DIR_DEPTH + 10 && mkdir("d", 0755) == 0 && chdir("d") == 0)
		made++;
	LayerIndex index;
	CHECK_ERR(read_top(false, &index), ERR_LIMIT);
	for (; made > 0; made--) {
		CHECK(chdir("..") == 0);
		rmdir("d");
	}
	end();
}

/* In a mount namespace of its own. 0: as wanted, 1: not, 2: mounting is not allowed here. */
static int list_with_mounts(void)
{
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("proc", "proc", "proc", 0, NULL) != 0 ||
	    mount("tmpfs", "var", "tmpfs", 0, NULL) != 0)
		return 2;
	put("var/a.txt", "on another file system");
	Str want = S("d \nd proc\nd var\nr var/a.txt=on another file system\n");
	return !str_eq(listing(false), want);
}

TEST(other_file_systems_are_entered_but_not_proc)
{
	start();
	CHECK(mkdir("proc", 0755) == 0 && mkdir("var", 0755) == 0);
	pid_t pid = fork();
	if (pid == 0)
		_exit(list_with_mounts());
	int status = 0;
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) != 1);
	if (WEXITSTATUS(status) == 2)
		printf("# mounting is not allowed here\n");
	end();
}
