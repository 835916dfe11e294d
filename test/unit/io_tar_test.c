/* io_tar_test.c - archives that GNU tar made, whole, dribbled and cut; and hostile headers. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/tar.h"
#include "tap.h"

static char dir[] = "/tmp/bulwark-tar-XXXXXX";

static int shell(const char *script)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (chdir(dir) != 0)
			_exit(99);
		execl("/bin/sh", "sh", "-ec", script, (char *)NULL);
		_exit(98);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	return status;
}

__attribute__((constructor)) static void make_tree(void)
{
	static const char script[] =
		"umask 022; mkdir -p t/etc t/deep; printf hello > t/etc/file; ln t/etc/file "
		"t/etc/hard; "
		"ln -s ../etc/file t/deep/soft; chmod 4755 t/etc/file; "
		"truncate -s 10G t/sparse; printf middle | dd of=t/sparse bs=1 seek=5000000000 "
		"conv=notrunc 2>/dev/null; "
		"n=$(printf '%0150d' 7); mkdir t/$n; printf long > t/$n/$n; ln -s $n/$n/$n "
		"t/longlink; "
		"for f in gnu pax; do tar --sort=name --format=$f --sparse -cf $f.tar t; done; "
		"for f in ustar v7; do tar --sort=name --format=$f --exclude='t/0*' "
		"--exclude=t/longlink --exclude=t/sparse -cf $f.tar t; done; "
		"for v in 0.0 0.1 1.0; do tar --sort=name --format=pax --sparse "
		"--sparse-version=$v -cf "
		"pax$v.tar t; done";
	if (mkdtemp(dir) == NULL || shell(script) != 0)
		abort();
}

__attribute__((destructor)) static void remove_tree(void)
{
	if (shell("rm -rf \"$PWD\"") != 0)
		printf("# could not remove %s\n", dir);
}

static Str load(Arena *a, const char *name)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Str out = {0};
	Source *s = source_from_fd(fd, true);
	CHECK_OK(source_all(s, a, 1u << 26, &out));
	source_close(s);
	return out;
}

/* One line an entry: type, mode, size, path, link, and the stored bytes with their offsets. */
static Result listing(Str archive, size_t step, Buf *to)
{
	MemSource m;
	AUTO_TAR Tar *t = tar_open(source_from_mem(&m, archive, step));
	TarEntry e;
	bool more;
	for (;;) {
		TRY(tar_next(t, &e, &more));
		if (!more)
			return OK;
		buf_fmt(to, "%d %o %llu " STR_FMT " " STR_FMT, (int)e.info.type, e.info.mode,
			(unsigned long long)e.info.size, STR_ARG(e.info.path), STR_ARG(e.link));
		Str run;
		uint64_t at, expect = UINT64_MAX;
		do {
			TRY(tar_body(t, &at, &run));
			if (run.n != 0 && at != expect)
				buf_fmt(to, " @%llu ", (unsigned long long)at);
			for (size_t i = 0; i < run.n; i++)
				if (run.p[i] != '\0')
					buf_char(to, run.p[i]);
			expect = at + run.n;
		} while (run.n != 0);
		buf_char(to, '\n');
	}
}

static Str list(Arena *a, const char *name, size_t step)
{
	Buf b = buf_in(a, 1u << 20);
	CHECK_OK(listing(load(a, name), step, &b));
	return buf_str(&b);
}

static bool has(Str text, const char *what)
{
	size_t at;
	return str_find(text, str_of(what), &at);
}

TEST(every_format_of_gnu_tar_lists_the_same_tree)
{
	Arena a = {0};
	static const char *const names[] = {"gnu.tar", "pax.tar", "ustar.tar", "v7.tar"};
	for (size_t i = 0; i < 4; i++) {
		Str l = list(&a, names[i], 0);
		CHECK(has(l, "2 755 0 t/etc \n"));
		CHECK(has(l, "1 4755 5 t/etc/file  @0 hello\n"));
		CHECK(has(l, "4 4755 0 t/etc/hard t/etc/file\n"));
		CHECK(has(l, "3 777 0 t/deep/soft ../etc/file\n"));
	}
	arena_finish(&a);
}

