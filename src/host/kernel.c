/* kernel.c - what the kernel was started with, made of, and told to do with a crash. */
#include <errno.h>

#include "host/private.h"
#include "io/source.h"
#include "version/scheme.h"

#define SECTION "kernel"

/* ---- core dumps ---- */

/* Somebody else than root could change it, or a directory on the way to it. */
static bool is_roots_alone(Host *h, Str path, Str *which, int *sys)
{
	ProbeStat st;
	for (Str at = path;; at = str_dir(at)) {
		*which = at.n != 0 ? at : S("/");
		*sys = see_stat(h, *which, &st);
		if (*sys != 0 || st.uid != 0 || (st.mode & 0022) != 0)
			return false;
		if (at.n == 0)
			return true;
	}
}

static void judge_handler(Host *h, Verdict *v, Str source, Str program)
{
	Str which;
	int sys;
	if (program.n == 0 || program.p[0] != '/')
		WARN(h, v, source, "it starts '" STR_FMT "', which is no absolute path",
		     STR_ARG(program));
	else if (str_has(program, '%'))
		WARN(h, v, source, "the path of the program is made of the crash: " STR_FMT,
		     STR_ARG(program));
	else if (is_roots_alone(h, program, &which, &sys))
		PASS(h, v, source, "it starts " STR_FMT ", which only root can change",
		     STR_ARG(program));
	else if (host_is_absent(sys))
		WARN(h, v, source, "it starts " STR_FMT ", which is not there", STR_ARG(program));
	else if (sys != 0)
		verdict_unread(v, h->a, which, sys);
	else
		WARN(h, v, source,
		     "it starts " STR_FMT ", and others than root can change " STR_FMT,
		     STR_ARG(program), STR_ARG(which));
}

CHECK(H15, "core-pattern", SECTION, SEV_HIGH, "KRNL-5820",
      "A crash starts only a program that is root's",
      "kernel.core_pattern without '|', or with an absolute path that only root can change",
      "The kernel starts it as root, outside of every container, whenever any process of a "
      "container crashes.",
      "set kernel.core_pattern to a file name, or to a program of root's such as "
      "systemd-coredump")
{
	Str text, path = S("/proc/sys/kernel/core_pattern");
	if (!host_is_live(h, v))
		return;
	int sys = host_text(h, path, &text);
	if (host_is_absent(sys))
		NOT_HERE(h, v, "this kernel writes no core dumps");
	else if (sys != 0)
		verdict_unread(v, h->a, path, sys);
	else if (!str_starts(text, S("|")))
		PASS(h, v, path, "a file: '" STR_FMT "'", STR_ARG(text));
	else {
		text = str_skip(text, 1);
		judge_handler(h, v, path, host_word(&text));
	}
}

/* ---- the processor ---- */

CHECK(H27, "cpu-flaws", SECTION, SEV_MEDIUM, NULL, "The processor's known flaws are mitigated",
      "no file of /sys/devices/system/cpu/vulnerabilities begins with 'Vulnerable'",
      "Containers share the processor: one reads the memory of another, or of the host, through "
      "such a flaw.",
      "update microcode and kernel, and remove switches that turn mitigations off")
{
	StrVec names;
	Str text, dir = S("/sys/devices/system/cpu/vulnerabilities");
	if (!host_is_live(h, v))
		return;
	int sys = see_list(h, dir, &names);
	if (host_is_absent(sys)) {
		NOT_HERE(h, v, "this kernel does not tell");
		return;
	}
	for (size_t i = 0; sys == 0 && i < names.n; i++) {
		sys = host_text(
			h, host_path(h, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(names.at[i])),
			&text);
		v->subjects++;
		if (sys == 0 && str_starts(text, S("Vulnerable")))
			verdict_item(v, h->a, "flaw", names.at[i], STR_FMT, STR_ARG(text));
	}
	if (sys != 0)
		verdict_unread(v, h->a, dir, sys);
	else if (v->items.n != 0)
		WARN(h, v, dir, "%zu of %llu known flaws", v->items.n,
		     (unsigned long long)v->subjects);
	else
		PASS(h, v, dir, "%llu known flaws, none of them open",
		     (unsigned long long)v->subjects);
}

/* ---- the command line ---- */

/* A word that switches a protection off; ends with '=': whatever follows. */
static bool switches_off(Str word)
{
	static const char *const off[] = {"mitigations=off",
					  "nokaslr",
					  "selinux=0",
					  "apparmor=0",
					  "audit=0",
					  "nosmep",
					  "nosmap",
					  "nopti",
					  "pti=off",
					  "nospectre_v1",
					  "nospectre_v2",
					  "spectre_v2=off",
					  "spec_store_bypass_disable=off",
					  "l1tf=off",
					  "mds=off",
					  "mmio_stale_data=off",
					  "retbleed=off",
					  "srbds=off",
					  "tsx_async_abort=off",
					  "gather_data_sampling=off",
					  "spec_rstack_overflow=off",
					  "reg_file_data_sampling=off",
					  "vmscape=off",
					  "indirect_target_selection=off",
					  "nospec_store_bypass_disable",
					  "no_stf_barrier",
					  "module.sig_enforce=0",
					  "lockdown=none",
					  "security=none",
					  "enforcing=0",
					  "randomize_kstack_offset=off",
					  "randomize_kstack_offset=0",
					  "init_on_alloc=0",
					  "vsyscall=native",
					  "hardened_usercopy=off",
					  "norandmaps",
					  "iommu=off"};
	for (size_t i = 0; i < sizeof off / sizeof off[0]; i++)
		if (str_eq(word, str_of(off[i])))
			return true;
	return false;
}

