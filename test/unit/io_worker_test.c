/* io_worker_test.c - what a worker can say, and what it cannot do. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/worker.h"
#include "tap.h"

static Err *say_numbers(void *ctx, Reply *r)
{
	for (unsigned i = 0; i < *(unsigned *)ctx; i++) {
		char text[16];
		int n = snprintf(text, sizeof text, "%u,", i);
		TRY(worker_answer(r, (Str){text, (size_t)n}));
	}
	return OK;
}

TEST(an_answer_arrives_whole_and_in_order)
{
	Arena a = {0};
	WorkerGrant g = {0};
	unsigned n = 50000;
	Str out = {0}, missing;
	CHECK_OK(worker_run(&g, say_numbers, &n, &a, &out, &missing));
	CHECK_STR(str_first(out, 6), S("0,1,2,"));
	CHECK_STR(str_skip(out, out.n - 6), S("49999,"));
	CHECK_STR(missing, S(""));
	arena_finish(&a);
}

static Err *refuse(void *ctx, Reply *r)
{
	(void)ctx, (void)r;
	FAIL(ERR_TRUST, "layer 3: digest differs");
}

TEST(an_error_keeps_its_kind_and_text)
{
	Arena a = {0};
	WorkerGrant g = {0};
	Str out = S("untouched");
	Err *e = worker_run(&g, refuse, NULL, &a, &out, NULL);
	CHECK(e != OK && e->kind == ERR_TRUST);
	if (e != OK)
		CHECK_STR(str_of(e->text), S("layer 3: digest differs"));
	CHECK_STR(out, S("untouched"));
	err_free(e);
	arena_finish(&a);
}

/* Each attempt answers 'y' when the deed was done, 'n' when it was refused. */
static Err *try_open(void *ctx, Reply *r)
{
	int fd = open(ctx, O_RDONLY | O_CLOEXEC);
	return worker_answer(r, fd >= 0 ? S("y") : S("n"));
}

static Err *try_create(void *ctx, Reply *r)
{
	char path[4200];
	snprintf(path, sizeof path, "%s/made", (const char *)ctx);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return worker_answer(r, fd >= 0 ? S("y") : S("n"));
}

static Err *try_socket(void *ctx, Reply *r)
{
	(void)ctx;
	return worker_answer(r, socket(AF_INET, SOCK_STREAM, 0) >= 0 ? S("y") : S("n"));
}

static Err *try_fork(void *ctx, Reply *r)
{
	(void)ctx;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return worker_answer(r, pid > 0 ? S("y") : S("n"));
}

static Err *try_exec(void *ctx, Reply *r)
{
	(void)ctx;
	execl("/bin/true", "true", (char *)NULL);
	return worker_answer(r, S("n"));
}

static Err *try_kill(void *ctx, Reply *r)
{
	return worker_answer(r, kill(*(pid_t *)ctx, 0) == 0 ? S("y") : S("n"));
}

/* The deed is refused: softly, or by ending the worker with ERR_INPUT. */
static void check_refused(const char *where, const WorkerGrant *g, Err *(*deed)(void *, Reply *),
			  void *ctx)
{
	Arena a = {0};
	Str out = S("n");
	Err *e = worker_run(g, deed, ctx, &a, &out, NULL);
	if ((e != OK && e->kind != ERR_INPUT) || !str_eq(out, S("n")))
		tap_fail(where, e != OK ? e->text : "the worker could do it");
	err_free(e);
	arena_finish(&a);
}

TEST(without_a_grant_nothing_opens_connects_forks_or_runs)
{
	WorkerGrant g = {0};
	char passwd[] = "/etc/passwd", tmp[] = "/tmp";
	pid_t self = getpid();
	check_refused(ERR_HERE, &g, try_open, passwd);
	check_refused(ERR_HERE, &g, try_create, tmp);
	check_refused(ERR_HERE, &g, try_socket, NULL);
	check_refused(ERR_HERE, &g, try_fork, NULL);
	check_refused(ERR_HERE, &g, try_exec, NULL);
	check_refused(ERR_HERE, &g, try_kill, &self);
}

TEST(a_granted_directory_is_readable_and_nothing_beside_it)
{
	Arena a = {0};
	char dir[] = "/tmp/bulwark-worker-XXXXXX", file[64], passwd[] = "/etc/passwd";
	CHECK(mkdtemp(dir) != NULL);
	snprintf(file, sizeof file, "%s/f", dir);
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(fd >= 0);
	close(fd);
	WorkerGrant g = {.read_dirs = (const char *const[]){dir, NULL}};
	Str out = {0};
	CHECK_OK(worker_run(&g, try_open, file, &a, &out, NULL));
	CHECK_STR(out, S("y"));
	check_refused(ERR_HERE, &g, try_open, passwd);
	check_refused(ERR_HERE, &g, try_create, dir);
	unlink(file);
	rmdir(dir);
	arena_finish(&a);
}

static Err *try_truncate(void *ctx, Reply *r)
{
	int fd = open(ctx, O_RDONLY | O_TRUNC | O_CLOEXEC);
	return worker_answer(r, fd >= 0 ? S("y") : S("n"));
}

static Err *read_status(void *ctx, Reply *r)
{
	char text[4096];
	int fd = open(ctx, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof text);
	return worker_answer(r, n > 0 ? (Str){text, (size_t)n} : S(""));
}