TEST(long_names_and_links_come_whole)
{
	Arena a = {0};
	char name[151];
	snprintf(name, sizeof name, "%0150d", 7);
	char file[400], link[600];
	snprintf(file, sizeof file, "t/%s/%s  @0 long\n", name, name);
	snprintf(link, sizeof link, "t/longlink %s/%s/%s\n", name, name, name);
	CHECK(has(list(&a, "gnu.tar", 0), file) && has(list(&a, "gnu.tar", 0), link));
	CHECK(has(list(&a, "pax.tar", 0), file) && has(list(&a, "pax.tar", 0), link));
	arena_finish(&a);
}

TEST(a_sparse_file_of_ten_gigabytes_is_its_few_bytes_in_every_encoding)
{
	Arena a = {0};
	static const char *const names[] = {"gnu.tar", "pax0.0.tar", "pax0.1.tar", "pax1.0.tar"};
	for (size_t i = 0; i < 4; i++) {
		Str l = list(&a, names[i], 0);
		CHECK(has(l, "1 644 10737418240 t/sparse "));
		CHECK(has(l, "middle"));
	}
	arena_finish(&a);
}

TEST(one_byte_at_a_time_gives_the_same_entries)
{
	Arena a = {0};
	static const char *const names[] = {"gnu.tar", "pax0.0.tar", "pax1.0.tar", "v7.tar"};
	for (size_t i = 0; i < 4; i++) {
		Buf whole = buf_in(&a, 1u << 20), part = buf_in(&a, 1u << 20);
		Str archive = load(&a, names[i]);
		MemSource m;
		for (size_t step = 0; step < 2; step++) {
			AUTO_TAR Tar *t = tar_open(source_from_mem(&m, archive, step));
			TarEntry e;
			bool more = true;
			while (more) {
				CHECK_OK(tar_next(t, &e, &more));
				if (more)
					buf_fmt(step != 0 ? &part : &whole, STR_FMT "\n",
						STR_ARG(e.info.path));
			}
		}
		CHECK_STR(buf_str(&part), buf_str(&whole));
	}
	arena_finish(&a);
}

TEST(cut_anywhere_but_between_entries_it_is_an_error)
{
	Arena a = {0};
	Str archive = load(&a, "pax.tar");
	size_t whole = 0, end = archive.n;
	while (archive.p[end - 1] == '\0')
		end--;
	end = (end + 511) / 512 * 512; /* the two zero blocks, and what pads the record, follow */
	for (size_t n = 0; n < end + 1024; n += 128) {
		Buf b = buf_in(&a, 1u << 20);
		Err *e = listing(str_first(archive, n), 0, &b);
		whole += e == OK;
		CHECK(e == OK ? n % 512 == 0 || n > end + 512 : e->kind == ERR_INPUT);
		err_free(e);
	}
	CHECK(whole < end / 512);
	arena_finish(&a);
}

/* One empty file of this name, ending in two blocks of zeros; summed as old writers did when
 * `with_sign`. */
static Str one_file(Arena *a, const char *name, bool with_sign)
{
	char *block = arena_array(a, char, 2048);
	memcpy(block, name, strlen(name));
	memcpy(block + 100, "0000644", 7);
	memcpy(block + 108, "0000000", 7);
	memcpy(block + 116, "0000000", 7);
	memcpy(block + 124, "00000000000", 11);
	block[156] = '0';
	memcpy(block + 257, "ustar", 6);
	memset(block + 148, ' ', 8);
	int sum = 0;
	for (size_t i = 0; i < 512; i++)
		sum += with_sign ? (signed char)block[i] : (unsigned char)block[i];
	snprintf(block + 148, 8, "%06o", (unsigned)sum);
	return (Str){block, 2048};
}

TEST(names_are_clamped_at_the_root)
{
	Arena a = {0};
	Str tar = one_file(&a, "a/../../../etc//./passwd", false);
	Buf b = buf_in(&a, 1024);
	CHECK_OK(listing(tar, 0, &b));
	CHECK_STR(buf_str(&b), S("1 644 0 etc/passwd \n"));
	arena_finish(&a);
}

TEST(a_header_is_summed_with_or_without_sign)
{
	Arena a = {0};
	for (int with_sign = 0; with_sign < 2; with_sign++) {
		Str tar = one_file(&a, "\xc3\xa9", with_sign);
		Buf b = buf_in(&a, 1024);
		CHECK_OK(listing(tar, 0, &b));
		CHECK_STR(buf_str(&b), S("1 644 0 \xc3\xa9 \n"));
		((char *)(uintptr_t)tar.p)[3] = '\1';
		CHECK_ERR(listing(tar, 0, &b), ERR_INPUT);
	}
	arena_finish(&a);
}