CHECK(H28, "boot-switches", SECTION, SEV_HIGH, NULL,
      "The kernel was not started with protections off",
      "no mitigations=off, nokaslr, selinux=0, apparmor=0, audit=0 or the like",
      "One word on the boot loader's line undoes what everything else here relies on.",
      "remove it from GRUB_CMDLINE_LINUX in /etc/default/grub, update-grub, and start anew")
{
	Str text, path = S("/proc/cmdline"), word;
	if (!host_is_live(h, v))
		return;
	int sys = host_text(h, path, &text);
	if (sys != 0) {
		verdict_unread(v, h->a, path, sys);
		return;
	}
	while ((word = host_word(&text)).n != 0 && !str_eq(word, S("--")))
		if (switches_off(word))
			verdict_item(v, h->a, "word", word, "switches a protection off");
	if (v->items.n != 0)
		WARN(h, v, path, "%zu word%s", v->items.n, v->items.n == 1 ? "" : "s");
	else
		PASS(h, v, path, "nothing of the kind");
}

/* ---- which kernel ---- */

/* "amd64" of 6.1.0-28-amd64, "cloud-amd64" of 6.1.0-28-cloud-amd64; empty of 5.14.0-427.el9. */
static Str flavour(Str release)
{
	for (size_t i = 0; i + 1 < release.n; i++) {
		char next = release.p[i + 1];
		if (release.p[i] == '-' && (next < '0' || next > '9'))
			return str_skip(release, i + 1);
	}
	return (Str){0};
}

static void newer_of(Str name, Str running, Str *newest)
{
	int order = 0;
	const Scheme *deb = scheme_get(SCHEME_DEB);
	if (!str_eq(flavour(name), flavour(running)))
		return;
	if (newest->n == 0 || (deb->compare(name, *newest, &order) && order > 0))
		*newest = name;
}

/* Of /boot/vmlinuz-RELEASE and /lib/modules/RELEASE. */
static Str newest_installed(Host *h, Str running, size_t *n)
{
	static const Str image = {"vmlinuz-", 8};
	StrVec names;
	Str newest = {0};
	if (see_list(h, S("/boot"), &names) == 0)
		for (size_t i = 0; i < names.n; i++) {
			if (!str_starts(names.at[i], image))
				continue;
			newer_of(str_skip(names.at[i], image.n), running, &newest);
			(*n)++;
		}
	if (*n != 0 || see_list(h, S("/lib/modules"), &names) != 0)
		return newest;
	for (size_t i = 0; i < names.n; i++, (*n)++)
		newer_of(names.at[i], running, &newest);
	return newest;
}

CHECK(H29, "newest-kernel", SECTION, SEV_HIGH, "KRNL-5788, KRNL-5830",
      "The newest kernel that is installed runs, of a release that is maintained",
      "the running kernel is the newest of /boot, and the distribution is not past its end",
      "A kernel that is only installed closes no hole; after a release's end nobody closes them.",
      "start the host anew; move to a release that is maintained")
{
	Str running, path = S("/proc/sys/kernel/osrelease");
	size_t n = 0;
	if (!host_is_live(h, v))
		return;
	int sys = host_text(h, path, &running);
	if (sys != 0) {
		verdict_unread(v, h->a, path, sys);
		return;
	}
	Str newest = newest_installed(h, running, &n),
	    source = S("osrelease, /boot and /lib/modules");
	if (h->o->packages.os_end_of_life)
		WARN(h, v, source, STR_FMT " runs, and " STR_FMT " is past its end of life",
		     STR_ARG(running), STR_ARG(h->o->packages.os));
	else if (n == 0)
		NOT_HERE(h, v, "no kernel is installed here; " STR_FMT " came from outside",
			 STR_ARG(running));
	else if (newest.n == 0)
		NOTE(h, v, source, STR_FMT " runs, and none like it is among the %zu installed",
		     STR_ARG(running), n);
	else if (str_eq(newest, running))
		PASS(h, v, source, STR_FMT " runs, and is the newest", STR_ARG(running));
	else
		WARN(h, v, source, STR_FMT " runs, " STR_FMT " is installed", STR_ARG(running),
		     STR_ARG(newest));
}

