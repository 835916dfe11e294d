/* switches.c - the kernel's own switches, as /proc/sys has them. */
#include <errno.h>

#include "host/private.h"

#define SECTION "kernel"
#define LYNIS "KRNL-6000"
#define SET(line) "put '" line "' into a file of /etc/sysctl.d, and run 'sysctl --system'"

SYSCTLS(H01, "aslr", SECTION, SEV_HIGH, LYNIS, "Addresses of programs are random",
	"kernel.randomize_va_space = 2",
	"With fixed addresses a single memory error in any service is easily turned into code.",
	SET("kernel.randomize_va_space = 2"), {"kernel/randomize_va_space", 2, 2})

SYSCTLS(H02, "kernel-pointers", SECTION, SEV_MEDIUM, LYNIS, "Kernel addresses are hidden",
	"kernel.kptr_restrict >= 1",
	"A process in a container that can read kernel addresses has half of an exploit.",
	SET("kernel.kptr_restrict = 2"), {"kernel/kptr_restrict", 1, ANY_MORE})

SYSCTLS(H03, "dmesg", SECTION, SEV_MEDIUM, LYNIS, "The kernel's log is for root only",
	"kernel.dmesg_restrict = 1",
	"The kernel's log tells addresses, devices and names of other containers.",
	SET("kernel.dmesg_restrict = 1"), {"kernel/dmesg_restrict", 1, 1})

SYSCTLS(H04, "unprivileged-bpf", SECTION, SEV_HIGH, LYNIS, "Only root loads BPF programs",
	"kernel.unprivileged_bpf_disabled = 1 or 2",
	"The verifier of BPF has been the way from a user to the kernel many times.",
	SET("kernel.unprivileged_bpf_disabled = 1"), {"kernel/unprivileged_bpf_disabled", 1, 2})

SYSCTLS(H05, "bpf-jit", SECTION, SEV_LOW, LYNIS, "Compiled BPF code is hardened",
	"net.core.bpf_jit_harden = 2, or 1",
	"Constants in compiled BPF programs can carry code to be jumped into.",
	SET("net.core.bpf_jit_harden = 2"), {"net/core/bpf_jit_harden", 1, 2})

SYSCTLS(H06, "ptrace", SECTION, SEV_MEDIUM, LYNIS, "Processes trace their children only",
	"kernel.yama.ptrace_scope >= 1",
	"One process taken over reads passwords and keys out of every other of its user.",
	SET("kernel.yama.ptrace_scope = 1"), {"kernel/yama/ptrace_scope", 1, ANY_MORE})

SYSCTLS(H07, "perf", SECTION, SEV_MEDIUM, LYNIS, "Measuring the kernel is for root only",
	"kernel.perf_event_paranoid >= 2",
	"Performance counters leak what other processes do, and their code has had many holes.",
	SET("kernel.perf_event_paranoid = 2"), {"kernel/perf_event_paranoid", 2, ANY_MORE})

SYSCTLS(H08, "kexec", SECTION, SEV_MEDIUM, NULL, "No other kernel can be loaded after the start",
	"kernel.kexec_load_disabled = 1",
	"Root could start a kernel of its own, and so get around signed modules and lockdown.",
	SET("kernel.kexec_load_disabled = 1"), {"kernel/kexec_load_disabled", 1, 1})

CHECK(H09, "sysrq", SECTION, SEV_LOW, LYNIS, "The SysRq key does little",
      "kernel.sysrq = 0, 4, 16 or 176",
      "Whoever reaches the console, a virtual one too, can kill processes and dump memory.",
      SET("kernel.sysrq = 176"))
{
	int64_t is;
	enum { KEYBOARD = 4, SYNC = 16, SYNC_REMOUNT_REBOOT = 176 };
	Str path = S("/proc/sys/kernel/sysrq");
	if (!host_is_live(h, v))
		return;
	int sys = host_sysctl(h, "kernel/sysrq", &is);
	if (host_is_absent(sys))
		NOT_HERE(h, v, "this kernel has no sysrq");
	else if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	else if (is == 0 || is == KEYBOARD || is == SYNC || is == SYNC_REMOUNT_REBOOT)
		PASS(h, v, path, "kernel.sysrq is %lld", (long long)is);
	else
		WARN(h, v, path, "kernel.sysrq is %lld%s", (long long)is,
		     is == 1 ? ": everything" : "");
}

/* From this version on the engine's own seccomp profile refuses io_uring. */
static bool engine_denies_io_uring(const Host *h)
{
	enum { DENIES_FROM = 25 };
	Str version = value_str(h->d.info, S("ServerVersion")), major;
	uint64_t n = 0;
	return str_cut(&version, '.', &major) && str_u64(major, &n) && n >= DENIES_FROM &&
	       !h->d.podman;
}

CHECK(H10, "io-uring", SECTION, SEV_MEDIUM, NULL, "io_uring is off, or denied to containers",
      "kernel.io_uring_disabled = 1 or 2",
      "io_uring does what system calls do without being seen by seccomp, and has been the most "
      "productive place for kernel exploits.",
      SET("kernel.io_uring_disabled = 2"))
{
	int64_t is;
	Str path = S("/proc/sys/kernel/io_uring_disabled");
	if (!host_is_live(h, v))
		return;
	int sys = host_sysctl(h, "kernel/io_uring_disabled", &is);
	if (host_is_absent(sys))
		NOT_HERE(h, v, "this kernel has no io_uring_disabled");
	else if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	else if (is >= 1)
		PASS(h, v, path, "kernel.io_uring_disabled is %lld", (long long)is);
	else if (engine_denies_io_uring(h))
		INFO(h, v, path, "0; the engine's default profile denies it to containers");
	else
		WARN(h, v, path, "kernel.io_uring_disabled is 0, not 1 or 2");
}

