/* image_modes.c - I201, I202: files that give rights, and files that everybody may change. */
#include "base/buf.h"
#include "lint/image_gather.h"

enum { SET_UID = 04000, SET_GID = 02000, LIST_MAX = 20 };

/* ---- I201 setuid, setgid, capabilities ---- */

typedef struct Known { /* what distributions ship so, by the package's name; "*": any */
	const char *package, *programs;
} Known;

static const Known usual[] = {
	{"passwd", "passwd chfn chsh gpasswd chage expiry"},
	{"login", "newgrp login"},
	{"login.defs", "newgrp"},
	{"mount", "mount umount"},
	{"util-linux", "su mount umount write wall newgrp chfn chsh"},
	{"util-linux-core", "mount umount su"},
	{"util-linux-user", "chfn chsh"},
	{"util-linux-login", "login"},
	{"util-linux-extra", "newgrp"},
	{"bsdutils", "wall write"},
	{"bsdextrautils", "write wall"},
	{"libpam-modules-bin", "unix_chkpwd"},
	{"linux-pam", "unix_chkpwd"},
	{"pam", "unix_chkpwd pam_timestamp_check"},
	{"shadow-utils", "chage gpasswd newgrp newuidmap newgidmap"},
	{"shadow", "chage chfn chsh expiry gpasswd newgrp passwd su newuidmap newgidmap"},
	{"shadow-subids", "newuidmap newgidmap"},
	{"uidmap", "newuidmap newgidmap"},
	{"openssh-client", "ssh-agent ssh-keysign"},
	{"openssh", "ssh-keysign"},
	{"dbus", "dbus-daemon-launch-helper"},
	{"dbus-system-bus-common", "dbus-daemon-launch-helper"},
	{"dbus-daemon", "dbus-daemon-launch-helper"},
	{"cron", "crontab"},
	{"cronie", "crontab"},
	{"at", "at"},
	{"busybox-suid", "bbsuid"},
	{"iputils-ping", "ping"},
	{"iputils", "ping arping clockdiff"},
	{"fuse3", "fusermount3"},
	{"fuse", "fusermount"},
	{"libutempter", "utempter"},
	{"libutempter0", "utempter"},
	{"usermode", "userhelper"},
	{"polkitd", "polkit-agent-helper-1"},
	{"policykit-1", "polkit-agent-helper-1"},
	{"polkit", "polkit-agent-helper-1"},
	{"libcap2-bin", ""},
	{"mlocate", "mlocate"},
	{"plocate", "plocate"},
	{"liblockfile-bin", "dotlockfile"},
	{"postfix", "postdrop postqueue"},
	{"exim4-daemon-light", "exim4"},
	{"passwd-utils", "passwd"},
};

static bool is_usual(const ImageFile *f)
{
	Str name = str_base(f->info.path);
	for (size_t i = 0; f->owner != NULL && i < sizeof usual / sizeof usual[0]; i++)
		if (str_eq(f->owner->name, str_of(usual[i].package)) &&
		    word_in(usual[i].programs, name))
			return true;
	return false;
}

/* Programs that run what they are told: with another's rights they give these to everybody. */
static bool runs_anything(Str name)
{
	static const char *const starts[] = {"python", "perl", "ruby", "lua", "php", "node", "gdb"};
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (str_starts(name, str_of(starts[i])))
			return true;
	return word_in("sh bash dash ash zsh ksh busybox env find xargs vi vim vim.basic nano less "
		       "more awk gawk mawk sed cp mv tar rsync tee dd chmod chown docker strace "
		       "timeout nice nohup make git ssh curl wget",
		       name);
}

/* Linux's names, by number: capabilities(7). */
static const char *const capabilities[] = {
	"chown",
	"dac_override",
	"dac_read_search",
	"fowner",
	"fsetid",
	"kill",
	"setgid",
	"setuid",
	"setpcap",
	"linux_immutable",
	"net_bind_service",
	"net_broadcast",
	"net_admin",
	"net_raw",
	"ipc_lock",
	"ipc_owner",
	"sys_module",
	"sys_rawio",
	"sys_chroot",
	"sys_ptrace",
	"sys_pacct",
	"sys_admin",
	"sys_boot",
	"sys_nice",
	"sys_resource",
	"sys_time",
	"sys_tty_config",
	"mknod",
	"lease",
	"audit_write",
	"audit_control",
	"setfcap",
	"mac_override",
	"mac_admin",
	"syslog",
	"wake_alarm",
	"block_suspend",
	"audit_read",
	"perfmon",
	"bpf",
	"checkpoint_restore",
};

enum { CAPABILITIES = sizeof capabilities / sizeof capabilities[0] };

/* All but these are as good as root, or nearly. */
static bool is_weak(uint64_t caps)
{
	static const char *const weak =
		"net_bind_service net_raw net_broadcast ipc_lock sys_nice sys_pacct lease kill "
		"audit_write syslog wake_alarm block_suspend sys_chroot";
	for (size_t i = 0; i < CAPABILITIES; i++)
		if ((caps >> i & 1) != 0 && !word_in(weak, str_of(capabilities[i])))
			return false;
	return caps >> CAPABILITIES == 0;
}

static const char *rights_of(const ImageFile *f, Arena *a)
{
	Buf b = buf_in(a, 4096);
	const char *between = "";
	if ((f->info.mode & SET_UID) != 0) {
		buf_fmt(&b, f->info.uid == 0 ? "setuid root" : "setuid of user %u", f->info.uid);
		between = " and ";
	}
	if ((f->info.mode & SET_GID) != 0) {
		buf_fmt(&b, "%ssetgid of group %u", between, f->info.gid);
		between = " and ";
	}
	for (size_t i = 0; i < CAPABILITIES; i++)
		if ((f->info.caps >> i & 1) != 0) {
			buf_fmt(&b, "%sgives cap_%s", between, capabilities[i]);
			between = ", ";
		}
	buf_char(&b, '\0');
	return buf_str(&b).p;
}