/* Of /proc/config.gz, else of /boot. ENOENT: there is neither. */
static int kernel_config(Host *h, Str *text, Str *source)
{
	enum { CONFIG_MAX = 4 << 20 };
	Str packed, running;
	*source = S("/proc/config.gz");
	int sys = see_read(h, *source, &packed);
	if (sys == 0) {
		MemSource m;
		AUTO_SOURCE Source *s = source_from_mem(&m, packed, 0);
		Err *e = source_gunzip(&s);
		if (e == OK)
			e = source_all(s, h->a, CONFIG_MAX, text);
		sys = e == OK ? 0 : EBADMSG;
		err_free(e);
		return sys;
	}
	if (host_text(h, S("/proc/sys/kernel/osrelease"), &running) == 0) {
		*source = host_path(h, "/boot/config-" STR_FMT, STR_ARG(running));
		sys = see_read(h, *source, text);
	}
	return sys;
}

/* "CONFIG_X=y" or "=m". */
static bool has_feature(Str text, const char *name)
{
	Str line, wanted = str_of(name);
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		Str rest = str_skip(line, strlen("CONFIG_"));
		if (str_starts(line, S("CONFIG_")) && str_starts(rest, wanted)) {
			rest = str_skip(rest, wanted.n);
			if (str_eq(rest, S("=y")) || str_eq(rest, S("=m")))
				return true;
		}
	}
	return false;
}

CHECK(H30, "kernel-features", SECTION, SEV_LOW, NULL, "The kernel has what confines containers",
      "namespaces, cgroups with memory and pids, seccomp filters, overlayfs, BPF and audit",
      "Engines go on without what is missing, and the container is confined by less.",
      "use a kernel of your distribution, or build in what is named")
{
	static const char *const wanted[] = {
		"NAMESPACES",     "UTS_NS",         "IPC_NS",      "USER_NS",
		"PID_NS",         "NET_NS",         "CGROUPS",     "MEMCG",
		"CGROUP_PIDS",    "CGROUP_FREEZER", "CGROUP_BPF",  "SECCOMP",
		"SECCOMP_FILTER", "OVERLAY_FS",     "BPF_SYSCALL", "AUDIT"};
	Str text, source;
	if (!host_is_live(h, v))
		return;
	int sys = kernel_config(h, &text, &source);
	if (host_is_absent(sys)) {
		NOT_HERE(h, v, "this kernel does not tell what it was built with");
		return;
	}
	if (sys != 0) {
		verdict_unread(v, h->a, source, sys);
		return;
	}
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++, v->subjects++)
		if (!has_feature(text, wanted[i]))
			verdict_item(v, h->a, "feature", str_of(wanted[i]), "not built");
	if (v->items.n != 0)
		WARN(h, v, source, "%zu of %zu are missing", v->items.n, (size_t)v->subjects);
	else
		PASS(h, v, source, "%zu features", (size_t)v->subjects);
}

/* ---- foreign binaries ---- */

static void add_handler(Host *h, Verdict *v, Str name, Str text, bool *bad)
{
	Str line, flags = {0}, program = {0};
	bool enabled = false;
	while (text.n != 0 && str_cut(&text, '\n', &line)) {
		enabled = enabled || str_eq(line, S("enabled"));
		if (str_starts(line, S("flags:")))
			flags = str_trim(str_skip(line, strlen("flags:")));
		if (str_starts(line, S("interpreter ")))
			program = str_trim(str_skip(line, strlen("interpreter ")));
	}
	bool credentials = str_has(flags, 'C');
	if (!enabled || (!credentials && !str_has(flags, 'F')))
		return;
	*bad = *bad || credentials;
	verdict_item(v, h->a, "format", name, STR_FMT "%s", STR_ARG(program),
		     credentials ? ", with the rights of the program it runs (C)"
				 : ", opened outside of containers (F)");
}

CHECK(H81, "binfmt", SECTION, SEV_MEDIUM, "HRDN-7231",
      "Foreign formats of programs start nothing with more rights",
      "no entry of /proc/sys/fs/binfmt_misc with the flag C; those with F are known",
      "With C the interpreter gets the rights of a setuid file: who can register or change it is "
      "root.",
      "echo -1 > the entry, or register it without C")
{
	StrVec names;
	Str text, dir = S("/proc/sys/fs/binfmt_misc");
	bool bad = false;
	if (!host_is_live(h, v))
		return;
	int sys = see_list(h, dir, &names);
	if (host_is_absent(sys) || (sys == 0 && names.n == 0)) {
		NOT_HERE(h, v, "binfmt_misc is not mounted");
		return;
	}
	for (size_t i = 0; sys == 0 && i < names.n; i++) {
		if (str_eq(names.at[i], S("register")) || str_eq(names.at[i], S("status")))
			continue;
		v->subjects++;
		sys = see_read(
			h, host_path(h, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(names.at[i])),
			&text);
		if (sys == 0)
			add_handler(h, v, names.at[i], text, &bad);
	}
	if (sys != 0)
		verdict_unread(v, h->a, dir, sys);
	else if (bad)
		WARN(h, v, dir, "an interpreter gets the rights of what it runs");
	else if (v->items.n != 0)
		NOTE(h, v, dir, "%zu that containers can use", v->items.n);
	else
		PASS(h, v, dir, "%llu formats", (unsigned long long)v->subjects);
}
