/* sandbox.c - rlimits, capabilities, Landlock and seccomp, in that order. */
#include "io/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

/* ---- rlimits ---- */

static Result limit(__rlimit_resource_t which, const char *name, uint64_t value)
{
	struct rlimit now;
	if (getrlimit(which, &now) != 0)
		FAIL_SYS("sandbox: reading the limit on %s", name);
	rlim_t want = value < now.rlim_max ? (rlim_t)value : now.rlim_max, most = want;
	if (which == RLIMIT_CPU && want < now.rlim_max)
		most++; /* SIGXCPU says what it is; at the hard limit comes SIGKILL */
	if (setrlimit(which, &(struct rlimit){want, most}) != 0)
		FAIL_SYS("sandbox: setting the limit on %s", name);
	return OK;
}

static Result set_limits(const WorkerGrant *g)
{
	uint64_t memory = g->memory_bytes != 0 ? g->memory_bytes : LIMIT_WORKER_MEMORY_BYTES;
	uint64_t cpu = g->cpu_seconds != 0 ? g->cpu_seconds : LIMIT_WORKER_CPU_SECONDS;
	if (!SANITIZED) /* ASan maps terabytes of shadow */
		TRY(limit(RLIMIT_AS, "memory", memory));
	TRY(limit(RLIMIT_CPU, "processor time", cpu));
	TRY(limit(RLIMIT_FSIZE, "file size", g->file_bytes));
	TRY(limit(RLIMIT_NOFILE, "open files", LIMIT_WORKER_OPEN_FILES));
	return limit(RLIMIT_CORE, "core files", 0);
}

/* ---- capabilities ---- */

/* Whoever owns a file may write to it without a capability, and root owns most. The real user
 * stays, by whom access(2) judges. Where the kernel will not (no right to, or nobody is not
 * mapped), the other layers have to do. */
static void become_nobody(void)
{
	enum { NOBODY = 65534 };
	const uid_t same = (uid_t)-1;
	pid_t parent = getppid();
	if (geteuid() != 0 || setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
	    setresuid(same, NOBODY, NOBODY) != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* forgotten with the old user */
	if (getppid() != parent)
		_exit(1);
}

static Result drop_capabilities(const WorkerGrant *g)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct have[2] = {{0}}, keep[2] = {{0}};
	if (syscall(SYS_capget, &head, have) != 0)
		FAIL_SYS("sandbox: reading capabilities");
	uint32_t wanted = 0;
	if (g->read_dirs != NULL)
		wanted |= 1u << CAP_DAC_READ_SEARCH;
	if (g->trusted_xattrs)
		wanted |= 1u << CAP_SYS_ADMIN; /* what trusted.* asks for; seccomp takes the rest */
	keep[0].effective = keep[0].permitted = wanted & have[0].permitted;
	if (syscall(SYS_capset, &head, keep) != 0)
		FAIL_SYS("sandbox: dropping capabilities");
	return OK;
}

/* ---- Landlock ---- */

enum { LANDLOCK_FS_ABI1 = 0x1fff }; /* the 13 rights of ABI 1 */

static uint64_t landlock_rights(long abi)
{
	uint64_t fs = LANDLOCK_FS_ABI1;
	if (abi >= 2)
		fs |= 1u << 13; /* REFER */
	if (abi >= 3)
		fs |= 1u << 14; /* TRUNCATE */
	if (abi >= 5)
		fs |= 1u << 15; /* IOCTL_DEV */
	return fs;
}

static Result landlock_allow(int ruleset, const char *dir)
{
	int fd = open(dir, O_PATH | O_CLOEXEC);
	if (fd < 0)
		FAIL_SYS("%s", dir);
	struct stat st;
	uint64_t rights = LANDLOCK_ACCESS_FS_READ_FILE;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		rights |= LANDLOCK_ACCESS_FS_READ_DIR;
	struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
	long r = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	int why = errno;
	close(fd);
	errno = why;
	if (r != 0)
		FAIL_SYS("sandbox: granting %s", dir);
	return OK;
}

