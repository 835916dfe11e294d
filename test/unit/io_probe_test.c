/* What a judge sees through a probe, and what it cannot. */
#include "io/probe.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "tap.h"

static char dir[] = "/tmp/bulwark-probe-XXXXXX";

static void put_file(const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "w");
	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

/* Runs `judge` against `dir`; what it answers is compared. */
static bool answers(Err *(*judge)(void *, Probe *, Reply *), const char *want)
{
	Arena a = {0};
	Str got = {0};
	const ProbeRun run = {.root = dir, .allow_unsandboxed = true, .judge = judge};
	Err *e = probe_run(&run, &a, &got, NULL);
	if (e != OK)
		printf("# %s\n", e->text);
	bool same = e == OK && str_eq(got, str_of(want));
	if (!same)
		printf("# got '" STR_FMT "'\n", STR_ARG(got));
	err_free(e);
	arena_finish(&a);
	return same;
}

static Err *see_files(void *ctx, Probe *p, Reply *reply)
{
	Arena a = {0};
	Str text, link;
	StrVec names;
	ProbeStat st;
	Buf b = buf_in(&a, 4096);
	(void)ctx;
	buf_fmt(&b, "%d ", probe_read(p, S("/a/one"), &a, &text));
	buf_fmt(&b, STR_FMT " ", STR_ARG(text));
	buf_fmt(&b, "%d ", probe_stat(p, S("/a/one"), &st));
	buf_fmt(&b, "%o %d ", st.mode & 07777u, (int)st.size);
	buf_fmt(&b, "%d ", probe_link(p, S("/a/out"), &a, &link));
	buf_fmt(&b, STR_FMT " ", STR_ARG(link));
	buf_fmt(&b, "%d:", probe_list(p, S("/a"), &a, &names));
	for (size_t i = 0; i < names.n; i++)
		buf_fmt(&b, " " STR_FMT, STR_ARG(names.at[i]));
	Err *e = worker_answer(reply, buf_str(&b));
	arena_finish(&a);
	return e;
}

static Err *see_refusals(void *ctx, Probe *p, Reply *reply)
{
	Arena a = {0};
	Str text;
	unsigned status;
	Buf b = buf_in(&a, 4096);
	(void)ctx;
	const Str paths[] = {S("/none"), S("/a"), S("/a/pipe"), S("/a/out"),
			     S("/../../etc/passwd")};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		buf_fmt(&b, "%s ", strerrorname_np(probe_read(p, paths[i], &a, &text)));
	buf_fmt(&b, "%s ", strerrorname_np(probe_get(p, S("/info"), &a, &status, &text)));
	buf_fmt(&b, "%s", open("/etc/passwd", O_RDONLY) < 0 ? "shut" : "open");
	Err *e = worker_answer(reply, buf_str(&b));
	arena_finish(&a);
	return e;
}

TEST(files_links_and_folders_are_seen)
{
	CHECK(answers(see_files, "0 hello 0 640 5 0 /etc/hostname 0: one out pipe"));
}

TEST(what_cannot_be_read_has_a_reason_and_the_judge_sees_nothing_itself)
{
	/* The link leads to /etc/hostname of this tree, where there is none. */
	CHECK(answers(see_refusals, "ENOENT EISDIR ENXIO ENOENT ENOENT ENOTCONN shut"));
}

static Err *see_entries(void *ctx, Probe *p, Reply *reply)
{
	Arena a = {0};
	Str md5 = {0}, sha = {0};
	ProbeEntryVec all;
	Buf b = buf_in(&a, 4096);
	(void)ctx;
	buf_fmt(&b, "%d:", probe_dir(p, S("/a"), &a, &all));
	for (size_t i = 0; i < all.n; i++)
		buf_fmt(&b, " " STR_FMT " %o", STR_ARG(all.at[i].name), all.at[i].mode >> 12);
	buf_fmt(&b, " %s", strerrorname_np(probe_dir(p, S("/none"), &a, &all)));
	buf_fmt(&b, " %d", probe_md5(p, S("/a/one"), &a, &md5));
	buf_fmt(&b, " " STR_FMT, STR_ARG(md5));
	buf_fmt(&b, " %d", probe_sha256(p, S("/a/one"), &a, &sha));
	buf_fmt(&b, " " STR_FMT, STR_ARG(str_first(sha, 8)));
	buf_fmt(&b, " %s", strerrorname_np(probe_md5(p, S("/a/pipe"), &a, &md5)));
	Err *e = worker_answer(reply, buf_str(&b));
	arena_finish(&a);
	return e;
}

TEST(entries_come_with_what_stat_says_and_files_with_their_digests)
{
	CHECK(answers(see_entries, "0: one 10 out 12 pipe 1 ENOENT 0 "
				   "5d41402abc4b2a76b9719d911017c592 0 2cf24dba ENXIO"));
}

static Err *fail(void *ctx, Probe *p, Reply *reply)
{
	(void)ctx;
	(void)p;
	(void)reply;
	FAIL(ERR_INPUT, "judged");
}

TEST(an_error_of_the_judge_comes_back)
{
	Arena a = {0};
	Str got;
	const ProbeRun run = {.root = dir, .allow_unsandboxed = true, .judge = fail};
	Err *e = probe_run(&run, &a, &got, NULL);
	CHECK(e != OK && e->kind == ERR_INPUT && strcmp(e->text, "judged") == 0);
	err_free(e);
	arena_finish(&a);
}

__attribute__((constructor)) static void make(void)
{
	char path[256];
	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(path, sizeof path, "%s/a", dir);
	mkdir(path, 0755);
	put_file("a/one", "hello");
	snprintf(path, sizeof path, "%s/a/one", dir);
	chmod(path, 0640);
	snprintf(path, sizeof path, "%s/a/out", dir);
	CHECK(symlink("/etc/hostname", path) == 0);
	snprintf(path, sizeof path, "%s/a/pipe", dir);
	mkfifo(path, 0600);
}

__attribute__((destructor)) static void clean(void)
{
	static const char *const made[] = {"a/one", "a/out", "a/pipe", "a", ""};
	char path[256];
	for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, made[i]);
		remove(path);
	}
}
