/* image_programs.c - I303, I304, I307: programs that a container has no use for. */
#include "base/buf.h"
#include "lint/image_gather.h"

enum { LIST_MAX = 12 };

typedef struct NameList { /* "a, b, c, ..." */
	Buf text;
	size_t n;
	uint32_t layer;
} NameList;

static NameList list_in(Arena *a) { return (NameList){.text = buf_in(a, 4096)}; }

static void list_add(NameList *l, const ImageFile *f)
{
	if (l->n++ < LIST_MAX)
		buf_fmt(&l->text, "%s" STR_FMT, l->n != 1 ? ", " : "",
			STR_ARG(str_base(f->info.path)));
	else if (l->n == LIST_MAX + 1)
		buf_add(&l->text, S(", ..."));
}

static bool starts_or_is(Str name, const char *words)
{
	Str rest = str_of(words), word;
	while (str_cut(&rest, ' ', &word)) {
		Str after = str_skip(name, word.n);
		bool version = after.n > 1 && after.p != NULL &&
			       (after.p[0] == '-' || after.p[0] == '.') && after.p[1] >= '0' &&
			       after.p[1] <= '9';
		if (str_eq(name, word) || (str_starts(name, word) && version))
			return true;
	}
	return false;
}

/* ---- I303 tools ---- */

static const char compilers[] = "gcc g++ cc c++ clang clang++ ld make cmake rustc cargo javac "
				"x86_64-linux-gnu-gcc aarch64-linux-gnu-gcc";
static const char debuggers[] = "gdb strace ltrace tcpdump nmap nc nc.openbsd nc.traditional ncat "
				"socat wireshark tshark perf";
static const char managers[] =
	"apt apt-get apk dpkg rpm dnf microdnf yum zypper pacman pip pip3 npm "
	"yarn gem";

static void check_tools(const LintImage *i, LintSink *to)
{
	NameList tools = list_in(i->a), small = list_in(i->a);
	EACH_FILE(i, f, TRAIT_PROGRAM)
	{
		Str name = str_base(f->info.path);
		if (starts_or_is(name, compilers) || starts_or_is(name, debuggers))
			list_add(&tools, f);
		else if (word_in(managers, name))
			list_add(&small, f);
	}
	if (tools.n != 0)
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
			  "has compilers or tools to look into others: " STR_FMT,
			  STR_ARG(buf_str(&tools.text)));
	if (small.n != 0) {
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
			  "has package managers: " STR_FMT, STR_ARG(buf_str(&small.text)));
		lint_grade(to, LEVEL_STYLE);
	}
}

const LintRule lint_I303 = {
	.id = "I303",
	.name = "image-tools",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_HIGH,
	.why = "Whoever gets in finds tools to go on with, and each brings its own holes.",
	.help = "build in another stage and copy the result, into a base image without them",
	.good = LIST("755 f usr/bin/gccgo-doc", "644 f usr/bin/gcc", "755 f usr/share/gcc"),
	.bad = LIST("755 f usr/bin/gcc", "755 f usr/bin/gcc-12", "755 f usr/bin/tcpdump",
		    "755 f sbin/apk"),
	.check_image = check_tools,
};

/* ---- I304 daemons ---- */

static const char logins[] =
	"sshd dropbear telnetd in.telnetd rshd in.rshd rlogind in.rlogind rexecd "
	"in.rexecd vsftpd proftpd pure-ftpd in.ftpd xinetd inetd tftpd in.tftpd "
	"xrdp x11vnc";
static const char services[] =
	"cron crond anacron atd supervisord rsyslogd syslog-ng systemd-logind "
	"runsvdir";

static void check_daemons(const LintImage *i, LintSink *to)
{
	EACH_FILE(i, f, TRAIT_PROGRAM)
	{
		Str name = str_base(f->info.path);
		ImagePlace at = in_file(f->info.path, f->layer);
		if (word_in(logins, name)) {
			image_say(i, to, at, "a server to log in by or move files with");
		} else if (word_in(services, name)) {
			image_say(i, to, at,
				  "starts or keeps services: one container, one service");
			lint_grade(to, LEVEL_INFO);
		}
	}
}

const LintRule lint_I304 = {
	.id = "I304",
	.name = "image-daemons",
	.level = LEVEL_WARNING,
	.confidence = CONFIDENCE_HIGH,
	.why = "The engine gives a shell without a server (docker exec), keeps logs and restarts "
	       "what "
	       "stops. A server beside it needs keys, users, a port, and patches.",
	.help = "remove the package",
	.good = LIST("755 f usr/bin/ssh", "l usr/sbin/telnetd -> ../../bin/busybox"),
	.bad = LIST("755 f usr/sbin/sshd", "755 f usr/sbin/cron"),
	.check_image = check_daemons,
};

/* ---- I307 programs of nobody ---- */

static void check_packed(const LintImage *i, LintSink *to)
{
	size_t n = 0;
	EACH_FILE(i, f, TRAIT_PACKED)
	if (f->owner == NULL && n++ < LIST_MAX)
		image_say(i, to, in_file(f->info.path, f->layer),
			  "a program packed with UPX%s: what is in it is not to be seen",
			  i->gather->owners_known ? ", and no package brought it" : "");
	if (n > LIST_MAX)
		image_say(i, to, (ImagePlace){.layer = LAYER_NONE},
			  "%zu more programs packed with UPX", n - LIST_MAX);
}

static void check_unowned(const LintImage *i, LintSink *to)
{
	NameList list = list_in(i->a);
	uint32_t layer = LAYER_NONE;
	bool one_layer = true;
	check_packed(i, to);
	EACH_FILE(i, f, TRAIT_PROGRAM)
	{
		if (!i->gather->owners_known || f->owner != NULL || f->info.size == 0)
			continue;
		list_add(&list, f);
		one_layer = one_layer && (layer == LAYER_NONE || layer == f->layer);
		layer = f->layer;
	}
	if (list.n != 0)
		image_say(i, to, (ImagePlace){.layer = one_layer ? layer : LAYER_NONE},
			  "%zu program%s among those of the distribution that no package "
			  "brought: " STR_FMT,
			  list.n, list.n == 1 ? "" : "s", STR_ARG(buf_str(&list.text)));
}

const LintRule lint_I307 = {
	.id = "I307",
	.name = "image-unowned-programs",
	.level = LEVEL_INFO,
	.confidence = CONFIDENCE_MEDIUM,
	.why = "No package database tells their version, so that nobody sees when they have a "
	       "hole; "
	       "and what an intruder leaves looks like this.",
	.help = "put your own programs into /usr/local or /opt, others' into packages, and none of "
		"them through a packer",
	.good = LIST("pkg a usr/bin/a\n755 f usr/bin/a x", "755 f usr/bin/b x",
		     "pkg a usr/bin/a\n755 f usr/local/bin/b x", "644 f srv/a @upx",
		     "pkg a srv/a\n755 f srv/a @upx", "755 f srv/a @4096"),
	.bad = LIST("755 f srv/a @upx", "755 f srv/a x\n--\n755 f srv/a @upx",
		    "pkg a usr/bin/a\n755 f usr/bin/a x\n755 f usr/bin/b x"),
	.check_image = check_unowned,
};