static Result enter_landlock(const WorkerGrant *g, unsigned *missing)
{
	/* The attribute as ABI 6 has it; Debian 12's header knows the first member only. */
	struct {
		uint64_t fs, net, scoped;
	} attr = {0};
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1) {
		*missing |= SANDBOX_LANDLOCK;
		return OK;
	}
	size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	attr.fs = landlock_rights(abi);
	attr.net = abi >= 4 ? 3 : 0;    /* bind and connect TCP */
	attr.scoped = abi >= 6 ? 3 : 0; /* abstract unix sockets, signals */
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (ruleset < 0)
		FAIL_SYS("sandbox: making a Landlock ruleset");
	for (const char *const *d = g->read_dirs; d != NULL && *d != NULL; d++)
		TRY(landlock_allow(ruleset, *d));
	long r = syscall(SYS_landlock_restrict_self, ruleset, 0);
	int why = errno;
	close(ruleset);
	errno = why;
	if (r != 0)
		FAIL_SYS("sandbox: entering Landlock");
	return OK;
}

/* ---- seccomp ---- */

static const char *const always[] = {
	"read",
	"readv",
	"pread64",
	"preadv",
	"write",
	"writev",
	"pwrite64",
	"lseek",
	"close",
	"fstat",
	"munmap",
	"mremap",
	"madvise",
	"brk",
	"futex",
	"set_robust_list",
	"rseq",
	"sched_yield",
	"sched_getaffinity",
	"exit",
	"exit_group",
	"rt_sigreturn",
	"rt_sigprocmask",
	"sigaltstack",
	"getrandom",
	"clock_gettime",
	"clock_nanosleep",
	"nanosleep",
	"gettimeofday",
	"time",
	"gettid",
	"getpid",
	"poll",
	"ppoll",
	"ftruncate",
	"fdatasync",
	"fsync",
	"set_tid_address",
	"restart_syscall",
	"uname",
	"sysinfo",
	"getcpu",
	"membarrier",
	"fadvise64",
	"getrusage",
	"readahead",
	"fallocate",
};

static const char *const with_dirs[] = {
	"open",     "openat",    "openat2",    "getdents64", "newfstatat", "stat",   "lstat",
	"statx",    "readlink",  "readlinkat", "faccessat",  "faccessat2", "statfs", "fstatfs",
	"getxattr", "lgetxattr", "fgetxattr",  "dup",        "access",
};

static const char *const with_sockets[] = {"recvfrom", "recvmsg", "recvmmsg"};

/* Refused without ending the process: libraries ask and live with a no. */
static const struct {
	const char *name;
	int error;
} soft[] = {
	{"clone3", ENOSYS}, /* its flags are out of a filter's sight; glibc falls back to clone */
	{"ioctl", ENOTTY},
	{"rt_sigaction", EPERM},
	{"openat", EACCES},
	{"open", EACCES},
	{"readlink", EACCES},
	{"prctl", EPERM},
	{"sched_setaffinity", EPERM},
};

static int allow_names(scmp_filter_ctx f, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int nr = seccomp_syscall_resolve_name(names[i]);
		if (nr < 0)
			continue; /* not on this architecture */
		int r = seccomp_rule_add(f, SCMP_ACT_ALLOW, nr, 0);
		if (r != 0)
			return r;
	}
	return 0;
}

static int allow_some_arguments(scmp_filter_ctx f)
{
	const uint64_t thread = CLONE_VM | CLONE_THREAD;
	const uint64_t exec = PROT_EXEC;
	int r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				 SCMP_A0_64(SCMP_CMP_MASKED_EQ, thread, thread));
	if (r == 0)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				     SCMP_A2_64(SCMP_CMP_MASKED_EQ, exec, 0));
	if (r == 0)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				     SCMP_A2_64(SCMP_CMP_MASKED_EQ, exec, 0));
	if (r == 0) /* abort() */
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				     SCMP_A0_64(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
	if (r == 0) /* pthread_getattr_np(); only reading: no new limits */
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
				     SCMP_A2_64(SCMP_CMP_EQ, 0));
	if (r == 0) /* fstat(), as libc spells it */
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
				     SCMP_A3_64(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	static const int harmless[] = {F_GETFD, F_SETFD, F_GETFL, F_SETFL};
	for (size_t i = 0; r == 0 && i < sizeof harmless / sizeof harmless[0]; i++)
		r = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
				     SCMP_A1_64(SCMP_CMP_EQ, (scmp_datum_t)harmless[i]));
	return r;
}