static void judge_rights(const LintImage *i, LintSink *to, const ImageFile *f)
{
	const char *rights = rights_of(f, i->a);
	bool only_caps = (f->info.mode & (SET_UID | SET_GID)) == 0;
	ImagePlace at = in_file(f->info.path, f->made_by);
	if (runs_anything(str_base(f->info.path)) && (f->info.mode & SET_UID) != 0) {
		image_say(i, to, at, "%s, and runs whatever it is told", rights);
		lint_grade(to, LEVEL_ERROR);
	} else if (f->was_plain) {
		image_say(i, to, at, "%s, which it was not in a lower layer", rights);
	} else if (f->owner != NULL) {
		image_say(i, to, at, "%s, from package " STR_FMT, rights, STR_ARG(f->owner->name));
		if (!only_caps || is_weak(f->info.caps))
			lint_grade(to, LEVEL_INFO);
	} else {
		image_say(i, to, at, "%s, and no package brought it", rights);
		if (!i->gather->owners_known || (only_caps && is_weak(f->info.caps)))
			lint_grade(to, LEVEL_INFO);
	}
}

static void check_rights(const LintImage *i, LintSink *to)
{
	Buf names = buf_in(i->a, 4096);
	size_t n = 0;
	EACH_FILE(i, f, TRAIT_SETID)
	{
		if (f->was_plain || !is_usual(f)) {
			judge_rights(i, to, f);
			continue;
		}
		Str name = str_base(f->info.path);
		if (n++ < LIST_MAX)
			buf_fmt(&names, "%s" STR_FMT, n != 1 ? ", " : "", STR_ARG(name));
	}
	if (n == 0)
		return;
	Str list = buf_str(&names);
	image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
		  "%zu program%s of the distribution run%s with other rights than the "
		  "caller's: " STR_FMT "%s",
		  n, n == 1 ? "" : "s", n == 1 ? "s" : "", STR_ARG(list),
		  n > LIST_MAX ? ", ..." : "");
	lint_grade(to, LEVEL_INFO);
}

const LintRule lint_I201 = {
	.id = "I201",
	.name = "image-setuid",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "A program that runs with its owner's rights is how a process that is not root "
	       "becomes it, once the program has a hole. A container rarely needs one.",
	.help = "take the rights away in the Dockerfile (chmod a-s, setcap -r), or run with "
		"--security-opt=no-new-privileges",
	.aliases = LIST("CIS-DI-0008"),
	.good = LIST("755 f usr/bin/x", "4644 f usr/share/x", "2775 d srv/x"),
	.bad = LIST("4755 f usr/local/bin/x", "2755 f opt/x",
		    "pkg passwd usr/bin/passwd\n4755 f usr/bin/passwd",
		    "pkg base usr/bin/x\n755 f usr/bin/x a\n--\n4755 f usr/bin/x a",
		    "pkg bash bin/bash\n4755 f usr/bin/bash"),
	.check_image = check_rights,
};

/* ---- I202 writable ---- */

static void check_accounts_mode(const LintImage *i, LintSink *to, const ImageFile *f)
{
	bool shadow = str_ends(f->info.path, S("shadow")) || str_ends(f->info.path, S("sudoers"));
	ImagePlace at = in_file(f->info.path, f->layer);
	if ((f->info.mode & 02) != 0) {
		image_say(i, to, at, "everybody may write it, and so become root");
		lint_grade(to, LEVEL_ERROR);
	} else if ((f->info.mode & 020) != 0) {
		image_say(i, to, at, "group %u may write it, and so become root", f->info.gid);
		if (f->info.gid == 0 &&
		    !shadow) /* for users of any number, as OpenShift has them */
			lint_grade(to, LEVEL_INFO);
	} else if (str_ends(f->info.path, S("shadow"))) {
		image_say(i, to, at, "everybody may read the password hashes");
	}
}

static bool is_account_path(Str path)
{
	return word_in("passwd group shadow gshadow sudoers", str_base(path)) &&
	       str_eq(str_dir(path), S("etc"));
}

static void check_writable(const LintImage *i, LintSink *to)
{
	size_t n = 0;
	EACH_FILE(i, f, TRAIT_WRITABLE)
	{
		if (is_account_path(f->info.path)) {
			check_accounts_mode(i, to, f);
			continue;
		}
		if (n++ < LIST_MAX)
			image_say(i, to, in_file(f->info.path, f->layer), "everybody may %s",
				  f->info.type == FILE_DIR ? "put files into it and remove others'"
							   : "write it");
	}
	if (n > LIST_MAX)
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
			  "everybody may write %zu more files and directories", n - LIST_MAX);
}

const LintRule lint_I202 = {
	.id = "I202",
	.name = "image-world-writable",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "Whoever gets into the container as any user can put something there that another "
	       "one, or root, then runs or reads.",
	.help = "chmod o-w, and chown to the user that writes there; a shared directory needs the "
		"sticky bit: chmod 1777",
	.good = LIST("1777 d tmp", "777 l a -> b", "664 f srv/x", "640 f etc/shadow",
		     "644 f etc/passwd"),
	.bad = LIST("666 f srv/x", "777 d srv/x", "666 f etc/passwd", "664 f etc/passwd",
		    "644 f etc/shadow"),
	.check_image = check_writable,
};
