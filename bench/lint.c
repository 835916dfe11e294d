/* lint.c - every rule over 500 Dockerfiles, beside reading and hashing the same files; alternating,
 * medians of processor time.
 *
 *     lint FOLDER [PROGRAM]
 *
 * Files of the folder, over and over until there are 500. PROGRAM is timed as a whole, too: the
 * worker, the secrets engine, the report. */
#include <fcntl.h>
#include <fts.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/digest.h"
#include "io/source.h"
#include "lint/lint.h"

enum { FILES = 500, ROUNDS = 7 };

static double seconds(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool read_file(const char *path, Arena *a, Str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	AUTO_SOURCE Source *s = source_from_fd(fd, true);
	Err *e = source_all(s, a, 4u << 20, out);
	bool good = e == OK;
	err_free(e);
	return good;
}

static double hash_all(char *const *paths)
{
	double from = seconds(CLOCK_PROCESS_CPUTIME_ID);
	for (size_t i = 0; i < FILES; i++) {
		Arena a = {0};
		Str text;
		uint8_t sum[SHA256_BYTES];
		Sha256 h = sha256_start();
		if (read_file(paths[i], &a, &text))
			sha256_add(&h, text);
		sha256_finish(&h, sum);
		arena_finish(&a);
	}
	return seconds(CLOCK_PROCESS_CPUTIME_ID) - from;
}

static double lint_all(char *const *paths, size_t *remarks, uint64_t *bytes)
{
	double from = seconds(CLOCK_PROCESS_CPUTIME_ID);
	LintOptions o = {.now = 1764000000};
	*remarks = *bytes = 0;
	for (size_t i = 0; i < FILES; i++) {
		Arena a = {0};
		Str text;
		RemarkReport r = {0};
		if (read_file(paths[i], &a, &text)) {
			err_free(lint_dockerfile(S("Dockerfile"), text, &o, &a, &r));
			*remarks += r.remarks.n;
			*bytes += text.n;
		}
		arena_finish(&a);
	}
	return seconds(CLOCK_PROCESS_CPUTIME_ID) - from;
}

static double childrens_seconds(void)
{
	struct rusage u;
	getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double run_program(char *program, char **paths)
{
	char *argv[FILES + 5] = {program, "lint", "--fail-on=error", "--output=/dev/null"};
	extern char **environ;
	pid_t pid;
	int status;
	for (size_t i = 0; i < FILES; i++)
		argv[4 + i] = paths[i];
	double from = childrens_seconds();
	if (posix_spawn(&pid, program, NULL, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
	return childrens_seconds() - from;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static double median(double *v)
{
	qsort(v, ROUNDS, sizeof *v, by_value);
	return v[ROUNDS / 2];
}

static size_t find_files(char *folder, char **paths)
{
	char *roots[] = {folder, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	size_t n = 0;
	for (FTSENT *e; walk != NULL && n < FILES && (e = fts_read(walk)) != NULL;) {
		Str name = {e->fts_name, e->fts_namelen};
		if (e->fts_info == FTS_F && str_ends(name, S("Dockerfile")))
			paths[n++] = strdup(e->fts_path);
	}
	fts_close(walk);
	for (size_t i = 0; n != 0 && n + i < FILES; i++)
		paths[n + i] = paths[i];
	return n;
}

int main(int argc, char **argv)
{
	char *paths[FILES];
	double floor_s[ROUNDS], lint_s[ROUNDS], whole_s[ROUNDS];
	size_t remarks = 0, n = argc > 1 ? find_files(argv[1], paths) : 0;
	uint64_t bytes = 0;
	if (n == 0) {
		fputs("lint: no Dockerfiles there\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < ROUNDS; i++) {
		floor_s[i] = hash_all(paths);
		lint_s[i] = lint_all(paths, &remarks, &bytes);
		whole_s[i] = argc > 2 ? run_program(argv[2], paths) : 0;
	}
	double least = median(floor_s), lint = median(lint_s), whole = median(whole_s);
	printf("%d files (%zu different), %.1f MB, %zu remarks\n", FILES, n, (double)bytes / 1e6,
	       remarks);
	printf("read and hashed  %7.2f ms  %.3f ms a file\n", least * 1e3, least * 1e3 / FILES);
	printf("linted           %7.2f ms  %.3f ms a file  %.1fx\n", lint * 1e3, lint * 1e3 / FILES,
	       lint / least);
	if (argc > 2)
		printf("the program      %7.2f ms  %.3f ms a file  %.1fx\n", whole * 1e3,
		       whole * 1e3 / FILES, whole / least);
	return 0;
}