static int refuse_softly(scmp_filter_ctx f, bool dirs)
{
	int by_path = dirs ? 0
			   : seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 1,
					      SCMP_A3_64(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0));
	if (by_path != 0)
		return by_path;
	for (size_t i = 0; i < sizeof soft / sizeof soft[0]; i++) {
		bool opened = false;
		for (size_t k = 0; dirs && k < sizeof with_dirs / sizeof with_dirs[0]; k++)
			opened = opened || strcmp(with_dirs[k], soft[i].name) == 0;
		int nr = seccomp_syscall_resolve_name(soft[i].name);
		if (opened || nr < 0)
			continue;
		int r = seccomp_rule_add(f, SCMP_ACT_ERRNO((uint32_t)soft[i].error), nr, 0);
		if (r != 0)
			return r;
	}
	return 0;
}

static Result enter_seccomp(const WorkerGrant *g, unsigned *missing)
{
	bool dirs = g->read_dirs != NULL;
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_TRAP);
	if (f == NULL)
		die_oom();
	int r = allow_names(f, always, sizeof always / sizeof always[0]);
	if (r == 0 && dirs)
		r = allow_names(f, with_dirs, sizeof with_dirs / sizeof with_dirs[0]);
	if (r == 0 && g->receives)
		r = allow_names(f, with_sockets, sizeof with_sockets / sizeof with_sockets[0]);
	if (r == 0)
		r = allow_some_arguments(f);
	if (r == 0)
		r = refuse_softly(f, dirs);
	if (r == 0)
		r = seccomp_load(f);
	seccomp_release(f);
	if (r == -EINVAL || r == -ENOSYS) {
		*missing |= SANDBOX_SECCOMP;
		return OK;
	}
	if (r != 0) {
		errno = -r;
		FAIL_SYS("sandbox: loading the system-call filter");
	}
	return OK;
}

/* ---- what a refused call leaves behind ---- */

static int trap_fd = -1;

static void on_refused_call(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)context;
	char line[64] = "X the system-call filter refused call ";
	size_t n = strlen(line);
	unsigned nr = (unsigned)info->si_syscall, scale = 1;
	while (nr / scale >= 10)
		scale *= 10;
	for (; scale != 0; scale /= 10)
		line[n++] = (char)('0' + nr / scale % 10);
	ssize_t ignored = write(trap_fd, line, n);
	(void)ignored;
	_exit(128 + SIGSYS);
}

static Result catch_refusals(int fd)
{
	trap_fd = fd;
	struct sigaction act = {.sa_sigaction = on_refused_call, .sa_flags = SA_SIGINFO};
	if (sigaction(SIGSYS, &act, NULL) != 0)
		FAIL_SYS("sandbox: watching for refused calls");
	return OK;
}

const char *sandbox_layer_names(unsigned missing)
{
	static const char *const names[] = {"", "landlock", "seccomp", "landlock seccomp"};
	return names[missing & 3];
}

Result sandbox_enter(const WorkerGrant *g, int reply_fd, unsigned *missing)
{
	*missing = 0;
	TRY(set_limits(g));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		FAIL_SYS("sandbox: giving up new privileges");
	TRY(enter_landlock(g, missing));
	become_nobody();
	TRY(drop_capabilities(g));
	TRY(catch_refusals(reply_fd));
	TRY(enter_seccomp(g, missing));
	if (*missing != 0 && !g->allow_unsandboxed)
		FAIL(ERR_SYS,
		     "sandbox: this kernel lacks %s, so foreign bytes would be read without it; "
		     "use --allow-unsandboxed to go on all the same",
		     sandbox_layer_names(*missing));
	return OK;
}