static bool restricts_userns(Host *h, size_t *known, Str *how)
{
	static const struct {
		const char *key;
		int64_t when;
	} keys[] = {{"kernel/unprivileged_userns_clone", 0},
		    {"kernel/apparmor_restrict_unprivileged_userns", 1},
		    {"user/max_user_namespaces", 0}};
	int64_t is;
	bool restricted = false;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (host_sysctl(h, keys[i].key, &is) != 0)
			continue;
		(*known)++;
		if (is != keys[i].when)
			continue;
		*how = host_path(h, "%s is %lld", keys[i].key, (long long)is);
		restricted = true;
	}
	return restricted;
}

CHECK(H11, "user-namespaces", SECTION, SEV_MEDIUM, NULL,
      "Users cannot make user namespaces, or a rootless engine needs them",
      "kernel.unprivileged_userns_clone = 0, "
      "kernel.apparmor_restrict_unprivileged_userns = 1, or user.max_user_namespaces = 0",
      "In a user namespace anybody reaches kernel code that is otherwise for root: most exploits "
      "of "
      "recent years begin there.",
      "set one of the switches in /etc/sysctl.d; leave them where a rootless engine runs")
{
	size_t known = 0;
	Str how = {0};
	Str source = S("/proc/sys/kernel and /proc/sys/user");
	if (!host_is_live(h, v))
		return;
	bool restricted = restricts_userns(h, &known, &how);
	if (known == 0)
		NOT_HERE(h, v, "this kernel has no user namespaces");
	else if (restricted)
		PASS(h, v, source, STR_FMT, STR_ARG(how));
	else if (h->d.rootless)
		INFO(h, v, source, "anybody may; the rootless engine that runs here needs it");
	else
		WARN(h, v, source, "anybody may make one");
}

SYSCTLS(H12, "userfaultfd", SECTION, SEV_LOW, NULL, "Handling page faults is for root only",
	"vm.unprivileged_userfaultfd = 0",
	"A process that can halt the kernel in the middle of a copy wins every race.",
	SET("vm.unprivileged_userfaultfd = 0"), {"vm/unprivileged_userfaultfd", 0, 0})

SYSCTLS(H13, "mmap-floor", SECTION, SEV_LOW, NULL, "Nothing can be mapped near address zero",
	"vm.mmap_min_addr >= 65536",
	"A kernel that follows a null pointer would find an attacker's data there.",
	SET("vm.mmap_min_addr = 65536"), {"vm/mmap_min_addr", 65536, ANY_MORE})

SYSCTLS(H14, "setuid-dumps", SECTION, SEV_MEDIUM, "KRNL-5820",
	"Programs with more rights leave no core dump", "fs.suid_dumpable = 0",
	"The dump of a setuid program holds what its user must not read.",
	SET("fs.suid_dumpable = 0"), {"fs/suid_dumpable", 0, 0})

SYSCTLS(H16, "protected-symlinks", SECTION, SEV_HIGH, LYNIS,
	"Links of others in /tmp are not followed", "fs.protected_symlinks = 1",
	"A link in a shared directory makes a service of root write to any file.",
	SET("fs.protected_symlinks = 1"), {"fs/protected_symlinks", 1, 1})

SYSCTLS(H17, "protected-hardlinks", SECTION, SEV_HIGH, LYNIS,
	"Nobody links to files that are not theirs", "fs.protected_hardlinks = 1",
	"A hard link keeps a setuid program with a hole alive after its update.",
	SET("fs.protected_hardlinks = 1"), {"fs/protected_hardlinks", 1, 1})

SYSCTLS(H18, "protected-files", SECTION, SEV_MEDIUM, LYNIS,
	"Pipes and files of others in /tmp are not opened for writing",
	"fs.protected_fifos >= 1, fs.protected_regular >= 1",
	"A file put where a service expects to make its own gets the service's data.",
	SET("fs.protected_fifos = 2") ", the same for fs.protected_regular",
	{"fs/protected_fifos", 1, ANY_MORE}, {"fs/protected_regular", 1, ANY_MORE})

SYSCTLS(H19, "line-disciplines", SECTION, SEV_LOW, LYNIS,
	"Users do not make the kernel load line disciplines", "dev.tty.ldisc_autoload = 0",
	"Rare drivers of terminals have had holes, and anybody can have them loaded.",
	SET("dev.tty.ldisc_autoload = 0"), {"dev/tty/ldisc_autoload", 0, 0})

SYSCTLS(H20, "tiocsti", SECTION, SEV_MEDIUM, NULL, "Nobody types into another's terminal",
	"dev.tty.legacy_tiocsti = 0",
	"A program started with 'docker run -it' or su types commands into the terminal of whoever "
	"started it.",
	SET("dev.tty.legacy_tiocsti = 0"), {"dev/tty/legacy_tiocsti", 0, 0})