/* Landlock learned of truncating late, and it takes no right but the owner's. */
TEST(a_worker_owns_nothing)
{
	Arena a = {0};
	Str out = {0};
	size_t at;
	char dir[] = "/tmp/bulwark-worker-XXXXXX", file[64], status[] = "/proc/self/status";
	struct stat st;
	CHECK(mkdtemp(dir) != NULL);
	snprintf(file, sizeof file, "%s/f", dir);
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && write(fd, "kept", 4) == 4);
	WorkerGrant g = {.read_dirs = (const char *const[]){dir, NULL}};
	check_refused(ERR_HERE, &g, try_truncate, file);
	CHECK(fstat(fd, &st) == 0 && st.st_size == 4);
	close(fd);
	WorkerGrant self = {.read_dirs = (const char *const[]){"/proc/self", NULL}};
	CHECK_OK(worker_run(&self, read_status, status, &a, &out, NULL));
	CHECK(geteuid() != 0 || str_find(out, S("\t65534\t65534\t65534\nGid:\t65534"), &at));
	unlink(file);
	rmdir(dir);
	arena_finish(&a);
}

static Err *eat_memory(void *ctx, Reply *r)
{
	Arena a = {0};
	for (;;)
		memset(arena_array(&a, char, 16u << 20), 1, 16u << 20);
	return worker_answer(r, *(Str *)ctx);
}

static Err *spin(void *ctx, Reply *r)
{
	for (volatile unsigned n = 0;; n++)
		if (ctx == NULL && n == 1)
			continue;
	return worker_answer(r, S(""));
}

static Err *crash(void *ctx, Reply *r)
{
	(void)ctx, (void)r;
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	return OK;
}

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

TEST(memory_and_time_run_out_with_a_clear_error)
{
	Arena a = {0};
	Str out;
	WorkerGrant little = {.memory_bytes = 256u << 20}, brief = {.cpu_seconds = 1};
	if (!SANITIZED)
		CHECK_ERR(worker_run(&little, eat_memory, NULL, &a, &out, NULL), ERR_LIMIT);
	Err *e = worker_run(&brief, spin, NULL, &a, &out, NULL);
	CHECK(e != OK && e->kind == ERR_LIMIT && strstr(e->text, "processor time") != NULL);
	err_free(e);
	arena_finish(&a);
}

TEST(a_crash_is_a_bug_and_the_parent_lives)
{
	Arena a = {0};
	Str out;
	WorkerGrant g = {0};
	Err *e = worker_run(&g, crash, NULL, &a, &out, NULL);
	CHECK(e != OK);
	err_free(e);
	arena_finish(&a);
}

static void *double_it(void *n)
{
	*(unsigned *)n *= 2;
	return NULL;
}

static Err *use_threads(void *ctx, Reply *r)
{
	unsigned n[4] = {1, 2, 3, 4};
	pthread_t t[4];
	(void)ctx;
	for (unsigned i = 0; i < 4; i++)
		if (pthread_create(&t[i], NULL, double_it, &n[i]) != 0)
			FAIL(ERR_SYS, "no thread");
	for (unsigned i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	return worker_answer(r, n[0] + n[1] + n[2] + n[3] == 20 ? S("20") : S("wrong"));
}

TEST(a_worker_may_use_threads)
{
	Arena a = {0};
	WorkerGrant g = {0};
	Str out = {0};
	CHECK_OK(worker_run(&g, use_threads, NULL, &a, &out, NULL));
	CHECK_STR(out, S("20"));
	arena_finish(&a);
}

typedef struct Pump {
	int ends[2];
} Pump;

static Err *pump(void *ctx)
{
	Pump *p = ctx;
	close(p->ends[0]);
	char block[8192] = {0};
	for (unsigned i = 0; i < 800; i++)
		if (write(p->ends[1], block, sizeof block) < 0)
			break;
	close(p->ends[1]);
	return OK;
}

static Err *count_pipe(void *ctx, Reply *r)
{
	const Pump *p = ctx;
	char block[8192], text[32];
	size_t total = 0;
	for (ssize_t n; (n = read(p->ends[0], block, sizeof block)) > 0;)
		total += (size_t)n;
	int n = snprintf(text, sizeof text, "%zu", total);
	return worker_answer(r, (Str){text, (size_t)n});
}

TEST(the_parent_can_feed_a_pipe_meanwhile)
{
	Arena a = {0};
	Pump p;
	CHECK(pipe2(p.ends, O_CLOEXEC) == 0);
	WorkerGrant g = {
		.fds = (const int[]){p.ends[0], -1}, .meanwhile = pump, .meanwhile_ctx = &p};
	Str out = {0};
	CHECK_OK(worker_run(&g, count_pipe, &p, &a, &out, NULL));
	CHECK_STR(out, S("6553600"));
	arena_finish(&a);
}

static void hear(void *ctx, Str message)
{
	*(unsigned *)ctx += str_eq(message, S("half")) ? 1 : 100;
}

static Err *tell(void *ctx, Reply *r)
{
	(void)ctx;
	TRY(worker_progress(r, S("half")));
	return worker_answer(r, S("all"));
}

TEST(progress_reaches_the_parent_apart_from_the_answer)
{
	Arena a = {0};
	unsigned heard = 0;
	WorkerGrant g = {.progress = hear, .progress_ctx = &heard};
	Str out = {0};
	CHECK_OK(worker_run(&g, tell, NULL, &a, &out, NULL));
	CHECK_STR(out, S("all"));
	CHECK(heard == 1);
	arena_finish(&a);
}
