/* program.c - fork, drop what is ours, exec; read what it prints. */
#include "io/program.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/fd.h"

enum { NOBODY = 65534, NOT_STARTED = 127 };

const char *program_find(const char *name, Arena *a)
{
	Str dir, path = str_of(getenv("PATH"));
	while (path.n != 0 && str_cut(&path, ':', &dir)) {
		Buf b = buf_in(a, SIZE_MAX);
		buf_fmt(&b, STR_FMT "/%s%c", STR_ARG(dir), name, '\0');
		const char *at = buf_str(&b).p;
		if (str_starts(dir, S("/")) && access(at, X_OK) == 0)
			return at;
	}
	return NULL;
}

/* ---- the child: only calls that are fine after a fork ---- */

static bool drop_rights(void)
{
	if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
			       setresuid(NOBODY, NOBODY, NOBODY) != 0))
		return false;
	/* Another user's process loses the second, so it comes last: nothing is left running. */
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

static bool keep(const int *fds)
{
	for (; fds != NULL && *fds >= 0; fds++)
		if (fcntl(*fds, F_SETFD, 0) != 0)
			return false;
	return true;
}

_Noreturn static void become(const ProgramRun *r, int output)
{
	static char locale[] = "LC_ALL=C.UTF-8", path[] = "PATH=/usr/bin:/bin";
	static char *const environment[] = {locale, path, NULL};
	struct rlimit cpu = {r->cpu_seconds, r->cpu_seconds};
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (nothing >= 0 && dup2(nothing, 0) >= 0 && dup2(output, 1) >= 0 &&
	    dup2(nothing, 2) >= 0 && keep(r->fds) && setrlimit(RLIMIT_CPU, &cpu) == 0 &&
	    drop_rights())
		execve(r->path, (char *const *)(uintptr_t)r->argv, environment);
	_exit(NOT_STARTED);
}

/* ---- the parent ---- */

static Result read_all(int fd, size_t max, Buf *to)
{
	char chunk[8192];
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			FAIL_SYS("a pipe: %s", strerrordesc_np(errno));
		if (n == 0)
			return OK;
		if ((size_t)n > max - to->n)
			FAIL(ERR_LIMIT, "it prints more than %zu bytes", max);
		buf_add(to, (Str){chunk, (size_t)n});
	}
}

static Result wait_for(pid_t pid, int *status)
{
	int how = 0;
	while (waitpid(pid, &how, 0) < 0)
		if (errno != EINTR)
			FAIL_SYS("waiting for it: %s", strerrordesc_np(errno));
	if (WIFSIGNALED(how))
		FAIL(ERR_SYS, "signal %d ended it", WTERMSIG(how));
	*status = WEXITSTATUS(how);
	if (*status == NOT_STARTED)
		FAIL(ERR_SYS, "it could not be started");
	return OK;
}

Result program_run(const ProgramRun *r, Arena *a, Str *output, int *status)
{
	int fds[2];
	Buf b = buf_in(a, r->output_max + 1);
	if (pipe2(fds, O_CLOEXEC) != 0)
		FAIL_SYS("a pipe: %s", strerrordesc_np(errno));
	AUTO_FD int from = fds[0];
	pid_t pid = fork();
	if (pid == 0)
		become(r, fds[1]);
	close(fds[1]);
	if (pid < 0)
		FAIL_SYS("%s: %s", r->path, strerrordesc_np(errno));
	Err *e = read_all(from, r->output_max, &b);
	if (e != OK)
		kill(pid, SIGKILL);
	Err *end = wait_for(pid, status);
	if (e != OK) {
		err_free(end);
		return err_in(e, "%s", r->path);
	}
	TRY_IN(end, "%s", r->path);
	*output = buf_str(&b);
	return OK;
}
